"""What a plan version says, as plain data: its hash is what people sign, its difference is what they read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from credpoints.common.tokens import content_hash

Content = dict[str, Any]
Change = Literal["inserted", "deleted", "changed", "unchanged"]
HEAD = ("goals", "occupation")


def hash_of(content: Content) -> str:
    """The hash of a version's content: equal content gives an equal hash, whatever the order of its keys."""
    return content_hash(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class FieldChange:
    """One field that reads differently now."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LineChange:
    """One line of the plan compared between two contents."""

    change: Change
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    fields: tuple[FieldChange, ...] = ()

    @property
    def title(self) -> str:
        return str((self.after or self.before).get("title", ""))


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two contents."""

    head: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]

    @property
    def is_empty(self) -> bool:
        return not self.head and not any(line.change != "unchanged" for line in self.lines)

    @property
    def changed_lines(self) -> list[LineChange]:
        return [line for line in self.lines if line.change != "unchanged"]


def difference(before: Content, after: Content) -> Difference:
    """Compare two contents; lines keep their key over versions, so a moved line is changed and not replaced."""
    old = {line["key"]: line for line in before.get("lines", [])}
    new = {line["key"]: line for line in after.get("lines", [])}
    keys = [*new, *(key for key in old if key not in new)]
    head = _fields({k: before.get(k) for k in HEAD}, {k: after.get(k) for k in HEAD})
    dropped = {row["key"]: row["reason"] for row in after.get("dropped", [])}
    lines = tuple(_line(key, old.get(key), new.get(key), dropped.get(key, "")) for key in keys)
    return Difference(head=head, lines=lines)


def _line(key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, dropped: str = "") -> LineChange:
    if before is None:
        return LineChange("inserted", key, {}, after or {})
    if after is None:
        why = (FieldChange("reason", "", dropped),) if dropped else ()
        return LineChange("deleted", key, before, {}, why)
    fields = _fields(before, after)
    return LineChange("changed" if fields else "unchanged", key, before, after, fields)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = sorted(set(before) | set(after))
    return tuple(
        FieldChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )
