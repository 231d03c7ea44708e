"""The intake as people meet it: on a phone, by keyboard, without script, in two windows, after the session ended."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from applicants import actions
from applicants.models import Answer
from credpoints.accounts.actions import end_other_sessions
from credpoints.organisations.models import Programme
from tests.applicants.make import ANSWERS, make_draft, make_form, make_submitted
from tests.browser.conftest import PHONE, session_of
from tests.browser.survey import FILE, SECTIONS, address_of, fill_in, large_file, saved, value
from tests.people import World


def test_the_survey_is_filled_in_without_script(world: World, open_page) -> None:
    make_form(world.programme)
    application = actions.begin_application(person=world.rana.person, programme=world.programme, by=world.rana)
    page = open_page(address_of(application, "person"), user=world.rana, javascript=False, width=PHONE)
    page.locator('button[value="next"]').last.click()
    page.locator(".error-summary a").first.click()
    assert page.url.endswith("#f-given_name")

    for key in SECTIONS:
        if key == "work":
            page.locator('button[value^="add:"]').click()
            page.locator('input[type=text][name$=".work_title"]').fill("Verkauf")
            page.locator('button[value^="remove:"]').click()
        if key == "education":
            page.locator("input[type=file]").set_input_files(FILE)
        for _round in range(3):  # what a condition shows comes with the next answer of the server
            for address, typed in ANSWERS.items():
                field = page.locator(f'[name="{address}"]')
                if field.count() and field.first.is_visible():
                    fill_in(page, {address: typed})
            page.locator(".survey__end button[value=next]").click()
            if f"/{key}/" not in page.url:
                break
            fresh = page.locator(".question:not([hidden]) .form-field-error")
            if key == "education" and fresh.count() == 0:
                break

    expect(page).to_have_url(re.compile("/review/$"))
    assert [f["name"] for f in value(application, "education.n1.degree_documents")] == ["urkunde.pdf"]
    assert value(application, "languages.n1.levels.reading") == "B2"


def test_every_field_saves_itself_and_is_there_on_another_device(world: World, open_page) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana)

    page.locator('[name="goal"]').press_sequentially("Als Ingenieurin")
    saved(page)
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Gespeichert um \d\d:\d\d"))
    other = open_page(application.get_absolute_url(), user=world.rana, width=PHONE)
    other.locator("main a", has_text="Ziele").click()

    expect(other.locator('[name="goal"]')).to_have_value("Als Ingenieurin")


def test_a_broken_connection_loses_nothing(world: World, open_page, complaints: list[str]) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana)

    page.context.set_offline(True)
    page.locator('[name="goal"]').fill("offline geschrieben")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    page.context.set_offline(False)

    saved(page)
    assert all("ERR_INTERNET_DISCONNECTED" in text for text in complaints)
    complaints.clear()
    assert value(application, "goal") == "offline geschrieben"


def test_changing_the_language_keeps_every_character(world: World, open_page) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana, javascript=False)

    page.locator('[name="goal"]').fill("noch nicht gespeichert")
    page.get_by_role("button", name="English").click()

    expect(page.locator("h1")).to_have_text("Goals and time")
    expect(page.locator('[name="goal"]')).to_have_value("noch nicht gespeichert")
    assert value(application, "goal") == "noch nicht gespeichert"


def test_two_windows_tell_each_other(world: World, open_context) -> None:
    application = make_draft(world, goal="am Anfang")
    context = open_context(user=world.rana)
    one, two = context.new_page(), context.new_page()
    for page in (one, two):
        page.goto(address_of(application, "goals"))

    one.locator('[name="goal"]').fill("im ersten Fenster")
    saved(one)
    two.locator('[name="goal"]').fill("im zweiten Fenster")

    expect(two.locator("[data-saved]")).to_contain_text("im ersten Fenster")
    assert value(application, "goal") == "im zweiten Fenster"
    kept = Answer.objects.get(application=application, address="goal").revisions.values_list("value", flat=True)
    assert {"im ersten Fenster", "im zweiten Fenster"} <= set(kept)


@pytest.mark.parametrize("javascript", [True, False])
def test_enter_in_a_line_goes_on_and_changes_no_language(world: World, open_page, javascript: bool) -> None:
    application = make_draft(world)
    page = open_page(address_of(application, "person"), user=world.rana, language="en", javascript=javascript)

    page.locator('[name="given_name"]').fill("Rania")
    page.locator('[name="given_name"]').press("Enter")

    expect(page).to_have_url(re.compile("/education/$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert value(application, "given_name") == "Rania"


@pytest.mark.parametrize("javascript", [True, False])
def test_an_ended_session_keeps_what_was_typed(world: World, open_page, last_mail, javascript: bool) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana, javascript=javascript)
    end_other_sessions(user=world.rana)

    page.locator('[name="goal"]').fill("nach dem Ende")
    page.locator(".survey__end button[value=next]").click()
    page.get_by_role("button", name="E-Mail zum Anmelden senden").click()
    code = re.search(r"\b(\d{6})\b", last_mail("rana@example.org").body)
    page.locator("input[name=code]").fill(code[1])
    with page.expect_navigation():
        page.locator("input[name=code]").press("Enter")
    page.goto(address_of(application, "goals"))

    expect(page.locator('[name="goal"]')).to_have_value("nach dem Ende")
    assert value(application, "goal") == "nach dem Ende"


def test_a_tab_closed_without_session_gives_its_text_back_after_signing_in(
    world: World, open_context, live_server
) -> None:
    application = make_draft(world, goal=None, motives=None)
    context = open_context(user=world.rana)
    page = context.new_page()
    page.goto(address_of(application, "goals"))
    end_other_sessions(user=world.rana)
    page.locator('[name="goal"]').fill("in einem Fenster, das zuging")
    page.locator('[name="motives"]').first.check()
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    page.close()
    world.rana.refresh_from_db()
    context.add_cookies([{"name": "sessionid", "value": session_of(world.rana), "url": live_server.url}])

    again = context.new_page()
    again.goto(address_of(application, "goals"))

    expect(again.locator('[name="goal"]')).to_have_value("in einem Fenster, das zuging")
    saved(again)
    assert value(application, "goal") == "in einem Fenster, das zuging"
    assert value(application, "motives") == [again.locator('[name="motives"]').first.get_attribute("value")]
    assert again.evaluate("Object.keys(localStorage)") == []


def test_an_old_unsaved_text_does_not_overwrite_a_newer_one(world: World, open_context, live_server) -> None:
    application = make_draft(world, goal="am Anfang")
    context = open_context(user=world.rana)
    page = context.new_page()
    page.goto(address_of(application, "goals"))
    end_other_sessions(user=world.rana)
    page.locator('[name="goal"]').fill("nie angekommen")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    page.close()
    world.rana.refresh_from_db()
    actions.save_answers(application=application, typed={"goal": "vom Telefon"}, by=world.rana)
    context.add_cookies([{"name": "sessionid", "value": session_of(world.rana), "url": live_server.url}])

    again = context.new_page()
    again.goto(address_of(application, "goals"))

    expect(again.locator('[name="goal"]')).to_have_value("vom Telefon")
    expect(again.locator("[data-saved]")).to_contain_text("„nie angekommen“")
    assert value(application, "goal") == "vom Telefon"


def test_a_button_waits_for_the_save_that_is_under_way(world: World, open_page) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/save/", hold)

    with page.expect_request("**/save/"):
        page.locator('[name="goal"]').fill("gleich gedrückt")
        page.locator('[name="goal"]').blur()
    page.locator(".survey__end button[value=next]").click()
    assert page.url.endswith("/goals/")
    held[0].continue_()

    expect(page).to_have_url(re.compile("/consent/$"))
    assert value(application, "goal") == "gleich gedrückt"


def test_the_deadline_stops_sending_and_nothing_else(world: World, open_page) -> None:
    application = make_draft(world, goal=None)
    page = open_page(address_of(application, "goals"), user=world.rana)
    Programme.objects.filter(pk=world.programme.pk).update(applications_close_at="2024-01-01T00:00:00Z")

    page.locator('[name="goal"]').fill("zu spät")
    saved(page)
    page.goto(reverse("applicants:review", args=[application.uuid]))

    expect(page.locator("main")).to_contain_text("Die Frist ist abgelaufen")
    assert page.locator("main form").count() == 0
    assert value(application, "goal") == "zu spät"


def test_files_go_up_in_pieces_and_refusals_keep_the_rest(world: World, open_page, tmp_path: Path) -> None:
    application = make_draft(world)
    page = open_page(address_of(application, "education"), user=world.rana)
    chooser = page.locator("input[type=file]:not([data-replaces])")

    chooser.set_input_files(FILE)
    expect(page.locator(".file-field__list")).to_contain_text("urkunde.pdf")
    chooser.set_input_files(large_file(tmp_path))
    expect(page.locator(".file-field")).to_contain_text("10,0")
    chooser.set_input_files({"name": "luege.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 5000})
    expect(page.locator("[data-upload-state]").first).to_contain_text("PDF")

    page.locator(".file__replace summary").press("Enter")
    page.locator("[data-replaces]").set_input_files({**FILE, "name": "besser.pdf"})
    expect(page.locator("[data-upload-state]")).to_contain_text("an der Stelle der früheren Datei")
    expect(page.locator(".file-field")).to_be_focused()

    assert [f["name"] for f in value(application, "education.n1.degree_documents")] == ["besser.pdf"]
    expect(page.locator('[name="education.n1.grade"]')).to_have_value("71,3")


def test_conditions_and_the_converted_grade_answer_at_once(world: World, open_page) -> None:
    application = make_draft(world, **{"education.n1.grade": None})
    page = open_page(address_of(application, "education"), user=world.rana)
    best = page.locator('[name="education.n1.grade_best"]')

    expect(best).to_be_hidden()
    page.locator('[name="education.n1.grade"]').fill("71,3")
    expect(best).to_be_visible()
    saved(page)
    page.reload()

    expect(page.locator("main")).to_contain_text("71,3 entspricht ca. 3,3 (modifizierte bayerische Formel: 3,1525")


def test_the_advisor_decides_and_edits_the_letter_without_script(world: World, open_page, last_mail) -> None:
    application = make_submitted(world)
    page = open_page("/intake/", user=world.vogel, javascript=False)

    page.get_by_role("link", name="Rana Al-Khatib").click()
    for _step in range(2):  # open the page of the step, then take it
        page.get_by_role("link", name="Prüfung beginnen").or_(
            page.get_by_role("button", name="Prüfung beginnen")
        ).click()
    page.get_by_role("link", name="Zur Beratung einladen").click()
    page.locator("textarea[name=body]").fill("Kommen Sie vorbei.")
    page.get_by_role("button", name="Zur Beratung einladen").click()

    application.refresh_from_db()
    assert application.state == "invited"
    assert last_mail("rana@example.org").body == "Kommen Sie vorbei."
