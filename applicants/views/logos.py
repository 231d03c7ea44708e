"""The logos of the public page, for administrators."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.actions.logos import add_logo, logos_of, remove_logo
from applicants.forms import LogoForm
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme


@require_http_methods(["GET", "POST"])
@login_required
def logos(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a logo with its words, or take one off."""
    found = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    if "remove" in request.POST:
        remove_logo(programme=found, uuid=_uuid(request.POST["remove"]), by=request.user)
        messages.info(request, _("The logo is removed."))
        return redirect("applicants:logos", slug)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_logo(programme=found, upload=form.cleaned_data["file"], alt=form.cleaned_data["alt"], by=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.info(request, _("The logo stands on the public page now."))
            return redirect("applicants:logos", slug)
    context = {"programme": found, "logos": logos_of(found), "form": form}
    return render(request, "applicants/logos.html", context, status=422 if request.method == "POST" else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
