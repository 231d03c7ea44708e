"""Hold, book, move, cancel and end talks. Two database constraints keep every path from booking anybody twice."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import actions as applicants
from applicants.models import Application
from applicants.models import State as ApplicationState
from credpoints.accounts.models import Person, Role, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import new_token, token_hash
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning import invitations, openings
from planning.models import (
    ACTIVE_STATES,
    Appointment,
    AppointmentCell,
    AppointmentLink,
    AppointmentState,
    ConsultationType,
    EarlierWish,
    Mode,
    VisitorCell,
)
from planning.queries import staff_of
from planning.rules import arranges_talk, is_visitor
from planning.slots import Interval, cells
from planning.workflow import APPOINTMENT

HOLD = timedelta(minutes=10)
REMIND_HOURS = (24, 1)
DID_NOT_HAPPEN = frozenset(
    {
        AppointmentState.CANCELLED,
        AppointmentState.DECLINED,
        AppointmentState.NO_SHOW_PERSON,
        AppointmentState.NO_SHOW_ADVISOR,
    }
)
describe({"appointment.invited_again": gettext_lazy("Invited once more to choose a time")})
OFFER = timedelta(hours=12)


class TimeTaken(Exception):
    """Somebody else was faster, or the time is not offered any more."""

    def __init__(self, kind: ConsultationType, starts_at: datetime) -> None:
        super().__init__(_("This time has just been taken."))
        self.kind = kind
        self.starts_at = starts_at


class TooLate(NoLongerPossible):
    """The person wanted to change a talk inside the notice time."""


def hold_time(
    *, kind: ConsultationType, starts_at: datetime, by: User, advisor: User | None = None, now: datetime | None = None
) -> Appointment:
    """Keep a time for ten minutes while the person fills the form in; choosing another time moves the hold.

    Whoever already has a talk of this kind gets that talk back. Raises TimeTaken.
    """
    now = now or timezone.now()
    person = by.person
    existing = _active_talk(kind, person)
    if existing and existing.state != AppointmentState.HELD:
        return existing
    for candidate in openings.advisors_free_at(kind, starts_at, person, now=now, only=advisor, ignoring=existing):
        try:
            return _hold_with(kind=kind, starts_at=starts_at, advisor=candidate, person=person, now=now)
        except TimeTaken:
            continue
    # Pressed twice at the same moment: the other press has made the hold in the meantime.
    existing = _active_talk(kind, person)
    if existing and existing.starts_at == starts_at:
        return existing
    raise TimeTaken(kind, starts_at)


def _active_talk(kind: ConsultationType, person: Person) -> Appointment | None:
    return Appointment.objects.filter(type=kind, person=person, state__in=ACTIVE_STATES).first()


def _hold_with(
    *, kind: ConsultationType, starts_at: datetime, advisor: User, person: Person, now: datetime
) -> Appointment:
    with transaction.atomic():
        _lock_calendar(advisor)
        _free_lapsed_holds(advisor=advisor, person=person, now=now)
        talk = _active_talk(kind, person)
        if talk and talk.state != AppointmentState.HELD:
            return talk
        if not openings.advisors_free_at(kind, starts_at, person, now=now, only=advisor, ignoring=talk):
            raise TimeTaken(kind, starts_at)
        talk = talk or _new_talk(kind, person=person)
        talk.held_until = now + HOLD
        _place(talk, advisor=advisor, starts_at=starts_at, now=now)
        talk.save()
        _claim(talk)
    return talk


def _new_talk(kind: ConsultationType, *, person: Person) -> Appointment:
    application = Application.objects.filter(person=person, programme=kind.programme).running().first()
    return Appointment(
        type=kind,
        programme=kind.programme,
        person=person,
        application=application,
        place_zone=kind.programme.time_zone,
        visitor_zone=person.time_zone,
        mode=kind.mode_choices[0][0],
        place=kind.place,
        link=kind.link,
    )


def book_talk(
    *,
    talk: Appointment,
    by: User,
    mode: str = Mode.ONSITE,
    note: str = "",
    phone: str = "",
    answers: list[dict[str, Any]] | None = None,
    starts_at: datetime | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Turn a hold into a talk: both sides get a mail with a calendar entry. Pressing the button twice books once.

    A hold that has lapsed in the meantime is taken again if the time is still free, else TimeTaken is raised.
    """
    now = now or timezone.now()
    step = "request" if talk.type.needs_confirmation and is_visitor(by, talk) else "book"
    with transaction.atomic():
        _lock_calendar(talk.advisor)
        current = Appointment.objects.get(pk=talk.pk)
        if current.state in {AppointmentState.BOOKED, AppointmentState.REQUESTED}:
            return current
        _free_lapsed_holds(advisor=talk.advisor, person=talk.person, now=now)
        other = _active_talk(talk.type, talk.person)
        if other and other.pk != talk.pk:
            raise NoLongerPossible(_("You already have a talk of this kind."), other)
        _book(talk, step, by=by, mode=mode, note=note, phone=phone, answers=answers, starts_at=starts_at, now=now)
    return talk


def _book(talk: Appointment, step: str, *, by: User, starts_at: datetime | None, now: datetime, **facts: Any) -> None:
    with APPOINTMENT.take(step, talk, by=by) as locked:
        locked.mode, locked.note, locked.phone = facts["mode"], facts["note"], facts["phone"]
        locked.answers = facts["answers"] or []
        locked.booked_at = now if step == "book" else None
        wanted = starts_at or locked.starts_at
        if wanted != locked.starts_at or not locked.cells.exists():
            _check_offered(locked, wanted, now)
            _place(locked, advisor=locked.advisor, starts_at=wanted, now=now)
            locked.save()
            _claim(locked)
        locked.held_until, locked.changed_at = None, now
        if step == "book":
            _settle_booking(locked, now=now)
        else:
            _tell_advisor(locked, "requested")


def book_for(
    *, kind: ConsultationType, person: Person, advisor: User, starts_at: datetime, by: User, mode: str = Mode.ONSITE,
    tell: bool = True, now: datetime | None = None,
) -> Appointment:  # fmt: skip
    """Staff book for somebody, also outside the working hours; `tell` sends the mails. Raises TimeTaken."""
    now = now or timezone.now()
    with transaction.atomic():
        _lock_calendar(advisor)
        _free_lapsed_holds(advisor=advisor, person=person, now=now)
        if Appointment.objects.filter(type=kind, person=person, state__in=ACTIVE_STATES).exists():
            raise NoLongerPossible(_("This person already has a talk of this kind."))
        talk = _new_talk(kind, person=person)
        talk.mode, talk.held_until = mode, now + HOLD
        _place(talk, advisor=advisor, starts_at=starts_at, now=now)
        talk.save()
        _claim(talk)
        with APPOINTMENT.take("book", talk, by=by) as locked:
            locked.held_until, locked.booked_at = None, now
            _settle_booking(locked, now=now, tell=tell)
    return talk


def confirm_talk(*, talk: Appointment, by: User, tell: bool = True, now: datetime | None = None) -> None:
    """Say yes to a request: the time has been kept since it was asked for, so it cannot be lost now."""
    with APPOINTMENT.take("confirm", talk, by=by) as locked:
        locked.changed_at = now or timezone.now()
        _settle_booking(locked, now=locked.changed_at, tell=tell)


def decline_talk(*, talk: Appointment, by: User, reason: str, tell: bool = True) -> None:
    """Say no to a request; its time becomes free and the person gets the reason."""
    with APPOINTMENT.take("decline", talk, by=by, reason=reason) as locked:
        _end(locked, reason=reason)
        if tell:
            _tell_person(locked, "talk_declined")


def reschedule_talk(
    *, talk: Appointment, starts_at: datetime, by: User, tell: bool = True, now: datetime | None = None
) -> None:
    """Move a talk: same row, same calendar UID, sequence one higher. Persons only before the notice time.

    The new cells are taken and the old ones given back in one transaction. Raises TimeTaken or TooLate.
    """
    now = now or timezone.now()
    with transaction.atomic():
        _lock_calendar(talk.advisor)
        _free_lapsed_holds(advisor=talk.advisor, person=talk.person, now=now)
        if Appointment.objects.filter(pk=talk.pk, starts_at=starts_at, state=AppointmentState.BOOKED).exists():
            return  # the button was pressed twice
        before = Appointment.objects.values_list("starts_at", flat=True).get(pk=talk.pk)
        with APPOINTMENT.take("reschedule", talk, by=by, moved_to=starts_at.isoformat()) as locked:
            if is_visitor(by, locked):
                _check_notice(locked, now)
                _check_offered(locked, starts_at, now)
            _place(locked, advisor=locked.advisor, starts_at=starts_at, now=now)
            locked.sequence += 1
            locked.save()
            _claim(locked)
            _plan_reminder(locked, now)
            if tell:
                _tell_person(locked, "talk_moved")
            _tell_advisor(locked, "moved")
        _offer_earlier(talk, before)


def substitute_advisor(
    *, talk: Appointment, advisor: User, by: User, tell: bool = True, now: datetime | None = None
) -> None:
    """Another advisor takes the talk over at the same time; both advisors are always told, the person with `tell`.

    Raises TimeTaken when the other advisor is busy.
    """
    now = now or timezone.now()
    with transaction.atomic():
        _lock_calendar(advisor)
        _free_lapsed_holds(advisor=advisor, person=talk.person, now=now)
        with APPOINTMENT.take("substitute", talk, by=by, advisor=advisor.name) as locked:
            former = locked.advisor
            _place(locked, advisor=advisor, starts_at=locked.starts_at, now=now)
            locked.sequence += 1
            locked.save()
            _claim(locked)
            _plan_reminder(locked, now)
            if tell:
                _tell_person(locked, "talk_moved")
            _tell_advisor(locked, "moved")
            _tell_advisor(locked, "handed_over", to=former)


def cancel_talk(
    *, talk: Appointment, by: User | None, reason: str, tell: bool = True, now: datetime | None = None
) -> None:
    """Cancel; the time becomes free and both calendars drop the entry. Persons only before the notice time."""
    now = now or timezone.now()
    with APPOINTMENT.take("cancel", talk, by=by, reason=reason) as locked:
        if by is not None and is_visitor(by, locked):
            _check_notice(locked, now)
        locked.sequence += 1
        locked.changed_at = now
        _end(locked, reason=reason)
        if tell:
            _tell_person(locked, "talk_cancelled")
        _tell_advisor(locked, "cancelled")
        EarlierWish.objects.filter(appointment=locked).delete()
        _offer_earlier(locked, locked.starts_at)


def withdraw_talks(*, application: Application, by: User | None) -> None:
    """The application ended: its talks that have not taken place fall free, without notice time."""
    talks = Appointment.objects.filter(application=application)
    for talk in talks.filter(state=AppointmentState.HELD):
        give_back(talk=talk, by=None)
    for talk in talks.filter(state__in=[AppointmentState.REQUESTED, AppointmentState.BOOKED]):
        cancel_talk(talk=talk, by=None, reason=_("The application was withdrawn."))


def give_back(*, talk: Appointment, by: User | None) -> None:
    """The person leaves the form: the held time is free for others at once."""
    with APPOINTMENT.take("lapse", talk, by=by) as locked:
        _free_cells(locked)


def complete_talk(*, talk: Appointment, by: User, now: datetime | None = None) -> None:
    """The talk took place; the application of an invited person becomes “consulted”."""
    with APPOINTMENT.take("complete", talk, by=by) as locked:
        locked.ended_at = now or timezone.now()
        application = locked.application
        if application and application.state == ApplicationState.INVITED:
            applicants.mark_consulted(application=application, by=by)


def miss_talk(*, talk: Appointment, step: str, by: User, tell: bool = True, now: datetime | None = None) -> None:
    """One side did not come (`no_show_person` or `no_show_advisor`): noted, and a new time can be booked.

    When it was the advisor, the administrators of the programme are told whatever `tell` says.
    """
    now = now or timezone.now()
    with APPOINTMENT.take(step, talk, by=by) as locked:
        if now < locked.starts_at:
            raise NoLongerPossible(_("The talk has not begun yet."), locked)
        locked.ended_at = now
        if tell:
            _tell_person(locked, "talk_missed")
        if step == "no_show_advisor":
            _tell_programme(locked)


def _tell_programme(talk: Appointment) -> None:
    for administrator in staff_of(talk.programme, Role.PROGRAMME_ADMIN):
        key = f"advisor_missed:{talk.pk}:{administrator.pk}"
        address = invitations.staff_address(talk)
        outbox.queue("planning/email/advisor_missed", to=administrator, about=talk, key=key, talk=talk, address=address)


def invite_again(*, talk: Appointment, by: User) -> None:
    """A talk that did not come about: write to the person once more that a new time can be chosen."""
    if not arranges_talk(by, talk):
        raise PermissionDenied
    with transaction.atomic():
        locked = Appointment.objects.select_for_update(of=("self",)).get(pk=talk.pk)
        if locked.state not in DID_NOT_HAPPEN:
            raise NoLongerPossible(APPOINTMENT.refusal(locked), locked)
        other = _active_talk(locked.type, locked.person)
        if other and other.state != AppointmentState.HELD:
            raise NoLongerPossible(_("This person already has a talk of this kind."), other)
        audit.record("appointment.invited_again", locked, by=by)
        outbox.queue("planning/email/talk_again", to=locked.person, about=locked, talk=locked,
                     address=settings.BASE_URL + reverse("planning:times", args=[locked.type_id]))  # fmt: skip


def remind(talk_id: int, sequence: int, hours: int = 24) -> None:
    """Remind the person of the talk as it stands, once a day and once an hour before.

    A talk that has moved has reminders of its own.
    """
    talk = Appointment.objects.for_pages().filter(pk=talk_id, sequence=sequence, state=AppointmentState.BOOKED).first()
    if talk and talk.starts_at > timezone.now():
        with transaction.atomic():
            _tell_person(talk, "talk_reminder", again="" if hours == 24 else f":{hours}")


def wish_earlier(*, talk: Appointment, by: User) -> EarlierWish:
    """Join the list of those who would come earlier; whoever has waited longest is asked first."""
    if not is_visitor(by, talk):
        raise PermissionDenied
    if talk.state != AppointmentState.BOOKED:
        raise NoLongerPossible(APPOINTMENT.refusal(talk), talk)
    wish, _created = EarlierWish.objects.get_or_create(appointment=talk)
    return wish


def forget_wish(*, talk: Appointment, by: User) -> None:
    """Leave the list; a time on offer goes to the next person."""
    if not is_visitor(by, talk):
        raise PermissionDenied
    with transaction.atomic():
        wish = EarlierWish.objects.select_for_update().filter(appointment=talk).first()
        if wish is None:
            return
        offered = wish.offered_start
        wish.delete()
        if offered:
            _offer_earlier(talk, offered)


def accept_earlier(*, talk: Appointment, by: User, now: datetime | None = None) -> None:
    """Take the earlier time that was offered, if it is still free."""
    now = now or timezone.now()
    wish = EarlierWish.objects.filter(appointment=talk, offered_start__isnull=False, offered_until__gt=now).first()
    if wish is None or wish.offered_start is None:
        raise NoLongerPossible(_("This offer has ended."), talk)
    reschedule_talk(talk=talk, starts_at=wish.offered_start, by=by, now=now)
    EarlierWish.objects.filter(pk=wish.pk).delete()


def lapse_earlier(wish_id: int, starts_at: str) -> None:
    """Nobody answered in time: ask the next person. Safe to run twice."""
    with transaction.atomic():
        wish = EarlierWish.objects.select_for_update(of=("self",)).filter(pk=wish_id).first()
        if wish is None or wish.offered_start is None or wish.offered_start.isoformat() != starts_at:
            return
        offered = wish.offered_start
        wish.declined_starts = [*wish.declined_starts, starts_at]
        wish.offered_start = wish.offered_until = None
        wish.save()
        _offer_earlier(wish.appointment, offered)


def _offer_earlier(freed: Appointment, starts_at: datetime) -> None:
    """Offer a freed time to one person: the longest waiting who has a later talk of this kind with this advisor.

    The time stays bookable for everybody meanwhile; whoever takes it first has it.
    """
    now = timezone.now()
    if starts_at - freed.type.rules.notice <= now:
        return
    waiting = EarlierWish.objects.select_for_update(of=("self",)).filter(
        appointment__type=freed.type_id, appointment__advisor=freed.advisor_id, offered_start=None,
        appointment__state=AppointmentState.BOOKED, appointment__starts_at__gt=starts_at,
    )  # fmt: skip
    for wish in waiting.select_related("appointment").order_by("wished_at", "pk"):
        if starts_at.isoformat() not in wish.declined_starts and wish.appointment_id != freed.pk:
            wish.offered_start, wish.offered_until = starts_at, min(now + OFFER, starts_at - freed.type.rules.notice)
            wish.save()
            key = f"planning.lapse_earlier:{wish.pk}:{starts_at.isoformat()}"
            jobs.enqueue("planning.lapse_earlier", key=key, at=wish.offered_until, wish_id=wish.pk,
                         starts_at=starts_at.isoformat())  # fmt: skip
            talk = Appointment.objects.for_pages().get(pk=wish.appointment_id)
            outbox.queue("planning/email/earlier_offer", to=talk.person, about=talk, key=f"earlier:{key}", talk=talk,
                         wish=wish, address=new_link(talk))  # fmt: skip
            return


def _settle_booking(talk: Appointment, *, now: datetime, tell: bool = True) -> None:
    talk.booked_at = now
    _plan_reminder(talk, now)
    if tell:
        _tell_person(talk, "talk_booked")
        _tell_advisor(talk, "booked")


def _plan_reminder(talk: Appointment, now: datetime) -> None:
    for hours in REMIND_HOURS:
        at = talk.starts_at - timedelta(hours=hours)
        if at > now:
            key = f"planning.remind:{talk.pk}:{talk.sequence}:{hours}"
            jobs.enqueue("planning.remind", key=key, at=at, talk_id=talk.pk, sequence=talk.sequence, hours=hours)


def _end(talk: Appointment, *, reason: str) -> None:
    talk.reason = reason[:500]
    talk.ended_at = timezone.now()
    _free_cells(talk)


def _lock_calendar(advisor: User) -> None:
    """Let bookings of one advisor queue up: the limit per day is counted, and nobody runs into a deadlock."""
    User.objects.select_for_update(no_key=True).get(pk=advisor.pk)


def _place(talk: Appointment, *, advisor: User, starts_at: datetime, now: datetime) -> None:
    claim = talk.type.rules.claim(starts_at)
    talk.advisor = advisor
    talk.starts_at, talk.ends_at = starts_at, starts_at + talk.type.rules.length
    talk.claim_begins, talk.claim_ends = claim.begins, claim.ends
    talk.changed_at = now


def _claim(talk: Appointment) -> None:
    """Write the five-minute cells; the unique constraints decide between two people who want the same."""
    _free_cells(talk)
    length = Interval(talk.starts_at, talk.ends_at)
    try:
        with transaction.atomic():
            AppointmentCell.objects.bulk_create(
                AppointmentCell(appointment=talk, advisor=talk.advisor, begins_at=begins)
                for begins in cells(talk.claim)
            )
            VisitorCell.objects.bulk_create(
                VisitorCell(appointment=talk, person=talk.person, begins_at=begins) for begins in cells(length)
            )
    except IntegrityError:
        raise TimeTaken(talk.type, talk.starts_at) from None


def _free_cells(talk: Appointment) -> None:
    AppointmentCell.objects.filter(appointment=talk).delete()
    VisitorCell.objects.filter(appointment=talk).delete()


def _free_lapsed_holds(*, advisor: User, person: Person, now: datetime) -> None:
    """Holds end by the clock and not by a job that may not run: whoever needs the time clears them away."""
    over = Appointment.objects.filter(state=AppointmentState.HELD, held_until__lte=now)
    lapsed: Iterable[Appointment] = over.filter(advisor=advisor) | over.filter(person=person)
    for hold in lapsed:
        give_back(talk=hold, by=None)


def _check_notice(talk: Appointment, now: datetime) -> None:
    if talk.is_too_late(now):
        message = _("It is too late to change this talk here. Please call: %(phone)s.")
        phone = talk.programme.contact_phone or talk.programme.contact_email
        raise TooLate(message % {"phone": phone}, talk)


def _check_offered(talk: Appointment, starts_at: datetime, now: datetime) -> None:
    free = openings.advisors_free_at(talk.type, starts_at, talk.person, now=now, only=talk.advisor, ignoring=talk)
    if not free:
        raise TimeTaken(talk.type, starts_at)


def new_link(talk: Appointment) -> str:
    """A fresh address to manage the talk without signing in; older mails' addresses keep working."""
    token = new_token()
    AppointmentLink.objects.create(appointment=talk, token_hash=token_hash(token))
    return invitations.manage_address(token)


def _tell_person(talk: Appointment, template: str, again: str = "") -> None:
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


def _tell_advisor(talk: Appointment, event: str, to: User | None = None) -> None:
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
