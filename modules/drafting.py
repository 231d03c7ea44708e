"""What a draft consists of: what a new version takes over, and by what a stale form is noticed."""

import json
from typing import Any

from django.conf import settings

from credpoints.common.tokens import content_hash
from credpoints.common.translated import TranslatedField
from modules.models import ModuleVersion, VersionState

OPEN_STATES = frozenset({VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED})
# What belongs to one version alone. Remarks of an import are about the text as it was read, not as it is now.
OWN = frozenset({
    "id", "module", "number", "state", "warnings", "search_text", "language_key", "tag_key", "created_at",
    "handed_in_by", "handed_in_at", "published_at", "withdrawn_at", "valid_from",
})  # fmt: skip
CONTENT = tuple(field.name for field in ModuleVersion._meta.concrete_fields if field.name not in OWN)
TEXTS = tuple(field.name for field in ModuleVersion._meta.concrete_fields if isinstance(field, TranslatedField))
ROWS = ("outcomes", "assessments", "tags", "market_evidence")


def content_of(version: ModuleVersion) -> dict[str, Any]:
    """Everything that a version says, to begin the next one with."""
    return {name: getattr(version, name) for name in CONTENT}


def fingerprint(version: ModuleVersion) -> str:
    """The same for the same content: a form that began from another one is out of date."""
    facts = {**content_of(version), "valid_from": version.valid_from}
    return content_hash(json.dumps(facts, sort_keys=True, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> str:
    """A number reads the same however it was typed: 5 and 5.00."""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def languages_of(version: ModuleVersion) -> list[str]:
    """The languages that texts are written in: those of the pages, and whatever this version has texts in already."""
    texts = [getattr(version, name) for name in TEXTS]
    texts += [text for name in ROWS for row in getattr(version, name) for text in row.values()]
    used = {code for text in texts if isinstance(text, dict) for code in text}
    own = [code for code, _name in settings.LANGUAGES]
    return own + sorted(used - set(own))
