"""What a module needs before it can be published, and what is odd about it without stopping it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from modules.models import Admission, CreditFramework, ModuleVersion

HOURS_PER_CREDIT = (Decimal(25), Decimal(30))


@dataclass(frozen=True)
class Fact:
    """One element that a publishable module states."""

    key: str
    missing: str | Promise
    is_there: bool


def required_facts(version: ModuleVersion) -> list[Fact]:
    """The mandatory elements (those of the EU recommendation and of the catalogue standards), each there or not."""
    return [
        Fact("title", _("The title is missing."), bool(_any(version.title))),
        Fact("outcomes", _("Learning outcomes are missing."), any(_any(o.get("text")) for o in version.outcomes)),
        Fact("assessment", _("The assessment is missing."), bool(version.assessments)),
        Fact(
            "criteria",
            _("Each assessment needs criteria: what has to be shown to pass."),
            not version.assessments or all(_any(a.get("criteria")) for a in version.assessments),
        ),
        Fact("workload", _("The hours of work are missing."), version.hours > 0),
        Fact(
            "hours_reason",
            _("The hours differ from 25 to 30 per credit: say why."),
            bool(version.hours_reason.strip()) or not hours_are_unusual(version),
        ),
        Fact(
            "level",
            _("The EQF level is missing (or say that a level does not apply)."),
            version.eqf_level is not None or version.level_not_applicable,
        ),
        Fact("language", _("The language of teaching is missing."), bool(version.languages)),
        Fact(
            "admission",
            _("Say whether there are conditions of admission, or that there are none."),
            version.admission == Admission.NONE
            or (version.admission == Admission.RULES and bool(_any(version.admission_text))),
        ),
        Fact("quality", _("The type of quality assurance is missing."), bool(version.quality_assurance)),
        Fact(
            "evidence",
            _("Evidence of the need is missing: name at least one source and what it found."),
            any(row.get("source") and _any(row.get("finding")) for row in version.market_evidence)
            or not version.module.needs_evidence,
        ),
    ]


def missing_for_publishing(version: ModuleVersion) -> list[str | Promise]:
    """One sentence per element that is missing; empty when the version can be published."""
    return [fact.missing for fact in required_facts(version) if not fact.is_there]


def hours_are_unusual(version: ModuleVersion) -> bool:
    """Whether a credit stands for fewer than 25 or more than 30 hours."""
    if version.credit_framework != CreditFramework.ECTS or not version.credits or not version.hours:
        return False
    low, high = HOURS_PER_CREDIT
    return not low * version.credits <= version.hours <= high * version.credits


def _any(value: object) -> str:
    texts = value.values() if isinstance(value, dict) else []
    return next((str(text).strip() for text in texts if str(text).strip()), "")
