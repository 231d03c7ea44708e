"""What the survey says, in the words and order an advisor needs during a talk."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from applicants.facts import Mapped, mapped, years
from applicants.models import Application
from applicants.names import country_name
from applicants.survey import SKILLS
from credpoints.common.languages import language_name


@dataclass(frozen=True)
class SurveyFacts:
    """The survey's answers by meaning."""

    single: Mapping[str, Any]
    degrees: list[Mapping[str, Any]]
    experiences: list[Mapping[str, Any]]
    languages: list[Mapping[str, Any]]

    @property
    def goal(self) -> str:
        return str(self.single.get("goal", ""))

    @property
    def constraints(self) -> str:
        return str(self.single.get("constraints", ""))

    @property
    def degrees_with_place(self) -> list[tuple[str, str]]:
        """Each degree's title, and where it was earned: institution and country."""
        return [(_title(row), _place(row)) for row in self.degrees]

    @property
    def languages_in_words(self) -> list[str]:
        """Each language with its levels: one level for all skills is said once."""
        return [_language(row) for row in self.languages]

    @property
    def weekly_hours(self) -> Decimal | None:
        """The hours per week that were named, if they can be read as a number."""
        try:
            hours = Decimal(str(self.single.get("weekly_hours", "")).replace(",", "."))
        except InvalidOperation:
            return None
        return hours if 0 < hours <= 80 else None


NOTHING = SurveyFacts({}, [], [], [])


def survey_facts(application: Application | None) -> SurveyFacts:
    """Read the answers as handed in."""
    if application is None or not application.snapshot:
        return NOTHING
    found: Mapped = mapped(application.form_version.survey, application.snapshot)
    return SurveyFacts(
        single=found.single,
        degrees=list(found.lists.get("degrees", [])),
        experiences=list(found.lists.get("experiences", [])),
        languages=list(found.lists.get("languages", [])),
    )


def prefilled_topics(application: Application | None) -> dict[str, dict[str, str]]:
    """The record's topics as the survey already answers them, each marked “from survey”."""
    facts = survey_facts(application)
    texts = {
        "situation": facts.constraints,
        "education": "\n".join(_degree(row) for row in facts.degrees),
        "occupation": "\n".join(_job(row) for row in facts.experiences),
        "goals": facts.goal,
    }
    return {key: {"text": text, "source": "survey"} for key, text in texts.items() if text}


def degrees_in_words(application: Application | None) -> list[str]:
    """Prior degrees as the survey names them, one line each: what may fulfil a prerequisite."""
    return [words for row in survey_facts(application).degrees if (words := _degree(row))]


def _degree(row: Mapping[str, Any]) -> str:
    return _joined(_title(row), str(row.get("institution", "")), years(dict(row)))


def _title(row: Mapping[str, Any]) -> str:
    return str(row.get("title_translated") or row.get("title") or "")


def _place(row: Mapping[str, Any]) -> str:
    """Institutions chosen from the list carry their country's code already: the name of the country replaces it."""
    country = str(row.get("country", ""))
    institution = str(row.get("institution", "")).removesuffix(f"({country})").strip()
    return _joined(institution, country_name(country) if country else "")


def _language(row: Mapping[str, Any]) -> str:
    name = language_name(str(row.get("language", "")))
    levels: Mapping[str, str] = row.get("levels") or {}
    if row.get("first_language") == "yes":
        return _("%(language)s: first language") % {"language": name}
    if len(levels) == len(SKILLS) and len(set(levels.values())) == 1:
        return f"{name}: {next(iter(levels.values()))}"
    return f"{name}: {_joined(*(f'{SKILLS[skill]} {levels[skill]}' for skill in SKILLS if skill in levels))}"


def _job(row: Mapping[str, Any]) -> str:
    return _joined(str(row.get("title", "")), str(row.get("organisation", "")), years(dict(row)))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
