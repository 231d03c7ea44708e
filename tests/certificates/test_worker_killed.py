"""A real worker killed with -9 in the middle of fifty certificates: none is lost, none is made twice."""

import time
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


def test_fifty_certificates_survive_a_killed_worker(worker) -> None:  # noqa: F811
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

    swept = [0.0]

    def all_made() -> bool:
        if time.monotonic() - swept[0] > 3:  # the clock of a worker sweeps every ten seconds
            jobs.sweep()
            swept[0] = time.monotonic()
        return made() == MANY

    until(all_made, seconds=150)
    until(lambda: not Job.objects.exclude(state=JobState.DONE).exists())

    places = sorted(NumberRegister.objects.filter(status="issued").values_list("place", flat=True))
    assert places == list(range(1, MANY + 1))
    assert OutboxMessage.objects.filter(template="certificates/email/issued").count() == MANY
    assert Entry.objects.filter(verified=True).count() == MANY
    assert StoredFile.objects.filter(purpose="certificates.document").count() == MANY
    for certificate in Certificate.objects.select_related("pdf"):
        assert content_hash(default_storage.open(certificate.pdf.path).read()) == certificate.pdf_sha256
