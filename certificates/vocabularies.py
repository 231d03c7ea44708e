"""The words of the European vocabularies that certificates point to: addresses, and names in German and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel.core import get_global
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SNB = "http://data.europa.eu/snb/"


@dataclass(frozen=True)
class Concept:
    """One entry of a controlled list."""

    uri: str
    name: str  # the list's own English name: what machines compare
    label: str | Promise  # for people, in their language


# Type of assessment (element 9 of the Council Recommendation), by the key that modules use.
ASSESSMENTS = {
    "written_exam": Concept(f"{SNB}assessment/6e6cb2cc78", "written examination", _("written examination")),
    "oral_exam": Concept(f"{SNB}assessment/d30284d7df", "oral examination", _("oral examination")),
    "portfolio": Concept(f"{SNB}assessment/4f03b91c0e", "portfolio", _("portfolio")),
    "project": Concept(f"{SNB}assessment/795dac4096", "project work", _("project work")),
    "practical": Concept(f"{SNB}assessment/6a4db9f11d", "practical assessment", _("practical assessment")),
    "assignment": Concept(f"{SNB}assessment/2939dae15f", "marked assignment", _("marked assignment")),
    "continuous": Concept(f"{SNB}assessment/3484bd7e51", "continuous evaluation", _("continuous evaluation")),
    "group": Concept(f"{SNB}assessment/56539a6507", "group performance", _("group performance")),
    "attendance": Concept(f"{SNB}assessment/7331eb4762", "level of attendance", _("level of attendance")),
    "quiz": Concept(f"{SNB}assessment/b1b68f6735", "quiz", _("quiz")),
    "peer_review": Concept(f"{SNB}assessment/812e3b0ae1", "peer review", _("peer review")),
    "peer_assessment": Concept(f"{SNB}assessment/19a2e5e671", "peer assessment", _("peer assessment")),
    "problem_based": Concept(f"{SNB}assessment/c4256a2726", "problem based learning", _("problem-based learning")),
    "artefact": Concept(f"{SNB}assessment/de4d165a6c", "artefact assessment", _("assessment of an artefact")),
}

# Form of participation (element 10).
MODES = {
    "online": Concept(f"{SNB}learning-assessment/920fbb3cbe", "Online", _("online")),
    "onsite": Concept(f"{SNB}learning-assessment/9191af2ed9", "Presential", _("on site")),
    "blended": Concept(f"{SNB}learning-assessment/e92d221e4d", "Blended", _("blended")),
    "work_based": Concept(f"{SNB}learning-assessment/729f3bed4b", "Workbased", _("at work")),
    "project_based": Concept(f"{SNB}learning-assessment/7813801c77", "Project based", _("project-based")),
    "lab_based": Concept(f"{SNB}learning-assessment/ed4c557045", "Research-Lab based", _("in the laboratory")),
}

# Quality assurance (element 11).
QUALITY = {
    "institutional": Concept(
        f"{SNB}accreditation/bb4618238e", "Institutional Quality Assurance", _("quality assurance of the institution")
    ),
    "programme": Concept(
        f"{SNB}accreditation/820101cba6", "Program Quality Assurance", _("quality assurance of the programme")
    ),
    "institutional_licence": Concept(
        f"{SNB}accreditation/003293d2ce", "Institutional License", _("licence of the institution")
    ),
    "programme_licence": Concept(f"{SNB}accreditation/e57dddfcf3", "Program License", _("licence of the programme")),
}

# Workload (element 7).
CREDITS = {
    "ECTS": Concept(f"{SNB}education-credit/6fcec5c5af", "European Credit Transfer System", "ECTS"),
    "ECVET": Concept(
        f"{SNB}education-credit/60b314e826",
        "European credit system for vocational education and training",
        "ECVET",
    ),
}

# Supervision and identity check: an optional element with four values; the list publishes two addresses for them.
SUPERVISION = {
    "unsupervised": Concept(
        f"{SNB}supervision-verification/c598449d64",
        "Unsupervised with no ID verification",
        _("not supervised, identity not checked"),
    ),
    "supervised": Concept("", "Supervised with no ID verification", _("supervised, identity not checked")),
    "supervised_online_id": Concept(
        f"{SNB}supervision-verification/70be69aaf9",
        "Supervised with ID Verification",
        _("supervised online, identity checked"),
    ),
    "supervised_onsite_id": Concept(
        f"{SNB}supervision-verification/70be69aaf9",
        "Supervised with ID Verification",
        _("supervised on site, identity checked"),
    ),
}


def eqf(level: int) -> Concept:
    """The concept of a level of the European Qualifications Framework (element 8)."""
    return Concept(f"{SNB}eqf/{level}", f"EQF level {level}", _("EQF level %(level)s") % {"level": level})


def isced_f(code: str) -> str:
    """The address of a field of education and training."""
    return f"{SNB}isced-f/{code}"


# Languages and countries as the Publications Office of the European Union names them.
AUTHORITY = "http://publications.europa.eu/resource/authority/"
LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "bs": "BOS", "ca": "CAT", "cs": "CES", "da": "DAN", "de": "DEU", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "fa": "FAS", "fi": "FIN", "fr": "FRA", "ga": "GLE", "hr": "HRV",
    "hu": "HUN", "hy": "HYE", "it": "ITA", "ka": "KAT", "ku": "KUR", "lt": "LIT", "lv": "LAV", "mk": "MKD",
    "nb": "NOB", "nl": "NLD", "pl": "POL", "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV",
    "sq": "SQI", "sr": "SRP", "sv": "SWE", "ti": "TIR", "tr": "TUR", "uk": "UKR", "vi": "VIE", "zh": "ZHO",
}  # fmt: skip


def language_address(code: str) -> str:
    """The address of a language; one that the table above does not know is “undetermined”."""
    return f"{AUTHORITY}language/{LANGUAGES.get(code.split('-', maxsplit=1)[0], 'UND')}"


def country_address(code: str) -> str:
    """The address of a country by its two letters: the authority names countries by three."""
    return f"{AUTHORITY}country/{_three_letters().get(code.upper(), code.upper())}"


@cache
def _three_letters() -> dict[str, str]:
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    former = {"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"}  # states and names that are gone
    found = {
        now[0]: alias
        for alias, now in aliases.items()
        if len(alias) == 3 and alias.isalpha() and len(now) == 1 and alias not in former
    }
    return {**found, "XK": "1A0"}  # Kosovo has a code of the authority's own
