"""Every write of the catalogue, of enrolments and of results.

Locks are always taken in the same order: offering, then enrolment, then result. That keeps a freed place, a late
withdrawal and a cancelled offering from waiting for each other.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
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
    AttendanceRecord,
    Enrolment,
    EnrolmentState,
    Module,
    ModuleVersion,
    Offering,
    Result,
    ResultState,
    Session,
    VersionState,
)
from modules.publishing import missing_for_publishing
from modules.signals import enrolment_changed, result_final
from modules.workflow import ENROLMENT, OFFERING, RESULT, VERSION

describe(
    {
        "module.created": gettext_lazy("Module created"),
        "module.version_added": gettext_lazy("Version %(number)s begun"),
        "module.draft_changed": gettext_lazy("Draft changed: %(fields)s"),
        "offering.places": gettext_lazy("Places changed from %(before)s to %(after)s"),
        "offering.attendance": gettext_lazy("Attendance of %(number)s people recorded"),
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


def add_version(*, version: ModuleVersion, by: User | None, facts: dict[str, Any]) -> ModuleVersion:
    """Begin the next version of a module as a draft; the published one stays until the new one is published."""
    with transaction.atomic():
        module = Module.objects.select_for_update(of=("self",)).get(pk=version.module_id)
        last = ModuleVersion.objects.filter(module=module).order_by("-number").values_list("number", flat=True)[0]
        added = ModuleVersion.objects.create(module=module, number=last + 1, **facts)
        audit.record("module.version_added", module, by=by, number=added.number)
    return added


def change_draft(*, version: ModuleVersion, by: User | None, facts: dict[str, Any]) -> ModuleVersion:
    """Change a draft; anything else is replaced by a new version, never changed."""
    with transaction.atomic():
        locked = ModuleVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != VersionState.DRAFT:
            raise NoLongerPossible(VERSION.refusal(locked), locked)
        changed = sorted(name for name, value in facts.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, facts[name])
        locked.full_clean(exclude=["module"])
        locked.save()
        if changed:
            audit.record("module.draft_changed", locked.module, by=by, fields=", ".join(changed))
    return locked


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


def submit_version(*, version: ModuleVersion, by: User) -> None:
    """Hand a draft in for review."""
    with VERSION.take("submit", version, by=by):
        pass


def return_version(*, version: ModuleVersion, by: User, reason: str) -> None:
    """Give a version back to its author, saying what is to be changed."""
    with VERSION.take("return", version, by=by, reason=reason):
        pass


def approve_version(*, version: ModuleVersion, by: User) -> None:
    """Approve a version; it can be published now."""
    with VERSION.take("approve", version, by=by):
        pass


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


def pause_offering(*, offering: Offering, by: User) -> None:
    """Let nobody new enrol; those enrolled stay."""
    with OFFERING.take("pause", offering, by=by):
        pass


def complete_offering(*, offering: Offering, by: User) -> None:
    """Finish an offering: whoever still waits for a place is told that there will be none."""
    with transaction.atomic():
        with OFFERING.take("complete", offering, by=by):
            pass
        waiting = (EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED, EnrolmentState.OFFERED)
        for enrolment in Enrolment.objects.filter(offering=offering, state__in=waiting):
            _end("cancel", enrolment, by=None, reason=_("The offering has finished."))


def cancel_offering(*, offering: Offering, by: User, reason: str) -> None:
    """Cancel an offering: every enrolment is cancelled and each person gets a mail with the reason."""
    with transaction.atomic():
        with OFFERING.take("cancel", offering, by=by, reason=reason):
            pass
        affected = ENROLMENT.steps["cancel"].sources
        for enrolment in Enrolment.objects.filter(offering=offering, state__in=affected).order_by("pk"):
            _end("cancel", enrolment, by=None, reason=reason)


def change_places(*, offering: Offering, places: int | None, by: User) -> None:
    """Change the number of places; new ones go to the waiting list, never below what is taken."""
    with transaction.atomic():
        locked = lock_offering(offering.pk)
        if not rules.runs_offering(by, locked):
            raise NotAllowed(OFFERING.steps["open"])
        if places is not None and places < locked.seats_taken:
            raise ValidationError(
                _("%(taken)s places are taken already; there cannot be fewer.") % {"taken": locked.seats_taken}
            )
        Offering.objects.filter(pk=locked.pk).update(places=places)
        audit.record("offering.places", locked, by=by, before=str(locked.places), after=str(places))
        _offer_free_seats(locked.pk)
    offering.refresh_from_db()


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


def leave_incomplete(*, enrolment: Enrolment, by: User, reason: str) -> None:
    """End an enrolment without a result; the seat stays taken, because the place was used."""
    with ENROLMENT.take("leave_incomplete", enrolment, by=by, reason=reason) as locked:
        locked.ended_at = timezone.now()
        _tell(locked, reason=reason)


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


def mark_attendance(*, session: Session, marks: dict[int, str], by: User) -> int:
    """Record who was there, by enrolment; an empty mark takes a record back. Returns how many changed."""
    offering = session.offering
    if not rules.can_mark_attendance(by, offering):
        raise PermissionDenied
    with transaction.atomic():
        lock_offering(offering.pk)
        known = dict(AttendanceRecord.objects.filter(session=session).values_list("enrolment", "status"))
        people = set(
            Enrolment.objects.filter(offering=offering, state__in=SEATED, pk__in=marks).values_list("pk", flat=True)
        )
        changed = {pk: status for pk, status in marks.items() if pk in people and known.get(pk, "") != status}
        AttendanceRecord.objects.filter(session=session, enrolment__in=changed).delete()
        AttendanceRecord.objects.bulk_create(
            AttendanceRecord(session=session, enrolment_id=pk, status=status)
            for pk, status in changed.items()
            if status
        )
        if changed:
            audit.record("offering.attendance", offering, by=by, number=len(changed))
    return len(changed)


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
