"""People's own modules, and one enrolment as everybody sees it who may."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from credpoints.http.requests import SignedInRequest
from modules import queries, rules
from modules.steps import ENROLMENT_STEPS
from modules.views.steps import step_page
from modules.workflow import ENROLMENT


@require_GET
@login_required
def enrolments(request: SignedInRequest) -> HttpResponse:
    """The person's own modules: what runs, what is next, what came out."""
    now = timezone.now()
    context = {
        "enrolments": queries.own_enrolments(request.user),
        "sessions": queries.own_sessions(request.user, now)[:10],
    }
    return render(request, "modules/enrolments.html", context)


@require_GET
@login_required
def enrolment(request: SignedInRequest, uuid: str) -> HttpResponse:
    """One enrolment with its sessions and results."""
    found = get_object_or_404(queries.enrolments_for_pages().visible_to(request.user), uuid=uuid)
    dates = queries.timetable(found.offering.coming_sessions, timezone.now(), queries.marks_of(found))  # type: ignore[attr-defined]
    context = {
        "enrolment": found,
        "offering": found.offering,
        "version": found.offering.version,
        "is_own": rules.is_own_enrolment(request.user, found),
        "records": rules.can_record(request.user, found),
        "history": queries.results_with_corrections(found),
        "timetable": dates,
        "steps": [step for step in ENROLMENT.available(found, request.user) if step.name in ENROLMENT_STEPS],
    }
    return render(request, "modules/enrolment.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def enrolment_step(request: SignedInRequest, uuid: str, step: str) -> HttpResponse:
    """Take a place, withdraw, confirm, refuse, cancel, exempt: shown first, then done."""
    visible = queries.enrolments_for_pages().visible_to(request.user)
    return step_page(request, ENROLMENT, get_object_or_404(visible, uuid=uuid), step)
