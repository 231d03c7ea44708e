"""Reviewing and deciding: what staff do, and the letters that go with it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import rules
from applicants.actions.checking import check_rules, sum_up
from applicants.actions.keeping import plan_erasure
from applicants.models import (
    Application,
    CheckResult,
    Comment,
    Decision,
    DecisionKind,
    EligibilityCheck,
    InformationRequest,
    SavedSearch,
    State,
)
from applicants.signals import application_accepted, application_invited
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox
from credpoints.outbox.actions import Letter
from credpoints.workflow import NoLongerPossible, NotAllowed

describe(
    {
        "application.advisor": gettext_lazy("Now looked after by %(advisor)s"),
        "application.overridden": gettext_lazy("Rule “%(rule)s” accepted in spite of the check"),
        "application.override_removed": gettext_lazy("Rule “%(rule)s” counts as checked again"),
        "application.commented": gettext_lazy("Comment written"),
        "application.prepared": gettext_lazy("Decision prepared: %(kind)s"),
        "application.discarded": gettext_lazy("Prepared decision discarded: %(kind)s"),
        "application.moved": gettext_lazy("Moved on the waiting list to rank %(rank)s"),
        "application.place_returned": gettext_lazy("The place is free again: participation ended"),
        "application.rechecked": gettext_lazy("Rules checked again"),
    }
)
TEMPLATES = {
    DecisionKind.INVITE: "applicants/email/invited",
    DecisionKind.ACCEPT: "applicants/email/accepted",
    DecisionKind.WAITLIST: "applicants/email/waitlisted",
    DecisionKind.REJECT: "applicants/email/rejected",
}


def start_review(*, application: Application, by: User, now: datetime | None = None) -> None:
    """Begin to read; whoever begins looks after the application unless somebody does already."""
    with APPLICATION.take("start_review", application, by=by) as locked:
        locked.moved_at = now or timezone.now()
        locked.advisor = locked.advisor or by


def assign_advisor(*, application: Application, advisor: User, by: User) -> None:
    """Let another advisor look after the application."""
    with transaction.atomic():
        locked = _locked(application)
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
        programme = _lock_programme(application)
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
        _lock_programme(application)
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


def override_check(*, check: EligibilityCheck, reason: str, by: User) -> None:
    """Accept a rule in spite of its finding; the reason stays readable for ever."""
    _decide_check(check, by, "overridden", CheckResult.OVERRIDDEN, reason)


def remove_override(*, check: EligibilityCheck, by: User) -> None:
    """Let the finding count again."""
    _decide_check(check, by, "override_removed", check.found, "")


def _decide_check(check: EligibilityCheck, by: User, action: str, result: str, reason: str) -> None:
    with transaction.atomic():
        locked = _locked(check.application)
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
        locked = _locked(application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        check_rules(locked, now=now or timezone.now())
        locked.save()
        audit.record("application.rechecked", locked, by=by)


def comment_on(*, application: Application, text: str, visibility: str, by: User) -> Comment:
    """Write a note for the team, or one that the applicant reads too (and is told by mail)."""
    with transaction.atomic():
        locked = _locked(application)
        if not rules.may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        comment = Comment.objects.create(application=locked, author=by, text=text.strip(), visibility=visibility)
        audit.record("application.commented", locked, by=by)
        if visibility == "applicant":
            outbox.queue("applicants/email/comment", to=locked.person, about=locked, application=locked,
                         programme=locked.programme, comment=comment)  # fmt: skip
    return comment


# --- Decisions that wait for their release ---------------------------------------------------------------------------


def prepare_decision(
    *, application: Application, kind: str, reason: str, letter: Letter, mails: bool, by: User
) -> Decision:
    """Keep a decision with its letter; nobody but the team sees it until it is released."""
    with transaction.atomic():
        locked = _locked(application)
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
        locked = _locked(decision.application)
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
            _lock_programme(application)
        locked = _locked(application)
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


def move_on_waiting_list(*, application: Application, up: bool, by: User) -> None:
    """Change places with the neighbour on the waiting list."""
    with transaction.atomic():
        programme = _lock_programme(application)
        locked = _locked(application)
        if not rules.may_decide(by, locked) or locked.waiting_rank is None:
            raise NotAllowed(APPLICATION.steps["waitlist"])
        waiting = Application.objects.filter(programme=programme, waiting_rank__isnull=False)
        neighbour = (
            waiting.filter(waiting_rank__lt=locked.waiting_rank).order_by("-waiting_rank").first()
            if up
            else waiting.filter(waiting_rank__gt=locked.waiting_rank).order_by("waiting_rank").first()
        )
        if neighbour is None or neighbour.waiting_rank is None:
            return
        mine, theirs = locked.waiting_rank, neighbour.waiting_rank
        # Ranks are unique: step aside behind everybody before taking the neighbour's.
        aside = (waiting.aggregate(last=Max("waiting_rank"))["last"] or 0) + 1
        for pk, rank in ((locked.pk, aside), (neighbour.pk, mine), (locked.pk, theirs)):
            Application.objects.filter(pk=pk).update(waiting_rank=rank)
        audit.record("application.moved", locked, by=by, rank=theirs)


def free_places(programme: Programme) -> int | None:
    """How many places are free; None without a limit."""
    if programme.places is None:
        return None
    accepted = Application.objects.filter(programme=programme, state=State.ACCEPTED)
    taken = accepted.filter(place_returned_at=None).count()
    return max(0, programme.places - taken)


def return_place(*, application: Application, by: User | None, now: datetime | None = None) -> None:
    """Give the place of somebody free who has left the programme; the waiting list can move up. Twice is once.

    Called by the room that knows participations, inside its transaction.
    """
    with transaction.atomic():
        _lock_programme(application)
        locked = _locked(application)
        if locked.state != State.ACCEPTED or locked.place_returned_at:
            return
        locked.place_returned_at = now or timezone.now()
        locked.save(update_fields=["place_returned_at"])
        audit.record("application.place_returned", locked, by=by)


def _places_text(programme: Programme) -> str:
    return _("%(taken)s of %(places)s places are taken.") % {
        "taken": programme.places, "places": programme.places}  # fmt: skip


def _lock_programme(application: Application) -> Programme:
    return Programme.objects.select_for_update(of=("self",)).get(pk=application.programme_id)


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("person__user", "programme", "form_version")
        .get(pk=application.pk)
    )


def _mail(application: Application, kind: DecisionKind, letter: Letter | None, mails: bool, reason: str = "") -> None:
    if mails:
        outbox.queue(TEMPLATES[kind], to=application.person, about=application, letter=letter,
                     application=application, programme=application.programme, reason=reason)  # fmt: skip


def save_search(*, user: User, programme: Programme, name: str, query: str) -> SavedSearch:
    """Keep a filter of the list under a name; the same name is overwritten."""
    search, _created = SavedSearch.objects.update_or_create(
        user=user, programme=programme, name=name.strip()[:80], defaults={"query": query[:500]}
    )
    return search
