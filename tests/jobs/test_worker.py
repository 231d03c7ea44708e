"""Real workers, killed with -9 in the middle: nothing is lost, nothing happens twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from credpoints.jobs import actions
from credpoints.jobs.models import Job, JobState, Message
from tests.jobs import work

ROOT = Path(__file__).resolve().parent.parent.parent
# Redis is there in the second round of .ci/run, and only then.
BROKERS = ["embedded", *(["redis"] if os.environ.get("REDIS_URL") else [])]
JOBS = 60
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def until(condition: Callable[[], bool], seconds: float = 180) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def database_address() -> str:
    """Where the test's own database is, as a worker's DATABASE_URL."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    who = facts["USER"] + (f":{facts['PASSWORD']}" if facts["PASSWORD"] else "")
    return f"postgresql://{who}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@pytest.fixture(params=BROKERS)
def worker(request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a worker on the test's database and this broker: `worker()`; all are ended afterwards."""
    redis = request.param == "redis"
    before = (current_app.conf.broker_url, current_app.conf.broker_transport_options)
    current_app.conf.broker_url = settings.REDIS_URL if redis else "database://embedded"
    current_app.conf.broker_transport_options = settings.REDIS_OPTIONS if redis else {}
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    monkeypatch.setattr(current_app, "_pool", None)
    # The test plays the clock that calls the sweep, and does not want to wait ten seconds for it.
    monkeypatch.setattr(actions, "RING_AGAIN_AFTER", timedelta(seconds=1))
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "REDIS_URL": settings.REDIS_URL if redis else "",
        "LOG_LEVEL": "WARNING",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-m", "celery", "--app", "credpoints", "worker", "--concurrency", "2", "--without-gossip",
            "--without-mingle", "--without-heartbeat", "--include", "tests.jobs.work", "--loglevel", "INFO",
        ]  # fmt: skip
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        started.append(process)
        return process

    yield start

    for process in started:
        kill(process)
    current_app.conf.broker_url, current_app.conf.broker_transport_options = before
    Message.objects.all().delete()


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a worker and its children as a power cut would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def done() -> int:
    return Job.objects.filter(state=JobState.DONE).count()


def test_killed_in_the_middle_none_is_lost_and_none_is_done_twice(worker) -> None:
    for _number in range(JOBS):
        actions.enqueue("tests.effect", series="killed", seconds=0.05)
    first = worker()
    until(lambda: done() >= 10)

    kill(first)

    assert 10 <= done() < JOBS
    worker()

    def all_done() -> bool:
        actions.sweep()
        return done() == JOBS

    until(all_done)
    assert (work.count("killed"), Job.objects.count()) == (JOBS, JOBS)


def test_a_polite_end_finishes_what_was_begun(worker) -> None:
    for _number in range(20):
        actions.enqueue("tests.effect", series="polite", seconds=0.1)
    process = worker()
    until(lambda: done() >= 2)

    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)

    assert not Job.objects.filter(state=JobState.RUNNING).exists()
    assert work.count("polite") == done() < 20


def test_health_check_hears_a_worker_and_notices_when_there_is_none(worker) -> None:
    assert actions.worker_answers(within=0.3) is False

    worker()

    assert actions.worker_answers(within=30) is True
    assert Job.objects.count() == 0
