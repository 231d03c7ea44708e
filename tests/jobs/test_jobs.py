"""Job rows: written with the business, claimed once, retried with patience, given up in the open."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from credpoints.jobs import actions, registry
from credpoints.jobs.models import Job, JobState, Message
from tests.jobs import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_old_failures() -> None:
    work.gave_up.clear()


def make_due(job: Job) -> None:
    """Let the waiting time of a job be over."""
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=1))


def let_lease_end(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_enqueue_writes_a_row_and_rings_after_the_commit(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as rings:
        job = actions.enqueue("tests.effect", series="a")

    assert (job.state, job.arguments, job.attempts, len(rings)) == (JobState.WAITING, {"series": "a"}, 0, 1)


def test_enqueue_is_undone_with_its_transaction() -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        actions.enqueue("tests.effect", series="a")
        raise ZeroDivisionError

    assert Job.objects.count() == 0


def test_enqueue_of_an_unknown_name_is_a_programming_error() -> None:
    with pytest.raises(LookupError, match=r"tests\.unknown"):
        actions.enqueue("tests.unknown")


def test_the_same_key_does_the_work_once() -> None:
    first = actions.enqueue("tests.effect", key="once", series="a")
    second = actions.enqueue("tests.effect", key="once", series="a")

    done = actions.run_waiting()

    assert (first.pk, done, work.count("a")) == (second.pk, 1, 1)


def test_a_job_for_later_waits_for_its_moment() -> None:
    job = actions.enqueue("tests.effect", at=timezone.now() + timedelta(hours=1), series="a")

    assert (actions.run(job.pk), work.count("a")) == (False, 0)

    make_due(job)
    assert (actions.run(job.pk), work.count("a")) == (True, 1)


def test_a_done_job_is_not_done_again() -> None:
    job = actions.enqueue("tests.effect", series="a")

    assert [actions.run(job.pk), actions.run(job.pk)] == [True, False]
    job.refresh_from_db()
    assert (job.state, job.attempts, job.percent, work.count("a")) == (JobState.DONE, 1, 100, 1)


def test_a_running_job_belongs_to_its_worker_until_the_lease_ends() -> None:
    job = actions.enqueue("tests.effect", series="a")
    assert actions._claim(job.pk) is not None

    assert actions.run(job.pk) is False

    let_lease_end(job)
    assert (actions.run(job.pk), work.count("a")) == (True, 1)


def test_a_worker_that_lost_its_job_undoes_its_effect() -> None:
    job = actions.enqueue("tests.effect", series="a")
    late = actions._claim(job.pk)
    assert late is not None
    let_lease_end(job)
    assert actions.run(job.pk) is True  # somebody else was quicker

    token = actions._current.set((late.pk, late.attempts, 30))
    try:
        with pytest.raises(actions.Superseded):
            work.effect(series="a")
    finally:
        actions._current.reset(token)

    assert work.count("a") == 1


def test_a_failing_job_waits_longer_each_time_and_is_given_up() -> None:
    with transaction.atomic():
        job = actions.enqueue("tests.fails", series="a")
    waits = []

    for _attempt in range(3):
        make_due(job)
        before = timezone.now()
        actions.run(job.pk)
        job.refresh_from_db()
        waits.append(round((job.available_at - before).total_seconds()))

    assert waits[:2] == [2, 10]
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert work.gave_up == [("a", job.error)]
    assert job.error == "OSError: the printer is on fire"


def test_a_failed_job_can_be_tried_again_by_a_person() -> None:
    job = actions.enqueue("tests.effect", series="a")
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, attempts=20, error="broken")

    actions.retry(job=job)

    assert (actions.run(job.pk), work.count("a")) == (True, 1)


def test_a_job_that_is_done_cannot_be_tried_again() -> None:
    job = actions.enqueue("tests.effect", series="a")
    actions.run(job.pk)

    actions.retry(job=job)

    assert (actions.run(job.pk), work.count("a")) == (False, 1)


def test_progress_is_shown_and_renews_the_lease() -> None:
    job = actions.enqueue("tests.slow", series="a")

    actions.run(job.pk)

    job.refresh_from_db()
    assert (job.done, job.total, job.percent) == (1, 4, 100)


def test_progress_outside_a_job_does_nothing() -> None:
    actions.progress(1, 2)
    actions.finish()

    assert Job.objects.count() == 0


def test_sweep_rings_for_what_nobody_took(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = actions.enqueue("tests.effect", series="lost")
    died = actions.enqueue("tests.effect", series="died")
    later = actions.enqueue("tests.effect", series="later", at=timezone.now() + timedelta(hours=1))
    done = actions.enqueue("tests.effect", series="done")
    actions.run(done.pk)
    actions._claim(died.pk)
    let_lease_end(died)
    make_due(lost)
    Job.objects.filter(pk=lost.pk).update(available_at=timezone.now() - timedelta(seconds=5))
    rung: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, retry: rung.append(args[0]))

    assert actions.sweep() == 2

    assert rung == [lost.pk, died.pk]
    assert later.pk not in rung


def test_sweep_rings_once_in_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    job = actions.enqueue("tests.effect", series="a")
    Job.objects.filter(pk=job.pk).update(available_at=timezone.now() - timedelta(seconds=5))
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)

    assert [actions.sweep(), actions.sweep()] == [1, 0]


def test_a_killed_worker_is_no_failure_of_its_job() -> None:
    job = actions.enqueue("tests.fails", series="a")
    for _attempt in range(5):  # more than this job may fail
        actions._claim(job.pk)
        let_lease_end(job)
        actions.sweep()

    for _attempt in range(3):
        Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(available_at=timezone.now())
        assert actions.run(job.pk) is True

    job.refresh_from_db()
    assert (job.state, job.attempts, job.deaths, job.error) == (
        JobState.FAILED,
        8,
        5,
        "OSError: the printer is on fire",
    )


def test_sweep_gives_up_a_job_that_kills_every_worker() -> None:
    job = actions.enqueue("tests.fails", series="a")
    for _attempt in range(actions.MOST_DEATHS):
        assert actions._claim(job.pk) is not None
        let_lease_end(job)
    assert actions._claim(job.pk) is None

    actions.sweep()

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "10 workers died at it")
    assert work.gave_up == [("a", "10 workers died at it")]


def test_a_row_that_this_version_does_not_know_fails_and_stops_nobody() -> None:
    old = Job.objects.create(key="old", name="gone.with_the_last_version", max_attempts=1)
    actions.enqueue("tests.effect", series="a")

    actions.run_waiting()

    old.refresh_from_db()
    assert (old.state, work.count("a")) == (JobState.FAILED, 1)
    assert "gone.with_the_last_version" in old.error


def test_a_silent_broker_is_no_error_and_the_sweep_rings_later(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(name: str, args: list[int], retry: bool) -> None:
        asked.append(args[0])
        raise OSError("connection refused")

    jobs = [actions.enqueue("tests.effect", series="a") for _number in range(3)]
    Job.objects.update(available_at=timezone.now() - timedelta(seconds=5))
    with monkeypatch.context() as silent:
        silent.setattr(current_app, "send_task", refuse)
        assert actions.ring(jobs[0].pk) is False
        assert actions.sweep() == 0
    assert asked == [jobs[0].pk, jobs[0].pk]  # the second row was not even tried

    Job.objects.update(rung_at=timezone.now() - timedelta(seconds=11))
    rung: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, retry: rung.append(args[0]))
    actions.sweep()

    assert rung == [job.pk for job in jobs]


def test_a_constraint_keeps_every_running_job_leased() -> None:
    with pytest.raises(Exception, match="running_job_has_lease"), transaction.atomic():
        Job.objects.create(key="bad", name="tests.effect", state=JobState.RUNNING)


def test_every_job_of_the_house_has_a_name_with_its_room() -> None:
    assert all("." in name for name in registry.names())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_workers_claim_one_job_and_one_gets_it() -> None:
    Job.objects.create(
        key="race", name="tests.effect", arguments={"series": "race"}, available_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    job = Job.objects.get(key="race")

    def try_it(_number: int) -> bool:
        try:
            return actions.run(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(try_it, range(16)))

    assert (sorted(results), work.count("race")) == ([False] * 15 + [True], 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_people_ask_for_the_same_key_and_get_one_row() -> None:
    def ask(_number: int) -> int:
        try:
            with transaction.atomic():
                return actions.enqueue("tests.effect", key="shared", series="shared").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        rows = set(threads.map(ask, range(16)))

    Message.objects.all().delete()
    assert (len(rows), Job.objects.count()) == (1, 1)
