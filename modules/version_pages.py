"""What the page of a draft is made of: the groups of its form, its mistakes, and the version as it would be."""

import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from credpoints.http.templatetags.components import field_anchor, field_words
from modules import checklist
from modules.checklist import Point
from modules.models import ModuleVersion
from modules.version_forms import GROUPS, DraftForm, Group
from modules.version_rows import RowForm, Rows


@dataclass(frozen=True)
class Part:
    """A group of the form as the page draws it."""

    key: str
    title: str | Promise
    lines: list[list[forms.BoundField]]
    rows: list[Rows]
    missing: list[Point]


def group_parts(form: DraftForm, version: ModuleVersion, focus: str = "") -> list[Part]:
    """The groups with their fields, lists and what is missing in them; `focus` is where somebody goes on writing."""
    for rows in form.rows.values():
        rows.begins_at_add = focus == f"{rows.kind.key}-add"
        for row in rows.forms:
            if row.prefix == focus:
                _begin_here(row)
    return [_part(form, group, points) for group, points in checklist.by_group(version)]


def _part(form: DraftForm, group: Group, points: list[Point]) -> Part:
    lines = [[form[name] for name in line.split()] for line in group.lines]
    return Part(group.key, group.title, lines, [form.rows[key] for key in group.rows], points)


def _begin_here(row: RowForm) -> None:
    widget: Any = next(iter(row.fields.values())).widget
    target = widget.widgets[0] if isinstance(widget, forms.MultiWidget) else widget
    target.attrs["autofocus"] = True


def shown(version: ModuleVersion, form: DraftForm) -> ModuleVersion:
    """The version as it would be if the form were saved; as it is saved while the form has mistakes."""
    if not form.is_bound or not form.is_valid():
        return version
    found = copy.copy(version)
    for name, value in form.facts().items():
        setattr(found, name, value)
    return found


def problems_of(form: DraftForm) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What has to be corrected, in the order of the page: sentences, and (anchor, label, sentence) per field."""
    general = [str(error) for error in form.non_field_errors()]
    found: list[tuple[str, str, str]] = []
    for group in GROUPS:
        for name in group.fields:
            found += _errors(form[name])
        for key in group.rows:
            for number, row in enumerate(form.rows[key].forms, start=1):
                for field in row:
                    found += _errors(field, f"{form.rows[key].kind.one} {number}, ")
    return general, found


def _errors(field: forms.BoundField, where: str = "") -> list[tuple[str, str, str]]:
    return [(field_anchor(field), f"{where}{field_words(field)}", str(error)) for error in field.errors]
