"""What a draft still needs before it can be published and what one might look at again, with the place in its form."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from credpoints.common.languages import language_name
from credpoints.common.translated import missing_languages
from modules.comparing import label_of
from modules.drafting import TEXTS
from modules.models import ModuleVersion
from modules.publishing import required_facts
from modules.version_forms import GROUPS, Group

# Element of the list in publishing.py: the group of the form and the control in it.
PLACES = {
    "title": ("texts", "id_title_0"),
    "outcomes": ("outcomes", "id_outcomes-0-text_0"),
    "assessment": ("assessment", "id_assessments-0-type"),
    "criteria": ("assessment", "id_assessments-0-criteria_0"),
    "workload": ("work", "id_hours"),
    "hours_reason": ("work", "id_hours_reason"),
    "level": ("level", "id_eqf_level"),
    "language": ("teaching", "id_languages_0"),
    "admission": ("admission", "id_admission"),
    "quality": ("quality", "id_quality_assurance"),
    "evidence": ("evidence", "id_market_evidence-0-source"),
}


@dataclass(frozen=True)
class Point:
    """One sentence and the control that it is about."""

    sentence: str | Promise
    group: str
    anchor: str


def missing(version: ModuleVersion) -> list[Point]:
    """What stops this version from being published."""
    found = [fact for fact in required_facts(version) if not fact.is_there]
    return [Point(fact.missing, PLACES[fact.key][0], _anchor(version, fact.key)) for fact in found]


def _anchor(version: ModuleVersion, key: str) -> str:
    if key == "criteria":
        without = (at for at, row in enumerate(version.assessments) if not any((row.get("criteria") or {}).values()))
        return f"id_assessments-{next(without, 0)}-criteria_0"
    return PLACES[key][1]


def by_group(version: ModuleVersion) -> list[tuple[Group, list[Point]]]:
    """The groups of the form, each with what is missing in it."""
    points = missing(version)
    return [(group, [point for point in points if point.group == group.key]) for group in GROUPS]


def remarks(version: ModuleVersion) -> list[Point]:
    """What may be right and is worth a second look; nothing of it stops anybody."""
    return [*_parts(version), *_shares(version), *_translations(version)]


def _parts(version: ModuleVersion) -> list[Point]:
    parts = sum((Decimal(row.get("hours") or 0) for row in version.workload), Decimal(0))
    if not parts or parts == version.hours:
        return []
    facts = {"parts": f"{parts.normalize():f}", "hours": f"{version.hours.normalize():f}"}
    return [Point(_("The parts of the work make %(parts)s hours, not %(hours)s.") % facts, "work", "id_hours")]


def _shares(version: ModuleVersion) -> list[Point]:
    total = sum(int(row.get("weight") or 0) for row in version.assessments)
    if not total or total == WHOLE:
        return []
    sentence = _("The assessments make %(total)s percent of the grade together.") % {"total": total}
    return [Point(sentence, "assessment", "id_assessments-0-weight")]


def _translations(version: ModuleVersion) -> list[Point]:
    found = []
    for at, (code, _name) in enumerate(settings.LANGUAGES):
        names = [name for name in TEXTS if _lacks(getattr(version, name), code)]
        if names:
            sentence = _("Not yet in %(language)s: %(fields)s.") % {
                "language": language_name(code), "fields": ", ".join(label_of(name) for name in names),
            }  # fmt: skip
            found.append(Point(sentence, "texts", f"id_{names[0]}_{at}"))
    return found


def _lacks(texts: Any, code: str) -> bool:
    """Written in some language and not in this one."""
    return any(texts.values()) and bool(missing_languages(texts, [code]))


WHOLE = 100
