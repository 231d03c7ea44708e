"""The keys of an awarding body, for its administrators."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from certificates import actions, lasting_queries, queries, signing
from certificates.forms import DistrustForm
from certificates.models import SigningKey
from certificates.rules import administers_any
from credpoints.http.requests import SignedInRequest


@require_GET
@login_required
def keys(request: SignedInRequest) -> HttpResponse:
    """The seal, every key and what it has signed, and whether the public lists of withdrawn certificates are sound."""
    if not administers_any(request.user):
        raise Http404
    now, seal = timezone.now(), lasting_queries.seal_in_use()
    context = {
        "houses": queries.houses(request.user, now),
        "seals": settings.SEAL_BACKEND != "none",
        "seal": seal,
        "seal_lasts": seal.lasting(now) if seal else None,
    }
    return render(request, "certificates/keys.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def rotate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign with a new key from now on: an ordinary precaution that changes nothing for what was issued."""
    key = _own(request, pk)
    if not key.is_active:
        raise Http404
    if request.method == "POST":
        new = actions.rotate_key(issuer=key.issuer, algorithm=key.algorithm, by=request.user)
        messages.info(request, _("From now on %(key)s signs.") % {"key": new.fragment})
        return redirect("certificates:keys")
    return render(request, "certificates/rotate_key.html", {"key": key})


@require_http_methods(["GET", "POST"])
@login_required
def distrust(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a key is in wrong hands: what strangers see, how many certificates it concerns, then the click."""
    key = _own(request, pk)
    if not key.is_trusted:
        raise Http404
    form = DistrustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = actions.distrust_key(key=key, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(
            request,
            ngettext(
                "The key is no longer trusted. %(count)s certificate is being signed anew.",
                "The key is no longer trusted. %(count)s certificates are being signed anew.",
                count,
            )
            % {"count": count},
        )
        return redirect("certificates:keys")
    context = {"key": key, "form": form, "count": signing.counts_by_key([key])[key.pk]}
    return render(request, "certificates/distrust_key.html", context, status=422 if request.method == "POST" else 200)


def _own(request: SignedInRequest, pk: Any) -> SigningKey:
    return get_object_or_404(SigningKey.objects.visible_to(request.user).select_related("issuer"), pk=pk)
