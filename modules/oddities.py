"""What is odd about a module without stopping it: found when reading a file, shown to those who keep the catalogue."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, str | Promise] = {
    "hours_per_credit": _("%(hours)s hours for %(credits)s credits are %(ratio)s per credit, outside 25 to 30."),
    "duplicate_code": _("The code “%(code)s” is used by several modules: %(others)s."),
    "empty_code": _("The module has no code."),
    "odd_duration": _("A duration of %(terms)s terms cannot be right; it is kept but not shown."),
    "missing_assessment": _("No assessment is stated."),
    "missing_outcomes": _("No learning outcomes are stated."),
    "missing_workload": _("No hours of work are stated."),
    "missing_criteria": _("No criteria are stated; the pass mark of the grading scale is taken."),
    "missing_field": _("No field (ISCED-F) is stated."),
    "odd_frequency": _("“%(text)s” is not one of the usual ways to say how often a module is offered."),
    "odd_contact_time": _("The contact time “%(text)s” cannot be read as hours."),
    "odd_hours": _("%(name)s: %(hours)s hours cannot be right; they are kept in the source only."),
    "parts_differ": _("Contact time and self-study make %(parts)s hours, not %(hours)s."),
    "derived_level": _("The EQF level was derived by the source and is not stated by the provider."),
    "derived_field": _("The field was derived by the source and is not stated by the provider."),
}


@dataclass(frozen=True)
class Oddity:
    """One remark: a key of `SENTENCES` and what fills its gaps."""

    key: str
    facts: dict[str, Any]

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.key]) % self.facts

    def as_json(self) -> dict[str, Any]:
        return {"oddity": self.key, **self.facts}


def oddity(key: str, /, **facts: Any) -> Oddity:
    """Make a remark; an unknown key is a programming error."""
    SENTENCES[key]
    return Oddity(key, facts)


def sentences_of(stored: list[dict[str, Any]]) -> list[str]:
    """The remarks that a version keeps, in the reader's language."""
    return [
        Oddity(row["oddity"], {name: value for name, value in row.items() if name != "oddity"}).sentence
        for row in stored
        if row.get("oddity") in SENTENCES
    ]
