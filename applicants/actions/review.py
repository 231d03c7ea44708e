"""Reviewing: what staff do while they read an application, before anything is decided."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import rules
from applicants.actions.checking import check_rules, sum_up
from applicants.actions.locking import lock_application
from applicants.models import Application, CheckResult, Comment, EligibilityCheck, InformationRequest, SavedSearch
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "application.advisor": gettext_lazy("Now looked after by %(advisor)s"),
        "application.overridden": gettext_lazy("Rule “%(rule)s” accepted in spite of the check"),
        "application.override_removed": gettext_lazy("Rule “%(rule)s” counts as checked again"),
        "application.commented": gettext_lazy("Comment written"),
        "application.rechecked": gettext_lazy("Rules checked again"),
    }
)


def start_review(*, application: Application, by: User, now: datetime | None = None) -> None:
    """Begin to read; whoever begins looks after the application unless somebody does already."""
    with APPLICATION.take("start_review", application, by=by) as locked:
        locked.moved_at = now or timezone.now()
        locked.advisor = locked.advisor or by


def assign_advisor(*, application: Application, advisor: User, by: User) -> None:
    """Let another advisor look after the application."""
    with transaction.atomic():
        locked = lock_application(application)
        if not rules.may_review(by, locked) or not rules.may_review(advisor, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        locked.advisor = advisor
        locked.save(update_fields=["advisor"])
        audit.record("application.advisor", locked, by=by, advisor=advisor.name)


def ask_for_information(
    *, application: Application, addresses: list[str], text: str, due_on: date | None, by: User,
    now: datetime | None = None
) -> InformationRequest:  # fmt: skip
    """Ask the applicant for named answers; exactly these can be changed, without a new submission."""
    survey = application.form_version.survey
    known = [address for address in addresses if survey.field(address)]
    if not known:
        raise NoLongerPossible(_("Please name at least one answer that is missing."), application)
    with APPLICATION.take("ask", application, by=by) as locked:
        locked.moved_at = now or timezone.now()
        request = InformationRequest.objects.create(
            application=locked, addresses=known, text=text, due_on=due_on, asked_by=by, asked_at=locked.moved_at
        )
        outbox.queue("applicants/email/needs_information", to=locked.person, about=locked, application=locked,
                     programme=locked.programme, request=request)  # fmt: skip
    return request


def override_check(*, check: EligibilityCheck, reason: str, by: User) -> None:
    """Accept a rule in spite of its finding; the reason stays readable for ever."""
    _decide_check(check, by, "overridden", CheckResult.OVERRIDDEN, reason)


def remove_override(*, check: EligibilityCheck, by: User) -> None:
    """Let the finding count again."""
    _decide_check(check, by, "override_removed", check.found, "")


def _decide_check(check: EligibilityCheck, by: User, action: str, result: str, reason: str) -> None:
    with transaction.atomic():
        locked = lock_application(check.application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        if locked.is_final:
            raise NoLongerPossible(APPLICATION.refusal(locked), locked)
        fresh = EligibilityCheck.objects.get(pk=check.pk)
        fresh.result, fresh.reason = result, reason.strip()
        fresh.decided_by = by if result == CheckResult.OVERRIDDEN else None
        fresh.save()
        locked.overall = sum_up(locked)
        locked.save(update_fields=["overall"])
        audit.record(f"application.{action}", locked, by=by, rule=fresh.key, reason=reason)


def recheck(*, application: Application, by: User, now: datetime | None = None) -> None:
    """Judge the handed-in answers by the rules as they are now."""
    with transaction.atomic():
        locked = lock_application(application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        check_rules(locked, now=now or timezone.now())
        locked.save()
        audit.record("application.rechecked", locked, by=by)


def comment_on(*, application: Application, text: str, visibility: str, by: User) -> Comment:
    """Write a note for the team, or one that the applicant reads too (and is told by mail)."""
    with transaction.atomic():
        locked = lock_application(application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        comment = Comment.objects.create(application=locked, author=by, text=text.strip(), visibility=visibility)
        audit.record("application.commented", locked, by=by)
        if visibility == "applicant":
            outbox.queue("applicants/email/comment", to=locked.person, about=locked, application=locked,
                         programme=locked.programme, comment=comment)  # fmt: skip
    return comment


def save_search(*, user: User, programme: Programme, name: str, query: str) -> SavedSearch:
    """Keep a filter of the list under a name; the same name is overwritten."""
    name, query = (text.replace("\x00", "").strip() for text in (name, query))
    search, _created = SavedSearch.objects.update_or_create(
        user=user, programme=programme, name=name[:80], defaults={"query": query[:500]}
    )
    return search
