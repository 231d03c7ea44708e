"""Offerings: opened, changed, closed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.moments import write_moment
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from modules import rules
from modules.actions.seats import end, lock_offering, offer_free_seats
from modules.letters import SESSION, session_letter, told_about
from modules.models import Enrolment, EnrolmentState, ModuleVersion, Offering, OfferingState, Session, VersionState
from modules.workflow import ENROLMENT, OFFERING

describe(
    {
        "offering.created": gettext_lazy("Offering made"),
        "offering.changed": gettext_lazy("Offering changed: %(fields)s"),
        "offering.session_added": gettext_lazy("Date added: %(when)s"),
        "offering.session_changed": gettext_lazy("Date changed: %(when)s"),
        "offering.session_cancelled": gettext_lazy("Date cancelled: %(when)s"),
        "offering.teacher_named": gettext_lazy("%(name)s teaches from now on"),
        "offering.teacher_ended": gettext_lazy("%(name)s no longer teaches"),
        "offering.places": gettext_lazy("Places changed from %(before)s to %(after)s"),
    }
)


def create_offering(*, version: ModuleVersion, by: User, **facts: Any) -> Offering:
    """Prepare an offering of a module; nobody sees it before it is opened."""
    if not rules.can_edit_version(by, version):
        raise PermissionDenied
    with transaction.atomic():
        zone = facts["programme"].time_zone if facts.get("programme") else "Europe/Berlin"
        offering = Offering(version=version, time_zone=zone, **facts)
        offering.full_clean()
        offering.save()
        audit.record("offering.created", offering, by=by)
    return offering


def change_offering(*, offering: Offering, by: User, **facts: Any) -> Offering:
    """Change what an offering says. New places go to the waiting list; there are never fewer than are taken."""
    with _running(offering, by) as locked:
        places = facts.get("places", locked.places)
        _check_places(locked, places)
        changed = sorted(name for name, value in facts.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, facts[name])
        locked.full_clean()
        locked.save(update_fields=changed)
        if changed:
            audit.record("offering.changed", locked, by=by, fields=_names(changed))
        if "places" in changed:
            offer_free_seats(locked.pk)
    offering.refresh_from_db()
    return locked


def _names(fields: Iterable[str]) -> str:
    """Which facts were changed, as they are called in the programme's first language."""
    return ", ".join(str(getattr(Offering._meta.get_field(name), "verbose_name", name)) for name in fields)


@contextmanager
def _running(offering: Offering, by: User | None) -> Iterator[Offering]:
    """One change of an offering by those who run it; a cancelled or finished one stays as it was."""
    with transaction.atomic():
        locked = lock_offering(offering.pk)
        if not rules.runs_offering(by, locked):
            raise PermissionDenied
        if locked.state in {OfferingState.CANCELLED, OfferingState.COMPLETED}:
            raise NoLongerPossible(OFFERING.refusal(locked), locked)
        yield locked


def _check_places(offering: Offering, places: int | None) -> None:
    if places is not None and places < offering.seats_taken:
        message = _("%(taken)s places are taken already; there cannot be fewer.")
        raise ValidationError({"places": message % {"taken": offering.seats_taken}})


def add_session(*, offering: Offering, by: User, tell: bool = False, **facts: Any) -> Session:
    """Fix a date; `tell` mails those who take part."""
    with _running(offering, by) as locked:
        session = Session(offering=locked, **facts)
        session.full_clean()
        session.save()
        audit.record("offering.session_added", locked, by=by, when=_when(session))
        if tell:
            _tell_about(session, "added")
    return session


def change_session(*, session: Session, by: User, tell: bool = False, **facts: Any) -> Session:
    """Change a date: calendars that have it update their entry; `tell` mails those who take part."""
    with _running(session.offering, by) as locked:
        fresh = Session.objects.select_for_update().get(pk=session.pk)
        changed = {name for name, value in facts.items() if getattr(fresh, name) != value}
        if fresh.cancelled_at is not None:
            raise NoLongerPossible(_("This date is cancelled."), locked)
        if changed:
            for name in changed:
                setattr(fresh, name, facts[name])
            fresh.sequence += 1
            fresh.full_clean()
            fresh.save()
            audit.record("offering.session_changed", locked, by=by, when=_when(fresh))
        if tell and changed - {"title"}:
            _tell_about(fresh, "changed")
    return fresh


def cancel_session(*, session: Session, by: User, tell: bool = False) -> None:
    """Cancel a date: it stays visible as cancelled, calendars strike it out; `tell` mails those who take part."""
    with _running(session.offering, by) as locked:
        fresh = Session.objects.select_for_update().get(pk=session.pk)
        if fresh.cancelled_at is None:
            fresh.cancelled_at = timezone.now()
            fresh.sequence += 1
            fresh.save(update_fields=["cancelled_at", "sequence"])
            audit.record("offering.session_cancelled", locked, by=by, when=_when(fresh))
            if tell:
                _tell_about(fresh, "cancelled")


def _tell_about(session: Session, event: str) -> None:
    """Mail everybody who takes part, each in the own language and time zone."""
    for enrolment in told_about(session):
        letter = session_letter(enrolment, session, event)
        outbox.queue(SESSION, to=enrolment.person, about=enrolment, letter=letter)


def _when(session: Session) -> str:
    return write_moment(session.starts_at, session.time_zone)


def open_offering(*, offering: Offering, by: User) -> None:
    """Let people enrol."""
    if offering.version.state != VersionState.PUBLISHED:
        raise ValidationError(_("Publish the module first: only published modules can be offered."))
    with OFFERING.take("open", offering, by=by):
        pass


def pause_offering(*, offering: Offering, by: User) -> None:
    """Let nobody new enrol; those enrolled stay."""
    with OFFERING.take("pause", offering, by=by):
        pass


def complete_offering(*, offering: Offering, by: User) -> None:
    """Finish an offering: whoever still waits for a place is told that there will be none."""
    with transaction.atomic():
        with OFFERING.take("complete", offering, by=by):
            pass
        waiting = (EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED, EnrolmentState.OFFERED)
        for enrolment in Enrolment.objects.filter(offering=offering, state__in=waiting):
            end("cancel", enrolment, by=None, reason=_("The offering has finished."))


def cancel_offering(*, offering: Offering, by: User, reason: str) -> None:
    """Cancel an offering: every enrolment is cancelled and each person gets a mail with the reason."""
    with transaction.atomic():
        with OFFERING.take("cancel", offering, by=by, reason=reason):
            pass
        affected = ENROLMENT.steps["cancel"].sources
        for enrolment in Enrolment.objects.filter(offering=offering, state__in=affected).order_by("pk"):
            end("cancel", enrolment, by=None, reason=reason)


def change_places(*, offering: Offering, places: int | None, by: User) -> None:
    """Change the number of places; new ones go to the waiting list, never below what is taken."""
    with transaction.atomic():
        locked = lock_offering(offering.pk)
        if not rules.runs_offering(by, locked):
            raise NotAllowed(OFFERING.steps["open"])
        _check_places(locked, places)
        Offering.objects.filter(pk=locked.pk).update(places=places)
        audit.record("offering.places", locked, by=by, before=str(locked.places), after=str(places))
        offer_free_seats(locked.pk)
    offering.refresh_from_db()


def assign_teacher(*, offering: Offering, user: User, by: User | None) -> RoleAssignment:
    """Make somebody a teacher of this offering."""
    return grant_role(user=user, role=Role.TEACHER, scope_kind=ScopeKind.OFFERING, scope_id=offering.pk, by=by)


def name_teacher(*, offering: Offering, user: User, by: User) -> None:
    """Let somebody teach this offering from today on: attendance, results, the people in it."""
    with _running(offering, by) as locked:
        if not rules.teaches_by_name(user, locked):
            assign_teacher(offering=locked, user=user, by=by)
            audit.record("offering.teacher_named", locked, by=by, name=user.name)


def end_teacher(*, offering: Offering, user: User, by: User) -> None:
    """Somebody no longer teaches this offering; what was entered stays."""
    with _running(offering, by) as locked:
        held = RoleAssignment.objects.filter(
            user=user, role=Role.TEACHER, scope_kind=ScopeKind.OFFERING, scope_id=locked.pk, ends_on=None
        )
        if held.update(ends_on=role_day() - timedelta(days=1)):
            audit.record("offering.teacher_ended", locked, by=by, name=user.name)
