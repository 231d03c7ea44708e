"""The check list before a certificate is submitted for approval: what is missing, in plain words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.content import Content, forbidden_words_in, missing_elements

LABELS: dict[str, str | Promise] = {
    "plan_agreed": gettext_lazy("The plan is agreed and signed"),
    "results_final": gettext_lazy("All results are final"),
    "all_passed": gettext_lazy("Every line of the plan is finished"),
    "practice_confirmed": gettext_lazy("Practice is confirmed"),
    "name": gettext_lazy("The name as it will be printed"),
    "items": gettext_lazy("There is something to certify"),
    "elements": gettext_lazy("All eleven European standard elements are there"),
    "words": gettext_lazy("No word promises an academic degree"),
    "signatories": gettext_lazy("Signatories are named"),
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


def content_checks(content: Content) -> list[Check]:
    """What the content alone can tell."""
    missing = missing_elements(content)
    words = forbidden_words_in(content)
    return [
        Check("name", bool(content["holder"]["name"].strip()), content["holder"]["name"]),
        Check("items", bool(content["items"])),
        Check("elements", not missing, ", ".join(element["label"] for element in missing)),
        Check("words", not words or content["kind"] in {"transcript"}, ", ".join(words)),
        Check("signatories", bool(content["signatories"])),
    ]


def all_checks(content: Content, collected: list[dict[str, Any]]) -> list[Check]:
    """The collector's findings about plan and results, then those about the content."""
    found = [Check(entry["key"], bool(entry["ok"]), str(entry.get("detail", ""))) for entry in collected]
    return [*found, *content_checks(content)]


def problems(checks: list[Check]) -> str:
    """What stands in the way, as one sentence; empty when nothing does."""
    open_ones = [f"{check.label} ({check.detail})" if check.detail else check.label for check in checks if not check.ok]
    return _("Not ready yet: %(what)s.") % {"what": "; ".join(open_ones)} if open_ones else ""
