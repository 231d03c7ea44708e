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
    form = HandedForm(request.POST or None, request.FILES or None, programmes=programmes)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "certificates/handed.html", {"form": form}, status=status)
    facts = form.cleaned_data
    plan = _plan(request, facts)
    if plan.faults:
        return render(request, "certificates/handed.html", {"form": form, "faults": plan.faults}, status=422)
    if "look" in request.POST:
        return _look(plan, request.POST["look"])
    # Only what the page has shown is prepared: the button carries the fingerprint of the data.
    fingerprint = content_hash("\n".join(str(facts[name]) for name in ("programme", "kind", "person", "text")))
    if plan.new_ones and request.POST.get("shown") == fingerprint:
        _prepare(request, plan, facts)
        return redirect("certificates:register")
    return render(request, "certificates/handed.html", {"form": form, "plan": plan, "fingerprint": fingerprint})


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
