"""Deciding: the steps that end a review or take its end back, and the letters that go with them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.actions.keeping import plan_erasure
from applicants.actions.locking import lock_programme
from applicants.models import Application, DecisionKind, InformationRequest, State
from applicants.queries import free_places
from applicants.signals import application_accepted, application_invited
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox
from credpoints.outbox.actions import Letter
from credpoints.workflow import NoLongerPossible

TEMPLATES = {
    DecisionKind.INVITE: "applicants/email/invited",
    DecisionKind.ACCEPT: "applicants/email/accepted",
    DecisionKind.WAITLIST: "applicants/email/waitlisted",
    DecisionKind.REJECT: "applicants/email/rejected",
}


def letter_for(application: Application, kind: str, *, reason: str = "") -> Letter:
    """Write the letter of a decision in the applicant's language, without sending it: preview and draft."""
    return outbox.write(TEMPLATES[DecisionKind(kind)], to=application.person, application=application,
                        programme=application.programme, reason=reason)  # fmt: skip


def invite_application(
    *, application: Application, by: User, letter: Letter | None = None, mails: bool = True, now: datetime | None = None
) -> None:
    """Invite to a consultation: from now on the applicant can choose a date."""
    with APPLICATION.take("invite", application, by=by) as locked:
        locked.moved_at = now or timezone.now()
        locked.advisor = locked.advisor or by
        _mail(locked, DecisionKind.INVITE, letter, mails)
        application_invited.send(sender=Application, application=locked, by=by)


def mark_consulted(*, application: Application, by: User | None, now: datetime | None = None) -> None:
    """Note that the consultation has taken place; a decision comes next."""
    with APPLICATION.take("mark_consulted", application, by=by) as locked:
        locked.moved_at = now or timezone.now()


def accept_application(
    *, application: Application, by: User, letter: Letter | None = None, mails: bool = True, now: datetime | None = None
) -> bool:
    """Give a place. When all are taken the application goes to the waiting list instead; returns whether accepted."""
    now = now or timezone.now()
    with transaction.atomic():
        programme = lock_programme(application)
        if free_places(programme) == 0:
            if application.state == State.WAITLISTED:
                raise NoLongerPossible(_places_text(programme), application)
            waitlist_application(application=application, by=by, mails=mails, now=now)
            return False
        with APPLICATION.take("accept", application, by=by) as locked:
            locked.decided_at = locked.moved_at = now
            locked.waiting_rank = None
            _mail(locked, DecisionKind.ACCEPT, letter, mails)
            application_accepted.send(sender=Application, application=locked, by=by)
    return True


def waitlist_application(
    *, application: Application, by: User, letter: Letter | None = None, mails: bool = True, now: datetime | None = None
) -> None:
    """Put on the waiting list, behind everybody who waits already."""
    with transaction.atomic():
        lock_programme(application)
        with APPLICATION.take("waitlist", application, by=by) as locked:
            last = Application.objects.filter(programme=locked.programme_id).aggregate(last=Max("waiting_rank"))["last"]
            locked.waiting_rank = (last or 0) + 1
            locked.moved_at = now or timezone.now()
            _mail(locked, DecisionKind.WAITLIST, letter, mails)


def reject_application(
    *, application: Application, by: User, reason: str, letter: Letter | None = None, mails: bool = True,
    now: datetime | None = None
) -> None:  # fmt: skip
    """Reject with a reason that the applicant reads, and a pointer to other advice."""
    if not reason.strip():
        raise NoLongerPossible(_("A rejection needs a reason that the applicant can read."), application)
    with APPLICATION.take("reject", application, by=by, reason=reason) as locked:
        locked.decided_at = locked.moved_at = now or timezone.now()
        locked.waiting_rank = None
        locked.reason_for_applicant = reason
        plan_erasure(locked, now=locked.moved_at)
        _mail(locked, DecisionKind.REJECT, letter, mails, reason=reason)


def revert_application(*, application: Application, by: User, reason: str, now: datetime | None = None) -> None:
    """Take the last step back into review."""
    with APPLICATION.take("revert", application, by=by, reason=reason) as locked:
        locked.waiting_rank = None
        locked.moved_at = now or timezone.now()
        InformationRequest.objects.filter(application=locked, answered_at=None).update(answered_at=locked.moved_at)


def reopen_application(*, application: Application, by: User, reason: str, now: datetime | None = None) -> None:
    """Open an ended application again; not while the person has a newer one."""
    with APPLICATION.take("reopen", application, by=by, reason=reason) as locked:
        newer = Application.objects.running().filter(person=locked.person_id, programme=locked.programme_id)
        if newer.exclude(pk=locked.pk).exists():
            raise NoLongerPossible(_("This person has a newer application to the same programme."), locked)
        if locked.erased_at:
            raise NoLongerPossible(_("Its answers have been deleted after the retention time."), locked)
        locked.decided_at = locked.delete_after = None
        locked.reason_for_applicant = ""
        locked.moved_at = now or timezone.now()


def _places_text(programme: Programme) -> str:
    return _("%(taken)s of %(places)s places are taken.") % {
        "taken": programme.places, "places": programme.places}  # fmt: skip


def _mail(application: Application, kind: DecisionKind, letter: Letter | None, mails: bool, reason: str = "") -> None:
    if mails:
        outbox.queue(TEMPLATES[kind], to=application.person, about=application, letter=letter,
                     application=application, programme=application.programme, reason=reason)  # fmt: skip
