"""Story 6.1, condensed: from the programme page to a certificate that strangers' software believes.

The same pages that people use, in German and in English, by pointer, by keyboard alone and without JavaScript.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page

from applicants.models import Application
from credpoints.accounts.models import User
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import make_form
from tests.browser.walker import Walker
from tests.people import World, build_world

EMAIL = "rana.alkhatib@example.org"
# What the survey's own texts say; they are data of the programme and not in the catalogue.
SURVEY = {
    "de": {
        "given": "Vorname(n)", "family": "Familienname", "residence": "In welchem Land wohnen Sie?",
        "germany": "Deutschland", "institution": "Hochschule oder Schule", "country": "Land", "syria": "Syrien",
        "kind": "Art des Abschlusses", "title": "Titel des Abschlusses im Original", "field": "Fach",
        "to": "Bis (Monat/Jahr)", "language": "Welche Sprache?", "german": "Deutsch",
        "first": "Ist es Ihre Erstsprache?", "no": "nein", "motive": "Ich arbeite nicht in meinem Beruf.",
        "goal": "Was möchten Sie beruflich erreichen?", "hours": "Wie viele Stunden pro Woche haben Sie Zeit?",
        "data": "Ich bin einverstanden, dass meine Angaben zur Auswahl und Beratung verwendet werden.",
        "true": "Meine Angaben sind wahr und vollständig.",
    },
    "en": {
        "given": "Given name(s)", "family": "Family name", "residence": "Which country do you live in?",
        "germany": "Germany", "institution": "University or school", "country": "Country", "syria": "Syria",
        "kind": "Type of degree", "title": "Title of the degree, original", "field": "Field",
        "to": "To (month/year)", "language": "Which language?", "german": "German",
        "first": "Is it your first language?", "no": "no", "motive": "I do not work in my profession.",
        "goal": "What do you want to achieve at work?", "hours": "How many hours per week do you have?",
        "data": "I agree that my answers are used for selection and consultation.",
        "true": "My answers are true and complete.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How a run walks."""

    name: str
    language: str
    keyboard: bool = False
    javascript: bool = True
    width: int = 1280


WAYS = (
    Way("german", "de"),
    Way("english-phone", "en", width=360),
    Way("keyboard", "de", keyboard=True),
    Way("without-javascript", "en", javascript=False),
)


class Story:
    """The people of the story, each in a browser of their own."""

    def __init__(self, way: Way, world: World, open_context: Callable[..., BrowserContext], run_jobs) -> None:
        self.way, self.world, self.open_context, self.run_jobs = way, world, open_context, run_jobs
        self.survey = SURVEY[way.language]
        self.rana = self.person(None)

    def person(self, user: User | None) -> Walker:
        """A browser for this person."""
        context = self.open_context(
            user=user, language=self.way.language, width=self.way.width, javascript=self.way.javascript
        )
        page: Page = context.new_page()
        return Walker(page, self.way.language, keyboard=self.way.keyboard)

    def apply(self) -> None:
        """Programme page, survey page by page, address confirmed by the mailed code, sent."""
        rana, words = self.rana, self.survey
        rana.go("/programmes/credit-points/")
        rana.press("Apply")
        rana.fill("Your e-mail address", EMAIL)
        rana.press("Begin")
        rana.fill(words["given"], "Rana")
        rana.fill(words["family"], "Al-Khatib")
        rana.pick(words["residence"], "DE")
        rana.press("Save and continue")
        rana.fill(words["institution"], "University of Aleppo (SY)")
        rana.pick(words["country"], "SY")
        rana.pick(words["kind"], "bachelor")
        rana.fill(words["title"], "بكالوريوس في الهندسة الكهربائية")
        rana.pick(words["field"], "0713")
        rana.fill(words["to"], "07/2010")
        rana.press("Save and continue")
        rana.press("Save and continue")  # no work experience
        rana.pick(words["language"], "de")
        rana.tick('input[name$=".first_language"][value="no"]')
        if not self.way.javascript:
            rana.press("Save and continue")  # the levels appear with the page
        for skill, level in (
            ("Listening", "B2"),
            ("Reading", "B2"),
            ("Taking part in conversations", "B2"),
            ("Speaking at length", "B1"),
            ("Writing", "B1"),
        ):
            rana.pick(skill, level)
        rana.press("Save and continue")
        rana.check(words["motive"])
        rana.fill(words["goal"], "Als Elektroingenieurin arbeiten.")
        rana.fill(words["hours"], "15")
        rana.press("Save and continue")
        rana.check(words["data"])
        rana.check(words["true"])
        rana.press("Save and continue")
        code = re.search(r"\b\d{6}\b|\b[A-Z0-9]{3,4}-[A-Z0-9]{3,4}\b", self.mail(EMAIL).body)
        assert code, self.mail(EMAIL).body
        rana.fill("Code from the mail", code.group())
        rana.press("Confirm the address")
        rana.press("Send the application")
        rana.reads("APP-")

    def mail(self, address: str) -> OutboxMessage:
        return OutboxMessage.objects.filter(to__iexact=address).latest("created_at", "pk")

    @property
    def application(self) -> Application:
        return Application.objects.get(person__user__email=EMAIL)


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_from_the_programme_page_to_the_verify_page(world, open_context, run_jobs, way: Way) -> None:
    make_form(world.programme)
    story = Story(way, world, open_context, run_jobs)

    story.apply()

    assert story.application.number.startswith("APP-")
