"""Words for the keys that module versions keep as data, and their linked data for search engines."""

import json
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import text_in
from modules.models import Context, ModuleVersion, NeedServed, Purpose, Supervision

register = template.Library()

ACTIVITIES: dict[str, str | Promise] = {
    "contact": _("contact time"),
    "self_study": _("self-study"),
    "exam": _("examination and preparation"),
    "practice": _("practice in a company"),
}
ASSESSMENTS: dict[str, str | Promise] = {
    "written": _("written examination"),
    "oral": _("oral examination"),
    "project": _("project"),
    "portfolio": _("portfolio"),
    "report": _("report"),
    "presentation": _("presentation"),
    "continuous": _("continuous assessment"),
    "confirmation": _("confirmation of participation"),
}

TAGS: dict[str, str | Promise] = dict([*Purpose.choices, *NeedServed.choices, *Context.choices])


@register.filter
def credits_in_words(version: ModuleVersion) -> str:
    """Say what a module is worth: "5 ECTS", "without credits"."""
    framework = version.get_credit_framework_display()
    return f"{plain_number(version.credits)} {framework}" if version.credits else str(_("without credits"))


@register.filter
def activity_name(key: str) -> str:
    """Name a part of the work."""
    return str(ACTIVITIES.get(key, key))


@register.filter
def assessment_name(key: str) -> str:
    """Name a type of assessment; without one the general word."""
    return capfirst(str(ASSESSMENTS.get(key, _("examination"))))


@register.filter
def supervision_name(key: str) -> str:
    """Name how an assessment is supervised."""
    return str(dict(Supervision.choices).get(key, key))


@register.filter
def tag_name(key: str) -> str:
    """Name a purpose, a need or a context."""
    return str(TAGS.get(key, key))


@register.filter
def words_of_kind(tags: list[dict[str, Any]], kind: str) -> str:
    """The tags of one kind in the reader's language, in one line."""
    return ", ".join(text_in(row.get("text")) for row in tags if row.get("kind") == kind)


@register.filter
def linked_data_script(data: dict[str, Any]) -> SafeString:
    """Write a data block that search engines read.

    The Content-Security-Policy concerns scripts that run; a block of type application/ld+json never runs. What could
    end the element is escaped as JSON allows.
    """
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
