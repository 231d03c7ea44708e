"""Decisions that wait for their release: nobody but the team sees them before."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import rules
from applicants.actions.deciding import accept_application, invite_application, reject_application, waitlist_application
from applicants.actions.locking import lock_application, lock_programme
from applicants.models import Application, Decision, DecisionKind
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox.actions import Letter
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "application.prepared": gettext_lazy("Decision prepared: %(kind)s"),
        "application.discarded": gettext_lazy("Prepared decision discarded: %(kind)s"),
    }
)


def prepare_decision(
    *, application: Application, kind: str, reason: str, letter: Letter, mails: bool, by: User
) -> Decision:
    """Keep a decision with its letter; nobody but the team sees it until it is released."""
    with transaction.atomic():
        locked = lock_application(application)
        if not APPLICATION.may(kind, locked, by):
            raise NotAllowed(APPLICATION.steps[kind])
        locked.decisions.filter(released_at=None).delete()
        decision = Decision.objects.create(
            application=locked, kind=kind, reason=reason, subject=letter.subject, body=letter.body,
            language=letter.language, sends_mail=mails, prepared_by=by,
        )  # fmt: skip
        audit.record("application.prepared", locked, by=by, kind=kind)
    return decision


def discard_decision(*, decision: Decision, by: User) -> None:
    """Throw a prepared decision away; nothing has happened."""
    with transaction.atomic():
        locked = lock_application(decision.application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        if Decision.objects.filter(pk=decision.pk, released_at=None).delete()[0]:
            audit.record("application.discarded", locked, by=by, kind=decision.kind)


def release_decision(*, decision: Decision, by: User, mails: bool = True, now: datetime | None = None) -> str:
    """Take the prepared step now and send its letter, unless `mails` is off. Returns the state that came of it."""
    now = now or timezone.now()
    with transaction.atomic():
        application = decision.application
        if decision.kind in {DecisionKind.ACCEPT, DecisionKind.WAITLIST}:
            # The programme before the application: everybody who gives places locks in this order.
            lock_programme(application)
        locked = lock_application(application)
        fresh = Decision.objects.filter(pk=decision.pk, released_at=None).first()
        if fresh is None:
            raise NoLongerPossible(_("This decision has been released or discarded already."), locked)
        fresh.sends_mail = fresh.sends_mail and mails
        _decide(fresh, locked, by, now)
        fresh.released_at, fresh.released_by = now, by
        fresh.save(update_fields=["released_at", "released_by", "sends_mail"])
    application.refresh_from_db()
    return application.state


def _decide(decision: Decision, application: Application, by: User, now: datetime) -> None:
    letter = Letter(to=application.person.mail_address, language=decision.language,
                    subject=decision.subject, body=decision.body)  # fmt: skip
    common: dict[str, Any] = {"application": application, "by": by, "letter": letter, "mails": decision.sends_mail,
                              "now": now}  # fmt: skip
    if decision.kind == DecisionKind.INVITE:
        invite_application(**common)
    elif decision.kind == DecisionKind.ACCEPT:
        accept_application(**common)
    elif decision.kind == DecisionKind.WAITLIST:
        waitlist_application(**common)
    else:
        reject_application(**common, reason=decision.reason)
