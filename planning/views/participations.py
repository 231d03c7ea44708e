"""A participation: people, hours, conditions, mentoring, the plan's versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.http.requests import SignedInRequest
from credpoints.outbox.actions import Letter
from credpoints.workflow import Step
from planning import letters, queries, rules
from planning.actions import participations, plans
from planning.forms import (
    ConstraintsForm,
    MentoringForm,
    NewVersionForm,
    PeopleForm,
    ReasonForm,
    WorkloadForm,
)
from planning.models import Participation, PlanVersionState
from planning.practice import practice_lines
from planning.workflow import PARTICIPATION


@require_GET
@login_required
def participation_list(request: SignedInRequest) -> HttpResponse:
    """Everybody whose participation one may see, with the state of the plan."""
    if not queries.works_with_participations(request.user):
        raise Http404
    found = queries.participations_for_list(request.user, request.GET)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    return render(request, "planning/participations.html", {"page": page})


@require_GET
@login_required
def participation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One participation as this reader may see it."""
    return render(request, "planning/participation.html", _page(request, _load(request, uuid)))


def _page(request: SignedInRequest, found: Participation, **forms: Any) -> dict[str, Any]:
    """Everything the page shows; `forms` are those that were sent and refused."""
    user = request.user
    versions = list(found.plan.versions.order_by("-number"))
    open_version = next((version for version in versions if version.is_open), None)
    agreed = next((version for version in versions if version.state == PlanVersionState.AGREED), None)
    own = rules.is_participant(user, found)
    advising = rules.advises(user, found)
    return {
        "participation": found,
        "versions": versions,
        "open_version": open_version,
        "agreed": agreed,
        "is_own": own,
        "may_plan": found.is_running and (own or advising),
        "may_arrange": rules.runs(user, found),
        "may_log": rules.may_log_mentoring(user, found),
        "reads_private_note": rules.may_read_private_note(user, found),
        "choices": list(found.term_choices.select_related("term")),
        "sessions": list(found.mentoring_sessions.select_related("mentor__person")),
        "practice": practice_lines(found),
        "minutes": sum(session.minutes for session in found.mentoring_sessions.all()),
        "steps": [(row, _label(row, own)) for row in PARTICIPATION.available(found, user)],
        "people_form": PeopleForm(participation=found),
        "workload_form": WorkloadForm(participation=found),
        "constraints_form": ConstraintsForm(instance=found, is_own=own),
        "mentoring_form": MentoringForm(),
        "version_form": NewVersionForm(),
        **forms,
    }


def _label(row: Step, own: bool) -> str:
    """What a step is called: whoever leaves does it, staff note it of somebody else."""
    if row.name == "withdraw" and not own:
        return _("The person leaves the programme")
    return str(row.label)


def _refused(request: SignedInRequest, found: Participation, **forms: Any) -> HttpResponse:
    return render(request, "planning/participation.html", _page(request, found, **forms), status=422)


@require_POST
@login_required
def people(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Assign advisor and mentor."""
    found = _load(request, uuid)
    form = PeopleForm(request.POST, participation=found)
    if not form.is_valid():
        return _refused(request, found, people_form=form)
    mails = letters.of_mentor(found, form.cleaned_data["mentor"])
    if mails and "confirmed" not in request.POST:
        return _ask_before_assigning(request, found, form, mails)
    tell = "tell" in request.POST
    participations.assign_people(participation=found, by=request.user, tell=tell, **form.cleaned_data)
    messages.info(request, _("Saved."))
    return redirect(found)


def _ask_before_assigning(
    request: SignedInRequest, found: Participation, form: PeopleForm, mails: list[Letter]
) -> HttpResponse:
    """Staff read what both sides of a new mentoring are told, and may take the tick out."""
    page = {
        "participation": found,
        "changes": [(form.fields[name].label, user) for name, user in form.cleaned_data.items()],
        "hidden": {name: user.pk if user else "" for name, user in form.cleaned_data.items()},
        "letters": mails,
    }
    return render(request, "planning/assign.html", page)


@require_POST
@login_required
def workload(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Choose the weekly hours of each term."""
    found = _load(request, uuid)
    form = WorkloadForm(request.POST, participation=found)
    if not form.is_valid():
        return _refused(request, found, workload_form=form)
    participations.choose_workload(participation=found, by=request.user, hours=form.hours())
    messages.info(request, _("The hours are saved; the plan is measured against them."))
    return redirect(found)


@require_POST
@login_required
def constraints(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Say what limits the time."""
    found = _load(request, uuid)
    form = ConstraintsForm(request.POST, instance=found, is_own=rules.is_participant(request.user, found))
    if not form.is_valid():
        return _refused(request, found, constraints_form=form)
    participations.note_constraints(participation=found, by=request.user, **form.cleaned_data)
    messages.info(request, _("Saved."))
    return redirect(found)


@require_POST
@login_required
def mentoring(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Log a mentoring meeting."""
    found = _load(request, uuid)
    form = MentoringForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, mentoring_form=form)
    participations.log_mentoring(participation=found, by=request.user, **form.cleaned_data)
    messages.info(request, _("The meeting is logged."))
    return redirect(f"{found.get_absolute_url()}#mentoring")


@require_POST
@login_required
def begin_plan(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Begin a version, or go to the one that is open; an agreed plan changes only with a reason."""
    found = _load(request, uuid)
    agreed = found.plan.versions.filter(state=PlanVersionState.AGREED).exists()
    form = NewVersionForm(request.POST)
    if agreed and not found.plan.versions.open().exists() and not form.is_valid():
        return _refused(request, found, version_form=form)
    reason = form.cleaned_data if agreed and form.is_valid() else {}
    version = plans.begin_version(plan=found.plan, by=request.user, **reason)
    return redirect(version)


@require_http_methods(["GET", "POST"])
@login_required
def participation_step(request: SignedInRequest, uuid: UUID, step: str) -> HttpResponse:
    """Pause, go on, complete, leave or end a participation."""
    found = _load(request, uuid)
    row = PARTICIPATION.steps.get(step)
    if row is None:
        raise Http404
    form = ReasonForm(request.POST or None) if row.needs_reason else None
    if request.method == "GET" or (form and not form.is_valid()):
        status = 422 if request.method == "POST" else 200
        page = {
            "participation": found,
            "step": row,
            "label": _label(row, rules.is_participant(request.user, found)),
            "form": form,
            "letters": letters.of_participation(found, step),
        }
        return render(request, "planning/participation_step.html", page, status=status)
    reason = form.cleaned_data["reason"] if form else ""
    tell = "tell" in request.POST
    participations.change_participation(participation=found, step=step, by=request.user, reason=reason, tell=tell)
    messages.info(request, _("Done: %(step)s.") % {"step": row.label})
    return redirect(found)


def _load(request: SignedInRequest, uuid: UUID) -> Participation:
    found = Participation.objects.visible_to(request.user).for_pages().select_related("plan")
    return get_object_or_404(found, uuid=uuid)
