"""What strangers are told: genuine, tampered, withdrawn, replaced, unknown."""

import io
import json
import re
import subprocess

import pypdf
import pypdf.annotations
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from certificates import actions, baking, proofs, sealing, throttle, verifying
from certificates.keys import did_of, make_key
from certificates.models import Certificate, NumberRegister, SigningKey, VerificationLog
from tests.certificates import makers
from tests.people import World


def pdf_of(certificate: Certificate) -> bytes:
    return default_storage.open(certificate.pdf.path).read()


@pytest.fixture
def certificate(world: World) -> Certificate:
    return makers.issued(world)


def test_the_page_shows_the_whole_content_without_an_account(client: Client, certificate: Certificate) -> None:
    response = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="de")

    text = response.content.decode()
    assert response.status_code == 200
    assert "Dieses Zertifikat ist echt und gültig." in text
    for item in certificate.content["items"]:
        assert item["title"]["de"] in text
    for word in ("Rana Al-Khatib", "1,7", "17 ECTS", "anerkannt", certificate.number):
        assert word in text
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "sessionid" not in response.cookies
    assert list(VerificationLog.objects.values_list("way", "result")) == [("code", "valid")]


def test_codes_are_forgiving_and_wrong_ones_neutral(client: Client, certificate: Certificate) -> None:
    typed = certificate.code.lower().replace("-", "")

    assert client.get(f"/verify/{typed}/").status_code == 200
    for wrong in ("AAAA-AAAA-AAAA-AAAA", "x", "'; DROP TABLE", "%00", "A" * 400):
        response = client.get(f"/verify/{wrong}/")
        assert response.status_code == 404
        assert "Rana" not in response.content.decode()


def test_a_certificate_that_is_not_issued_yet_is_unknown(client: Client, world: World) -> None:
    certificate = makers.numbered(world)

    assert client.get(certificate.verify_path).status_code == 404


def test_guessing_is_slowed_down(client: Client, certificate: Certificate) -> None:
    for _guess in range(throttle.WRONG_ANSWERS):
        client.get("/verify/AAAA-AAAA-AAAA-AAAA/")

    assert client.get(certificate.verify_path).status_code == 429


def test_software_and_files_wait_like_everybody(client: Client, certificate: Certificate) -> None:
    for _guess in range(throttle.WRONG_ANSWERS):
        client.get("/verify/AAAA-AAAA-AAAA-AAAA/answer.json")
    file = SimpleUploadedFile("zertifikat.pdf", pdf_of(certificate))

    assert client.get(f"{certificate.verify_path}answer.json").status_code == 429
    assert client.post("/verify/file/", {"file": file}).status_code == 429


def test_wrong_codes_and_codes_of_tomorrow_get_the_very_same_answer(client: Client, world: World) -> None:
    waiting = makers.numbered(world)

    pages = [client.get(f"/verify/{code}/") for code in (waiting.code, "AAAA-AAAA-AAAA-AAAA", "x")]
    answers = [client.get(f"/verify/{code}/answer.json").json() for code in (waiting.code, "AAAA-AAAA-AAAA-AAAA")]

    assert len({page.context["headline"] for page in pages}) == 1
    assert {page.status_code for page in pages} == {404}
    assert answers == [{"result": "unknown", "valid": False}] * 2


def test_nobody_is_followed(client: Client, certificate: Certificate) -> None:
    form = client.get("/verify/").content.decode()
    answer = client.get(certificate.verify_path)

    loaded = re.findall(r'(?:src|action)="([^"]+)"|<link[^>]+href="([^"]+)"', form + answer.content.decode())
    assert not [address for pair in loaded for address in pair if "//" in address]
    assert set(client.cookies) <= {"csrftoken"}
    assert {field.name for field in VerificationLog._meta.fields} == {"id", "at", "way", "result", "certificate"}


def test_the_hash_is_asked_before_the_seal_and_the_seal_before_the_credential(certificate: Certificate) -> None:
    """A stored file needs no other proof; without that the seal decides, whatever credential is inside."""
    SigningKey.objects.update(compromised_at=certificate.issued_at, reason="gestohlen")
    known = verifying.by_file(pdf_of(certificate))[1]
    longer = verifying.by_file(pdf_of(certificate) + b"\n%more")[1]

    assert (known.result, known.findings[0].ok) == ("valid", True)
    assert (longer.result, [finding.ok for finding in longer.findings]) == ("altered", [False])
    assert longer.register == certificate.register_entry


def test_the_status_is_asked_last_for_every_form(world: World, certificate: Certificate) -> None:
    forms = [pdf_of(certificate), certificate.credential.encode(), certificate.jwt.encode()]
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum.", internal_reason="intern"
    )

    assert [verifying.by_file(form)[1].result for form in forms] == ["revoked"] * 3


def test_a_foreign_file_gets_advice_for_files(client: Client, db) -> None:
    scan = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(scan)
    file = SimpleUploadedFile("scan.pdf", scan.getvalue())

    text = client.post("/verify/file/", {"file": file}, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "a photo, a scan or a printout" in text
    assert "letter by letter" not in text


def test_withdrawn_says_when_and_why(client: Client, world: World, certificate: Certificate) -> None:
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtümlich.", internal_reason="streng intern"
    )

    text = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert "widerrufen" in text
    assert "Irrtümlich." in text
    assert "streng intern" not in text


def test_replaced_does_not_show_the_former_name(
    client: Client, world: World, certificate: Certificate, run_jobs
) -> None:
    content = {**certificate.content, "holder": {**certificate.content["holder"], "name": "Rana Berger"}}
    new = actions.begin_replacement(certificate=certificate, content=content, by=world.petersen, reason="Name")
    actions.freeze_certificate(certificate=new, by=world.petersen)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=new, by=user, content_hash=new.content_hash)
    run_jobs()

    text = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert "Ersetzt am" in text
    assert "Rana" not in text
    assert "ausgestellt von Berliner Hochschule für Technik" in text
    english = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "issued by Berlin University of Applied Technology" in english


def test_machines_get_the_same_answer(client: Client, certificate: Certificate) -> None:
    answer = client.get(f"{certificate.verify_path}answer.json").json()

    assert answer["valid"] is True
    assert answer["content"]["credits"] == "17"
    assert "grader_ids" not in answer["content"]
    assert "email_hash" not in answer["content"]["holder"]


def test_the_register_outlives_the_certificate(client: Client, certificate: Certificate) -> None:
    NumberRegister.objects.update(certificate=None)

    text = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert "Sein Inhalt wurde auf Wunsch der Person gelöscht." in text
    with pytest.raises(RuntimeError):
        NumberRegister.objects.get().delete()


def test_every_form_of_the_file_is_believed(certificate: Certificate) -> None:
    png = baking.bake(title="T", issuer="I", number="N", credential=certificate.credential)
    written_otherwise = json.dumps(json.loads(certificate.credential), indent=4).encode()
    forms = [pdf_of(certificate), certificate.credential.encode(), written_otherwise, png, certificate.jwt.encode()]

    answers = [verifying.by_file(form) for form in forms]

    assert [(way, answer.result) for way, answer in answers] == [
        ("pdf", "valid"),
        ("json", "valid"),
        ("json", "valid"),
        ("png", "valid"),
        ("jwt", "valid"),
    ]


def saved_again(pdf: bytes) -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(pdf)).write(out)
    return out.getvalue()


def with_annotation(pdf: bytes) -> bytes:
    out = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, pypdf.annotations.FreeText(text="1,0", rect=(50, 550, 200, 650)))
    writer.write(out)
    return out.getvalue()


def with_another_credential(pdf: bytes, other: bytes = b'{"id": "https://elsewhere.example/1"}') -> bytes:
    out = io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_attachment("credential.json", other)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "tamper", [lambda pdf: pdf + b"\n%more", saved_again, with_annotation, with_another_credential]
)
def test_a_tampered_pdf_is_caught(certificate: Certificate, tamper) -> None:
    way, answer = verifying.by_file(tamper(pdf_of(certificate)))

    assert way == "pdf"
    assert answer.result in {"altered", "unknown"}
    assert not answer.is_valid


@pytest.mark.parametrize("field", ["name", "awardedDate", "result", "title", "extra", "foreign key"])
def test_a_tampered_credential_is_caught(certificate: Certificate, field: str, tmp_path) -> None:
    document = json.loads(certificate.credential)
    subject = document["credentialSubject"]
    if field == "name":
        subject["identifier"][0]["identityHash"] = "Somebody Else"
    elif field == "awardedDate":
        document["awardedDate"] = "2020-01-01T00:00:00Z"
    elif field == "result":
        subject["result"][0]["value"] = "1,0"
    elif field == "title":
        subject["achievement"]["name"] = "Doctor"
    elif field == "extra":
        document["unsignedTitle"] = "Doctor"
    else:
        key = make_key(tmp_path / "foreign.pem", "Ed25519")
        document.pop("proof")
        document = proofs.sign(
            document,
            key_id=f"{did_of('bht')}#key-2000-1",
            created=certificate.issued_at,
            signer=key.sign,
        )

    _way, answer = verifying.by_file(json.dumps(document).encode())

    assert answer.result == "altered"


def test_a_tampered_token_is_caught(certificate: Certificate) -> None:
    head, _body, signature = certificate.jwt.split(".")
    other = certificate.jwt.split(".")[1][:-4] + "AAAA"

    assert not verifying.by_file(f"{head}.{other}.{signature}".encode())[1].is_valid


def test_a_withdrawn_key_makes_other_spellings_worthless(world: World, certificate: Certificate) -> None:
    key_id = json.loads(certificate.credential)["proof"][0]["verificationMethod"]
    key = SigningKey.objects.get(algorithm="Ed25519")
    assert key.key_id == key_id
    actions.distrust_key(key=key, by=world.petersen, reason="gestohlen")
    written_otherwise = json.dumps(json.loads(certificate.credential)).encode()

    assert verifying.by_file(written_otherwise)[1].result == "altered"


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7 broken", b"\x89PNG broken", b"{", b'{"id": 5}', b"a.b.c"])
def test_junk_is_unknown(db, junk: bytes) -> None:
    assert verifying.by_file(junk)[1].result == "unknown"


def test_dropping_a_file_on_the_page(client: Client, certificate: Certificate) -> None:
    file = SimpleUploadedFile("zertifikat.pdf", pdf_of(certificate), content_type="text/plain")

    response = client.post("/verify/file/", {"file": file}, HTTP_ACCEPT_LANGUAGE="de")

    assert "echt und gültig" in response.content.decode()
    assert "Byte für Byte" in response.content.decode()


def test_the_command_says_the_same(certificate: Certificate, tmp_path, capsys) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(pdf_of(certificate))
    bad.write_bytes(pdf_of(certificate) + b" ")

    call_command("verify", str(good))
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("verify", str(good), str(bad))

    assert f"VALID {certificate.number}" in capsys.readouterr().out


def test_the_seal_covers_the_whole_file(certificate: Certificate, tmp_path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(pdf_of(certificate))

    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout

    assert sealing.check_seal(pdf_of(certificate)).status == "whole"
    assert "Total document signed" in said
    assert "Signature is Valid" in said


def test_a_number_that_no_computer_can_hold_is_an_altered_file(world: World) -> None:
    document = json.loads(makers.issued(world).credential)

    _kind, answer = verifying.by_file(json.dumps(document | {"name": 10**400}).encode())

    assert answer.result == "altered"
