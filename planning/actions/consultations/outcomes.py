"""What became of a talk: it took place, somebody did not come, a new one is asked for."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import actions as applicants
from applicants.models import State as ApplicationState
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning.actions.consultations.claims import active_talk, free_cells
from planning.actions.consultations.telling import tell_person, tell_programme
from planning.models import Appointment, AppointmentState
from planning.rules import arranges_talk
from planning.workflow import APPOINTMENT

DID_NOT_HAPPEN = frozenset(
    {
        AppointmentState.CANCELLED,
        AppointmentState.DECLINED,
        AppointmentState.NO_SHOW_PERSON,
        AppointmentState.NO_SHOW_ADVISOR,
    }
)
describe({"appointment.invited_again": gettext_lazy("Invited once more to choose a time")})


def complete_talk(*, talk: Appointment, by: User, now: datetime | None = None) -> None:
    """The talk took place; the application of an invited person becomes “consulted”."""
    with APPOINTMENT.take("complete", talk, by=by) as locked:
        locked.ended_at = now or timezone.now()
        free_cells(locked)  # what is left of its time can be booked again
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
        free_cells(locked)
        if tell:
            tell_person(locked, "talk_missed")
        if step == "no_show_advisor":
            tell_programme(locked)


def check_may_invite(*, talk: Appointment, by: User) -> None:
    """Only a talk that did not come about, and only somebody who has not chosen a new time meanwhile."""
    if not arranges_talk(by, talk):
        raise PermissionDenied
    if talk.state not in DID_NOT_HAPPEN:
        raise NoLongerPossible(APPOINTMENT.refusal(talk), talk)
    other = active_talk(talk.type, talk.person)
    if other and other.state != AppointmentState.HELD:
        raise NoLongerPossible(_("This person already has a talk of this kind."), other)


def invite_again(*, talk: Appointment, by: User) -> None:
    """A talk that did not come about: write to the person once more that a new time can be chosen."""
    with transaction.atomic():
        locked = Appointment.objects.select_for_update(of=("self",)).get(pk=talk.pk)
        check_may_invite(talk=locked, by=by)
        audit.record("appointment.invited_again", locked, by=by)
        outbox.queue("planning/email/talk_again", to=locked.person, about=locked, talk=locked,
                     address=address_of_times(locked))  # fmt: skip


def address_of_times(talk: Appointment) -> str:
    """Where another talk of this kind can be booked."""
    return settings.BASE_URL + reverse("planning:times", args=[talk.type_id])
