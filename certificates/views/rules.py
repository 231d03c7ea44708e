"""The rules of a programme's certificates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates import actions
from certificates.collecting.results import ATTENDANCE_SHARE
from certificates.forms import RulesForm
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme


@require_http_methods(["GET", "POST"])
@login_required
def rules(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the programme demands before a certificate is issued; administrators change it."""
    programme = get_object_or_404(Programme.objects.administered_by(request.user), slug=slug)
    now = programme.room_settings("certificates")
    initial = {"attendance_share": ATTENDANCE_SHARE, **now, "by_run": now.get("issue", "at_once") != "at_once"}
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_rules(programme=programme, by=request.user, **form.cleaned_data)
        messages.info(request, _("The rules are saved. They hold for everything that is not submitted yet."))
        return redirect("certificates:rules", slug=programme.slug)
    context = {"programme": programme, "form": form}
    return render(request, "certificates/rules.html", context, status=422 if request.method == "POST" else 200)
