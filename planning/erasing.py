"""Deleting what talks say about somebody whose application has been deleted after its retention time.

That a talk took place stays, for the counts: its time, its advisor, its state. What was said, noted, answered and
agreed goes, with the telephone number, the mails and the ways in.
"""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from applicants.actions.erasing import let_go_along
from applicants.models import Application
from applicants.signals import application_erased, person_forgotten
from credpoints.accounts.models import Person
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox.models import OutboxMessage
from planning.models import (
    Appointment,
    AppointmentLink,
    CalendarFeed,
    ConsultationRecord,
    EarlierWish,
    Finding,
    FollowUp,
    VisitorCell,
)

describe({"appointment.erased": _("Notes and contact data deleted after the retention time")})

# Talks of an erased application keep nobody's name; a talk without application belongs to somebody who takes part.
let_go_along(Appointment, Q(application__erased_at__isnull=False))
let_go_along(VisitorCell, Q(appointment__application__erased_at__isnull=False))
let_go_along(Finding, Q(record__appointment__application__erased_at__isnull=False))
let_go_along(CalendarFeed, Q(pk__isnull=False))


@receiver(application_erased)
def erase_talks(application: Application, **_rest: Any) -> None:
    """Empty every talk about the application; called inside the transaction that erases it."""
    for talk in Appointment.objects.select_for_update(of=("self",)).filter(application=application).order_by("pk"):
        for notes in (Finding, FollowUp):
            notes.objects.filter(record__appointment=talk).delete()
        ConsultationRecord.objects.filter(appointment=talk).update(
            topics={}, shared_summary="", internal_note="", person_comment=""
        )
        AppointmentLink.objects.filter(appointment=talk).delete()
        EarlierWish.objects.filter(appointment=talk).delete()
        OutboxMessage.objects.filter(object_type=Appointment._meta.label_lower, object_id=talk.pk).delete()
        talk.phone, talk.link, talk.note, talk.reason, talk.answers = "", "", "", "", []
        talk.save(update_fields=["phone", "link", "note", "reason", "answers"])
        audit.record("appointment.erased", talk, by=None)


@receiver(person_forgotten)
def close_calendar(person: Person, **_rest: Any) -> None:
    """The private calendar address of somebody who is no longer known leads nowhere."""
    CalendarFeed.objects.filter(user=person.user_id).delete()
