"""What people are told of their talks: mails with a calendar entry, links to manage them, reminders."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from credpoints.accounts.models import Role, User
from credpoints.common.tokens import new_token, token_hash
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from planning import invitations
from planning.models import Appointment, AppointmentLink, AppointmentState
from planning.queries import staff_of

REMIND_HOURS = (24, 1)


def new_link(talk: Appointment) -> str:
    """A fresh address to manage the talk without signing in; older mails' addresses keep working."""
    token = new_token()
    AppointmentLink.objects.create(appointment=talk, token_hash=token_hash(token))
    return invitations.manage_address(token)


def tell_person(talk: Appointment, template: str, again: str = "") -> None:
    """Mail the person about the talk as it is now, with calendar entry and link; `again` lets a mail go out twice."""
    address = new_link(talk)
    outbox.queue(
        f"planning/email/{template}",
        to=talk.person,
        about=talk,
        key=f"{template}:{talk.pk}:{talk.sequence}{again}",
        attachments=[invitations.attachment(talk, talk.person, address)],
        talk=talk,
        address=address,
    )


def tell_advisor(talk: Appointment, event: str, to: User | None = None) -> None:
    """Mail the talk's advisor, with the calendar entry; `to` is another one, who no longer has the talk."""
    advisor = to or talk.advisor
    address = invitations.staff_address(talk)
    attached: list[Mapping[str, str]] = [] if to else [invitations.attachment(talk, advisor, address)]
    outbox.queue(
        "planning/email/advisor_talk",
        to=advisor,
        about=talk,
        key=f"advisor_talk:{event}:{talk.pk}:{talk.sequence}:{advisor.pk}",
        attachments=attached,
        talk=talk,
        event=event,
        address=address,
    )


def tell_programme(talk: Appointment) -> None:
    """Mail the administrators that nobody came from our side."""
    for administrator in staff_of(talk.programme, Role.PROGRAMME_ADMIN):
        key = f"advisor_missed:{talk.pk}:{administrator.pk}"
        address = invitations.staff_address(talk)
        outbox.queue("planning/email/advisor_missed", to=administrator, about=talk, key=key, talk=talk, address=address)


def plan_reminders(talk: Appointment, now: datetime) -> None:
    """Remind the person a day and an hour before, as far as that is still to come."""
    for hours in REMIND_HOURS:
        at = talk.starts_at - timedelta(hours=hours)
        if at > now:
            key = f"planning.remind:{talk.pk}:{talk.sequence}:{hours}"
            jobs.enqueue("planning.remind", key=key, at=at, talk_id=talk.pk, sequence=talk.sequence, hours=hours)


def remind(talk_id: int, sequence: int, hours: int = 24) -> None:
    """Remind the person of the talk as it stands, once a day and once an hour before.

    A talk that has moved has reminders of its own.
    """
    talk = Appointment.objects.for_pages().filter(pk=talk_id, sequence=sequence, state=AppointmentState.BOOKED).first()
    if talk and talk.starts_at > timezone.now():
        with transaction.atomic():
            tell_person(talk, "talk_reminder", again="" if hours == 24 else f":{hours}")
