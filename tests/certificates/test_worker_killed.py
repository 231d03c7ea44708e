"""A real worker killed with -9 in the middle of fifty certificates: none is lost, none is made twice."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from certificates.models import Certificate, NumberRegister, State
from credpoints.common.tokens import content_hash
from credpoints.files.models import StoredFile
from credpoints.jobs import actions as jobs
from credpoints.jobs.models import Job, JobState
from credpoints.outbox.models import OutboxMessage
from portfolios.models import Entry
from tests.certificates import makers, samples
from tests.jobs.test_worker import kill, until, worker  # noqa: F401 - the fixture
from tests.people import build_world

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 50


@pytest.fixture(autouse=True)
def _worker_sees_our_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRIVATE_FILES_ROOT", str(tmp_path / "files"))
    monkeypatch.setenv("SIGNING_KEYS_DIR", str(settings.SIGNING_KEYS_DIR))


def made() -> int:
    return Certificate.objects.filter(state=State.ISSUED).count()


@pytest.fixture
def sweeping() -> Callable[[], bool]:
    """What the clock of the house does; every three seconds instead of ten, and always true."""
    last = [0.0]

    def sweep() -> bool:
        if time.monotonic() - last[0] > 3:
            jobs.sweep()
            last[0] = time.monotonic()
        return True

    return sweep


def test_fifty_certificates_survive_a_killed_worker(worker, sweeping) -> None:  # noqa: F811
    world = build_world()
    for _number in range(MANY):
        makers.numbered(world, languages=["en"], items=[samples.item()], credits="5", hours="150")
    first = worker()
    until(lambda: made() >= 10)

    kill(first)

    assert 10 <= made() < MANY
    # The test plays the clock: what the dead worker held falls free.
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    worker()

    until(lambda: sweeping() and made() == MANY, seconds=150)
    until(lambda: sweeping() and not Job.objects.exclude(state=JobState.DONE).exists())

    places = sorted(NumberRegister.objects.filter(status="issued").values_list("place", flat=True))
    assert places == list(range(1, MANY + 1))
    assert OutboxMessage.objects.filter(template="certificates/email/issued").count() == MANY
    assert Entry.objects.filter(verified=True).count() == MANY
    assert StoredFile.objects.filter(purpose="certificates.document").count() == MANY
    for certificate in Certificate.objects.select_related("pdf"):
        assert content_hash(default_storage.open(certificate.pdf.path).read()) == certificate.pdf_sha256
