"""What strangers' software says about our certificates, with keys and status list from the running application."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from certificates import actions
from certificates.keys import did_of
from certificates.models import Certificate, SigningKey
from tests.certificates import makers, samples
from tests.certificates.kit import HOST, ask_node, ask_python, kit
from tests.people import World, build_world

pytestmark = [pytest.mark.verifiers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _house(settings) -> None:
    kit()
    settings.BASE_URL = settings.CREDENTIALS_BASE_URL = HOST


@pytest.fixture
def world(transactional_db) -> World:
    return build_world()


def written(certificate: Certificate, folder: Path) -> tuple[Path, Path, Path]:
    """The three files a holder downloads."""
    pdf, badge, token = (folder / f"certificate.{ending}" for ending in ("pdf", "json", "jwt"))
    pdf.write_bytes(default_storage.open(certificate.pdf.path).read())
    badge.write_text(certificate.credential)
    token.write_text(certificate.jwt)
    return pdf, badge, token


def test_everybody_accepts_an_issued_certificate(world: World, live_server, tmp_path: Path) -> None:
    certificate = makers.issued(world)
    _pdf, badge, token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)

    answers = {
        "digital bazaar": ask_node("verify-di.mjs", badge, live_server.url, issuer),
        "credentials consortium": ask_node("verify-dcc.mjs", badge, live_server.url, issuer),
        "jose": ask_node("verify-jwt.mjs", token, live_server.url, issuer),
        "1EdTech and the EU elements": ask_python("validate_ob3.py", "--microcredential", str(badge), str(token)),
    }

    assert {name: ok for name, (ok, _text) in answers.items()} == dict.fromkeys(answers, True), answers


def test_everybody_sees_a_withdrawal(world: World, live_server, tmp_path: Path) -> None:
    certificate = makers.issued(world)
    _pdf, badge, token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum.", internal_reason="Irrtum."
    )

    answers = [
        ask_node("verify-di.mjs", badge, live_server.url, issuer),
        ask_node("verify-dcc.mjs", badge, live_server.url, issuer),
        ask_node("verify-jwt.mjs", token, live_server.url, issuer),
    ]

    assert [ok for ok, _text in answers] == [False, False, False]
    assert "revocation=true" in answers[0][1]


@pytest.mark.parametrize("change", ["name", "title", "date"])
def test_everybody_sees_a_changed_credential(world: World, live_server, tmp_path: Path, change: str) -> None:
    certificate = makers.issued(world)
    _pdf, badge, _token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    document = json.loads(badge.read_text())
    if change == "name":
        document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    elif change == "title":
        document["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    else:
        document["awardedDate"] = "2020-01-01T00:00:00Z"
    badge.write_text(json.dumps(document))

    assert not ask_node("verify-di.mjs", badge, live_server.url, issuer)[0]
    assert not ask_node("verify-dcc.mjs", badge, live_server.url, issuer)[0]


def test_rotation_keeps_old_certificates_and_compromise_ends_them(world: World, live_server, tmp_path: Path) -> None:
    certificate = makers.issued(world)
    _pdf, badge, _token = written(certificate, tmp_path)
    issuer = did_of(world.organisation.slug)
    first = SigningKey.objects.get(algorithm="Ed25519")

    actions.rotate_key(issuer=world.organisation, algorithm="Ed25519", by=world.petersen)
    after_rotation = ask_node("verify-di.mjs", badge, live_server.url, issuer)
    newer = makers.issued(world)
    (tmp_path / "new").mkdir()
    _pdf, new_badge, _token = written(newer, tmp_path / "new")
    with_new_key = ask_node("verify-di.mjs", new_badge, live_server.url, issuer)
    actions.distrust_key(key=first, by=world.petersen, reason="Laptop gestohlen")
    after_compromise = ask_node("verify-di.mjs", badge, live_server.url, issuer)
    new_after = ask_node("verify-di.mjs", new_badge, live_server.url, issuer)

    assert after_rotation[0], after_rotation
    assert with_new_key[0], with_new_key
    assert not after_compromise[0]
    assert new_after[0], new_after


def test_the_files_of_all_scripts_conform_and_carry_the_credential(world: World, tmp_path: Path) -> None:
    """veraPDF (PDF/A-3a and PDF/UA-1), pdfdetach and pdftotext for names in nine scripts and languages."""
    for tool in ("pdfdetach", "pdftotext", "java"):
        assert shutil.which(tool), f"{tool} is missing: apt install poppler-utils default-jre-headless"
    files = []
    for script, name in samples.NAMES.items():
        certificate = makers.issued(world, name=name)
        assert certificate.completed_at <= timezone.now()
        folder = tmp_path / script
        folder.mkdir()
        pdf, badge, _token = written(certificate, folder)
        files.append(str(pdf))
        inside = folder / "inside.json"
        subprocess.run(["pdfdetach", "-save", "1", "-o", inside, pdf], check=True, capture_output=True)
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout

        assert inside.read_bytes() == badge.read_bytes()
        assert "17 ECTS" in text
        assert "erworben" in text
        assert "anerkannt" in text
        if script != "arabic":  # pdftotext writes right-to-left text in visual order
            assert name in re.sub(r"\s+", " ", text)

    ok, answer = ask_python("veracheck.py", "3a,ua1", *files)
    assert ok, answer
