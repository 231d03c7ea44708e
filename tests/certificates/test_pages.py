"""Pages of the register: replace, export, withdraw; and the holder's own page in every state."""

import time_machine

from certificates import actions
from certificates.models import Certificate, State
from tests.certificates import makers
from tests.people import World


def test_replacing_takes_the_present_name(world: World, sign_in) -> None:
    old = makers.issued(world)
    person = world.rana.person
    person.family_name = "Berger"
    person.save()

    response = sign_in(world.petersen).post(f"/certificates/{old.uuid}/replace/", {"reason": "Heirat"})

    new = Certificate.objects.get(replaces=old)
    old.refresh_from_db()
    assert response.status_code == 302
    assert (new.holder_name, new.state, new.number) == ("Rana Berger", State.DRAFT, None)
    assert (old.holder_name, old.state) == ("Rana Al-Khatib", State.ISSUED)


def test_the_check_list_page_shows_history_once(world: World, sign_in) -> None:
    certificate = makers.draft(world)

    text = sign_in(world.petersen).get(certificate.get_absolute_url()).content.decode()

    assert "AuditEvent" not in text
    assert text.count("history__line") == 1


def test_replacing_needs_a_reason(world: World, sign_in) -> None:
    old = makers.issued(world)

    response = sign_in(world.petersen).post(f"/certificates/{old.uuid}/replace/", {"reason": ""})

    assert response.status_code == 422
    assert not Certificate.objects.filter(replaces=old).exists()


def test_export_is_what_is_shown_and_runs_no_formula(world: World, sign_in) -> None:
    makers.draft(world, name="=cmd|'/c calc'!A1")
    makers.draft(world, name="Somebody Else")

    text = sign_in(world.petersen).get("/certificates/register.csv", {"q": "cmd"}).content.decode()

    assert "'=cmd" in text
    assert "Somebody Else" not in text


def test_the_export_names_the_day_of_the_place_where_a_certificate_ended(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    with time_machine.travel("2037-03-30 22:30:00+00:00", tick=False):  # the last of March in Berlin
        actions.revoke_certificate(certificate=certificate, by=world.petersen, public_reason="x", internal_reason="y")
        text = sign_in(world.petersen).get("/certificates/register.csv").content.decode()

    assert "2037-03-31" in text
    assert "2037-03-30" not in text


def test_withdrawing_needs_both_reasons_and_can_leave_the_mail_out(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.petersen)
    address = f"/certificates/{certificate.uuid}/revoke/"

    refused = client.post(address, {"public_reason": "Irrtum"})
    done = client.post(address, {"public_reason": "Irrtum", "internal_reason": "Akte 7"})

    certificate.refresh_from_db()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert certificate.state == State.REVOKED


def test_staff_read_since_when_and_why_a_certificate_no_longer_counts(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.vogel)
    before = client.get(certificate.get_absolute_url()).content.decode()
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum im Modul.", internal_reason="Akte 7"
    )

    text = client.get(certificate.get_absolute_url()).content.decode()

    facts = ("<dt>Begründung für die Öffentlichkeit</dt><dd>Irrtum im Modul.</dd>",
             "<dt>Begründung für die Akte</dt><dd>Akte 7</dd>")  # fmt: skip
    assert all(fact in text and fact not in before for fact in facts)


def test_the_holder_downloads_every_form(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.rana)

    answers = {form: client.get(f"/certificates/{certificate.uuid}/download.{form}") for form in ("json", "png", "elm")}
    page = client.get(certificate.get_absolute_url()).content.decode()

    assert {form: answer.status_code for form, answer in answers.items()} == {"json": 200, "png": 200, "elm": 200}
    assert answers["elm"]["Content-Disposition"] == f'attachment; filename="{certificate.number}.elm.json"'
    assert answers["elm"].json()["credential"]["type"][1] == "EuropeanDigitalCredential"
    assert "download.elm" in page


def test_the_holder_of_a_replaced_certificate_is_led_to_the_newer_one(world: World, sign_in, run_jobs) -> None:
    old = makers.issued(world)
    new = makers.replacement(world, old)
    run_jobs()
    client = sign_in(world.rana)

    former = client.get(old.get_absolute_url()).content.decode()
    present = client.get(new.get_absolute_url()).content.decode()

    assert f'Zeigen Sie das neuere: <a href="{new.get_absolute_url()}">' in former
    assert "liest, dass es ersetzt wurde, und nichts von seinem Inhalt" in former
    assert "Fragen Sie die Person" not in former
    assert ["Link erstellen</button>" in page for page in (former, present)] == [False, True]
    assert ["Jemandem zeigen" in page for page in (former, present)] == [False, True]


def test_the_holder_of_a_withdrawn_certificate_reads_why_and_whom_to_ask(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum.", internal_reason="Aktenzeichen 7"
    )

    text = sign_in(world.rana).get(certificate.get_absolute_url()).content.decode()

    assert "Begründung: Irrtum." in text
    assert f"schreiben Sie bitte an {world.programme.contact_email}." in text
    assert "sieht den ganzen Inhalt und dass es nicht mehr gültig ist" in text
    assert "Link erstellen</button>" not in text
    assert "Aktenzeichen 7" not in text


def test_the_holder_of_an_expired_certificate_reads_until_when_it_was_valid(world: World, sign_in) -> None:
    certificate = makers.issued(world, valid_until="2037-03-28")

    with time_machine.travel("2037-03-30 10:00:00+00:00", tick=False):
        text = sign_in(world.rana).get(certificate.get_absolute_url()).content.decode()

    assert "Es war gültig bis zum 28. März 2037." in text
    assert f"Wenn Sie es erneuern möchten, schreiben Sie bitte an {world.programme.contact_email}." in text
    assert "download.json" in text
    assert "Link erstellen</button>" not in text


def test_the_register_is_filtered_by_year_and_forgives_what_is_none(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    year = certificate.issued_on.year
    client = sign_in(world.petersen)

    pages = {typed: client.get("/certificates/", {"year": typed}) for typed in (str(year), str(year - 1), "0000", "x")}

    assert {typed: len(page.context["rows"]) for typed, page in pages.items()} == {
        str(year): 1,
        str(year - 1): 0,
        "0000": 1,
        "x": 1,
    }


def test_searches_leave_out_the_character_that_postgresql_refuses(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.petersen)
    wanted = {"q": "Rana\x00", "state": "issued\x00", "kind": "\x00", "year": "\x00"}

    page = client.get("/certificates/", wanted)
    table = client.get("/certificates/register.csv", wanted)
    people = client.get("/certificates/prepare/", wanted)

    assert [one for one, _tone in page.context["rows"]] == [certificate]
    assert certificate.number in table.content.decode()
    assert people.context["text"] == "Rana"
