"""What a collector brings back."""

from dataclasses import dataclass, field
from typing import Any

from certificates.content import Content


@dataclass
class Collected:
    """The content, the findings of the check list, and where it comes from."""

    content: Content
    checks: list[dict[str, Any]] = field(default_factory=list)
    source_key: str = ""


def finding(key: str, ok: bool, detail: str = "") -> dict[str, Any]:
    """One line of the check list, as certificates keep it."""
    return {"key": key, "ok": ok, "detail": detail}
