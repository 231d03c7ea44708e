"""Deleting what must not be kept: answers, documents, letters and, when nothing else needs them, the person."""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, ResumeLink, State
from applicants.signals import application_erased, person_forgotten
from credpoints.accounts import actions as accounts
from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.files.actions import delete_file
from credpoints.files.models import StoredFile, Upload
from credpoints.outbox.models import OutboxMessage

describe({"application.erased": _("Answers and documents deleted after the retention time")})
ENDED = frozenset({State.REJECTED, State.WITHDRAWN, State.EXPIRED})
# Rows that say nothing about why somebody would still be known to us, or that go with the person.
GO_ALONG = frozenset({
    "accounts.person", "account.emailaddress", "applicants.application", "applicants.answerrevision",
    "applicants.resumelink", "audit.auditevent", "outbox.outboxmessage", "mfa.authenticator", "files.upload",
    "jobs.job",
})  # fmt: skip

# Rows of rooms above that go along only when they look like this, e.g. talks about an application that is erased.
_goes_along: dict[str, models.Q] = {}


def let_go_along(model: type[models.Model], when: models.Q) -> None:
    """Say when a row that points to a person no longer keeps the name: rooms above call it in `ready`."""
    _goes_along[model._meta.label_lower] = when


def erase_application(*, application: Application, now: datetime) -> None:
    """Delete what an ended application says; number, state, country and field stay for the register and the counts.

    Mails about it go too. Name and addresses go when this was the last thing that we knew the person for.
    """
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        due = locked.delete_after
        if locked.erased_at or due is None or timezone.localdate(now) <= due or locked.state not in ENDED:
            return
        for file in StoredFile.objects.filter(object_type="applicants.application", object_id=locked.pk):
            Upload.objects.filter(stored_file=file).delete()
            delete_file(file=file)
        for rows in (locked.answers, locked.comments, locked.decisions, locked.information_requests, locked.checks,
                     locked.opinions):  # fmt: skip
            rows.all().delete()
        OutboxMessage.objects.filter(object_type="applicants.application", object_id=locked.pk).delete()
        ResumeLink.objects.filter(user=locked.person.user, programme=locked.programme).delete()
        locked.snapshot, locked.snapshot_hash, locked.reason_for_applicant, locked.last_section = {}, "", "", ""
        locked.erased_at = now
        locked.save()
        audit.record("application.erased", locked, by=None)
        application_erased.send(sender=Application, application=locked)
        _forget_person(locked.person)


def _forget_person(person: Person) -> None:
    """Take name and addresses away, unless another application or any other room still needs them."""
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    if Application.objects.filter(person=person, erased_at=None).exists() or _is_needed(person):
        return
    user = person.user
    if user is not None:
        if user.is_staff or _is_needed(user):
            return
        OutboxMessage.objects.filter(recipient=user).delete()
        ResumeLink.objects.filter(user=user).delete()
        Upload.objects.filter(owner=user).delete()
    person_forgotten.send(sender=Person, person=person)
    accounts.forget_person(person=person)


def _is_needed(thing: Person | User) -> bool:
    """Does any row of any room point here, besides those that go along?"""
    for relation in thing._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or isinstance(relation, models.ManyToManyRel):
            continue
        model = relation.related_model
        if model._meta.label_lower in GO_ALONG or model._meta.auto_created:
            continue
        rows = model._base_manager.filter(**{relation.field.name: thing})
        if model._meta.label_lower in _goes_along:
            rows = rows.exclude(pk__in=rows.filter(_goes_along[model._meta.label_lower]).values("pk"))
        if rows.exists():
            return True
    return False
