"""Writing in the portfolio in a browser."""

from playwright.sync_api import expect

from portfolios.models import Entry
from tests.browser.walker import type_before_scripts
from tests.portfolios.factories import make_entry, make_request


def test_what_is_written_on_a_train_is_saved_once_the_connection_is_back(
    world, open_page, axe, no_sideways_scrolling, complaints
) -> None:
    entry = make_entry(world.rana)
    page = open_page(f"{entry.get_absolute_url()}edit/", user=world.rana, language="en", theme="dark", width=360)
    note = page.locator("[data-not-arrived]")

    page.context.set_offline(True)
    page.locator("#id_body").fill("Im Zug geschrieben")
    expect(note).to_contain_text("no connection")
    axe(page)
    no_sideways_scrolling(page, 320)
    page.context.set_offline(False)

    expect(page.locator("#saved")).to_contain_text("3 words")
    expect(note).to_be_hidden()
    assert Entry.objects.get().body == "Im Zug geschrieben"
    complaints.clear()  # the browser notes that it was offline


def test_what_is_written_before_the_scripts_have_arrived_is_saved(world, open_page) -> None:
    entry = make_entry(world.rana)
    page = open_page("/", user=world.rana, language="en")
    type_before_scripts(page, f"{entry.get_absolute_url()}edit/", "#id_body", "Schneller als das Skript")

    expect(page.locator("#saved")).to_contain_text("4 words")
    assert Entry.objects.get().body == "Schneller als das Skript"


def test_a_new_entry_is_kept_before_it_is_saved_and_found_after_the_browser_was_closed(
    world, open_page, axe, no_sideways_scrolling
) -> None:
    page = open_page("/portfolio/entries/new/", user=world.rana, language="de", width=360)
    axe(page)
    no_sideways_scrolling(page, 320)

    page.locator("#id_body").fill("Heute habe ich")
    expect(page.locator("#saved")).to_contain_text("3 Wörter · der Titel fehlt noch")
    page.locator("#id_title").fill("Woche 1")
    expect(page.locator("#saved")).not_to_contain_text("der Titel fehlt noch")
    page.reload()

    expect(page.locator("#id_body")).to_have_value("Heute habe ich")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator("h1")).to_have_text("Woche 1")
    assert [(entry.title, entry.body) for entry in Entry.objects.all()] == [("Woche 1", "Heute habe ich")]


def test_a_mentor_marks_a_passage_and_improves_it(world, open_page, axe, no_sideways_scrolling) -> None:
    entry = make_entry(world.rana, body="Ich habe heute ein Regler gebaut.")
    make_request(entry, world.lorenz)
    page = open_page(f"/feedback/{entry.uuid}/", user=world.lorenz, language="de", width=360)
    axe(page)
    no_sideways_scrolling(page, 320)

    page.evaluate(
        """() => {
          const text = document.querySelector("[data-passages]").firstChild;
          const range = document.createRange();
          range.setStart(text, text.data.indexOf("ein Regler"));
          range.setEnd(text, text.data.indexOf(" gebaut"));
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
        }"""
    )
    expect(page.locator("#id_original")).to_have_value("ein Regler")
    expect(page.locator("#id_proposal")).to_have_value("ein Regler")
    page.locator("#id_proposal").fill("einen Regler")
    page.get_by_role("button", name="Vorschlag hinzufügen").click()

    expect(page.locator("ins")).to_have_text("einen Regler")
    assert [(found.original, found.proposal) for found in entry.suggestions.all()] == [("ein Regler", "einen Regler")]
