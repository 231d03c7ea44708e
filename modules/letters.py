"""What the mails about modules say: the facts that their templates find."""

from typing import Any

from django.utils import timezone

from credpoints.outbox.actions import Letter, write
from modules.models import RUNNING, Attendance, Enrolment, EnrolmentState, Session

SESSION = "modules/email/session"


def enrolment_facts(enrolment: Enrolment, reason: str = "") -> dict[str, Any]:
    """About a new state; whoever is enrolled also reads when it begins and which dates are compulsory."""
    facts: dict[str, Any] = {"enrolment": enrolment, "reason": reason}
    if enrolment.state == EnrolmentState.ENROLLED:
        coming = enrolment.offering.sessions.filter(cancelled_at=None, ends_at__gt=timezone.now())
        sessions = list(coming.order_by("starts_at", "pk"))
        facts["first_session"] = sessions[0] if sessions else None
        facts["compulsory"] = [session for session in sessions if session.attendance == Attendance.COMPULSORY]
    return facts


def told_about(session: Session) -> list[Enrolment]:
    """Whom a change of a date concerns: everybody who takes part."""
    found = Enrolment.objects.filter(offering=session.offering_id, state__in=RUNNING)
    return list(found.select_related("person__user", "offering__version").order_by("pk"))


def session_letter(enrolment: Enrolment, session: Session, event: str) -> Letter:
    """A date is "added", "changed" or "cancelled"."""
    return write(SESSION, to=enrolment.person, enrolment=enrolment, session=session, event=event)
