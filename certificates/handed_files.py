"""Read handed-over wholes from a text that somebody has pasted or uploaded: JSON, or a table (CSV).

JSON is one whole as `collecting.handed_shape` shows it, or a list of them; `person` beside the other names says whose
it is. In a table each line adds one outcome, part, recognition or assessor to the whole of its `person` and `key`;
what is said about the whole stands in its first line.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Handed = dict[str, Any]

MOST_WHOLES = 200
LANGUAGE = r"(?P<language>[a-z]{2,3}(?:-[a-z0-9]{2,8})*)"
WHOLE = (
    "person", "key", "credits", "hours", "level", "credit_framework", "mode", "assessment", "supervision",
    "starts_on", "ends_on", "valid_until", "languages", "code", "isced_f",
)  # fmt: skip
WHOLE_TEXTS = ("title", "summary", "prerequisites", "stackable")
# The first word of a column, the list that its cells make an entry of, and what may follow.
ENTRIES = {
    "outcome": ("outcomes", ("code", "met", "esco"), ("text",)),
    "part": ("parts", ("status", "grade", "scheme", "passed", "credits", "date"), ("source",)),
    "module": ("parts", ("code", "hours", "level", "mode", "isced_f", "assessment", "country"), ("title", "provider")),
    "recognition": ("recognitions", ("country", "state", "reference", "until"), ()),
    "assessor": ("assessors", ("name",), ()),
}
YES = {"yes", "ja", "true", "1", "x"}
NO = {"no", "nein", "false", "0"}


def read(text: str) -> list[Handed]:
    """The wholes of a text. Raises ValidationError, naming everything that is no JSON and no table."""
    text = text.removeprefix("\ufeff").strip()
    wholes = _read_json(text) if text[:1] in ("{", "[") else _read_table(text)
    if not wholes:
        raise ValidationError(_("There is nothing in it."))
    if len(wholes) > MOST_WHOLES:
        raise ValidationError(_("At most %(most)s certificates are prepared at once.") % {"most": MOST_WHOLES})
    return wholes


def _read_json(text: str) -> list[Handed]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise ValidationError(_("This is no JSON: line %(line)s, column %(column)s cannot be read.") % place) from error
    except (RecursionError, ValueError) as error:
        raise ValidationError(_("This is no JSON that can be read.")) from error
    wholes = found if isinstance(found, list) else [found]
    if not all(isinstance(whole, dict) for whole in wholes):
        raise ValidationError(_("A list of tables of names and values is expected."))
    return wholes


def _read_table(text: str) -> list[Handed]:
    lines = _lines(text)
    header = [name.strip().lower() for name in lines[0]] if lines else []
    _check_header(header)
    wholes: dict[tuple[str, str], Handed] = {}
    faults = []
    for number, line in enumerate(lines[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(header, line, strict=False) if cell.strip()}
        if len(line) > len(header):
            faults.append(_("Line %(number)s has more cells than the first line has names.") % {"number": number})
        if cells:
            whole = wholes.setdefault((cells.get("person", ""), cells.get("key", "")), {})
            faults += [f"{_('Line %(number)s') % {'number': number}}: {fault}" for fault in _add(whole, cells)]
    if faults:
        raise ValidationError(faults)
    return list(wholes.values())


def _lines(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count)))
    except csv.Error as error:
        raise ValidationError(_("This is neither JSON nor a table that can be read.")) from error


def _check_header(header: list[str]) -> None:
    if "key" not in header:
        raise ValidationError(
            _("The first line has to name the columns, and one of them has to be “key”. See the examples.")
        )
    unknown = [name for name in header if name and not _is_known(name)]
    if unknown:
        raise ValidationError(_("These columns are unknown: %(names)s.") % {"names": ", ".join(unknown)})


def _is_known(name: str) -> bool:
    first, _mark, rest = name.partition("_")
    return name in WHOLE or _text_of(name, WHOLE_TEXTS) is not None or (first in ENTRIES and _fits(first, rest))


def _fits(first: str, rest: str) -> bool:
    _list, plain, texts = ENTRIES[first]
    return rest in plain or _text_of(rest, texts) is not None


def _text_of(name: str, texts: tuple[str, ...]) -> tuple[str, str] | None:
    """“title_de” as the name of a text and its language."""
    found = re.fullmatch(rf"(?P<name>{'|'.join(texts)})_{LANGUAGE}", name) if texts else None
    return (found["name"], found["language"]) if found else None


def _add(whole: Handed, cells: dict[str, str]) -> Iterator[str]:
    """Put one line into its whole; what contradicts an earlier line is a fault."""
    entries: dict[str, Handed] = {}
    for name, cell in cells.items():
        first, _mark, rest = name.partition("_")
        if name in WHOLE or _text_of(name, WHOLE_TEXTS):
            yield from _put(whole, name, cell, WHOLE_TEXTS)
        else:
            place, _plain, texts = ENTRIES[first]
            entry = entries.setdefault(place, {})
            yield from _put(entry.setdefault("module", {}) if first == "module" else entry, rest, cell, texts)
    for place, entry in entries.items():
        if "module" in entry:
            entry["module"] = _as_the_catalogue_writes(entry["module"])
        whole.setdefault(place, []).append(entry)


def _put(target: Handed, name: str, cell: str, texts: tuple[str, ...]) -> Iterator[str]:
    found = _text_of(name, texts)
    place, key, value = (
        (target.setdefault(found[0], {}), found[1], cell) if found else (target, name, _value(name, cell))
    )
    if place.setdefault(key, value) != value:
        yield _("“%(value)s” as %(name)s contradicts an earlier line.") % {"value": cell[:60], "name": name}


def _value(name: str, cell: str) -> Any:
    """A cell as JSON would have it; one that does not fit stays a text, and the shape complains."""
    if name in ("assessment", "esco", "languages"):
        return [one for one in re.split(r"[|\s]+", cell) if one]
    if name in ("met", "passed"):
        return True if cell.lower() in YES else False if cell.lower() in NO else cell
    if name == "level" and cell.isdecimal():
        return int(cell)
    if name in ("credits", "hours"):
        return re.sub(r"^(\d+),(\d+)$", r"\1.\2", cell)
    return cell


def _as_the_catalogue_writes(module: Handed) -> Handed:
    provider = {"name": module.pop("provider", None), "country": module.pop("country", None)}
    kinds = module.pop("assessment", [])
    return {**module, "provider": provider, "assessment": [{"type": kind} for kind in kinds]}
