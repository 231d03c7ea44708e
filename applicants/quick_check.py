"""“Could this be for me?”: asks exactly what a programme's rules look at, in the words of the survey."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applicants.eligibility import Degree, Facts, Rule
from applicants.fields import FIELDS
from applicants.names import countries
from applicants.survey import DEGREES, LEVELS, SKILLS
from credpoints.common.languages import language_name

Choices = list[tuple[str, Any]]
ABOUT_DEGREES = {"degree_outside", "degree_type", "field_in"}


class QuickCheckForm(forms.Form):
    """Its questions depend on the rules; nothing of the answers is kept."""

    def __init__(self, *args: Any, rules: Iterable[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = list(rules)
        kinds = {rule.kind for rule in rules}
        self.languages = sorted({rule.params.get("language", "de") for rule in rules if rule.kind == "language_min"})
        if "residence_in" in kinds:
            self._ask("residence", _("Which country do you live in?"), countries())
        self._ask_about_the_degree(kinds)
        self._ask_about_languages()
        if "age_min" in kinds:
            self.fields["age"] = forms.IntegerField(label=_("How old are you?"), min_value=0, max_value=120)
        if "student_of_partner" in kinds:
            self.fields["email"] = forms.EmailField(label=_("Your mail address at your university"), required=False)

    def _ask_about_the_degree(self, kinds: Collection[str]) -> None:
        if not ABOUT_DEGREES.isdisjoint(kinds):
            self._ask("country", _("In which country did you complete your degree?"), countries())
        if "degree_type" in kinds:
            self._ask("kind", _("What kind of degree is it?"), list(DEGREES.items()))
        if "field_in" in kinds:
            self._ask(
                "field", _("Which field?"), [(str(label), list(names.items())) for label, names in FIELDS.values()]
            )

    def _ask_about_languages(self) -> None:
        levels: Choices = [*((level, level) for level in LEVELS), ("native", _("first language"))]
        for code in self.languages:
            self._ask(f"language_{code}", _level_of(code), [("none", _("none, or less than A1")), *levels])

    def _ask(self, name: str, label: str, choices: Choices) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", _("Please choose")), *choices])

    def facts(self, *, on: date) -> Facts:
        """The answers as facts; one level counts for all skills."""
        given = self.cleaned_data
        degree = Degree(given.get("country", ""), given.get("kind", ""), given.get("field", ""))
        return Facts(
            residence=given.get("residence", ""),
            degrees=(degree,),
            languages={code: dict.fromkeys(SKILLS, given[f"language_{code}"]) for code in self.languages},
            email_domain=given.get("email", "").rpartition("@")[2],
            # Born on the first day of that year of life: exactly so many years old, also after the 29th of February.
            birth_date=date(on.year - given["age"], 1, 1) if "age" in given else None,
        )


def _level_of(code: str) -> str:
    if code == "de":
        return _("How good is your German?")
    return _("How good are you in this language: %(language)s?") % {"language": language_name(code)}
