"""Links of the holder, and what their readers see."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certificates import actions, throttle, verifying
from certificates.forms import ShareForm
from certificates.models import Certificate, ShareLink
from certificates.public_views import private
from certificates.views.holder import holder_context
from credpoints.common.tokens import token_hash
from credpoints.http.requests import SignedInRequest


@require_POST
@login_required
def share(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Make a link; its address is shown once, on the page that follows."""
    own = Certificate.objects.visible_to(request.user).filter(person__user=request.user).for_pages()
    one = get_object_or_404(own, uuid=uuid)
    form = ShareForm(request.POST)
    if not form.is_valid():
        context = {**holder_context(request, one), "share_form": form}
        return render(request, "certificates/my_certificate.html", context, status=422)
    token = actions.share_certificate(certificate=one, by=request.user, **form.cleaned_data)
    if token:
        request.session["certificate_link"] = {"certificate": str(one.uuid), "token": token}
    return redirect(f"{one.get_absolute_url()}#links")


@require_POST
@login_required
def withdraw(request: SignedInRequest, uuid: Any) -> HttpResponse:
    """Close a link; whoever opens it from now on reads that it was closed."""
    link = get_object_or_404(
        ShareLink.objects.visible_to(request.user).select_related("certificate__person"), uuid=uuid
    )
    actions.withdraw_link(link=link, by=request.user)
    messages.info(request, _("The link “%(label)s” no longer works.") % {"label": link.label})
    return redirect(f"{link.certificate.get_absolute_url()}#links")


@require_GET
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder shows to one reader: whether the certificate is valid today, and the chosen part of it."""
    if throttle.too_many(request):
        return private(render(request, "certificates/verify_wait.html", {}, status=429))
    links = ShareLink.objects.select_related("certificate__register_entry")
    link = links.filter(token_hash=token_hash(token)).first()
    if link is None or not link.is_open(timezone.now()):
        throttle.count_wrong(request)
        return private(render(request, "certificates/link_closed.html", {}, status=404))
    answer = verifying.about(link.certificate.register_entry)
    actions.note_opening(link=link)
    actions.log_verification(way="link", result=answer.result, certificate=answer.certificate)
    part = verifying.chosen(verifying.part_for_reader(answer.shown), link) if answer.shown else None
    context = {
        "answer": answer,
        "headline": verifying.headline(answer),
        "part": part,
        "certificate": answer.shown,
        "link": link,
    }
    return private(render(request, "certificates/shown.html", context))
