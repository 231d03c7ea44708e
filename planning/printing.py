"""The plan on paper: content, signature block, version and hash."""

import importlib
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from planning.contents import Content
from planning.models import ItemKind, PlanVersion, ReasonCode, Recognition

KINDS = dict(ItemKind.choices)
REASONS = dict(ReasonCode.choices)
RECOGNITION = dict(Recognition.choices)


def plan_page(version: PlanVersion) -> dict[str, Any]:
    """What the printed plan shows: only what was signed."""
    content = version.content()
    terms: dict[str, list[Content]] = {}
    for line in content["lines"]:
        terms.setdefault(line["term"], []).append(line | _words(line))
    return {
        "version": version,
        "participation": version.plan.participation,
        "content": content,
        "terms": [{"code": code, "lines": lines, **_sums(lines)} for code, lines in terms.items()],
        "sums": _sums(content["lines"]),
        "dropped": [row | {"reason": REASONS.get(row["reason"], row["reason"])} for row in content.get("dropped", [])],
        "signatures": list(version.signatures.filter(voided_at=None)),
    }


def _words(line: Content) -> Content:
    """What a line keeps as codes, in words."""
    return {
        "kind": KINDS.get(line["kind"], line["kind"]),
        "reason": REASONS.get(line.get("reason", ""), ""),
        "recognition": RECOGNITION.get(line.get("recognition", ""), ""),
    }


def _sums(lines: list[Content]) -> dict[str, Decimal]:
    return {
        name: sum((Decimal(line.get(name) or 0) for line in lines), Decimal(0)) for name in ("hours", "credits", "fee")
    }


def plan_pdf(version: PlanVersion) -> bytes:
    """Print a version in the programme's language."""
    programme = version.plan.participation.programme
    with translation.override(programme.default_language), timezone.override(ZoneInfo(programme.time_zone)):
        html = render_to_string("planning/print/plan.html", plan_page(version))
    # Loaded when it is needed: it takes half a second, and without its system libraries nothing else should stop.
    weasyprint: Any = importlib.import_module("weasyprint")
    return bytes(weasyprint.HTML(string=html).write_pdf())
