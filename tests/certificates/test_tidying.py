"""What a worker left behind that died between the file and its row is cleared away; nothing else is."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from certificates import storing
from certificates.actions import issuing, tidying
from certificates.models import State
from certificates.tasks import throw_away_leftovers
from certificates.workflow import CERTIFICATE
from tests.certificates import makers
from tests.people import World

TWO_HOURS = 7200


def make_old(path: str) -> None:
    then = time.time() - TWO_HOURS
    os.utime(default_storage.path(path), (then, then))


def left_by_a_dead_worker() -> list[str]:
    """A whole document without a row, and one that was not even finished."""
    whole = storing.write_once(b"%PDF")
    half = f"{whole[:-2]}00.unfinished"
    Path(default_storage.path(half)).write_bytes(b"%P")
    return [whole, half]


def test_documents_without_a_row_go_after_an_hour(world: World) -> None:
    issued = makers.issued(world)
    old, young = left_by_a_dead_worker(), left_by_a_dead_worker()
    for path in (issued.pdf.path, *old):
        make_old(path)

    throw_away_leftovers()

    assert [default_storage.exists(path) for path in old] == [False, False]
    assert all(default_storage.exists(path) for path in (issued.pdf.path, *young))
    assert tidying.throw_away_leftovers() == 0


def test_other_files_of_the_room_are_left_alone(world: World) -> None:
    logo = default_storage.save("certificates/logo/ab/0123456789abcdef0123456789abcdef", ContentFile(b"PNG"))
    stray = default_storage.save("certificates/ab/readme.txt", ContentFile(b"words"))
    for path in (logo, stray):
        make_old(path)

    assert tidying.throw_away_leftovers() == 0
    assert default_storage.exists(logo)
    assert default_storage.exists(stray)


@pytest.mark.django_db
def test_without_any_certificate_there_is_nothing_to_do() -> None:
    assert tidying.throw_away_leftovers() == 0


def test_a_worker_that_slept_until_its_file_was_gone_issues_nothing(world: World) -> None:
    certificate = makers.numbered(world)
    with CERTIFICATE.take("begin_rendering", certificate, by=None):
        pass
    path = storing.write_once(b"%PDF")
    make_old(path)
    tidying.throw_away_leftovers()

    with pytest.raises(FileNotFoundError):
        issuing._issue(certificate, path=path, pdf=b"%PDF", credential="{}", jwt="")

    certificate.refresh_from_db()
    assert (certificate.state, certificate.pdf) == (State.RENDERING, None)
    issuing.render_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    assert certificate.state == State.ISSUED
