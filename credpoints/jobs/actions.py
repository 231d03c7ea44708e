"""Ask for work, do it, and ring again for what was lost."""

import logging
import time
import uuid
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.jobs import registry
from credpoints.jobs.models import Job, JobState

log = logging.getLogger(__name__)
RING_AGAIN_AFTER = timedelta(seconds=10)
# Rows rung for in one sweep. Most of what waits is in the broker's queue already: behind two busy workers a thousand
# rows would be rung for every ten seconds, and the workers would be kept busy with answering.
AT_A_TIME = 100
BACKOFF_SECONDS = (2, 10, 60, 300, 1800)
# A worker that was killed says nothing against the work; what ten workers have died at is not tried an eleventh time.
MOST_DEATHS = 10
_current: ContextVar[tuple[int, int, int] | None] = ContextVar("current_job", default=None)


def enqueue(
    name: str, *, key: str = "", at: datetime | None = None, asked_by: User | None = None, **arguments: Any
) -> Job:
    """Write a job row in the running transaction and ring the broker after the commit.

    `key` makes the job unique for ever: asking twice for the same key does the work once. `at` is the earliest moment.
    Who `asked_by` names may watch how far it is. Arguments are identifiers, never objects.
    """
    kind = registry.kind(name)
    key = key or f"{name}:{uuid.uuid4()}"
    row = Job(
        key=key,
        name=name,
        arguments=arguments,
        asked_by=asked_by,
        max_attempts=kind.max_attempts,
        available_at=at or timezone.now(),
    )
    Job.objects.bulk_create([row], ignore_conflicts=True)
    job = Job.objects.get(key=key)
    if at is None or at <= timezone.now():
        transaction.on_commit(lambda: ring(job.pk))
    return job


class Superseded(Exception):
    """The lease ran out and another worker has taken the job: what this one did is undone."""


def ring(job_id: int) -> bool:
    """Tell the workers about a row. A silent broker is no error: the sweep rings again. Returns whether it heard."""
    try:
        current_app.send_task("credpoints.jobs.run", args=[job_id], retry=False)
        Job.objects.filter(pk=job_id, state=JobState.WAITING).update(rung_at=timezone.now())
    except Exception:
        log.warning("the broker did not take job %s; the sweep will ring again", job_id, exc_info=True)
        return False
    return True


def run(job_id: int) -> bool:
    """Do one job if it is due and nobody else does it. Returns whether this call did it."""
    job = _claim(job_id)
    if job is None:
        return False
    kind = registry.kind_or_unknown(job.name)
    token = _current.set((job.pk, job.attempts, kind.lease))
    try:
        kind.function(**job.arguments)
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %s", job.pk, job.name, job.attempts)
        _failed(job, kind, f"{type(error).__name__}: {error}")
    else:
        _mine(job).update(state=JobState.DONE, finished_at=timezone.now(), lease_until=None, error="")
    finally:
        _current.reset(token)
    return True


def progress(done: int, total: int) -> None:
    """Tell how far the running job is; also renews its lease, so long work stays with its worker."""
    current = _current.get()
    if current is None:
        return
    job_id, attempt, lease = current
    Job.objects.filter(pk=job_id, attempts=attempt, state=JobState.RUNNING).update(
        done=done, total=total, lease_until=timezone.now() + timedelta(seconds=lease)
    )


def finish() -> None:
    """Mark the running job done in the transaction of its effect, so that the effect happens exactly once.

    A worker may die after its effect is stored and before the job is marked; then the job runs again. Work that may
    not happen twice calls this last, inside its `transaction.atomic()`. Outside a job it does nothing.
    """
    current = _current.get()
    if current is None:
        return
    job_id, attempt, _lease = current
    finished = Job.objects.filter(pk=job_id, attempts=attempt, state=JobState.RUNNING).update(
        state=JobState.DONE, finished_at=timezone.now(), lease_until=None, error=""
    )
    if not finished:
        raise Superseded(f"another worker has taken job {job_id}")


def retry(*, job: Job) -> None:
    """Try a failed job again from the beginning."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
            state=JobState.WAITING, attempts=0, deaths=0, available_at=timezone.now(), error=""
        )
        if changed:
            transaction.on_commit(lambda: ring(job.pk))


def sweep() -> int:
    """Ring for every due row that nobody took and for every worker that went silent. Returns how many."""
    now = timezone.now()
    for job in Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, deaths__gte=MOST_DEATHS - 1):
        _give_up(job, registry.kind_or_unknown(job.name), f"{MOST_DEATHS} workers died at it")
    due = Job.objects.filter(
        Q(state=JobState.WAITING, available_at__lte=now)
        & (Q(rung_at=None, available_at__lt=now - timedelta(seconds=1)) | Q(rung_at__lt=now - RING_AGAIN_AFTER))
        | Q(state=JobState.RUNNING, lease_until__lt=now)
    )
    ids = list(due.order_by("id").values_list("pk", flat=True)[:AT_A_TIME])
    Job.objects.filter(pk__in=ids).update(rung_at=now)
    for place, job_id in enumerate(ids):
        if not ring(job_id):
            return place  # the broker is silent; asking it once per row would take long and change nothing
    return len(ids)


def run_waiting(limit: int = 10_000) -> int:
    """Do everything that is due in this process, oldest first: what a test or `manage.py run_jobs` calls."""
    count = 0
    while count < limit:
        due = Job.objects.filter(state=JobState.WAITING, available_at__lte=timezone.now()).order_by("id").first()
        if due is None:
            break
        count += run(due.pk)
    return count


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.state in {JobState.DONE, JobState.FAILED}:
        return None
    # Still running although its lease is over: the worker died.
    died = job.state == JobState.RUNNING
    if died and job.deaths >= MOST_DEATHS - 1:
        return None  # the sweep gives it up
    until = now + timedelta(seconds=registry.kind_or_unknown(job.name).lease)
    due = Q(state=JobState.RUNNING, lease_until__lt=now) if died else Q(state=JobState.WAITING, available_at__lte=now)
    # One conditional UPDATE decides between any number of workers.
    claimed = Job.objects.filter(due, pk=job_id, attempts=job.attempts).update(
        state=JobState.RUNNING, attempts=job.attempts + 1, deaths=job.deaths + int(died), lease_until=until
    )
    job.state, job.attempts, job.deaths, job.lease_until = JobState.RUNNING, job.attempts + 1, job.deaths + died, until
    return job if claimed else None


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _failed(job: Job, kind: registry.Kind, error: str) -> None:
    faults = job.attempts - job.deaths
    if faults < job.max_attempts:
        wait = BACKOFF_SECONDS[min(faults, len(BACKOFF_SECONDS)) - 1]
        _mine(job).update(
            state=JobState.WAITING,
            available_at=timezone.now() + timedelta(seconds=wait),
            lease_until=None,
            rung_at=None,
            error=error,
        )
        return
    _give_up(job, kind, error)


def _give_up(job: Job, kind: registry.Kind, error: str) -> None:
    with transaction.atomic():
        ended = _mine(job).update(state=JobState.FAILED, finished_at=timezone.now(), lease_until=None, error=error)
        if ended and kind.on_failure:
            kind.on_failure(**job.arguments, error=error)


def worker_answers(*, within: float) -> bool:
    """Give the workers a job that does nothing and tell whether it was done within these seconds."""
    question = enqueue("jobs.answer")
    deadline = time.monotonic() + within
    done = False
    while not done and time.monotonic() < deadline:
        time.sleep(0.1)
        done = Job.objects.filter(pk=question.pk, state=JobState.DONE).exists()
    Job.objects.filter(pk=question.pk).delete()
    return done
