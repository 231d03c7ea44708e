"""The coming days, hours, documents and letters of one person: what My path and Today show besides the stations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from certificates.models import Certificate
from credpoints.accounts.models import Role, User
from credpoints.common.translated import text_in
from credpoints.organisations.models import Programme, programme_ids
from credpoints.outbox.models import OutboxMessage
from modules.models import Enrolment, Offering, Session
from modules.queries import own_sessions
from planning.board import Column, board_of
from planning.models import Appointment, AppointmentState, Participation, PlanVersion, PlanVersionState

SHOWN_LETTERS = 5


@dataclass(frozen=True)
class Meeting:
    """A talk or a session: when, what, where, and where to open it."""

    begins: datetime
    ends: datetime
    zone: str
    title: str
    where: str
    url: str
    with_whom: str = ""
    state: str = ""


@dataclass(frozen=True)
class Document:
    """Something to keep: what it is, since when it exists, and where it opens."""

    title: str
    at: datetime
    url: str


def week_of(user: User, now: datetime | None = None) -> list[Meeting]:
    """The person's own talks and sessions of the next seven days, in order (two queries)."""
    now = now or timezone.now()
    end = now + timedelta(days=7)
    talks = Appointment.objects.filter(person__user=user, starts_at__lt=end).upcoming(now).for_pages()
    sessions = [session for session in own_sessions(user, now) if session.starts_at < end]
    own = reverse("modules:enrolments")
    found = [_talk(talk, talk.get_absolute_url(), str(talk.advisor.name)) for talk in talks]
    return in_order([*found, *(_session(session, own) for session in sessions)])


def staff_day(user: User, talks: Sequence[Appointment], now: datetime | None = None) -> list[Meeting]:
    """What a member of staff has on this day: the talks given, and the sessions taught (one query)."""
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sessions = _taught(user).filter(starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1))
    return in_order([*map(_given_talk, talks), *map(_taught_session, sessions)])


def next_meeting(user: User, now: datetime | None = None) -> Meeting | None:
    """What comes next for a member of staff, on a day without talks and sessions (two queries)."""
    now = now or timezone.now()
    talk = Appointment.objects.filter(advisor=user).upcoming(now).for_pages().first()
    session = _taught(user).filter(starts_at__gte=now).order_by("starts_at").first()
    coming = [*([_given_talk(talk)] if talk else []), *([_taught_session(session)] if session else [])]
    return next(iter(in_order(coming)), None)


def _taught(user: User) -> QuerySet[Session]:
    found = Session.objects.filter(offering__in=Offering.objects.taught_by(user), cancelled_at=None)
    return found.select_related("offering__version__module")


def _given_talk(talk: Appointment) -> Meeting:
    whom = talk.person.full_name or talk.person.email
    return _talk(talk, reverse("planning:consultation", args=[talk.uuid]), whom)


def _taught_session(session: Session) -> Meeting:
    return _session(session, reverse("modules:attendance", args=[session.uuid]))


def in_order(meetings: list[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda meeting: (meeting.begins, meeting.title))


def _talk(talk: Appointment, url: str, with_whom: str) -> Meeting:
    state = "" if talk.state == AppointmentState.BOOKED else str(talk.get_state_display())
    return Meeting(
        talk.starts_at, talk.ends_at, talk.place_zone, text_in(talk.type.title), talk.where, url, with_whom, state
    )


def _session(session: Session, url: str) -> Meeting:
    where = session.get_mode_display() if session.is_online else session.place or session.get_mode_display()
    title = text_in(session.offering.version.title)
    return Meeting(session.starts_at, session.ends_at, session.time_zone, title, str(where), url)


def hours_of(user: User, programme: Programme) -> list[Column]:
    """Hours per week by term against the own choice, from the agreed plan; empty before the agreement."""
    agreed = (
        PlanVersion.objects.for_pages()
        .filter(
            plan__participation__person__user=user,
            plan__participation__programme=programme,
            state=PlanVersionState.AGREED,
        )
        .first()
    )
    if agreed is None:
        return []
    return [column for column in board_of(agreed).columns if column.load and column.load.hours]


def documents_of(user: User) -> list[Document]:
    """Copies, plans and certificates of this person, newest first (three queries)."""
    sent = Application.objects.owned_by(user).filter(submitted_at__isnull=False)
    plans = PlanVersion.objects.filter(plan__participation__person__user=user, document__isnull=False)
    awarded = Certificate.objects.visible_to(user).filter(person__user=user, completed_at__isnull=False)
    found = [
        Document(_("Your application %(number)s") % {"number": one.number}, one.submitted_at,
                 reverse("applicants:copy", args=[one.uuid]))
        for one in sent if one.submitted_at
    ] + [
        Document(_("Your plan, version %(number)s") % {"number": one.number}, one.agreed_at or one.changed_at,
                 one.document.get_absolute_url())
        for one in plans.select_related("document") if one.document
    ] + [
        Document(_("Your certificate %(number)s") % {"number": one.number}, one.completed_at, one.get_absolute_url())
        for one in awarded if one.completed_at
    ]  # fmt: skip
    return sorted(found, key=lambda document: document.at, reverse=True)


def letters_to(user: User) -> list[OutboxMessage]:
    """The last mails that the programme wrote to this person; codes and sign-in links are not repeated here."""
    found = OutboxMessage.objects.visible_to(user).filter(recipient=user, secret=False)
    return list(found.order_by("-created_at", "-pk")[:SHOWN_LETTERS])


@dataclass(frozen=True)
class Cases:
    """How many people an advisor or mentor looks after."""

    participations: int
    applications: int


def cases_of(user: User) -> Cases:
    """People this member of staff looks after now (two queries)."""
    own = Participation.objects.visible_to(user).running().filter(Q(advisor=user) | Q(mentor=user))
    return Cases(own.count(), Application.objects.handled_by(user).running().filter(advisor=user).count())


def walks_too(user: User) -> bool:
    """Whether a member of staff has an own path beside the work: an application, a place, a module (three queries)."""
    return (
        Enrolment.objects.counting().filter(person__user=user).exists()
        or Participation.objects.filter(person__user=user).exists()
        or Application.objects.owned_by(user).exists()
    )


def own_times(user: User) -> list[Programme]:
    """The programmes in which this person gives talks and so keeps a week of times."""
    return list(Programme.objects.filter(pk__in=programme_ids(user, Role.ADVISOR)).order_by("pk"))
