"""Every write of the catalogue, of enrolments and of results.

Locks are always taken in the same order: offering, then enrolment, then result. That keeps a freed place, a late
withdrawal and a cancelled offering from waiting for each other.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.jobs.actions import enqueue
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from modules import rules
from modules.grading import check_value, is_pass, scheme_of
from modules.models import (
    SEATED,
    Enrolment,
    EnrolmentState,
    Module,
    ModuleVersion,
    Offering,
    Result,
    ResultState,
    VersionState,
)
from modules.publishing import missing_for_publishing
from modules.signals import enrolment_changed, result_final
from modules.workflow import ENROLMENT, OFFERING, RESULT, VERSION

describe(
    {
        "module.created": gettext_lazy("Module created"),
        "enrolment.made": gettext_lazy("Enrolment made"),
        "result.recorded": gettext_lazy("Result entered: %(result)s"),
        "result.changed": gettext_lazy("Result changed: %(result)s"),
    }
)


class EnrolmentRefused(ValidationError):
    """Why somebody cannot be enrolled, in words for people; `code` is one of closed, full, period."""


class NotReady(ValidationError):
    """What a version still needs before it can be published, one message per missing element."""


# --- Modules and their versions -------------------------------------------------------------------------------------
def create_module(*, provider_id: int, by: User | None, facts: dict[str, Any], **identity: Any) -> ModuleVersion:
    """Begin a module with its first draft."""
    with transaction.atomic():
        module = Module.objects.create(provider_id=provider_id, **identity)
        version = ModuleVersion.objects.create(module=module, number=1, **facts)
        audit.record("module.created", module, by=by, code=module.code)
    return version


def publish_version(*, version: ModuleVersion, by: User | None) -> None:
    """Put a version into the catalogue; an earlier published one is replaced by it."""
    missing = missing_for_publishing(version)
    if missing:
        raise NotReady(missing)
    with transaction.atomic():
        Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        earlier = ModuleVersion.objects.published().filter(module=version.module_id).exclude(pk=version.pk).first()
        if earlier:
            with VERSION.take("supersede", earlier, by=by):
                pass
        with VERSION.take("publish", version, by=by) as locked:
            locked.published_at = timezone.now()


def withdraw_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Take a module out of the catalogue; what runs and what was certified keeps it."""
    with VERSION.take("withdraw", version, by=by, reason=reason) as locked:
        locked.withdrawn_at = timezone.now()


# --- Offerings ------------------------------------------------------------------------------------------------------
def open_offering(*, offering: Offering, by: User) -> None:
    """Let people enrol."""
    if offering.version.state != VersionState.PUBLISHED:
        raise ValidationError(_("Publish the module first: only published modules can be offered."))
    with OFFERING.take("open", offering, by=by):
        pass


def assign_teacher(*, offering: Offering, user: User, by: User | None) -> RoleAssignment:
    """Make somebody a teacher of this offering."""
    return grant_role(user=user, role=Role.TEACHER, scope_kind=ScopeKind.OFFERING, scope_id=offering.pk, by=by)


# --- Enrolments -----------------------------------------------------------------------------------------------------
def lock_offering(offering_id: int) -> Offering:
    """Make everybody else who wants a seat of this offering wait until the running transaction ends."""
    return Offering.objects.select_for_update(of=("self",)).select_related("version__module").get(pk=offering_id)


def enrol(*, offering: Offering, person: Person, by: User | None, programme_id: int | None = None) -> Enrolment:
    """Give a person a seat, or a place on the waiting list when all seats are taken.

    Whoever is enrolled already gets the existing enrolment back, so a form sent twice enrols once. Rooms above check
    their own conditions (an agreed plan) first; callers with several offerings use `enrol_in_all`.
    Raises EnrolmentRefused with a sentence for people.
    """
    with transaction.atomic():
        locked = lock_offering(offering.pk)
        existing = Enrolment.objects.counting().filter(offering=locked, person=person).first()
        if existing:
            return existing
        _check_open(locked)
        state = EnrolmentState.REQUESTED if locked.needs_confirmation else _seat_or_queue(locked)
        enrolment = Enrolment.objects.create(
            person=person,
            offering=locked,
            programme_id=programme_id or locked.programme_id,
            state=state,
            queue_number=_next_queue_number(locked) if state == EnrolmentState.WAITLISTED else None,
            enrolled_at=timezone.now() if state == EnrolmentState.ENROLLED else None,
        )
        audit.record("enrolment.made", enrolment, by=by, state=state)
        _tell(enrolment)
    return enrolment


def enrol_in_all(
    *, offerings: Iterable[Offering], person: Person, by: User | None, programme_id: int | None = None
) -> list[Enrolment]:
    """Enrol in several offerings, all or none; in one fixed order, so that two people never wait for each other."""
    with transaction.atomic():
        return [
            enrol(offering=offering, person=person, by=by, programme_id=programme_id)
            for offering in sorted(offerings, key=lambda offering: offering.pk)
        ]


def confirm_enrolment(*, enrolment: Enrolment, by: User) -> None:
    """Accept a request: a seat, or the waiting list when all seats are taken."""
    with transaction.atomic():
        offering = lock_offering(enrolment.offering_id)
        if _seat_or_queue(offering) == EnrolmentState.ENROLLED:
            with ENROLMENT.take("confirm", enrolment, by=by) as locked:
                locked.enrolled_at = timezone.now()
        else:
            with ENROLMENT.take("queue", enrolment, by=by) as locked:
                locked.queue_number = _next_queue_number(offering)
        _tell(enrolment)


def refuse_enrolment(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """Refuse a request, with the reason in the mail."""
    _end("refuse", enrolment, by=by, reason=reason)


def withdraw(*, enrolment: Enrolment, by: User | None, reason: str = "") -> None:
    """Leave an offering; a freed seat is offered to the next person on the waiting list."""
    _end("withdraw", enrolment, by=by, reason=reason)


def cancel_enrolment(*, enrolment: Enrolment, by: User | None, reason: str) -> None:
    """Take somebody out of an offering from the provider's side."""
    _end("cancel", enrolment, by=by, reason=reason)


def exempt(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """Record that the person need not take part, because the outcomes are recognised; the seat becomes free."""
    _end("exempt", enrolment, by=by, reason=reason)


def accept_place(*, enrolment: Enrolment, by: User) -> None:
    """Take the place that was offered."""
    if enrolment.offer_expires_at and enrolment.offer_expires_at < timezone.now():
        lapse_offer(enrolment_id=enrolment.pk)
        enrolment.refresh_from_db()
    with ENROLMENT.take("accept", enrolment, by=by) as locked:
        locked.offer_expires_at = None
        locked.enrolled_at = timezone.now()
        _tell(locked)


def lapse_offer(*, enrolment_id: int) -> None:
    """Let an offer that nobody took in time go to the next; safe to call again."""
    with transaction.atomic():
        enrolment = Enrolment.objects.get(pk=enrolment_id)
        lock_offering(enrolment.offering_id)
        enrolment.refresh_from_db()
        if enrolment.state != EnrolmentState.OFFERED or (enrolment.offer_expires_at or timezone.now()) > timezone.now():
            return
        _end("lapse", enrolment, by=None)


# --- Results --------------------------------------------------------------------------------------------------------
def record_result(
    *,
    enrolment: Enrolment,
    value: Decimal | None,
    examined_on: date,
    by: User,
    passed: bool | None = None,
    attempt: int | None = None,
    seen_edition: int | None = None,
    comment: str = "",
) -> Result:
    """Enter or change the provisional result of an attempt (default: the running or next one).

    `seen_edition` is what the form showed: somebody else's entry in the meantime is not overwritten but refused as
    no longer possible. On a graded scale the value decides about passing; `passed` counts only where there are none.
    """
    with transaction.atomic():
        locked = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
        if not rules.can_record(by, locked):
            raise NotAllowed(RESULT.steps["finalise"])
        if not locked.is_running:
            raise NoLongerPossible(ENROLMENT.refusal(locked), locked)
        number = attempt or next_attempt(locked)
        standing = Result.objects.standing().filter(enrolment=locked, attempt=number).first()
        _check_attempt(locked, number, standing, seen_edition)
        scheme = scheme_of(locked.offering.version.grading_scheme)
        facts = {
            "scheme": scheme.key,
            "value": value if scheme.is_graded else None,
            "passed": _passed(value, passed, scheme.key),
            "examined_on": examined_on,
            "examiner": by,
            "comment": comment,
        }
        if standing is None:
            result = Result.objects.create(enrolment=locked, attempt=number, **facts)
        else:
            Result.objects.filter(pk=standing.pk).update(**facts, edition=F("edition") + 1)
            result = Result.objects.get(pk=standing.pk)
        audit.record(
            "result.changed" if standing else "result.recorded", result, by=by, attempt=number, result=result.written
        )
    return result


def finalise_result(*, result: Result, by: User) -> None:
    """Make a result final: credits are awarded when it is passed, the enrolment ends when no attempt is left."""
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=result.enrolment_id)
        with RESULT.take("finalise", result, by=by) as locked:
            _award(locked)
        _complete(enrolment, result)
        outbox.queue("modules/email/result", to=enrolment.person, about=enrolment, result=result)
        result_final.send(sender=Result, result=result)


def correct_result(
    *, result: Result, value: Decimal | None, reason: str, by: User, passed: bool | None = None
) -> Result:
    """Replace a final result by a corrected one; the earlier stays readable with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("A correction needs a reason.")})
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=result.enrolment_id)
        with RESULT.take("supersede", result, by=by, reason=reason):
            pass
        corrected = Result(
            enrolment=enrolment,
            attempt=result.attempt,
            state=ResultState.FINAL,
            scheme=result.scheme,
            value=value if scheme_of(result.scheme).is_graded else None,
            passed=_passed(value, passed, result.scheme),
            examined_on=result.examined_on,
            examiner=by,
            supersedes=result,
            reason=reason.strip(),
        )
        _award(corrected)
        corrected.save()
        audit.record("result.recorded", corrected, by=by, attempt=corrected.attempt, result=corrected.written)
        _complete(enrolment, corrected)
        outbox.queue("modules/email/result", to=enrolment.person, about=enrolment, result=corrected)
        result_final.send(sender=Result, result=corrected)
    return corrected


def next_attempt(enrolment: Enrolment) -> int:
    """The attempt that a result would be entered for: the provisional one, else the one after the last final."""
    last = Result.objects.standing().filter(enrolment=enrolment).order_by("-attempt").first()
    if last is None:
        return 1
    return last.attempt if last.state == ResultState.PROVISIONAL else last.attempt + 1


# --- Parts ----------------------------------------------------------------------------------------------------------
def _check_open(offering: Offering) -> None:
    now = timezone.now()
    if offering.state != "active":
        raise EnrolmentRefused(_("This offering is not open for enrolment."), code="closed")
    if offering.enrolment_opens_at and now < offering.enrolment_opens_at:
        raise EnrolmentRefused(_("Enrolment has not begun yet."), code="period")
    if offering.enrolment_closes_at and now > offering.enrolment_closes_at:
        raise EnrolmentRefused(_("The enrolment period is over."), code="period")


def _seat_or_queue(offering: Offering) -> EnrolmentState:
    """Take a seat if one is free and nobody waits for it; else say that the person has to queue."""
    waiting = Enrolment.objects.filter(offering=offering, state=EnrolmentState.WAITLISTED)
    if not waiting.exists() and _take_seat(offering):
        return EnrolmentState.ENROLLED
    if offering.waiting_list_max is not None and waiting.count() >= offering.waiting_list_max:
        raise EnrolmentRefused(_("All places are taken and the waiting list is full."), code="full")
    return EnrolmentState.WAITLISTED


def _take_seat(offering: Offering) -> bool:
    """One conditional UPDATE decides, also where somebody forgot the lock."""
    free = Q(places=None) | Q(seats_taken__lt=F("places"))
    return bool(Offering.objects.filter(free, pk=offering.pk).update(seats_taken=F("seats_taken") + 1))


def _next_queue_number(offering: Offering) -> int:
    Offering.objects.filter(pk=offering.pk).update(next_queue_number=F("next_queue_number") + 1)
    return Offering.objects.values_list("next_queue_number", flat=True).get(pk=offering.pk) - 1


def _end(step: str, enrolment: Enrolment, *, by: User | None, reason: str = "") -> None:
    """Take a step that leaves the offering, free the seat if there was one, and let the next person have it."""
    with transaction.atomic():
        offering = lock_offering(enrolment.offering_id)
        # Read again under the lock: an offer may have been accepted in between.
        had_seat = Enrolment.objects.filter(pk=enrolment.pk, state__in=SEATED).exists()
        with ENROLMENT.take(step, enrolment, by=by, reason=reason) as locked:
            locked.ended_at = timezone.now()
            locked.offer_expires_at = None
            locked.queue_number = None
        if had_seat:
            Offering.objects.filter(pk=offering.pk).update(seats_taken=F("seats_taken") - 1)
            _offer_free_seats(offering.pk)
        _tell(enrolment, reason=reason)


def _offer_free_seats(offering_id: int) -> None:
    """Offer each free seat to the person who has waited longest; called under the offering's lock."""
    offering = Offering.objects.get(pk=offering_id)
    waiting = Enrolment.objects.filter(offering=offering, state=EnrolmentState.WAITLISTED).order_by("queue_number")
    for enrolment in waiting if offering.state == "active" else []:
        if not _take_seat(offering):
            return
        expires = timezone.now() + timedelta(hours=offering.offer_hours)
        with ENROLMENT.take("offer", enrolment, by=None) as locked:
            locked.offer_expires_at = expires
        enqueue(
            "modules.lapse_offer",
            key=f"modules.lapse_offer:{enrolment.pk}:{expires.timestamp():.0f}",
            at=expires + timedelta(seconds=1),
            enrolment_id=enrolment.pk,
        )
        _tell(enrolment)


def _tell(enrolment: Enrolment, *, reason: str = "") -> None:
    """Mail the person about the new state, and tell the rooms above."""
    outbox.queue("modules/email/enrolment", to=enrolment.person, about=enrolment, enrolment=enrolment, reason=reason)
    enrolment_changed.send(sender=Enrolment, enrolment=enrolment)


def _check_attempt(enrolment: Enrolment, number: int, standing: Result | None, seen_edition: int | None) -> None:
    if standing and standing.state != ResultState.PROVISIONAL:
        raise NoLongerPossible(_("This result is final. It can only be corrected, with a reason."), enrolment)
    if seen_edition is not None and seen_edition != (standing.edition if standing else 0):
        raise NoLongerPossible(_("Somebody else has entered a result in the meantime. Please look at it."), enrolment)
    allowed = enrolment.offering.version.attempts_allowed
    if number > allowed:
        raise ValidationError(_("All %(number)s attempts are used.") % {"number": allowed})
    if number > 1 and not Result.objects.final().filter(enrolment=enrolment, attempt=number - 1).exists():
        raise ValidationError(_("Make the result of the attempt before final first."))


def _passed(value: Decimal | None, passed: bool | None, scheme_key: str) -> bool:
    scheme = scheme_of(scheme_key)
    if scheme.is_graded and value is not None:
        check_value(value, scheme)
        return is_pass(value, scheme)
    if passed is None:
        raise ValidationError(_("Enter a grade, or say whether it was passed."))
    return passed


def _award(result: Result) -> None:
    result.final_at = timezone.now()
    result.credits = result.enrolment.offering.version.credits if result.passed else Decimal(0)


def _complete(enrolment: Enrolment, result: Result) -> None:
    """Bring the enrolment in line with its final results: passed once is passed, all attempts used up is not."""
    final = Result.objects.final().filter(enrolment=enrolment)
    if final.filter(passed=True).exists():
        step = "pass"
    elif final.count() >= result.enrolment.offering.version.attempts_allowed:
        step = "fail"
    else:
        step = "reopen"
    if ENROLMENT.may(step, enrolment, None):
        with ENROLMENT.take(step, enrolment, by=None) as locked:
            locked.ended_at = None if step == "reopen" else timezone.now()
        enrolment_changed.send(sender=Enrolment, enrolment=enrolment)
