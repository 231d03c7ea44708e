"""A whole portfolio as one file that its owner keeps: a page to read, and everything as data."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import translation

from portfolios.models import Entry, EntryFile, EntryVersion, Portfolio
from portfolios.queries import sections


def portfolio_zip(portfolio: Portfolio, *, now: datetime) -> bytes:
    """Write index.html (readable without a net) and portfolio.json with every version and suggestion."""
    entries = list(
        portfolio.entries.order_by("kind", "-occurred_on", "-pk").prefetch_related(
            "versions", "suggestions", Prefetch("files", EntryFile.objects.select_related("file"))
        )
    )
    with translation.override(portfolio.language):
        page = render_to_string(
            "portfolios/export.html",
            {"portfolio": portfolio, "person": portfolio.person, "sections": sections(entries), "now": now},
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr(
            "portfolio.json", json.dumps(portfolio_data(portfolio, entries, now=now), ensure_ascii=False, indent=2)
        )
        for entry in entries:
            archive.writestr(f"entries/{entry.uuid}.md", f"# {entry.title}\n\n{entry.body}\n")
            for attached in entry.files.all():
                with default_storage.open(attached.file.path) as file:
                    archive.writestr(attached.place, file.read())
    return buffer.getvalue()


def portfolio_data(portfolio: Portfolio, entries: list[Entry], *, now: datetime) -> dict[str, Any]:
    """Everything that the portfolio keeps, as plain data."""
    return {
        "format": "credit-points-portfolio-1",
        "exported_at": now.isoformat(),
        "owner": str(portfolio.person),
        "about": portfolio.about,
        "language": portfolio.language,
        "entries": [_entry(entry) for entry in entries],
        "pages": [
            {"title": page.title, "introduction": page.introduction,
             "entries": [str(row.entry.uuid) for row in page.page_entries.all()]}
            for page in portfolio.pages.prefetch_related("page_entries__entry")
        ],
    }  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "uuid": str(entry.uuid),
        "kind": entry.kind,
        "state": entry.state,
        "title": entry.title,
        "body": entry.body,
        "language": entry.language,
        "date": entry.occurred_on.isoformat() if entry.occurred_on else None,
        "words": entry.word_count,
        "verified": entry.verified,
        "source": entry.source,
        "files": [{"file": attached.place, "caption": attached.caption} for attached in entry.files.all()],
        "versions": [_version(version) for version in entry.versions.all()],
        "suggestions": [
            {"original": s.original, "proposal": s.proposal, "comment": s.comment, "state": s.state}
            for s in entry.suggestions.all()
        ],
    }


def _version(version: EntryVersion) -> dict[str, Any]:
    return {"number": version.number, "saved_at": version.saved_at.isoformat(), "body": version.body}
