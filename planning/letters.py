"""Mails of talks and plans as they would be sent: people read them before the click and may take the tick out."""

from copy import copy
from datetime import datetime

from credpoints.accounts.models import User
from credpoints.outbox.actions import Letter, write
from planning.models import Appointment, Participation, Placement, PlanComment, PlanVersion
from planning.readers import readers_of
from planning.workflow import APPOINTMENT

# What the person is mailed when staff take a step with a talk.
OF_TALKS = {
    "confirm": "talk_booked",
    "decline": "talk_declined",
    "reschedule": "talk_moved",
    "substitute": "talk_moved",
    "cancel": "talk_cancelled",
    "no_show_person": "talk_missed",
    "no_show_advisor": "talk_missed",
}
TO_COME = "…"  # stands for what is only known after the click: the text that is still typed, the secret link


def of_talk(
    talk: Appointment, step: str, *, starts_at: datetime | None = None, advisor: User | None = None
) -> list[Letter]:
    """What the person reads after this step; nothing for steps that mail nobody."""
    if step not in OF_TALKS:
        return []
    draft = copy(talk)
    draft.state, draft.reason = APPOINTMENT.steps[step].target, TO_COME
    draft.starts_at, draft.advisor = starts_at or talk.starts_at, advisor or talk.advisor
    return [write(f"planning/email/{OF_TALKS[step]}", to=talk.person, talk=draft, address=TO_COME)]


def of_booking(talk: Appointment) -> list[Letter]:
    """What the person and the advisor read when staff book this talk; it is not saved yet."""
    return [
        write("planning/email/talk_booked", to=talk.person, talk=talk, address=TO_COME),
        write("planning/email/advisor_talk", to=talk.advisor, talk=talk, event="booked", address=TO_COME),
    ]


def of_new_invitation(talk: Appointment, address: str) -> list[Letter]:
    """The mail that asks somebody to choose a time once more."""
    return [write("planning/email/talk_again", to=talk.person, talk=talk, address=address)]


def of_summary(talk: Appointment) -> list[Letter]:
    """The mail that asks the person to read what was written down."""
    return [write("planning/email/summary_shared", to=talk.person, talk=talk)]


def of_participation(participation: Participation, step: str) -> list[Letter]:
    """What the person reads when the participation is ended; other steps mail nobody."""
    if step != "exclude":
        return []
    letter = "planning/email/participation_ended"
    return [write(letter, to=participation.person, participation=participation, reason=TO_COME)]


def of_mentor(participation: Participation, mentor: User | None) -> list[Letter]:
    """What the participant and a new mentor read; nothing when the mentor stays the same or nobody is named."""
    if mentor is None or mentor.pk == participation.mentor_id:
        return []
    draft = copy(participation)
    draft.mentor = mentor
    letter = "planning/email/mentor_assigned"
    return [write(letter, to=reader, participation=draft) for reader in (participation.person, mentor)]


def of_practice(placement: Placement, step: str) -> list[Letter]:
    """What the company reads when it is asked, or the participant when staff keep its paper; else nobody is mailed."""
    if step == "ask":
        supervisor = placement.supervisor_as_person()
        return [
            write("planning/email/practice_ask", to=supervisor, language=placement.language, placement=placement,
                  address=TO_COME)
        ]  # fmt: skip
    if step != "confirm_on_paper":
        return []
    draft = copy(placement)
    draft.confirmed_by, draft.confirmed_hours = TO_COME, None
    return [write("planning/email/practice_confirmed", to=placement.participation.person, placement=draft)]


def of_proposal(version: PlanVersion, by: User) -> list[Letter]:
    """What everybody who signs reads when this person proposes the version."""
    draft = copy(version)
    draft.proposed_by = by
    return [write("planning/email/plan_proposed", to=reader, version=draft) for reader in readers_of(version, but=by)]


def of_remark(version: PlanVersion, by: User, *, is_refusal: bool = False) -> list[Letter]:
    """What the others read when this person comments or asks for changes; the text is typed afterwards."""
    remark = PlanComment(version=version, author=by, text=TO_COME, is_refusal=is_refusal)
    return [
        write("planning/email/plan_comment", to=reader, version=version, remark=remark)
        for reader in readers_of(version, but=by)
    ]
