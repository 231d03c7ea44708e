"""Pages of the register: replace, export, withdraw."""

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


def test_withdrawing_needs_both_reasons_and_can_leave_the_mail_out(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.petersen)
    address = f"/certificates/{certificate.uuid}/revoke/"

    refused = client.post(address, {"public_reason": "Irrtum"})
    done = client.post(address, {"public_reason": "Irrtum", "internal_reason": "Akte 7"})

    certificate.refresh_from_db()
    assert (refused.status_code, done.status_code) == (422, 302)
    assert certificate.state == State.REVOKED


def test_the_holder_downloads_every_form(world: World, sign_in) -> None:
    certificate = makers.issued(world)
    client = sign_in(world.rana)

    answers = {form: client.get(f"/certificates/{certificate.uuid}/download.{form}") for form in ("json", "png", "elm")}
    page = client.get(certificate.get_absolute_url()).content.decode()

    assert {form: answer.status_code for form, answer in answers.items()} == {"json": 200, "png": 200, "elm": 200}
    assert answers["elm"]["Content-Disposition"] == f'attachment; filename="{certificate.number}.elm.json"'
    assert answers["elm"].json()["credential"]["type"][1] == "EuropeanDigitalCredential"
    assert "download.elm" in page
