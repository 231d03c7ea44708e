"""The record of a talk: typed by the advisor, read and confirmed by the person."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning.dossier import prefilled_topics
from planning.models import Appointment, ConsultationRecord, Finding, FollowUp
from planning.rules import advises_talk, is_visitor

describe(
    {
        "record.saved": gettext_lazy("Notes of the talk saved"),
        "record.shared": gettext_lazy("Summary given to the person to read"),
        "record.confirmed": gettext_lazy("The person confirmed the summary"),
    }
)


def open_record(*, talk: Appointment, by: User) -> ConsultationRecord:
    """Begin the record of a talk, filled from the survey; opening it again changes nothing."""
    _check_advisor(talk, by)
    record, _created = ConsultationRecord.objects.get_or_create(
        appointment=talk, defaults={"topics": prefilled_topics(talk.application)}
    )
    return record


def save_record(
    *, talk: Appointment, by: User, topics: Mapping[str, str], shared_summary: str, internal_note: str
) -> ConsultationRecord:
    """Keep the notes. A topic whose words changed now comes “from the talk”; a changed summary is unconfirmed again."""
    with transaction.atomic():
        record = ConsultationRecord.objects.select_for_update().get(pk=open_record(talk=talk, by=by).pk)
        for key in ConsultationRecord.TOPICS:
            before = record.topics.get(key, {})
            text = topics[key].strip() if key in topics else before.get("text", "")
            if text != before.get("text", ""):
                record.topics[key] = {"text": text, "source": "talk"}
        if shared_summary != record.shared_summary:
            record.confirmed_at = None
        record.shared_summary, record.internal_note = shared_summary, internal_note
        record.save()
        audit.record("record.saved", talk, by=by)
    return record


def share_summary(*, talk: Appointment, by: User, tell: bool = True) -> None:
    """Let the person read and confirm the summary; the internal note stays with the staff."""
    _check_advisor(talk, by)
    with transaction.atomic():
        record = ConsultationRecord.objects.select_for_update().get(appointment=talk)
        if not record.shared_summary.strip():
            raise NoLongerPossible(_("Write the summary first."), talk)
        record.shared_at = timezone.now()
        record.save()
        audit.record("record.shared", talk, by=by)
        if tell:
            outbox.queue("planning/email/summary_shared", to=talk.person, about=talk, talk=talk)


def confirm_summary(*, talk: Appointment, by: User, comment: str = "") -> None:
    """The person has read the summary and agrees, or says what is different."""
    if not is_visitor(by, talk):
        raise PermissionDenied
    with transaction.atomic():
        record = ConsultationRecord.objects.select_for_update().filter(appointment=talk).first()
        if record is None or record.shared_at is None:
            raise NoLongerPossible(_("There is no summary to confirm yet."), talk)
        record.confirmed_at, record.person_comment = timezone.now(), comment
        record.save()
        audit.record("record.confirmed", talk, by=by, comment=comment)


def add_finding(*, talk: Appointment, by: User, kind: str, text: str, topic: str = "") -> Finding:
    """Note a goal, gap or strength that plan lines can point to."""
    record = open_record(talk=talk, by=by)
    position = record.findings.count()
    return Finding.objects.create(
        record=record, person=talk.person, kind=kind, text=text, topic=topic, position=position
    )


def drop_finding(*, talk: Appointment, finding: Finding, by: User) -> None:
    """Take a finding back; plan lines keep their own words."""
    _check_advisor(talk, by)
    Finding.objects.filter(pk=finding.pk, record__appointment=talk).delete()


def add_follow_up(
    *, talk: Appointment, by: User, text: str, for_person: bool = False, due_on: date | None = None
) -> FollowUp:
    """Agree on a task."""
    record = open_record(talk=talk, by=by)
    return FollowUp.objects.create(record=record, text=text, for_person=for_person, due_on=due_on)


def finish_follow_up(*, talk: Appointment, task: FollowUp, by: User) -> None:
    """Tick a task off: the advisor any, the person the own ones."""
    if not (advises_talk(by, talk) or (task.for_person and is_visitor(by, talk))):
        raise PermissionDenied
    FollowUp.objects.filter(pk=task.pk, record__appointment=talk, done_at=None).update(done_at=timezone.now())


def _check_advisor(talk: Appointment, by: User) -> None:
    if not advises_talk(by, talk):
        raise PermissionDenied
