"""What a rule checks, in one line: to compare with the words that applicants read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from applicants.fields import field_name
from applicants.names import country_name
from applicants.survey import DEGREES, SKILLS
from credpoints.common.languages import language_name

Params = Mapping[str, Any]


def rule_in_words(kind: str, params: Params) -> str:
    """Say what is checked, in the reader's language."""
    return {
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
    }[kind](params)


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(map(str, names)) or "–"


def _outside(params: Params, sentence: str) -> str:
    if not params.get("outside"):
        return sentence
    where = _("Only degrees from outside of %(country)s count.") % {"country": country_name(params["outside"])}
    return f"{sentence} {where}"


def _degree_outside(params: Params) -> str:
    return _("A degree from outside of %(country)s.") % {"country": country_name(params.get("country", "DE"))}


def _degree_type(params: Params) -> str:
    sentence = _("Accepted: %(accepted)s. An advisor looks at: %(comparable)s.") % {
        "accepted": _listed(DEGREES.get(kind, kind) for kind in params.get("accepted", [])),
        "comparable": _listed(DEGREES.get(kind, kind) for kind in params.get("comparable", [])),
    }
    return _outside(params, sentence)


def _field_in(params: Params) -> str:
    fields = _listed(map(field_name, params.get("fields", [])))
    return _outside(params, _("Accepted: %(fields)s. An advisor looks at every other one.") % {"fields": fields})


def _residence_in(params: Params) -> str:
    return _("Lives in: %(countries)s.") % {"countries": _listed(map(country_name, params.get("countries", ["DE"])))}


def _language_min(params: Params) -> str:
    levels = params.get("levels", {})
    return _("%(language)s: %(parts)s.") % {
        "language": language_name(params.get("language", "de")),
        "parts": _listed(f"{SKILLS[skill]} {levels[skill]}" for skill in SKILLS if skill in levels),
    }


def _student_of_partner(params: Params) -> str:
    return _("Mail address of: %(domains)s.") % {"domains": _listed(params.get("domains", []))}


def _holds_credential(params: Params) -> str:
    return _("Holds one of: %(names)s.") % {"names": _listed(params.get("credentials", []))}


def _module_passed(params: Params) -> str:
    return _("Has passed all of: %(names)s.") % {"names": _listed(params.get("modules", []))}


def _age_min(params: Params) -> str:
    return _("At least %(years)s years old.") % {"years": params.get("years", 18)}


def _manual(params: Params) -> str:
    return _("An advisor looks at every application.")
