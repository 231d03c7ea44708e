"""Open, arrange and end participations; log mentoring."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.actions import return_place
from applicants.models import Application
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme, Term
from credpoints.outbox import actions as outbox
from planning import rules
from planning.dossier import survey_facts
from planning.models import (
    Appointment,
    AppointmentState,
    MentoringSession,
    Participation,
    Plan,
    PlanParty,
    TermChoice,
)
from planning.plan_rules import plan_rules
from planning.signals import participation_completed, participation_opened
from planning.workflow import PARTICIPATION

describe(
    {
        "participation.opened": _("Participation opened"),
        "participation.arranged": _("Advisor or mentor assigned"),
        "participation.workload": _("Weekly hours chosen"),
        "participation.mentoring": _("Mentoring logged: %(topic)s"),
    }
)
WEEKLY_HOURS = Decimal(15)


def open_participation(*, application: Application, by: User | None) -> Participation:
    """An accepted applicant takes part: with the advisor of the talk, the hours named in the survey and an empty plan.

    Opening twice gives the same participation.
    """
    facts = survey_facts(application)
    with transaction.atomic():
        participation, created = Participation.objects.get_or_create(
            application=application,
            defaults={
                "person": application.person,
                "programme": application.programme,
                "advisor": _advisor_of(application),
                "private_note": facts.constraints,
            },
        )
        if not created:
            return participation
        hours = facts.weekly_hours or WEEKLY_HOURS
        TermChoice.objects.bulk_create(
            TermChoice(participation=participation, term=term, weekly_hours=hours)
            for term in application.programme.terms.all()
        )
        _open_plan(participation)
        audit.record("participation.opened", participation, by=by)
        participation_opened.send(sender=Participation, participation=participation, by=by)
    return participation


def parties_for(programme: Programme) -> list[tuple[str, int]]:
    """Who has to sign plans of a programme, with places in the order; equal places may sign in any order."""
    set_now = plan_rules(programme)
    return [(name, place if set_now.fixed_order else 1) for place, name in enumerate(set_now.parties, start=1)]


def _open_plan(participation: Participation) -> None:
    plan = Plan.objects.create(participation=participation)
    PlanParty.objects.bulk_create(
        PlanParty(plan=plan, party=party, position=place) for party, place in parties_for(participation.programme)
    )


def _advisor_of(application: Application) -> User | None:
    talks = Appointment.objects.filter(application=application, state=AppointmentState.COMPLETED)
    last = talks.select_related("advisor").order_by("-starts_at").first()
    return last.advisor if last else application.advisor


def assign_people(
    *, participation: Participation, by: User, advisor: User | None, mentor: User | None, tell: bool = True
) -> None:
    """Give the participant an advisor and a mentor; both sides of a new mentoring get a mail."""
    if not rules.runs(by, participation):
        raise PermissionDenied
    with transaction.atomic():
        locked = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        new_mentor = mentor is not None and locked.mentor_id != mentor.pk
        locked.advisor, locked.mentor = advisor, mentor
        locked.save(update_fields=["advisor", "mentor"])
        audit.record("participation.arranged", locked, by=by)
        if tell and new_mentor and mentor:
            for reader in (locked.person, mentor):
                outbox.queue("planning/email/mentor_assigned", to=reader, about=locked, participation=locked)
    participation.advisor, participation.mentor = advisor, mentor


def choose_workload(*, participation: Participation, by: User, hours: dict[int, Decimal]) -> None:
    """The participant chooses the weekly hours of each term (term id → hours); the plan is measured against them."""
    if not (rules.is_participant(by, participation) or rules.advises(by, participation)):
        raise PermissionDenied
    with transaction.atomic():
        Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        for term in Term.objects.filter(programme=participation.programme_id, pk__in=hours):
            TermChoice.objects.update_or_create(
                participation=participation, term=term, defaults={"weekly_hours": hours[term.pk]}
            )
        audit.record("participation.workload", participation, by=by, hours={str(k): str(v) for k, v in hours.items()})


def note_constraints(*, participation: Participation, by: User, **facts: Any) -> None:
    """Say what limits the time: read by the person and the advisors only."""
    if not rules.may_read_private_note(by, participation):
        raise PermissionDenied
    allowed = {name: facts[name] for name in ("days", "place_note", "private_note") if name in facts}
    Participation.objects.filter(pk=participation.pk).update(**allowed)


def log_mentoring(
    *, participation: Participation, by: User, kind: str, held_on: date, minutes: int, topic: str, agreement: str = "",
    next_on: date | None = None,
) -> MentoringSession:  # fmt: skip
    """Note a mentoring meeting; it counts as mentoring on the certificate."""
    if not rules.may_log_mentoring(by, participation):
        raise PermissionDenied
    with transaction.atomic():
        Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
        session = MentoringSession.objects.create(
            participation=participation, mentor=by, kind=kind, held_on=held_on, minutes=minutes, topic=topic,
            agreement=agreement, next_on=next_on,
        )  # fmt: skip
        audit.record("participation.mentoring", participation, by=by, topic=topic, minutes=minutes)
    return session


def change_participation(
    *, participation: Participation, step: str, by: User | None, reason: str = "", tell: bool = True
) -> None:
    """Pause, resume, complete, leave or end; `tell` mails the person whose participation is ended."""
    with PARTICIPATION.take(step, participation, by=by, reason=reason) as locked:
        if step in {"complete", "withdraw", "exclude"}:
            locked.ended_at = timezone.now()
        if step in {"withdraw", "exclude"} and locked.application:
            return_place(application=locked.application, by=by)
        if step == "complete":
            participation_completed.send(sender=Participation, participation=locked, by=by)
        if step == "exclude" and tell:
            letter = "planning/email/participation_ended"
            outbox.queue(letter, to=locked.person, about=locked, participation=locked, reason=reason)


def complete_participation(*, participation: Participation, by: User | None) -> None:
    """The programme is done: rooms above call this when the certificate is issued."""
    change_participation(participation=participation, step="complete", by=by)
