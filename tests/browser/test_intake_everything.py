"""Nothing typed is lost: every field, then all that can go wrong, one after the other, and every character is there."""

import re

from django.urls import reverse
from playwright.sync_api import Page, expect

from applicants import actions
from applicants.models import Application
from credpoints.accounts.actions import end_other_sessions
from credpoints.organisations.models import Programme
from tests.applicants.make import make_form
from tests.browser.conftest import PHONE
from tests.people import World

SECTIONS = ("person", "education", "work", "languages", "goals", "consent")
# Answers every question that is shown and empty; says how many. Each text is its own, with letters of four scripts.
ANSWER = """() => {
  let done = 0;
  document.querySelectorAll("#survey [name^='was:']").forEach((was) => {
    const name = was.name.slice(4);
    const all = [...document.querySelectorAll(`#survey [name="${CSS.escape(name)}"]`)];
    const fields = all.filter((f) => f.checkVisibility());
    const first = fields[0];
    if (!first || first.type === "file") return;
    if (first.type === "radio" || first.type === "checkbox") {
      if (fields.some((f) => f.checked)) return;
      fields[fields.length - 1].checked = true;
    } else if (first.tagName === "SELECT") {
      if (first.value) return;
      first.selectedIndex = 2;
    } else {
      if (first.value) return;
      first.value = `${name} – ä ß é Ї رنا 你好 „“ <b>&amp;`;
    }
    first.dispatchEvent(new Event("input", { bubbles: true }));
    first.dispatchEvent(new Event("change", { bubbles: true }));
    done += 1;
  });
  return done;
}"""
READ = """() => Object.fromEntries([...document.querySelectorAll("#survey [name^='was:']")].map((was) => {
  const name = was.name.slice(4);
  const fields = [...document.querySelectorAll(`#survey [name="${CSS.escape(name)}"]`)];
  const counts = (f) => !["radio", "checkbox"].includes(f.type) || f.checked;
  return [name, fields.filter(counts).map((f) => f.value)];
}))"""


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def address_of(application: Application, key: str) -> str:
    return reverse("applicants:section", args=[application.uuid, key])


def answer_all(page: Page) -> None:
    """Answer until nothing that is shown is empty: answers bring further questions."""
    for _round in range(5):
        if not page.evaluate(ANSWER):
            return
        saved(page)


def type_goal(page: Page, text: str, expected: dict[str, list[str]]) -> None:
    page.locator('[name="goal"]').fill(text)
    expected["goal"] = [text]


def test_every_character_survives_all_that_can_go_wrong(
    world: World, open_context, last_mail, complaints: list[str]
) -> None:
    make_form(world.programme)
    application = actions.begin_application(person=world.rana.person, programme=world.programme, by=world.rana)
    context = open_context(user=world.rana, width=PHONE)
    page = context.new_page()
    expected: dict[str, list[str]] = {}

    for key in SECTIONS:
        page.goto(address_of(application, key))
        if key == "work":
            page.locator('button[value^="add:"]').click()
        answer_all(page)
        expected |= page.evaluate(READ)
    assert len([values for values in expected.values() if values and values[0]]) > 30

    page.goto(address_of(application, "goals"))
    context.set_offline(True)
    type_goal(page, "ohne Verbindung", expected)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    page.locator(".survey__end button[value=next]").click()  # stays here: the page behind it cannot be reached
    context.set_offline(False)
    saved(page)
    assert all("ERR_INTERNET_DISCONNECTED" in text for text in complaints)
    complaints.clear()

    type_goal(page, "gleich auf Englisch", expected)
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Goals and time")

    world.rana.refresh_from_db()
    end_other_sessions(user=world.rana)
    type_goal(page, "after the session has ended", expected)
    page.locator(".survey__end button[value=next]").click()
    page.locator("button[name=mail]").click()
    code = re.search(r"\b(\d{6})\b", last_mail("rana@example.org").body)
    assert code
    page.locator("input[name=code]").fill(code[1])
    with page.expect_navigation():
        page.locator("input[name=code]").press("Enter")

    page.goto(address_of(application, "goals"))
    other = context.new_page()
    other.goto(address_of(application, "goals"))
    type_goal(page, "in the first tab", expected)
    saved(page)
    other.locator('[name="constraints"]').fill("in the second tab")
    expected["constraints"] = ["in the second tab"]
    saved(other)

    Programme.objects.filter(pk=world.programme.pk).update(applications_close_at="2024-01-01T00:00:00Z")
    type_goal(page, "after the deadline", expected)
    saved(page)

    again = open_context(user=world.rana, language="en").new_page()
    found: dict[str, list[str]] = {}
    for key in SECTIONS:
        again.goto(address_of(application, key))
        found |= again.evaluate(READ)
    assert found == expected
