"""Every way to cheat, before our verify page and before strangers' software where it can see it."""

import gzip
import json
import subprocess
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates import actions, proofs, sealing, signing, verifying
from certificates.keys import ED25519, did_of, make_key
from certificates.models import Certificate, SigningKey, StatusList
from tests.certificates import makers
from tests.certificates.kit import HOST, judge, kit
from tests.certificates.test_verifying import saved_again, with_annotation, with_another_credential
from tests.people import World, build_world

pytestmark = [pytest.mark.verifiers, pytest.mark.django_db(transaction=True)]
Document = dict[str, Any]


@pytest.fixture(autouse=True)
def _house(settings) -> None:
    kit()
    settings.BASE_URL = settings.CREDENTIALS_BASE_URL = HOST


@pytest.fixture
def world(transactional_db) -> World:
    return build_world()


@pytest.fixture
def certificate(world: World) -> Certificate:
    return makers.issued(world)


def put(value: Any, *path: Any) -> Callable[[Document], None]:
    """Change one fact of a credential."""

    def change(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


FACTS: dict[str, Callable[[Document], None]] = {
    "name": put("Somebody Else", "credentialSubject", "identifier", 0, "identityHash"),
    "grade": put("1,0", "credentialSubject", "result", 0, "value"),
    "title": put("Doctor of Everything", "credentialSubject", "achievement", "name"),
    "credits": put(60, "credentialSubject", "creditsEarned"),
    "awarded": put("2020-01-01T00:00:00Z", "awardedDate"),
    "valid-from": put("2020-01-01T00:00:00Z", "validFrom"),
    "issuer-name": put("Another University", "issuer", "name"),
    "status-place": put("1", "credentialStatus", "statusListIndex"),
    "unsigned-term": put("Doctor of Everything", "unsignedTitle"),
    "unsigned-term-inside": put("Doctor", "credentialSubject", "unsignedTitle"),
}


def signed_by(document: Document, key_id: str, signer: Callable[[bytes], bytes], created: Any) -> Document:
    bare = {name: part for name, part in document.items() if name != "proof"}
    return proofs.sign(bare, key_id=key_id, created=created, signer=signer)


def our_answers(files: list[Path]) -> dict[str, str]:
    return {file.name: verifying.by_file(file.read_bytes())[1].result for file in files}


def test_every_changed_fact_is_seen_by_everybody(
    world: World, certificate: Certificate, live_server, tmp_path: Path
) -> None:
    files = []
    for name, change in FACTS.items():
        document = json.loads(certificate.credential)
        change(document)
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(document))
    head, body, signature = certificate.jwt.split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["achievement"]["name"] = "Doctor of Everything"
    changed = urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    token = tmp_path / "title.jwt"
    token.write_text(f"{head}.{changed}.{signature}")
    issuer = did_of(world.organisation.slug)

    assert our_answers([*files, token]) == {file.name: "altered" for file in (*files, token)}
    for verifier in ("verify-di.mjs", "verify-dcc.mjs"):
        assert judge(verifier, files, live_server.url, issuer) == {file.name: False for file in files}, verifier
    assert judge("verify-jwt.mjs", [token], live_server.url, issuer) == {"title.jwt": False}


def test_wrong_withdrawn_and_foreign_keys_are_seen_by_everybody(
    world: World, certificate: Certificate, live_server, tmp_path: Path
) -> None:
    document = json.loads(certificate.credential)
    key = SigningKey.objects.get(algorithm=ED25519)
    forged = {**document, "awardedDate": "2020-01-01T00:00:00Z"}
    stolen = signing.signer_for(key)
    stranger = make_key(tmp_path / "stranger.pem", ED25519)
    actions.distrust_key(key=key, by=world.petersen, reason="gestohlen")
    cases = {
        "wrong": signed_by(
            forged, signing.active_key(world.organisation, ED25519).key_id, stranger.sign, certificate.issued_at
        ),
        "foreign": signed_by(forged, "did:web:elsewhere.example#key-1", stranger.sign, certificate.issued_at),
        "withdrawn": signed_by(forged, key.key_id, stolen.sign, certificate.issued_at),
    }
    files = []
    for name, case in cases.items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(case))
    issuer = did_of(world.organisation.slug)

    assert our_answers(files) == {file.name: "altered" for file in files}
    for verifier in ("verify-di.mjs", "verify-dcc.mjs"):
        assert judge(verifier, files, live_server.url, issuer) == {file.name: False for file in files}, verifier


@pytest.mark.parametrize("harm", ["revoked", "forged", "cut"])
def test_the_list_of_withdrawn_certificates_is_believed_only_as_it_was_signed(
    world: World, certificate: Certificate, live_server, tmp_path: Path, harm: str
) -> None:
    """Strangers ask the list, our page asks the register: clearing a bit brings no withdrawn certificate back."""
    badge, token = tmp_path / "badge.json", tmp_path / "token.jwt"
    badge.write_text(certificate.credential)
    token.write_text(certificate.jwt)
    actions.revoke_certificate(certificate=certificate, by=world.petersen, public_reason="x", internal_reason="y")
    one = StatusList.objects.get()
    document = json.loads(one.document)
    if harm == "forged":
        empty = gzip.compress(bytes(16384), mtime=0)
        document["credentialSubject"]["encodedList"] = "u" + urlsafe_b64encode(empty).rstrip(b"=").decode()
    if harm == "cut":
        encoded = document["credentialSubject"]["encodedList"]
        document["credentialSubject"]["encodedList"] = encoded[: len(encoded) // 2]
    StatusList.objects.update(document=json.dumps(document), etag=harm)
    issuer = did_of(world.organisation.slug)

    assert signing.is_sound(StatusList.objects.get()) is (harm == "revoked")
    assert our_answers([badge, token]) == {"badge.json": "revoked", "token.jwt": "revoked"}
    for verifier, file in (("verify-di.mjs", badge), ("verify-dcc.mjs", badge), ("verify-jwt.mjs", token)):
        assert judge(verifier, [file], live_server.url, issuer) == {file.name: False}, verifier


def _changed_inside(pdf: bytes) -> bytes:
    """One byte of the sealed part is another."""
    place = len(pdf) // 3
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda pdf: pdf + b"\n%more\n",
        saved_again,
        with_annotation,
        with_another_credential,
        _changed_inside,
    ],
    ids=["bytes appended", "saved again", "annotation", "another credential inside", "one byte changed"],
)
def test_every_change_of_the_pdf_is_seen_by_us_and_by_the_seal(
    certificate: Certificate, tmp_path: Path, tamper: Callable[[bytes], bytes]
) -> None:
    genuine = default_storage.open(certificate.pdf.path).read()
    changed = tamper(genuine)
    path = tmp_path / "changed.pdf"
    path.write_bytes(changed)

    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    answer = verifying.by_file(changed)[1]

    assert sealing.check_seal(genuine).status == "whole"
    assert sealing.check_seal(changed).status in {"broken", "missing"}
    assert answer.result in {"altered", "unknown"}
    assert answer.findings
    assert not ("Total document signed" in said and "Signature is Valid" in said)


def test_a_genuine_pdf_with_the_credential_of_another_person_inside(world: World, certificate: Certificate) -> None:
    """Both halves are ours and genuine; together they are not what we issued."""
    other = makers.issued(world, name="Yusuf Demir")
    genuine = default_storage.open(certificate.pdf.path).read()

    changed = with_another_credential(genuine, other.credential.encode())
    answer = Client().post("/verify/file/", {"file": _as_file(changed)}, HTTP_ACCEPT_LANGUAGE="en")

    text = answer.content.decode()
    assert verifying.by_file(changed)[1].result == "altered"
    assert "This file is not what we have issued." in text
    assert "Demir" not in text


def _as_file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("certificate.pdf", data, content_type="application/pdf")
