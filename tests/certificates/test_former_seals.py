"""A seal whose certificate no longer counts: what we say of a file of ours, and what of a stranger's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from certificates import pades, sealing, verifying
from certificates.models import Certificate
from certificates.sealing import SealAnswer
from tests.certificates import makers
from tests.certificates.seals import House, TimeStampServer
from tests.certificates.test_verifying import with_annotation
from tests.people import build_world

pytestmark = pytest.mark.usefixtures("fresh_seal")
MONTH_BEFORE_YESTERDAY = (-31, -1)


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[TimeStampServer]:
    """Our house: its seal's certificate ran out yesterday, its time stamps are believed."""
    with TimeStampServer(tmp_path, days=MONTH_BEFORE_YESTERDAY) as running:
        running.house.use_pem(settings)
        yield running


def sealed_in_time(pages: bytes) -> bytes:
    """Sealed ten days ago, when the certificate still counted."""
    with time_machine.travel(datetime.now(UTC) - timedelta(days=10)):
        return sealing.seal(pages, number="CERT-2028-00001")


def test_nothing_is_sealed_with_a_certificate_that_has_run_out(server: TimeStampServer, pages: bytes) -> None:
    with pytest.raises(sealing.CannotSeal, match=f"ran out on {server.house.seal.not_valid_after_utc:%Y-%m-%d}"):
        sealing.seal(pages, number="CERT-2028-00001")


def test_a_seal_of_ours_that_has_run_out_is_not_a_stranger(server: TimeStampServer, pages: bytes) -> None:
    sealed = sealed_in_time(pages)

    ended = server.house.seal.not_valid_after_utc
    assert sealing.check_seal(sealed) == SealAnswer("expired", "Example University", None, ended)
    for changed in (sealed + b"\n%more", with_annotation(sealed)):
        assert sealing.check_seal(changed) == SealAnswer("broken", "Example University")


def test_a_time_stamp_shows_that_it_was_made_in_time(server: TimeStampServer, settings: Any, pages: bytes) -> None:
    settings.SEAL_TIMESTAMP_URL = server.url
    sealed = sealed_in_time(pages)

    answer = sealing.check_seal(sealed)

    assert answer.status == "whole"
    assert answer.sealed_at
    assert answer.sealed_at < server.house.seal.not_valid_after_utc
    assert sealing.check_seal(sealed + b"\n%more").status == "broken"


def test_a_time_stamp_from_after_the_end_shows_nothing(server: TimeStampServer, settings: Any, pages: bytes) -> None:
    settings.SEAL_TIMESTAMP_URL = server.url
    server.stamper.fixed_dt = datetime.now(UTC)

    answer = sealing.check_seal(sealed_in_time(pages))

    assert (answer.status, answer.sealed_at) == ("expired", server.stamper.fixed_dt)


def test_a_time_stamp_of_somebody_unknown_shows_nothing(
    server: TimeStampServer, settings: Any, pages: bytes, tmp_path: Path
) -> None:
    (tmp_path / "stamps").mkdir()
    with TimeStampServer(tmp_path / "stamps") as stranger:
        both = tmp_path / "both.pem"
        both.write_bytes(server.house.root_path.read_bytes() + stranger.house.root_path.read_bytes())
        settings.SEAL_TIMESTAMP_URL, settings.SEAL_TRUSTED_ROOTS = stranger.url, str(both)
        sealed = sealed_in_time(pages)
    settings.SEAL_TRUSTED_ROOTS = str(server.house.root_path)
    pades._trust_of.cache_clear()

    answer = sealing.check_seal(sealed)

    assert (answer.status, answer.sealed_at) == ("expired", None)


def test_a_strangers_seal_that_has_run_out_stays_a_strangers(
    server: TimeStampServer, settings: Any, pages: bytes, tmp_path: Path
) -> None:
    (tmp_path / "foreign").mkdir()
    House(tmp_path / "foreign", days=MONTH_BEFORE_YESTERDAY).use_pem(settings)
    sealed = sealed_in_time(pages)
    pades._signer.cache_clear()
    pades._trust_of.cache_clear()
    server.house.use_pem(settings)

    one_byte_changed = sealed[:5000] + bytes([sealed[5000] ^ 1]) + sealed[5001:]
    for file in (sealed, sealed + b"\n%more", one_byte_changed):
        assert sealing.check_seal(file) == SealAnswer("foreign", "Example University")


def test_a_seal_whose_certificate_was_withdrawn(settings: Any, pages: bytes, tmp_path: Path) -> None:
    with TimeStampServer(tmp_path) as server:
        server.house.use_pem(settings)
        settings.SEAL_TIMESTAMP_URL = server.url
        sealed = sealing.seal(pages, number="CERT-2028-00001")
        before = sealing.check_seal(sealed).status
        server.house.withdrawn.append(server.house.seal)
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
            after = sealing.check_seal(sealed).status

    assert (before, after) == ("whole", "withdrawn")


@pytest.fixture
def certificate(db: None, server: TimeStampServer) -> Certificate:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=10)):
        return makers.issued(build_world())


@pytest.mark.parametrize(
    ("language", "headline", "reason", "untrue"),
    [
        ("de", "Diese Datei ist nicht das, was wir ausgestellt haben.", "Das Siegel ist gebrochen", "nicht von uns"),
        ("en", "This file is not what we have issued.", "The seal is broken", "not ours"),
    ],
)
def test_the_page_says_of_a_changed_file_that_it_was_changed(
    client: Client, certificate: Certificate, language: str, headline: str, reason: str, untrue: str
) -> None:
    file = SimpleUploadedFile("zertifikat.pdf", default_storage.open(certificate.pdf.path).read() + b"\n%more")

    text = client.post("/verify/file/", {"file": file}, HTTP_ACCEPT_LANGUAGE=language).content.decode()

    assert headline in text
    assert reason in text
    assert untrue not in text


def test_an_unchanged_file_stays_genuine_when_its_seal_runs_out(certificate: Certificate) -> None:
    pdf = default_storage.open(certificate.pdf.path).read()

    assert sealing.check_seal(pdf).status == "expired"
    assert verifying.by_file(pdf)[1].result == "valid"


def test_a_file_that_only_our_former_seal_knows_is_told_with_the_day(
    db: None, server: TimeStampServer, settings: Any, pages: bytes
) -> None:
    with translation.override("en"):
        answer = verifying.by_file(sealed_in_time(pages))[1]
        day = verifying._day(server.house.seal.not_valid_after_utc)

    assert answer.result == "altered"
    (finding,) = answer.findings
    assert "no time stamp shows" in finding.text
    assert day in finding.text
