"""One step for many applications: asked for once, done later by a job, each application exactly once."""

import logging
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from applicants.actions.prepared import release_decision
from applicants.actions.review import assign_advisor, start_review
from applicants.models import Application, BulkItem, BulkOutcome, BulkRun, BulkStep, Decision, DecisionKind, State
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.jobs import actions as jobs
from credpoints.jobs.models import Job
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_advisor_or_admin
from credpoints.workflow import NoLongerPossible, NotAllowed

log = logging.getLogger(__name__)
AT_A_TIME = 10  # applications between two signs of life to the page and to the other workers

describe(
    {
        "bulkrun.begun": gettext_lazy("Step for many applications asked for: %(count)s"),
        "bulkrun.begun_without_mail": gettext_lazy("Step for many applications asked for, without mails: %(count)s"),
        "bulkrun.resumed": gettext_lazy("Gone on where it had stopped"),
    }
)


def begin_bulk_run(
    *, programme: Programme, step: BulkStep, pairs: list[list[int | None]], left_out: int, query: str, uuid: UUID,
    by: User, mails: bool = True
) -> BulkRun:  # fmt: skip
    """Ask for a step for these applications; a worker does it. The same `uuid` asks once, however often it is sent."""
    if not is_advisor_or_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        run, is_new = BulkRun.objects.get_or_create(
            uuid=uuid,
            defaults={
                "programme": programme, "step": step, "chosen": pairs, "total": len(pairs), "left_out": left_out,
                "sends_mail": mails, "query": query, "asked_by": by,
            },
        )  # fmt: skip
        if run.asked_by_id != by.pk or run.programme_id != programme.pk:
            raise PermissionDenied
        if is_new:
            begun = "bulkrun.begun" if mails else "bulkrun.begun_without_mail"
            audit.record(begun, run, by=by, count=run.total)
            jobs.enqueue("applicants.work_on_bulk_run", key=run.job_key, asked_by=by, run_id=run.pk)
    return run


def resume_bulk_run(*, run: BulkRun, by: User) -> None:
    """Go on with what is left, after the job has given up; only for who asked, because their rights count."""
    if run.asked_by_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        job = Job.objects.filter(key=run.job_key).first()
        if job and run.finished_at is None:
            audit.record("bulkrun.resumed", run, by=by)
            jobs.retry(job=job)


def work_on_bulk_run(*, run_id: int, now: datetime) -> None:
    """Do what is left of a run, application by application. May die anywhere and run again, even beside itself."""
    run = BulkRun.objects.select_related("asked_by").get(pk=run_id)
    done = set(run.items.values_list("application", flat=True))
    left = [pair for pair in run.chosen if pair[0] not in done]
    with override(run.asked_by.language):
        for place, (application_id, decision_id) in enumerate(left, start=len(done) + 1):
            _do_one(run, application_id, decision_id)
            if place % AT_A_TIME == 0:
                jobs.progress(place, run.total)
    jobs.progress(run.total, run.total)
    BulkRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=now)


def _do_one(run: BulkRun, application_id: int, decision_id: int | None) -> None:
    """Take the step for one application and note what came of it."""
    try:
        with transaction.atomic():
            # Two workers with the same run come here one after the other, and the second finds the note. Only the
            # number is read: the list of thousands that were chosen would be read as often as it is long.
            BulkRun.objects.select_for_update().values_list("pk").get(pk=run.pk)
            if run.items.filter(application=application_id).exists():
                return
            note = _take(run, application_id, decision_id)
            BulkItem.objects.create(run=run, application_id=application_id, outcome=BulkOutcome.DONE, why=note)
    except (NoLongerPossible, NotAllowed) as refusal:
        _note(run, application_id, BulkOutcome.REFUSED, getattr(refusal, "message", str(refusal)))
    except DatabaseError:
        raise  # the whole job is tried again
    except Exception:
        # One broken application must not hold up the others.
        log.exception("bulk run %s: application %s", run.pk, application_id)
        text = _("An unexpected error. Nothing was changed here; please try it in the dossier.")
        _note(run, application_id, BulkOutcome.FAILED, text)


def _note(run: BulkRun, application_id: int, outcome: BulkOutcome, why: str) -> None:
    BulkItem.objects.get_or_create(
        run=run, application_id=application_id, defaults={"outcome": outcome, "why": why, "at": timezone.now()}
    )


def _take(run: BulkRun, application_id: int, decision_id: int | None) -> str:
    """Take the step; returns what has to be said although it worked."""
    # Read anew each time: whoever loses the role while the run goes on does nothing more.
    by = User.objects.select_related("person").get(pk=run.asked_by_id)
    if run.step == BulkStep.RELEASE:
        return _release(application_id, decision_id, by, mails=run.sends_mail)
    application = Application.objects.select_related("person", "programme").get(pk=application_id)
    if run.step == BulkStep.START_REVIEW:
        start_review(application=application, by=by)
    else:
        assign_advisor(application=application, advisor=by, by=by)
    return ""


def _release(application_id: int, decision_id: int | None, by: User, *, mails: bool) -> str:
    """Release exactly the decision that was shown before the click."""
    shown = Decision.objects.filter(pk__in=[decision_id] if decision_id else [])
    decision = shown.select_related("application__person", "application__programme").first()
    if decision is None:
        raise NoLongerPossible(
            _("The prepared decision has been discarded or written anew in the meantime."),
            Application.objects.get(pk=application_id),
        )
    state = release_decision(decision=decision, by=by, mails=mails)
    if decision.kind == DecisionKind.ACCEPT and state == State.WAITLISTED:
        return _("All places were taken: it is on the waiting list now.")
    return ""
