"""Prepare certificates from plain data of another house: read it, show what would come of it, then do it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from certificates import actions, handed_files, handed_plan, rendering
from certificates.forms import HandedForm
from certificates.handed_plan import HandedPlan
from certificates.views.certificates import pdf_response
from credpoints.accounts.models import Role
from credpoints.common.tokens import content_hash
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme


@require_http_methods(["GET", "POST"])
@login_required
def handed(request: SignedInRequest) -> HttpResponse:
    """First what the data says and what is wrong with it; the same data sent again with the button makes the drafts."""
    programmes = Programme.objects.staffed_by(request.user, Role.ADVISOR, Role.PROGRAMME_ADMIN).order_by("pk")
    if not programmes:
        raise Http404
    if request.method == "GET":
        return _page(request, HandedForm(programmes=programmes))
    form = HandedForm(request.POST, request.FILES, programmes=programmes)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _answer(request, form)


def _answer(request: SignedInRequest, form: HandedForm) -> HttpResponse:
    """What follows from data that can be read: its faults, the pages of one, the drafts, or what would come of it."""
    facts = form.cleaned_data
    plan = _plan(request, facts)
    if plan.faults:
        return _page(request, form, status=422, faults=plan.faults)
    if "look" in request.POST:
        return _look(plan, request.POST["look"])
    fingerprint = _fingerprint(facts)
    if plan.new_ones and request.POST.get("shown") == fingerprint:
        _prepare(request, plan, facts)
        return redirect("certificates:register")
    return _page(request, form, plan=plan, fingerprint=fingerprint)


def _page(request: SignedInRequest, form: HandedForm, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "certificates/handed.html", {"form": form, **more}, status=status)


def _fingerprint(facts: dict[str, Any]) -> str:
    """The button carries it, so that nothing is prepared but what the page has shown."""
    return content_hash("\n".join(str(facts[name]) for name in ("programme", "kind", "person", "text")))


def _plan(request: SignedInRequest, facts: dict[str, Any]) -> HandedPlan:
    try:
        wholes = handed_files.read(facts["text"])
    except ValidationError as error:
        return HandedPlan(faults=list(error.messages))
    return handed_plan.plan(
        kind=facts["kind"], wholes=wholes, named=facts["person"], programme=facts["programme"], by=request.user
    )


def _look(plan: HandedPlan, place: str) -> HttpResponse:
    """The pages of one of them as they would look, marked as a preview."""
    if not place.isdecimal() or int(place) >= len(plan.rows):
        raise Http404
    return pdf_response(rendering.render_preview(actions.as_printed(plan.rows[int(place)].certificate)))


def _prepare(request: SignedInRequest, plan: HandedPlan, facts: dict[str, Any]) -> None:
    wanted = [(row.certificate.person, row.whole) for row in plan.new_ones if row.certificate.person]
    done = actions.prepare_all_handed(kind=facts["kind"], handed=wanted, programme=facts["programme"], by=request.user)
    count = len(done.drafts)
    messages.info(
        request, ngettext("%(n)s certificate is prepared.", "%(n)s certificates are prepared.", count) % {"n": count}
    )
