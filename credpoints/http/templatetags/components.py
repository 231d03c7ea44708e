"""Small pieces of pages: states, the path, error summaries, pages of lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from credpoints.common.path import NextStep, Station
from credpoints.organisations.models import Stage

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present address with some parameters changed, for filters, sorting and pages: `{% query page=2 %}`."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else request.path


@register.inclusion_tag("components/state.html")
def state(label: Any, tone: str = "neutral") -> dict[str, Any]:
    """A state in words with a shape and a colour; tones: neutral, current, good, warning, bad."""
    return {"label": label, "tone": tone}


@dataclass(frozen=True)
class Stop:
    """One station as the path draws it."""

    name: str
    word: str
    status: str
    text: str | Promise
    at: datetime | None
    url: str
    next: NextStep | None


def status_words() -> dict[str, str]:
    return {
        "done": pgettext("station of the path", "done"),
        "current": pgettext("station of the path", "now"),
        "to_come": pgettext("station of the path", "to come"),
        "skipped": pgettext("station of the path", "skipped"),
    }


@register.inclusion_tag("components/path.html")
def path(stations: Sequence[Station], next_step: NextStep | None = None, size: str = "large") -> dict[str, Any]:
    """The path of one person: `{% path stations next_step %}`; in lists `{% path stations size="small" %}`."""
    words = status_words()
    stops = [
        Stop(
            name=str(Stage(station.stage).label),
            word=words[station.status],
            status=station.status,
            text=station.text,
            at=station.at,
            url=station.url,
            next=next_step if next_step and station.status == "current" and next_step.stage == station.stage else None,
        )
        for station in stations
    ]
    return {"stops": stops, "now": next((s for s in stops if s.status == "current"), None), "size": size}


@register.inclusion_tag("components/path.html")
def path_explained(stages: Sequence[Stage]) -> dict[str, Any]:
    """The path as an explanation on public pages: what happens at each station of a programme."""
    texts = {
        Stage.APPLICATION: _("You tell us about yourself, step by step; everything is saved as you type."),
        Stage.CONSULTATION: _("You talk with an advisor about where you want to go."),
        Stage.PLAN: _("You both sign a plan that fits your time."),
        Stage.LEARNING: _("You attend the modules of your plan."),
        Stage.PORTFOLIO: _("Your results and your own work come together."),
        Stage.CERTIFICATE: _("You receive a certificate that everybody can verify."),
    }
    stops = [Stop(str(Stage(s).label), "", "to_come", texts[Stage(s)], None, "", None) for s in stages]
    return {"stops": stops, "now": None, "size": "large"}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """What has to be corrected, each line a link to its field; nothing when nothing is wrong.

    A form that crispy draws brings its summary along, unless this tag has already shown it further up the page.
    """
    general: list[str] = []
    fields: list[tuple[str, str, str]] = []
    for form in forms:
        if form is None or getattr(form, "summary_shown", False) or not form.is_bound or not form.errors:
            continue
        form.summary_shown = True  # type: ignore[attr-defined]
        general += [str(error) for error in form.non_field_errors()]
        for field in form:
            fields += [(field_anchor(field), field_words(field), str(error)) for error in field.errors]
    return {"general": general, "fields": fields}


def field_words(field: BoundField) -> str:
    """The label as the beginning of a line: “Given names:”, but “How can you attend?”."""
    label = str(field.label or "").rstrip(" .:")
    return label if not label or label.endswith("?") else f"{label}:"


def field_anchor(field: BoundField) -> str:
    """The id of the first control of a field; groups of choices have none of their own."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list that keep its filters: `{% pagination page %}`; the parameter is `page`."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"page": page, "numbers": list(elided), "gap": page.paginator.ELLIPSIS, "request": context["request"]}
