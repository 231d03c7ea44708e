"""The plan on paper: content, signature block, version and hash."""

import importlib
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from planning.models import ItemKind, PlanVersion

KINDS = dict(ItemKind.choices)


def plan_page(version: PlanVersion) -> dict[str, Any]:
    """What the printed plan shows: only what was signed."""
    content = version.content()
    terms: dict[str, list[dict[str, Any]]] = {}
    for line in content["lines"]:
        terms.setdefault(line["term"], []).append(line | {"kind_words": KINDS.get(line["kind"], line["kind"])})
    return {
        "version": version,
        "participation": version.plan.participation,
        "content": content,
        "terms": [
            {
                "code": code,
                "lines": lines,
                "hours": sum((Decimal(line["hours"]) for line in lines), Decimal(0)),
                "credits": sum((Decimal(line["credits"]) for line in lines), Decimal(0)),
            }
            for code, lines in terms.items()
        ],
        "hours": sum((Decimal(line["hours"]) for line in content["lines"]), Decimal(0)),
        "credits": sum((Decimal(line["credits"]) for line in content["lines"]), Decimal(0)),
        "signatures": list(version.signatures.filter(voided_at=None)),
    }


def plan_pdf(version: PlanVersion) -> bytes:
    """Print a version in the programme's language."""
    programme = version.plan.participation.programme
    with translation.override(programme.default_language), timezone.override(ZoneInfo(programme.time_zone)):
        html = render_to_string("planning/print/plan.html", plan_page(version))
    # Loaded when it is needed: it takes half a second, and without its system libraries nothing else should stop.
    weasyprint: Any = importlib.import_module("weasyprint")
    return bytes(weasyprint.HTML(string=html).write_pdf())
