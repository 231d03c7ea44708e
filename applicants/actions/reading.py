"""Who of the staff has opened which document: shown in the history of the application."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from applicants.survey import label_of
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.models import AuditEvent
from credpoints.audit.words import describe
from credpoints.files.models import StoredFile

describe({"application.document_read": _("Document opened: %(where)s")})
# Viewers ask for one document several times; within this time it is one reading.
ONE_READING = timedelta(minutes=10)


def note_document_read(user: User, file: StoredFile) -> None:
    """Add a line to the history, once per person, document and sitting."""
    if file.object_id is None:
        return
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=file.object_id)
        recent = AuditEvent.objects.about(locked).filter(
            action="application.document_read", actor=user, at__gt=timezone.now() - ONE_READING
        )
        if str(file.uuid) not in [event.detail.get("file") for event in recent]:
            # Its place and not its name: history is never deleted, and names of files name people.
            audit.record(
                "application.document_read", locked, by=user, where=_place_of(locked, file), file=str(file.uuid)
            )


def _place_of(application: Application, file: StoredFile) -> str:
    survey = application.form_version.survey
    for address, value in application.answers.values_list("address", "value"):
        place = survey.field(address)
        if place and place.question.type == "file" and str(file.uuid) in [entry["uuid"] for entry in value or []]:
            return label_of(place)
    return "–"
