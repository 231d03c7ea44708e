"""Every write of portfolios."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from portfolios.models import Entry, EntryKind, EntryState, EntryVersion, Portfolio
from portfolios.workflow import ENTRY

describe(
    {
        "portfolio_entry.added": gettext_lazy("Entry begun"),
        "portfolio_entry.verified": gettext_lazy("Verified entry added: %(title)s"),
    }
)


def portfolio_of(person: Person) -> Portfolio:
    """The person's portfolio, begun when it is needed for the first time."""
    portfolio, _created = Portfolio.objects.get_or_create(
        person=person, defaults={"language": person.language if person.language in {"de", "en"} else "de"}
    )
    return portfolio


def add_entry(
    *,
    person: Person,
    kind: EntryKind,
    title: str,
    body: str,
    by: User,
    language: str = "de",
    occurred_on: date | None = None,
) -> Entry:
    """Begin an entry as a draft that only its owner sees."""
    with transaction.atomic():
        entry = Entry.objects.create(
            portfolio=portfolio_of(person),
            kind=kind,
            title=title,
            body=body,
            language=language,
            occurred_on=occurred_on or timezone.localdate(),
        )
        _keep_version(entry, author=by)
        audit.record("portfolio_entry.added", entry, by=by)
    return entry


def add_verified_entry(
    *,
    person: Person,
    kind: EntryKind,
    title: str,
    body: str,
    source: dict[str, Any],
    by: User | None = None,
    source_key: str = "",
    language: str = "de",
    occurred_on: date | None = None,
    replaces: str = "",
) -> Entry:
    """Add what a result or a certificate proves; nobody edits it, the owner may hide it.

    `source_key` names its origin (default: "kind:id" of the source), so the same proof never enters twice;
    `replaces` is the key of an earlier proof that this one corrects: that entry goes to the archive.
    """
    key = source_key or ":".join(str(source[name]) for name in ("kind", "id") if name in source)
    if not key:
        raise ValueError("a verified entry names its source")
    with transaction.atomic():
        portfolio = portfolio_of(person)
        existing = Entry.objects.filter(portfolio=portfolio, source_key=key).first()
        if existing:
            return existing
        if replaces:
            _archive_replaced(portfolio, replaces)
        entry = Entry.objects.create(
            portfolio=portfolio,
            kind=kind,
            state=EntryState.VISIBLE,
            title=title[:200],
            body=body,
            language=language,
            occurred_on=occurred_on or timezone.localdate(),
            verified=True,
            source=source,
            source_key=key,
        )
        audit.record("portfolio_entry.verified", entry, by=by, title=entry.title)
    return entry


def retire_verified_entry(*, person: Person, source_key: str) -> None:
    """Archive the proof of a result that a correction has taken back; nothing happens where there is none."""
    with transaction.atomic():
        if source_key:
            _archive_replaced(portfolio_of(person), source_key)


def _archive_replaced(portfolio: Portfolio, key: str) -> None:
    earlier = Entry.objects.filter(portfolio=portfolio, source_key=key).exclude(state=EntryState.ARCHIVED).first()
    if earlier:
        with ENTRY.take("archive", earlier, by=None):
            pass


def _keep_version(entry: Entry, *, author: User | None, reason: str = "") -> None:
    EntryVersion.objects.create(
        entry=entry,
        number=entry.edition,
        title=entry.title,
        body=entry.body,
        language=entry.language,
        author=author,
        reason=reason,
        saved_at=timezone.now(),
    )
