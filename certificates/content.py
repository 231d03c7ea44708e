"""What a certificate says, as plain data: collected once, frozen with a hash, and the only source of every file.

Numbers are strings with a point, days are ISO dates, texts are tables of language and text, lists of the European
vocabularies are named by the keys of `certificates.vocabularies`.
"""

import calendar
import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NotRequired, TypedDict

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.vocabularies import ASSESSMENTS, CREDITS, MODES, QUALITY, SUPERVISION, eqf
from credpoints.common.tokens import content_hash
from credpoints.common.translated import TextIn, text_in

FORMAT = 1


class Outcome(TypedDict):
    """One learning outcome, with the ESCO skills it names."""

    text: TextIn
    esco: list[dict[str, str]]  # [{"uri": …, "name": …}]


class Item(TypedDict):
    """One line of the certificate: a module, practice, mentoring, or something recognised."""

    kind: str
    code: str
    title: TextIn
    provider: TextIn
    country: str
    credits: str
    hours: str
    level: int | None
    language: str
    mode: str
    assessment: list[str]
    outcomes: list[Outcome]
    isced_f: str
    grade: str
    scheme: str
    passed: bool | None
    status: str  # own, recognised, credited or exempt
    date: str
    note: TextIn


class Holder(TypedDict):
    """Who has earned it."""

    uuid: str
    name: str
    native_name: str
    birth_date: str
    email_hash: str
    email_salt: str


class Issuer(TypedDict):
    """The awarding body."""

    slug: str
    name: TextIn
    country: str
    region: str
    city: str
    website: str
    email: str
    identifiers: list[dict[str, str]]


class Signatory(TypedDict):
    name: str
    position: TextIn


class Logo(TypedDict):
    """A picture of a template; `sha256` holds its bytes to what was approved."""

    file: int
    sha256: str
    alt: TextIn
    place: str  # head or foot


class Design(TypedDict):
    """What a version of a template adds: how the pages look and the words around the content."""

    template: str
    version: int
    layout: str
    texts: dict[str, TextIn]  # by the slots of certificates.designs
    logos: list[Logo]


class Content(TypedDict):
    """The whole certificate."""

    format: int
    kind: str
    languages: list[str]
    own_languages: NotRequired[bool]  # chosen for this certificate; a template does not change them
    holder: Holder
    title: TextIn
    summary: TextIn
    programme: TextIn
    funding_note: TextIn
    issuer: Issuer
    items: list[Item]
    credit_framework: str
    credits: str
    hours: str
    level: int | None
    outcomes: list[Outcome]
    assessment: list[str]
    mode: str
    quality: str
    quality_text: TextIn
    supervision: str
    prerequisites: TextIn
    stackable: TextIn
    starts_on: str
    ends_on: str
    valid_until: str
    signatories: list[Signatory]
    grader_ids: list[int]
    design: NotRequired[Design]  # put in when the content is frozen; without it the pages look as `designs` says


class Issuance(TypedDict):
    """What is added when the number is given."""

    number: str
    uuid: str
    code: str
    issued_at: str  # ISO moment in UTC
    issued_on: str  # ISO date at the place of issue
    status_list: int
    status_index: int
    replaces: str


STATUS_LABELS = {
    "own": gettext_lazy("acquired"),
    "recognised": gettext_lazy("recognised (from higher education)"),
    "credited": gettext_lazy("credited (from outside higher education)"),
    "exempt": gettext_lazy("exempted"),
}


def hash_of(content: Content | dict[str, Any]) -> str:
    """The hash of everything that will be printed and signed; approvals are given to this hash."""
    return content_hash(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def total(values: Iterable[str]) -> str:
    """Add numbers written as strings: 5 + 2.5 = 7.5; what is empty counts nothing."""
    added = sum((number(value) for value in values), Decimal(0)).normalize()
    return f"{added:f}"


def number(value: str) -> Decimal:
    """A number written as a string; what is none counts nothing."""
    try:
        return Decimal(value or "0")
    except InvalidOperation:
        return Decimal(0)


def most_common_mode(items: list[Item]) -> str:
    """How somebody took part in the whole: the one mode of all items, else blended."""
    modes = {item["mode"] for item in items if item["mode"]}
    return modes.pop() if len(modes) == 1 else ("blended" if modes else "")


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def kept_in_order(values: Iterable[str]) -> list[str]:
    """Each once, where it came first; nothing that is empty."""
    return list(dict.fromkeys(value for value in values if value))


class Element(TypedDict):
    """One of the European standard elements, in words for people."""

    number: int
    label: str
    text: str


LABELS: tuple[str | Promise, ...] = (
    gettext_lazy("Learner"),
    gettext_lazy("Title of the micro-credential"),
    gettext_lazy("Country or region of the issuer"),
    gettext_lazy("Awarding body"),
    gettext_lazy("Date of issue"),
    gettext_lazy("Learning outcomes"),
    gettext_lazy("Notional workload"),
    gettext_lazy("Level"),
    gettext_lazy("Type of assessment"),
    gettext_lazy("Form of participation"),
    gettext_lazy("Quality assurance"),
)


# Presence and lists of results are no micro-credentials, and must not call themselves so.
NO_MICRO_CREDENTIALS = ("attendance", "transcript")


def elements(content: Content, language: str, issued_on: str = "") -> list[Element]:
    """The eleven obligatory elements of the Council Recommendation 2022/C 243/02, in their order."""
    with translation.override(language):
        texts = (
            content["holder"]["name"],
            text_in(content["title"], language),
            place_of(content["issuer"]),
            text_in(content["issuer"]["name"], language),
            issued_on,
            "; ".join(text_in(outcome["text"], language).rstrip(". ") for outcome in all_outcomes(content)),
            workload(content),
            str(eqf(content["level"]).label) if content["level"] else "",
            ", ".join(str(ASSESSMENTS[key].label) for key in content["assessment"] if key in ASSESSMENTS),
            form_of_participation(content),
            quality(content, language),
        )
        found = [
            Element(number=place, label=str(label), text=text)
            for place, (label, text) in enumerate(zip(LABELS, texts, strict=True), start=1)
        ]
        if content["kind"] in NO_MICRO_CREDENTIALS:
            found[1]["label"] = _("Title")
        return found


def missing_elements(content: Content) -> list[Element]:
    """What the check list must ask for before anybody can approve (the date comes with the number)."""
    language = translation.get_language() or "en"
    return [element for element in elements(content, language, "given later") if not element["text"].strip()]


def all_outcomes(content: Content) -> list[Outcome]:
    """The outcomes of the whole; where none are written, those of its items."""
    return content["outcomes"] or [outcome for item in content["items"] for outcome in item["outcomes"]]


def place_of(issuer: Issuer) -> str:
    """Country code, region and city, as far as they are known."""
    return ", ".join(kept_in_order((issuer["city"], issuer["region"], issuer["country"])))


def workload(content: Content) -> str:
    """17 ECTS (550 h), or hours alone where no credits are given."""
    credits_, hours = local(content["credits"]), local(content["hours"])
    if number(content["credits"]) and content["credit_framework"] in CREDITS:
        framework = CREDITS[content["credit_framework"]].label
        return _("%(credits)s %(framework)s (%(hours)s hours)") % {
            "credits": credits_,
            "framework": framework,
            "hours": hours,
        }
    return _("%(hours)s hours") % {"hours": hours} if number(content["hours"]) else ""


def form_of_participation(content: Content) -> str:
    """Online, on site …; what was validated was learned elsewhere, and says so."""
    mode = str(MODES[content["mode"]].label) if content["mode"] in MODES else ""
    if content["kind"] != "validation":
        return mode
    words = _("validation: acquired outside formal education, then assessed")
    return f"{words} ({mode})" if mode else words


def quality(content: Content, language: str) -> str:
    """Which kind of quality assurance, and in own words how."""
    concept = QUALITY.get(content["quality"])
    text = text_in(content["quality_text"], language)
    return ": ".join(part for part in (str(concept.label) if concept else "", text) if part)


def supervision(content: Content) -> str:
    """How it was made sure who sat the examination; empty when nobody has said it."""
    concept = SUPERVISION.get(content["supervision"])
    return str(concept.label) if concept else ""


def local(value: str) -> str:
    """Write a number with the comma or point of the active language, leaving other grades (A, passed) as they are."""
    if re.fullmatch(r"-?\d+\.\d+", value) and (translation.get_language() or "").split("-")[0] != "en":
        return value.replace(".", ",")
    return value
