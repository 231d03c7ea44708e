"""The administrator designs the survey: a condition on a language level, with and without script."""

import pytest
from playwright.sync_api import Page

from applicants.actions.designing import begin_form_draft
from applicants.default_form import default_form
from applicants.models import FormVersion
from tests.people import World

PLACE = "/programmes/credit-points/form/pages/languages/language_evidence/"


def groups_offered(page: Page) -> list[str]:
    groups = page.locator("#id_test_answer_1 optgroup")
    return [text for text in groups.evaluate_all("all => all.filter(g => !g.hidden).map(g => g.label)")]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_level_is_chosen_for_a_condition(world: World, open_page, javascript: bool) -> None:
    begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    page = open_page(PLACE, user=world.petersen, language="en", javascript=javascript)
    everything = groups_offered(page)
    assert len(everything) > 1

    page.select_option("#id_test_question_1", "levels")
    only = ["Your level, in any of the five skills (levels)"]
    assert groups_offered(page) == (only if javascript else everything)
    page.select_option("#id_test_answer_1", "at least B1")
    page.locator("button", has_text="Save").click()

    page.wait_for_url("**/form/#q-language_evidence")
    said = "“Your level, in any of the five skills” is one of: at least B1"
    assert said in page.locator("#q-language_evidence").inner_text()
    tests = FormVersion.objects.get().survey.section("languages").question("language_evidence").visible_if.tests
    assert tests[1].values == ("B1", "B2", "C1", "C2")
