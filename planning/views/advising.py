"""The advisor's pages: talks, the dossier beside the record, follow-up tasks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from credpoints.accounts.models import Role
from credpoints.common.numbers import whole_number
from credpoints.http.requests import SignedInRequest
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible, Step
from planning import letters, queries
from planning.actions import consultations, records
from planning.actions.consultations import TimeTaken
from planning.dossier import survey_facts
from planning.forms import FindingForm, FollowUpForm, ReasonForm, RecordForm
from planning.models import Appointment, AppointmentState, ConsultationRecord, Finding, FollowUp
from planning.queries import staff_of
from planning.rules import advises_talk, arranges_talk
from planning.workflow import APPOINTMENT

INVITE_AGAIN = Step(
    "invite_again", gettext_lazy("Invite again by mail"), consultations.DID_NOT_HAPPEN, "", arranges_talk,
    consequence=gettext_lazy("The person gets this mail and can choose a new time. The talk stays as it is noted."),
)  # fmt: skip
MISSED = ("no_show_person", "no_show_advisor")
ONE_CLICK = ("confirm", "complete", *MISSED)


@require_GET
@login_required
def talks(request: SignedInRequest) -> HttpResponse:
    """All talks of the programmes one advises or administers; upcoming first, or those that are over."""
    found = Appointment.objects.arranged_by(request.user).for_pages()
    if not queries.arranges_anything(request.user):
        raise Http404
    now, which = timezone.now(), request.GET.get("show", "upcoming")
    if which == "past":
        found = found.exclude(state__in=["held", "lapsed"]).filter(ends_at__lte=now).order_by("-starts_at")
    else:
        found = found.upcoming(now)
    if request.GET.get("mine"):
        found = found.filter(advisor=request.user)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    programmes = Programme.objects.staffed_by(request.user, Role.ADVISOR, Role.PROGRAMME_ADMIN).order_by("pk")
    return render(request, "planning/talks.html", {"page": page, "which": which, "programmes": programmes})


@require_http_methods(["GET", "POST"])
@login_required
def consultation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One screen: the dossier's facts, the record of the talk, goals and gaps, what was agreed."""
    talk = _talk(request, uuid)
    if not advises_talk(request.user, talk):
        return render(request, "planning/consultation_facts.html", _head(request, talk))
    record = records.open_record(talk=talk, by=request.user)
    form = RecordForm(request.POST or None, record=record)
    if request.method == "POST":
        if not form.is_valid():
            return render(request, "planning/consultation.html", _page(request, talk, record, form), status=422)
        data = form.cleaned_data
        records.save_record(
            talk=talk, by=request.user, topics=form.topics(), shared_summary=data["shared_summary"],
            internal_note=data["internal_note"],
        )  # fmt: skip
        if "share" in request.POST:
            records.share_summary(talk=talk, by=request.user, tell="tell" in request.POST)
            messages.info(request, _("Saved. The person can read the summary now."))
        else:
            messages.info(request, _("Saved."))
        return redirect("planning:consultation", uuid=talk.uuid)
    return render(request, "planning/consultation.html", _page(request, talk, record, form))


def _head(request: SignedInRequest, talk: Appointment) -> dict[str, Any]:
    has_begun = talk.starts_at <= timezone.now()
    return {
        "talk": talk,
        "has_begun": has_begun,  # nobody has missed a talk that is still to come
        "steps": [row for row in APPOINTMENT.available(talk, request.user) if has_begun or row.name not in MISSED],
        "can_invite_again": talk.state in consultations.DID_NOT_HAPPEN,
        "advisors": [a for a in staff_of(talk.programme, Role.ADVISOR) if a.pk != talk.advisor_id],
    }


def _page(
    request: SignedInRequest, talk: Appointment, record: ConsultationRecord, form: RecordForm, **forms: Any
) -> dict[str, Any]:
    return _head(request, talk) | {
        "record": record,
        "form": form,
        "facts": survey_facts(talk.application),
        "findings": list(record.findings.all()),
        "follow_ups": list(record.follow_ups.all()),
        "finding_form": forms.get("finding_form") or FindingForm(),
        "follow_up_form": forms.get("follow_up_form") or FollowUpForm(),
        "participation": queries.participation_of(talk),
        "earlier": queries.earlier_talks(talk),
        "summary_letters": letters.of_summary(talk),
    }


@require_http_methods(["GET", "POST"])
@login_required
def step(request: SignedInRequest, uuid: UUID, step: str) -> HttpResponse:
    """Confirm, decline, complete, or note that somebody did not come."""
    talk = _talk(request, uuid)
    row = APPOINTMENT.steps.get(step)
    if row is None or step not in (*ONE_CLICK, "decline"):
        raise Http404
    form = ReasonForm(request.POST or None) if row.needs_reason else None
    if request.method == "GET" or (form and not form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return _ask(request, talk, row, status, form=form, letters=letters.of_talk(talk, step))
    _take(talk, row, request, form)
    messages.info(request, _("Done: %(step)s.") % {"step": row.label})
    return redirect("planning:consultation", uuid=talk.uuid)


def _ask(request: SignedInRequest, talk: Appointment, row: Step, status: int = 200, **page: Any) -> HttpResponse:
    """What the step does and the mail it sends, to be read before it is taken."""
    page |= {"talk": talk, "step": row, "tone": "danger" if row.danger else ""}
    page["back"] = reverse("planning:consultation", args=[talk.uuid])
    return render(request, "planning/step.html", page, status=status)


def _take(talk: Appointment, row: Step, request: SignedInRequest, form: ReasonForm | None) -> None:
    tell = "tell" in request.POST
    if row.name == "complete":
        consultations.complete_talk(talk=talk, by=request.user)
    elif row.name == "confirm":
        consultations.confirm_talk(talk=talk, by=request.user, tell=tell)
    elif form:
        consultations.decline_talk(talk=talk, by=request.user, reason=form.cleaned_data["reason"], tell=tell)
    else:
        consultations.miss_talk(talk=talk, step=row.name, by=request.user, tell=tell)


@require_http_methods(["GET", "POST"])
@login_required
def substitute(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Let another advisor take the talk over, after reading what the person is told."""
    talk = _talk(request, uuid)
    asked = (request.POST or request.GET).get("advisor", "")
    advisor = get_object_or_404(staff_of(talk.programme, Role.ADVISOR), pk=whole_number(asked) or 0)
    if request.method == "GET":
        return _ask(
            request, talk, APPOINTMENT.steps["substitute"], hidden={"advisor": advisor.pk},
            change=_("From now on: %(name)s") % {"name": advisor.name},
            letters=letters.of_talk(talk, "substitute", advisor=advisor),
        )  # fmt: skip
    try:
        consultations.substitute_advisor(talk=talk, advisor=advisor, by=request.user, tell="tell" in request.POST)
    except TimeTaken:
        message = _("%(name)s has another talk at this time.") % {"name": advisor.name}
        raise NoLongerPossible(message, talk) from None
    messages.info(request, _("%(name)s takes the talk over.") % {"name": advisor.name})
    return redirect("planning:consultation", uuid=talk.uuid)


@require_http_methods(["GET", "POST"])
@login_required
def invite_again(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The person is asked by mail to choose a new time; the mail is the whole step, so it is read first."""
    talk = _talk(request, uuid)
    if request.method == "GET":
        consultations.check_may_invite(talk=talk, by=request.user)
        [letter] = letters.of_new_invitation(talk, consultations.address_of_times(talk))
        return _ask(request, talk, INVITE_AGAIN, letter=letter)
    consultations.invite_again(talk=talk, by=request.user)
    messages.info(request, _("%(name)s gets a mail with the free times.") % {"name": talk.person.full_name})
    return redirect("planning:consultation", uuid=talk.uuid)


@require_POST
@login_required
def add_finding(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Note a goal, gap or strength."""
    talk = _talk(request, uuid)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _again(request, talk, finding_form=form)
    records.add_finding(talk=talk, by=request.user, **form.cleaned_data)
    return redirect(f"{_address(talk)}#findings")


@require_POST
@login_required
def drop_finding(request: SignedInRequest, uuid: UUID, pk: int) -> HttpResponse:
    talk = _talk(request, uuid)
    finding = get_object_or_404(Finding, pk=pk, record__appointment=talk)
    records.drop_finding(talk=talk, finding=finding, by=request.user)
    return redirect(f"{_address(talk)}#findings")


@require_POST
@login_required
def add_follow_up(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Agree on a task."""
    talk = _talk(request, uuid)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _again(request, talk, follow_up_form=form)
    records.add_follow_up(talk=talk, by=request.user, **form.cleaned_data)
    return redirect(f"{_address(talk)}#tasks")


@require_POST
@login_required
def finish_follow_up(request: SignedInRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Tick a task off; the person's own ones from the talk's page."""
    talk = get_object_or_404(Appointment.objects.visible_to(request.user).for_pages(), uuid=uuid)
    task = get_object_or_404(FollowUp, pk=pk, record__appointment=talk)
    records.finish_follow_up(talk=talk, task=task, by=request.user)
    return redirect(talk)


def _again(request: SignedInRequest, talk: Appointment, **forms: Any) -> HttpResponse:
    record = records.open_record(talk=talk, by=request.user)
    page = _page(request, talk, record, RecordForm(record=record), **forms)
    return render(request, "planning/consultation.html", page, status=422)


def _address(talk: Appointment) -> str:
    return str(redirect("planning:consultation", uuid=talk.uuid).url)


def _talk(request: SignedInRequest, uuid: UUID) -> Appointment:
    """A talk of the programmes that somebody advises or administers; held times are nobody's business yet."""
    found = Appointment.objects.arranged_by(request.user).for_pages()
    return get_object_or_404(found.exclude(state__in=[AppointmentState.HELD, AppointmentState.LAPSED]), uuid=uuid)
