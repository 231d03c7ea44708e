"""Offerings: opened, changed, closed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.workflow import NotAllowed
from modules import rules
from modules.actions.seats import end, lock_offering, offer_free_seats
from modules.models import Enrolment, EnrolmentState, Offering, VersionState
from modules.workflow import ENROLMENT, OFFERING

describe(
    {
        "offering.places": gettext_lazy("Places changed from %(before)s to %(after)s"),
    }
)


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
        if places is not None and places < locked.seats_taken:
            raise ValidationError(
                _("%(taken)s places are taken already; there cannot be fewer.") % {"taken": locked.seats_taken}
            )
        Offering.objects.filter(pk=locked.pk).update(places=places)
        audit.record("offering.places", locked, by=by, before=str(locked.places), after=str(places))
        offer_free_seats(locked.pk)
    offering.refresh_from_db()


def assign_teacher(*, offering: Offering, user: User, by: User | None) -> RoleAssignment:
    """Make somebody a teacher of this offering."""
    return grant_role(user=user, role=Role.TEACHER, scope_kind=ScopeKind.OFFERING, scope_id=offering.pk, by=by)
