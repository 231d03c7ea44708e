"""Who can take part: rules as data against facts as data, with the values that decided.

The same functions serve the public one-minute check, every submission and the what-if view. They decide nothing
about people: “manual” asks an advisor to look, and staff may override any result with a reason.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.fields import field_name
from applicants.names import country_name
from applicants.survey import DEGREES, LEVELS, SKILLS
from credpoints.common.languages import language_name

MET, NOT_MET, MANUAL = "met", "not_met", "manual"
KINDS: dict[str, str | Promise] = {
    "degree_outside": gettext_lazy("Degree completed outside the country"),
    "degree_type": gettext_lazy("Type of degree"),
    "field_in": gettext_lazy("Field of study"),
    "residence_in": gettext_lazy("Country of residence"),
    "language_min": gettext_lazy("Language level per skill"),
    "student_of_partner": gettext_lazy("Student of a partner university"),
    "holds_credential": gettext_lazy("Credential held"),
    "module_passed": gettext_lazy("Module passed"),
    "age_min": gettext_lazy("Minimum age"),
    "manual": gettext_lazy("Checked by an advisor"),
}


@dataclass(frozen=True)
class Degree:
    country: str = ""
    kind: str = ""
    field: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known about an applicant, as far as rules ask for it. Empty means not stated."""

    residence: str = ""
    degrees: tuple[Degree, ...] = ()
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # {"de": {"reading": "B2"}}
    email_domain: str = ""
    birth_date: date | None = None
    credentials: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """One rule of a programme."""

    key: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "must"


@dataclass(frozen=True)
class Finding:
    """What a rule found, with the values used, so that it can be explained in any language later."""

    key: str
    kind: str
    severity: str
    result: str
    values: dict[str, Any]


def check(rules: Iterable[Rule], facts: Facts, *, on: date) -> list[Finding]:
    """Judge every rule."""
    return [judge(rule, facts, on=on) for rule in rules]


def judge(rule: Rule, facts: Facts, *, on: date) -> Finding:
    """Judge one rule."""
    result, values = _JUDGES[rule.kind](rule.params, facts, on)
    return Finding(rule.key, rule.kind, rule.severity, result, values)


def overall(results: Iterable[tuple[str, str]]) -> str:
    """Sum (severity, result) up: a must that is not met decides, then anything that somebody has to look at."""
    pairs = list(results)
    if ("must", NOT_MET) in pairs:
        return NOT_MET
    return MANUAL if any(severity == "must" and result == MANUAL for severity, result in pairs) else MET


Judgement = tuple[str, dict[str, Any]]


def _foreign(params: Mapping[str, Any], facts: Facts) -> list[Degree]:
    """The degrees a rule looks at: with `outside`, only those completed in another country."""
    outside = params.get("outside", "")
    return [d for d in facts.degrees if not outside or (d.country and d.country != outside)]


def _degree_outside(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    home = params.get("country", "DE")
    seen = sorted({d.country for d in facts.degrees if d.country})
    return (MET if any(c != home for c in seen) else NOT_MET), {"countries": seen, "home": home}


def _degree_type(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    kinds = sorted({d.kind for d in _foreign(params, facts) if d.kind})
    accepted = params.get("accepted", ["bachelor", "master", "diploma", "doctorate"])
    values = {"kinds": kinds, "accepted": list(accepted)}
    if set(kinds) & set(accepted):
        return MET, values
    return (MANUAL if set(kinds) & set(params.get("comparable", ["other"])) else NOT_MET), values


def _field_in(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    codes = sorted({d.field for d in _foreign(params, facts) if d.field})
    prefixes = tuple(params.get("fields", []))
    values = {"fields": codes, "accepted": list(prefixes)}
    if any(code.startswith(prefixes) for code in codes):
        return MET, values
    # Titles mislead: a person looks at every other field before anybody is turned away.
    return (MANUAL if codes else NOT_MET), values


def _residence_in(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    accepted = params.get("countries", ["DE"])
    return (MET if facts.residence in accepted else NOT_MET), {"country": facts.residence, "accepted": list(accepted)}


def _language_min(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    language = params.get("language", "de")
    needed = params.get("levels", {})
    given = facts.languages.get(language, {})
    below = [s for s in SKILLS if s in needed and rank(given.get(s, "")) < rank(needed[s])]
    values = {"language": language, "needed": dict(needed), "given": dict(given), "below": below}
    return (NOT_MET if below else MET), values


def _student_of_partner(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    domains = [str(d).lower() for d in params.get("domains", [])]
    domain = facts.email_domain.lower()
    met = any(domain == known or domain.endswith(f".{known}") for known in domains)
    return (MET if met else MANUAL), {"domain": domain}


def _holds_credential(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    wanted = params.get("credentials", [])
    held = sorted(set(wanted) & facts.credentials)
    return (MET if held else MANUAL), {"wanted": list(wanted), "held": held}


def _module_passed(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    wanted = params.get("modules", [])
    missing = sorted(set(wanted) - facts.modules)
    return (MANUAL if missing else MET), {"wanted": list(wanted), "missing": missing}


def _age_min(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    years = int(params.get("years", 18))
    if facts.birth_date is None:
        return MANUAL, {"years": years, "age": None}
    born = facts.birth_date
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return (MET if age >= years else NOT_MET), {"years": years, "age": age}


def _manual(params: Mapping[str, Any], facts: Facts, on: date) -> Judgement:
    return MANUAL, {}


_JUDGES: dict[str, Callable[[Mapping[str, Any], Facts, date], Judgement]] = {
    "degree_outside": _degree_outside,
    "degree_type": _degree_type,
    "field_in": _field_in,
    "residence_in": _residence_in,
    "language_min": _language_min,
    "student_of_partner": _student_of_partner,
    "holds_credential": _holds_credential,
    "module_passed": _module_passed,
    "age_min": _age_min,
    "manual": _manual,
}


def rank(level: str) -> int:
    """Where a CEFR level stands: A1 is 1; a first language stands above all; nothing stated is 0."""
    if level == "native":
        return len(LEVELS) + 1
    return LEVELS.index(level) + 1 if level in LEVELS else 0


# --- Explanations: the values in words -------------------------------------------------------------------------------


def explain(kind: str, values: Mapping[str, Any]) -> str:
    """Say with which values a rule decided, in the reader's language."""
    explainer = _EXPLAINERS.get(kind)
    return explainer(values) if explainer else ""


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(str(name) for name in names) or _("nothing stated")


def _explain_degree_outside(values: Mapping[str, Any]) -> str:
    return _("Your degrees are from: %(countries)s.") % {"countries": _listed(map(country_name, values["countries"]))}


def _explain_degree_type(values: Mapping[str, Any]) -> str:
    return _("Your degrees: %(kinds)s.") % {"kinds": _listed(DEGREES.get(kind, kind) for kind in values["kinds"])}


def _explain_field_in(values: Mapping[str, Any]) -> str:
    return _("Your fields of study: %(fields)s. Expected: %(accepted)s.") % {
        "fields": _listed(map(field_name, values["fields"])),
        "accepted": _listed(map(field_name, values["accepted"])),
    }


def _explain_residence_in(values: Mapping[str, Any]) -> str:
    return _("You live in: %(country)s.") % {
        "country": country_name(values["country"]) if values["country"] else _("nothing stated")
    }


def _explain_language_min(values: Mapping[str, Any]) -> str:
    language = language_name(values["language"])
    if not values["below"]:
        return _("%(language)s: every skill is at the level needed.") % {"language": language}
    parts = [
        _("%(skill)s %(given)s (needed: %(needed)s)") % {
            "skill": SKILLS[skill], "given": values["given"].get(skill) or "–", "needed": values["needed"][skill]}
        for skill in values["below"]
    ]  # fmt: skip
    return _("%(language)s: %(parts)s.") % {"language": language, "parts": ", ".join(parts)}


def _explain_student_of_partner(values: Mapping[str, Any]) -> str:
    return _("Your mail address belongs to: %(domain)s.") % {"domain": values["domain"] or "–"}


def _explain_holds_credential(values: Mapping[str, Any]) -> str:
    return _("Credentials held: %(held)s.") % {"held": _listed(values["held"])}


def _explain_module_passed(values: Mapping[str, Any]) -> str:
    return _("Modules still to be shown: %(missing)s.") % {"missing": _listed(values["missing"])}


def _explain_age_min(values: Mapping[str, Any]) -> str:
    return _("Minimum age: %(years)s.") % {"years": values["years"]}


_EXPLAINERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "degree_outside": _explain_degree_outside,
    "degree_type": _explain_degree_type,
    "field_in": _explain_field_in,
    "residence_in": _explain_residence_in,
    "language_min": _explain_language_min,
    "student_of_partner": _explain_student_of_partner,
    "holds_credential": _explain_holds_credential,
    "module_passed": _explain_module_passed,
    "age_min": _explain_age_min,
}
