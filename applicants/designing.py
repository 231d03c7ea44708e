"""Changing a form document: pure functions that return a new document and leave the old one alone."""

import copy
from typing import Any

from django.utils.translation import gettext as _

from credpoints.common.translated import TextIn, text_in

Document = dict[str, Any]


class NoSuchPlace(LookupError):
    """The document has no section or question of this key."""


def _place(rows: list[Document], key: str) -> int:
    for number, row in enumerate(rows):
        if row["key"] == key:
            return number
    raise NoSuchPlace(key)


def section_of(document: Document, key: str) -> Document:
    """The section of this key; a dictionary inside the document."""
    found: Document = document["sections"][_place(document["sections"], key)]
    return found


def question_of(document: Document, section: str, key: str) -> Document:
    rows = section_of(document, section)["questions"]
    found: Document = rows[_place(rows, key)]
    return found


def put_section(document: Document, old_key: str, facts: Document) -> Document:
    """Change a section's own facts, or add a new one at the end when `old_key` is empty."""
    changed = copy.deepcopy(document)
    if old_key:
        at = _place(changed["sections"], old_key)
        changed["sections"][at] = {**facts, "questions": changed["sections"][at]["questions"]}
    else:
        changed["sections"].append({**facts, "questions": []})
    return changed


def put_question(document: Document, section: str, old_key: str, facts: Document) -> Document:
    """Change a question, or add a new one at the end of the section."""
    changed = copy.deepcopy(document)
    rows = section_of(changed, section)["questions"]
    if old_key:
        rows[_place(rows, old_key)] = facts
    else:
        rows.append(facts)
    return changed


def remove(document: Document, section: str, key: str = "") -> Document:
    """Take a question out, or a whole section when `key` is empty."""
    changed = copy.deepcopy(document)
    rows = section_of(changed, section)["questions"] if key else changed["sections"]
    rows.pop(_place(rows, key or section))
    return changed


def move(document: Document, section: str, key: str = "", *, up: bool) -> Document:
    """Move a question within its section, or a section when `key` is empty, by one place."""
    changed = copy.deepcopy(document)
    rows = section_of(changed, section)["questions"] if key else changed["sections"]
    at = _place(rows, key or section)
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return changed


def asked_before(document: Document, section: str, key: str = "") -> list[tuple[str, str]]:
    """What a condition here can name: (key, text of the question) of everything asked before it.

    Questions of several entries count only within their own entry. An empty `section` is a new page at the end.
    """
    found: list[tuple[str, str]] = []
    for page in document["sections"]:
        is_here = page["key"] == section
        if is_here and not key:
            break
        for question in page["questions"] if is_here or not page.get("repeatable") else []:
            if is_here and question["key"] == key:
                break
            if question["type"] not in {"info", "file"}:
                label = label_in_conditions(question["type"], question["label"])
                found.append((question["key"], f"{label} ({question['key']})"))
        if is_here:
            break
    return found


def label_in_conditions(kind: str, label: TextIn) -> str:
    """A question as conditions name it: of five answers in one, a test looks at all of them."""
    text = text_in(label)
    return _("%(question)s, in any of the five skills") % {"question": text} if kind == "cefr" else text
