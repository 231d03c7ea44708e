"""The check list before a certificate is submitted for approval: what is missing, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import degree_words
from certificates.content import Content, missing_elements, number
from certificates.letters import name_fits, unprintable
from credpoints.common.translated import text_in

LABELS: dict[str, str | Promise] = {
    "plan_agreed": gettext_lazy("The plan is agreed and signed"),
    "results_final": gettext_lazy("All results are final"),
    "all_passed": gettext_lazy("Every line of the plan is finished"),
    "practice_confirmed": gettext_lazy("Practice is confirmed"),
    "name": gettext_lazy("The name as it will be printed"),
    "items": gettext_lazy("There is something to certify"),
    "elements": gettext_lazy("All eleven European standard elements are there"),
    "words": gettext_lazy("No word promises an academic degree"),
    "words_anywhere": gettext_lazy("The words diploma and degree stand nowhere, as the programme demands"),
    "signatories": gettext_lazy("Signatories are named"),
    "name_fits": gettext_lazy("The name fits on the page"),
    "letters": gettext_lazy("Every letter can be printed"),
    "no_credits": gettext_lazy("A confirmation of attendance awards no credits"),
    "nothing_failed": gettext_lazy("No part was failed"),
    "not_over": gettext_lazy("It is still valid on the day of issue"),
    "results_there": gettext_lazy("There are final results to list"),
    "attendance_recorded": gettext_lazy("Attendance was recorded"),
    "attendance_enough": gettext_lazy("The person was there often enough"),
    "parts_add_up": gettext_lazy("The credits of the parts add up to the whole"),
    "assessed": gettext_lazy("It is said who has assessed"),
    "outcomes_met": gettext_lazy("Every learning outcome was shown"),
    "outcomes_shown": gettext_lazy("Learning outcomes that were shown"),
    "paid": gettext_lazy("Fees are paid"),
}


@dataclass(frozen=True)
class Check:
    """One line of the check list."""

    key: str
    ok: bool
    detail: str = ""

    @property
    def label(self) -> str:
        return str(LABELS.get(self.key, self.key))


@dataclass(frozen=True)
class KindRules:
    """What a kind of certificate must and must not say; element numbers as in the Council Recommendation."""

    elements: tuple[int, ...] = tuple(range(1, 12))
    credits: bool = True  # whether it may award credits
    results: bool = True  # whether every part that was examined must have been passed
    may_say_degree: bool = False


# Whoever was only present has learned nothing that was assessed, so nothing of that is asked for.
KIND_RULES = {
    "attendance": KindRules(elements=(1, 2, 3, 4, 5, 7, 10), credits=False, results=False),
    "transcript": KindRules(elements=(1, 2, 3, 4, 5), results=False, may_say_degree=True),
}


def rules_of(kind: str) -> KindRules:
    return KIND_RULES.get(kind, KindRules())


def content_checks(content: Content) -> list[Check]:
    """What the content alone can tell."""
    rules = rules_of(content["kind"])
    missing = [element for element in missing_elements(content) if element["number"] in rules.elements]
    words = [] if rules.may_say_degree else degree_words.in_own_words(content)
    name = content["holder"]["name"].strip()
    letters = unprintable("".join([name, content["holder"]["native_name"], *_own_words(content)]))
    return [
        Check("name", bool(name), name),
        Check("name_fits", name_fits(name), "" if name_fits(name) else name),
        Check("letters", not letters, " ".join(letters)),
        Check("items", bool(content["items"])),
        Check("elements", not missing, ", ".join(element["label"] for element in missing)),
        Check("words", not words, ", ".join(words)),
        Check("signatories", bool(content["signatories"])),
        *_checks_of_some(content, rules),
    ]


def _checks_of_some(content: Content, rules: KindRules) -> Iterator[Check]:
    """What is asked of some kinds only, or only of certificates that end."""
    if not rules.credits:
        given = [item["credits"] for item in content["items"] if number(item["credits"])]
        yield Check("no_credits", not given and not number(content["credits"]))
    if rules.results:
        failed = [text_in(item["title"]) for item in content["items"] if item["passed"] is False]
        yield Check("nothing_failed", not failed, ", ".join(failed))
    if content["valid_until"]:
        last_day = date.fromisoformat(content["valid_until"])
        yield Check("not_over", last_day >= timezone.localdate(), formats.date_format(last_day, "DATE_FORMAT"))


def strict_words(content: Content) -> Check:
    """For programmes that have promised that no such word stands anywhere on the document."""
    words = degree_words.in_whole_document(content)
    return Check("words_anywhere", not words, ", ".join(words))


def _own_words(content: Content) -> list[str]:
    """Every text of the content that is printed for this person alone."""
    texts = [*content["title"].values()]
    for item in content["items"]:
        texts += [*item["title"].values(), *item["provider"].values()]
    return [*texts, *(one["name"] for one in content["signatories"])]


def all_checks(content: Content, collected: list[dict[str, Any]]) -> list[Check]:
    """The collector's findings about plan and results, then those about the content."""
    found = [Check(entry["key"], bool(entry["ok"]), str(entry.get("detail", ""))) for entry in collected]
    return [*found, *content_checks(content)]


def problems(checks: list[Check]) -> str:
    """What stands in the way, as one sentence; empty when nothing does."""
    open_ones = [f"{check.label} ({check.detail})" if check.detail else check.label for check in checks if not check.ok]
    return _("Not ready yet: %(what)s.") % {"what": "; ".join(open_ones)} if open_ones else ""
