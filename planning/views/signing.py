"""Sign a version, here or on paper; name who signs."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credpoints.accounts.models import User
from credpoints.http.requests import SignedInRequest
from credpoints.workflow import NoLongerPossible
from planning import rules
from planning.actions import plans
from planning.actions.plans import StaleVersion
from planning.board_page import newer_than
from planning.contents import difference
from planning.forms import (
    ScanForm,
    SignerForm,
)
from planning.models import PlanParty, PlanVersion, PlanVersionState
from planning.views.loading import load_version
from planning.wording import difference_words


@require_POST
@login_required
def sign(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Sign exactly what was read; a stale page gets the difference to what stands there now."""
    version = load_version(request, uuid)
    seen = request.POST.get("seen", "")
    try:
        plans.sign(version=version, by=request.user, seen_hash=seen)
    except StaleVersion:
        return _stale(request, version, seen)
    except NoLongerPossible:
        if version.content_hash == seen:
            raise
        return _stale(request, version, seen)
    if version.state == PlanVersionState.AGREED:
        messages.success(request, _("Everybody has signed: the plan is agreed."))
    else:
        messages.info(request, _("You have signed. The others are shown below."))
    return redirect(version)


def _stale(request: SignedInRequest, version: PlanVersion, seen: str) -> HttpResponse:
    latest = newer_than(version) or version
    latest.refresh_from_db()
    old = version.proposed_contents.filter(content_hash=seen).first()
    page = {
        "version": latest,
        "difference": difference_words(difference(old.content, latest.content())) if old else None,
    }
    return render(request, "planning/stale.html", page, status=409)


@require_http_methods(["GET", "POST"])
@login_required
def scan(request: SignedInRequest, uuid: UUID, party: int) -> HttpResponse:
    """Keep the scan of a signature on paper."""
    version = load_version(request, uuid)
    signs = get_object_or_404(PlanParty, pk=party, plan=version.plan)
    if not rules.advises(request.user, version.plan.participation):
        raise Http404
    form = ScanForm(request.POST or None, request.FILES or None, initial={"name": signs.name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            plans.record_scanned_signature(
                version=version, party=signs, by=request.user, name=data["name"], position=data["position"],
                scan=data["scan"], seen_hash=request.POST.get("seen", ""),
            )  # fmt: skip
        except StaleVersion:
            return _stale(request, version, request.POST.get("seen", ""))
        except ValidationError as refusal:
            form.add_error("scan", refusal)
        else:
            messages.info(request, _("The signature on paper is kept."))
            return redirect(version)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/scan.html", {"version": version, "party": signs, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def signer(request: SignedInRequest, uuid: UUID, party: int) -> HttpResponse:
    """Name who signs for a party, also when the first contact was the wrong one."""
    version = load_version(request, uuid)
    signs = get_object_or_404(PlanParty, pk=party, plan=version.plan)
    if not rules.advises(request.user, version.plan.participation) or not signs.can_be_named:
        raise Http404
    form = SignerForm(request.POST or None, initial={"name": signs.name, "role_name": signs.role_name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        account = User.objects.filter(email__iexact=data["email"]).first() if data["email"] else None
        if data["email"] and account is None:
            form.add_error("email", _("Nobody has an account with this address. Keep a scan instead, or invite first."))
        else:
            plans.name_signer(
                party=signs, by=request.user, signer=account, name=data["name"], role_name=data["role_name"]
            )
            return redirect(version)
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/signer.html", {"version": version, "party": signs, "form": form}, status=status)
