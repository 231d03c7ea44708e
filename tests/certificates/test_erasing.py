"""After a person is erased: the register, the verify page and old files still tell the truth."""

import csv
import io
import json

import pytest
from django.core.files.storage import default_storage
from django.db.models import ProtectedError
from django.test import Client
from openpyxl import load_workbook

from certificates import actions, status_list, verifying
from certificates.models import Certificate, NumberRegister, StatusList
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers
from tests.people import World


@pytest.fixture
def certificate(world: World) -> Certificate:
    return makers.issued(world)


def erase(world: World) -> int:
    return actions.erase_certificates(
        person=world.rana.person, programme=world.programme, by=world.petersen, reason="Art. 17 DSGVO"
    )


def test_number_hash_and_state_stay_and_everything_else_goes(
    world: World, certificate: Certificate, django_capture_on_commit_callbacks
) -> None:
    path = certificate.pdf.path
    pdf, credential = default_storage.open(path).read(), certificate.credential.encode()
    makers.shared(certificate)

    with django_capture_on_commit_callbacks(execute=True):
        assert erase(world) == 1

    entry = NumberRegister.objects.get()
    assert (entry.number, entry.status, entry.certificate) == (certificate.number, "issued", None)
    assert (entry.pdf_sha256, entry.content_hash) == (certificate.pdf_sha256, certificate.content_hash)
    assert not Certificate.objects.exists()
    assert not default_storage.exists(path)
    assert not OutboxMessage.objects.filter(object_type="certificates.certificate").exists()
    for file in (pdf, credential):
        assert verifying.by_file(file)[1].result == "erased"


def test_whoever_checks_reads_neutral_words(world: World, certificate: Certificate) -> None:
    erase(world)

    page = Client().get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    answer = Client().get(f"{certificate.verify_path}answer.json").json()

    assert "Its content has been erased" in page
    assert certificate.number in page
    assert "Rana" not in page
    assert (answer["result"], answer["number"], "content" in answer) == ("erased", certificate.number, False)


def test_a_withdrawn_certificate_stays_withdrawn(world: World, certificate: Certificate) -> None:
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum: Rana", internal_reason="intern"
    )
    erase(world)

    page = Client().get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "has been withdrawn" in page
    assert "Rana" not in page
    encoded = json.loads(StatusList.objects.get().document)["credentialSubject"]["encodedList"]
    assert status_list.bit(encoded, certificate.status_entry.index)


def test_a_chain_of_replacements_goes_together(world: World, certificate: Certificate, run_jobs) -> None:
    new = actions.replace_certificate(certificate=certificate, by=world.petersen, reason="Name")
    actions.freeze_certificate(certificate=new, by=world.petersen)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=new, by=user, content_hash=new.content_hash)
    run_jobs()

    assert erase(world) == 2
    states = NumberRegister.objects.order_by("place").values_list("status", flat=True)
    assert list(states) == ["replaced", "issued"]


def test_only_administrators_erase_and_nothing_that_is_being_made(world: World) -> None:
    numbered = makers.numbered(world)
    facts = {"person": world.rana.person, "programme": world.programme, "reason": "x"}

    for user in (world.vogel, world.rana, world.other_admin):
        with pytest.raises(NotAllowed):
            actions.erase_certificates(**facts, by=user)
    with pytest.raises(NoLongerPossible):
        actions.erase_certificates(**facts, by=world.petersen)

    numbered.refresh_from_db()
    assert numbered.holder_name == "Rana Al-Khatib"
    with pytest.raises(ProtectedError):
        world.rana.person.delete()


def test_the_page_asks_for_a_reason_and_the_register_shows_the_number(
    world: World, sign_in, certificate: Certificate
) -> None:
    client = sign_in(world.petersen)
    address = f"/certificates/{certificate.uuid}/erase/"

    refused = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "Wunsch der Person"}, follow=True)

    page = done.content.decode()
    assert refused.status_code == 422
    assert certificate.number in page
    assert certificate.pdf_sha256 in page
    assert "Rana" not in page
    foreign = sign_in(world.other_admin).get("/certificates/").content.decode()
    assert certificate.number not in foreign


def test_both_exports_keep_the_number_of_what_was_erased(world: World, sign_in, certificate: Certificate) -> None:
    makers.draft(world, name="=cmd|'/c calc'!A1")
    client = sign_in(world.petersen)

    book = load_workbook(io.BytesIO(client.get("/certificates/register.xlsx").content))
    table = list(book.active.iter_rows(values_only=True))
    erased = NumberRegister.objects.update(certificate=None)
    text = client.get("/certificates/register.csv", {"q": certificate.number}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))

    assert erased == 1
    assert [row[0] for row in table[1:]] == [None, certificate.number]
    assert table[1][1] == "'=cmd|'/c calc'!A1"
    assert table[2][5].date() == certificate.issued_on
    assert [certificate.number, certificate.pdf_sha256] in [[row[0], row[8]] for row in rows[1:]]
    assert client.get("/certificates/register.exe").status_code == 404


@pytest.mark.parametrize("text", ["Rana Khatib", "khatib rana", "رنا", "00001", "{code}"])
def test_the_register_finds_by_words_number_and_code(
    world: World, sign_in, certificate: Certificate, text: str
) -> None:
    makers.draft(world, name="Somebody Else", holder={**certificate.content["holder"], "native_name": "", "name": "X"})

    page = sign_in(world.petersen).get("/certificates/", {"q": text.format(code=certificate.code)}).content.decode()

    assert certificate.number in page
    assert page.count("<tr>") == 2 + ("{code}" not in text and "ana" in text)
