"""Attendance and results: entered, made final, corrected."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed
from modules import rules
from modules.actions.seats import lock_offering
from modules.grading import check_value, is_pass, scheme_of
from modules.models import SEATED, AttendanceRecord, Enrolment, Result, ResultState, Session
from modules.signals import enrolment_changed, result_final
from modules.workflow import ENROLMENT, RESULT

describe(
    {
        "offering.attendance": gettext_lazy("Attendance of %(number)s people recorded"),
        "result.recorded": gettext_lazy("Result entered: %(result)s"),
        "result.changed": gettext_lazy("Result changed: %(result)s"),
    }
)


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
