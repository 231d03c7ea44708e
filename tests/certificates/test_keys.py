"""Keys at work: rotation that nobody notices, compromise that is repaired, and the page that shows both."""

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from certificates import actions, proofs, signing, verifying
from certificates.keys import KeyUnavailable, read_key
from certificates.models import Certificate, FormerEdition, NumberRegister, SigningKey, State, StatusList
from credpoints.audit.models import AuditEvent
from credpoints.common.tokens import content_hash
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers
from tests.people import World


@pytest.fixture
def certificate(world: World) -> Certificate:
    return makers.issued(world)


def active(algorithm: str = "Ed25519") -> SigningKey:
    return SigningKey.objects.get(algorithm=algorithm, retired_at=None, compromised_at=None)


def pdf_of(certificate: Certificate) -> bytes:
    return default_storage.open(certificate.pdf.path).read()


def test_rotation_changes_nothing_for_what_was_issued(world: World, certificate: Certificate) -> None:
    old = active()

    actions.rotate_key(issuer=world.organisation, algorithm="Ed25519", by=world.petersen)

    assert proofs.check(json.loads(certificate.credential), public_key=signing.public_key) == old.key_id
    assert signing.counts_by_key(list(SigningKey.objects.filter(algorithm="Ed25519"))) == {old.pk: 1, active().pk: 0}


def test_advisors_and_strangers_touch_no_key(world: World, certificate: Certificate) -> None:
    for user in (world.vogel, world.other_admin):
        with pytest.raises(NotAllowed):
            actions.rotate_key(issuer=world.organisation, algorithm="Ed25519", by=user)
        with pytest.raises(NotAllowed):
            actions.distrust_key(key=active(), by=user, reason="x")


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256"])
def test_after_a_compromise_valid_certificates_are_signed_again(
    world: World, certificate: Certificate, run_jobs, algorithm: str
) -> None:
    former = (pdf_of(certificate), certificate.credential, certificate.jwt)
    withdrawn = makers.issued(world)
    actions.revoke_certificate(certificate=withdrawn, by=world.petersen, public_reason="x", internal_reason="y")

    count = actions.distrust_key(key=active(algorithm), by=world.petersen, reason="Laptop gestohlen")
    run_jobs()

    certificate.refresh_from_db()
    entry = NumberRegister.objects.get(number=certificate.number)
    assert count == 1  # the withdrawn one is left alone
    assert signing.is_believed(certificate)
    assert proofs.check(json.loads(certificate.credential), public_key=signing.public_key) == active().key_id
    assert (entry.pdf_sha256, entry.credential_sha256) == (certificate.pdf_sha256, certificate.credential_sha256)
    assert content_hash(pdf_of(certificate)) == certificate.pdf_sha256
    assert verifying.embedded_credential(pdf_of(certificate)) == certificate.credential.encode()
    before, after = json.loads(former[1]), json.loads(certificate.credential)
    assert before.pop("proof") != after.pop("proof") or algorithm == "P-256"
    assert before == after
    for file in (former[0], former[2].encode()):
        answer = verifying.by_file(file)[1]
        assert answer.result == "valid"
        assert "withdrawn on" in answer.findings[0].text or "zurückgezogen" in answer.findings[0].text
    assert default_storage.exists(FormerEdition.objects.get().pdf.path)
    assert OutboxMessage.objects.filter(template="certificates/email/signed_again").count() == 1


def test_signing_again_twice_makes_one_edition_and_one_mail(world: World, certificate: Certificate, run_jobs) -> None:
    actions.distrust_key(key=active(), by=world.petersen, reason="Laptop gestohlen")
    run_jobs()
    actions.sign_again(certificate_id=certificate.pk)

    assert FormerEdition.objects.count() == 1
    assert OutboxMessage.objects.filter(template="certificates/email/signed_again").count() == 1
    assert AuditEvent.objects.filter(action="certificate.signed_again").count() == 1


def test_a_certificate_that_was_withdrawn_meanwhile_is_not_signed_again(
    world: World, certificate: Certificate, run_jobs
) -> None:
    actions.distrust_key(key=active(), by=world.petersen, reason="Laptop gestohlen")
    actions.revoke_certificate(certificate=certificate, by=world.petersen, public_reason="x", internal_reason="y")

    run_jobs()

    certificate.refresh_from_db()
    assert certificate.state == State.REVOKED
    assert not FormerEdition.objects.exists()


def test_a_key_is_distrusted_once(world: World, certificate: Certificate) -> None:
    key = active()
    actions.distrust_key(key=key, by=world.petersen, reason="Laptop gestohlen")

    with pytest.raises(NoLongerPossible):
        actions.distrust_key(key=key, by=world.petersen, reason="noch einmal")


def test_what_somebody_signs_with_the_stolen_key_is_refused(world: World, certificate: Certificate) -> None:
    key = active()
    thief = signing.signer_for(key)
    actions.distrust_key(key=key, by=world.petersen, reason="Laptop gestohlen")
    forged = json.loads(certificate.credential)
    forged.pop("proof")
    forged["credentialSubject"]["identifier"][0]["identityHash"] = "A Thief"
    forged = proofs.sign(forged, key_id=key.key_id, created=certificate.issued_at, signer=thief.sign)

    assert verifying.by_file(json.dumps(forged).encode())[1].result == "altered"


def test_the_page_names_keys_numbers_and_lists(world: World, sign_in, certificate: Certificate) -> None:
    text = sign_in(world.petersen).get("/certificates/keys/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert active().fragment in text
    assert active("P-256").fragment in text


@pytest.mark.parametrize("harm", ["cut", "forged", "emptied"])
def test_a_damaged_list_is_shown_and_the_register_still_decides(
    world: World, certificate: Certificate, harm: str
) -> None:
    actions.revoke_certificate(certificate=certificate, by=world.petersen, public_reason="x", internal_reason="y")
    one = StatusList.objects.get()
    assert signing.is_sound(one)
    document = json.loads(one.document)
    encoded = document["credentialSubject"]["encodedList"]
    if harm == "cut":
        one.document = one.document[: len(one.document) // 2]
    elif harm == "forged":
        document["credentialSubject"]["encodedList"] = encoded[:-8] + "AAAAAAAA"
        one.document = json.dumps(document)
    else:
        one.document = ""
    one.save()

    assert not signing.is_sound(one)
    assert verifying.by_code(certificate.code).result == "revoked"


def test_a_click_distrusts_and_says_how_many(world: World, sign_in, certificate: Certificate) -> None:
    client: Client = sign_in(world.petersen)
    address = f"/certificates/keys/{active().pk}/distrust/"

    shown = client.get(address, HTTP_ACCEPT_LANGUAGE="de").content.decode()
    refused = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Laptop gestohlen"})

    assert "1 gültiges Zertifikat" in shown
    assert (refused.status_code, done.status_code) == (422, 302)
    assert SigningKey.objects.filter(compromised_at__isnull=False).count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_number_of_questions(
    world: World, sign_in, django_assert_num_queries, many: int
) -> None:
    for _place in range(many):
        makers.issued(world)
        actions.rotate_key(issuer=world.organisation, algorithm="Ed25519", by=world.petersen)
    client = sign_in(world.petersen)
    client.get("/certificates/keys/")

    with django_assert_num_queries(10):
        client.get("/certificates/keys/")


@pytest.mark.parametrize(
    "content", [b"", b"no key at all", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_file_is_told_by_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key-2028-1.pem"
    path.write_bytes(content)

    with pytest.raises(KeyUnavailable, match=r"key-2028-1\.pem is no signing key"):
        read_key(path)
