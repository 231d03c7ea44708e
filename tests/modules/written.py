"""What a browser would send back of a page: the fields of a form as they stand in it, without pressing a button."""

from html.parser import HTMLParser
from typing import Any


def _as_sent(text: str) -> str:
    """Browsers leave out the first line end of a box and send the others as two characters."""
    return "\r\n".join(text.replace("\r\n", "\n").removeprefix("\n").split("\n"))


class _Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.sent: list[tuple[str, str]] = []
        self.select: dict[str, Any] | None = None
        self.area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = found.get("id") == self.form_id
        elif not self.inside:
            return
        elif tag == "input":
            self._input(found)
        elif tag == "select":
            self.select = {"name": found["name"], "values": [], "first": None}
        elif tag == "option" and self.select is not None:
            self.select["first"] = self.select["first"] if self.select["first"] is not None else found["value"]
            if "selected" in found:
                self.select["values"].append(found["value"])
        elif tag == "textarea":
            self.area = [found["name"], ""]

    def _input(self, found: dict[str, str]) -> None:
        ticks = found.get("type") in {"checkbox", "radio"}
        if found.get("name") and (not ticks or "checked" in found):
            self.sent.append((found["name"], found.get("value", "on" if ticks else "")))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area is not None:
            self.sent.append((self.area[0], _as_sent(self.area[1])))
            self.area = None
        elif tag == "select" and self.select is not None:
            values = self.select["values"] or [self.select["first"] or ""]
            self.sent += [(self.select["name"], value) for value in values]
            self.select = None


def fields_of(answer: Any, form_id: str) -> dict[str, list[str]]:
    """The names and values that the form of this page would send, untouched."""
    reader = _Fields(form_id)
    reader.feed(answer.content.decode())
    sent: dict[str, list[str]] = {}
    for name, value in reader.sent:
        sent.setdefault(name, []).append(value)
    return sent
