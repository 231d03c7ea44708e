"""Documents in answers: adding, replacing and taking one away."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from applicants.actions.filling import answer_at, open_for, write_answer
from applicants.models import Answer, Application, State
from applicants.survey import Question
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.files import actions as files
from credpoints.files.models import StoredFile, Upload
from credpoints.workflow import NoLongerPossible

PURPOSE = "applicants.document"
describe({"application.document_replaced": gettext_lazy("A document replaced; the earlier one is kept")})
Entry = dict[str, Any]


def add_file(*, application: Application, address: str, upload: UploadedFile[Any] | Upload, by: User) -> StoredFile:
    """Add a document to an answer; raises ValidationError in words for people."""
    with transaction.atomic():
        locked = open_for(application, by, address)
        question = _question(locked, address)
        answer = answer_at(locked, address)
        return _keep(locked, answer, _entries(answer), upload, question, by=by)


def replace_file(
    *, application: Application, address: str, old: UUID, upload: UploadedFile[Any] | Upload, by: User
) -> StoredFile:
    """Put a document in the place of another. The old one stands until the new one is safely there, and is kept.

    If the old one has gone meanwhile (another window was quicker) the new one is added: nothing sent is lost.
    """
    with transaction.atomic():
        locked = open_for(application, by, address)
        question = _question(locked, address)
        answer = answer_at(locked, address)
        stored = _keep(locked, answer, _entries(answer), upload, question, by=by, instead_of=str(old))
        if locked.submitted_at:
            audit.record("application.document_replaced", locked, by=by)
        return stored


def remove_file(*, application: Application, address: str, uuid: UUID, by: User) -> None:
    """Take a document away. Until something is handed in its bytes go too."""
    with transaction.atomic():
        locked = open_for(application, by, address)
        _question(locked, address)
        answer = answer_at(locked, address)
        if not isinstance(answer.value, list):
            return
        kept = [entry for entry in answer.value if entry["uuid"] != str(uuid)]
        gone = len(kept) != len(answer.value)
        write_answer(answer, kept, by=by, at=timezone.now(), own_row=True)
        stored = StoredFile.objects.filter(
            uuid=uuid, object_type="applicants.application", object_id=locked.pk, purpose=PURPOSE
        ).first()
        if gone and stored and locked.state == State.DRAFT:
            Upload.objects.filter(stored_file=stored).delete()
            files.delete_file(file=stored)


def _question(application: Application, address: str) -> Question:
    place = application.form_version.survey.field(address)
    if place is None or place.question.type != "file":
        raise NoLongerPossible(str(_NOT_HERE), application)
    return place.question


_NOT_HERE = gettext_lazy("Files cannot be handed in here.")


def _entries(answer: Answer) -> list[Entry]:
    return list(answer.value) if isinstance(answer.value, list) else []


def _keep(
    application: Application, answer: Answer, entries: list[Entry], upload: UploadedFile[Any] | Upload,
    question: Question, *, by: User, instead_of: str = "",
) -> StoredFile:  # fmt: skip
    """Store the bytes first; only then the answer names them, at the old one's place or at the end."""
    if isinstance(upload, Upload):
        stored = files.finish_upload(upload=upload, about=application)
    else:
        stored = files.store_upload(upload=upload, purpose=PURPOSE, by=by, about=application)
    if any(entry["uuid"] == str(stored.uuid) for entry in entries):
        return stored  # the same upload was announced twice
    places = [at for at, entry in enumerate(entries) if entry["uuid"] == instead_of]
    if not places and len(entries) >= question.max_files:
        raise ValidationError(
            ngettext("At most %(count)s file is possible here. Replace it, or remove it first.",
                     "At most %(count)s files are possible here. Replace one, or remove one first.",
                     question.max_files) % {"count": question.max_files}, code="too_many"
        )  # fmt: skip
    at = places[0] if places else len(entries)
    entries[at : at + 1] = [_entry(stored)]
    now = timezone.now()
    write_answer(answer, entries, by=by, at=now, own_row=True)
    Application.objects.filter(pk=application.pk).update(saved_at=now)
    return stored


def _entry(stored: StoredFile) -> Entry:
    return {"uuid": str(stored.uuid), "name": stored.name, "size": stored.size, "type": stored.media_type,
            "at": stored.created_at.isoformat()}  # fmt: skip
