"""A step for many at 1,000 and at 10,000 applications, done to the end: time and queries for each, memory, progress.

Two programmes in one database, one of each size. Within the large run the first thousand is compared with the last.
Runs in a test database of its own, on SQLite or on what DATABASE_URL names, and removes it afterwards.
Arguments: the steps to measure (start_review, take_over, release); without one, all.
"""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Max, Min  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from applicants.models import Application, BulkItem, BulkRun, BulkStep, Decision, State  # noqa: E402
from benchmarks.intake import Measured, build  # noqa: E402
from credpoints.accounts.actions import grant_role  # noqa: E402
from credpoints.accounts.models import Role, ScopeKind, User  # noqa: E402
from credpoints.jobs import actions as jobs  # noqa: E402
from credpoints.jobs.models import Job, JobState  # noqa: E402

SIZES = (1_000, 10_000)
BEGINS_FROM = {
    BulkStep.START_REVIEW: State.SUBMITTED,
    BulkStep.TAKE_OVER: State.IN_REVIEW,
    BulkStep.RELEASE: State.CONSULTED,
}


@dataclass(frozen=True)
class Done:
    """What a run took."""

    seconds: float
    queries: int
    first: float  # milliseconds for each of the first thousand
    last: float  # and of the last
    grown: float  # MiB of this process


class Counter:
    """Counts queries without keeping them."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


def memory() -> float:
    """MiB of this process in the machine's memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@contextmanager
def silent_broker() -> Iterator[None]:
    """Nobody works on the mails here; a real broker would only fill up."""

    def silent(job_id: int) -> bool:
        return job_id > 0

    ring, jobs.ring = jobs.ring, silent
    try:
        yield
    finally:
        jobs.ring = ring


def prepare(measured: Measured, step: BulkStep) -> None:
    """Put all applications of a size where the step begins; for a release half as many places as applications."""
    found = Application.objects.filter(programme__slug=f"bench-{measured.size}")
    Decision.objects.filter(application__in=found).delete()
    found.update(state=BEGINS_FROM[step], waiting_rank=None)
    if step != BulkStep.RELEASE:
        return
    programme = found[0].programme
    programme.places = measured.size // 2
    programme.save()
    by = User.objects.get(email=f"second{measured.size}@bench.example")
    grant_role(user=by, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk, by=None)
    decisions = [
        Decision(application_id=pk, kind="accept", subject="Place", body="Text " * 100, language="de", prepared_by=by)
        for pk in found.values_list("pk", flat=True)
    ]
    Decision.objects.bulk_create(decisions, batch_size=1000)


def ask(measured: Measured, step: BulkStep) -> BulkRun:
    """Press the button of the confirmation page."""
    asked = {"what": step.value, "scope": "all", "query": "", "mails": "on"}
    address = f"{measured.list}bulk/"
    page = measured.colleague.get(address, asked)
    choice = {"token": str(page.context["token"]), "digest": page.context["choice"].digest}
    if measured.colleague.post(address, {**asked, **choice}).status_code != 302:
        raise SystemExit("the step for many was not taken")
    return BulkRun.objects.order_by("-pk")[0]


def work(run: BulkRun) -> Done:
    """Do the run as a worker does."""
    job = Job.objects.get(key=run.job_key)
    before, queries = memory(), Counter()
    start = time.perf_counter()
    with connection.execute_wrapper(queries):
        jobs.run(job.pk)
    seconds = time.perf_counter() - start
    grown = memory() - before
    job.refresh_from_db()
    if (job.state, job.done, job.total) != (JobState.DONE, run.total, run.total):
        raise SystemExit(f"the run ended as {job.state} with {job.done} of {job.total}: {job.error}")
    done = run.items.filter(outcome="done").count()
    if done != run.total:
        raise SystemExit(f"{done} of {run.total} were done; {run.items.exclude(outcome='done')[0].why}")
    pks = list(run.items.order_by("pk").values_list("pk", flat=True))
    few = min(SIZES)
    return Done(seconds, queries.count, _each(pks[:few]), _each(pks[-few:]), grown)


def _each(pks: list[int]) -> float:
    spent = BulkItem.objects.filter(pk__in=pks).aggregate(first=Min("at"), last=Max("at"))
    seconds: float = (spent["last"] - spent["first"]).total_seconds()
    return seconds * 1000 / len(pks)


def look(measured: Measured, run: BulkRun) -> float:
    """The page that shows how far a run is, in milliseconds."""
    times = []
    for _round in range(5):
        start = time.perf_counter()
        if measured.colleague.get(run.get_absolute_url()).status_code != 200:
            raise SystemExit("the page of the run does not answer")
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def measure(sizes: list[Measured], step: BulkStep) -> None:
    """Print what the step takes at each size, and how much more it takes where there are more."""
    each = []
    for measured in sizes:
        prepare(measured, step)
        run = ask(measured, step)
        done = work(run)
        each.append(done.queries / run.total)
        print(
            f"{run.total:6d} {step.value:12s} {done.seconds:7.1f} s  {done.seconds * 1000 / run.total:6.2f} ms each  "
            f"{each[-1]:5.2f} queries each  first {done.first:5.2f} ms  last {done.last:5.2f} ms  "
            f"ratio {done.last / done.first:4.2f}  memory {done.grown:+6.1f} MiB  page {look(measured, run):5.1f} ms",
            flush=True,
        )
    if each[-1] > each[0] + 0.1:
        raise SystemExit(f"{step.value} asks more for each where there are more: {each}")


def main() -> None:
    steps = [BulkStep(name) for name in sys.argv[1:]] or list(BulkStep)
    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with silent_broker():
            sizes = [build(size) for size in SIZES]
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            print(connection.vendor, flush=True)
            for step in steps:
                measure(sizes, step)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
