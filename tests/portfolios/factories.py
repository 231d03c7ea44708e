"""Things of a portfolio, made with the least that a test needs."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from credpoints.accounts.models import User
from portfolios import actions
from portfolios.models import Entry, EntryFile, EntryKind, FeedbackRequest, LanguageSuggestion, Page, Share


def make_entry(
    owner: User, *, body: str = "Ich habe heute ein Regler gebaut.", visible: bool = False, **facts: Any
) -> Entry:
    """A reflection of the owner, a draft unless told otherwise."""
    entry = actions.add_entry(
        person=owner.person,
        kind=EntryKind.REFLECTION,
        title=facts.pop("title", "Woche 1"),
        body=body,
        by=owner,
        **facts,
    )
    if visible:
        actions.show_entry(entry=entry, by=owner)
    return entry


PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 300


def make_upload(name: str = "Regler.png", content: bytes = PICTURE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_file(owner: User, entry: Entry | None = None, caption: str = "Der Regler auf dem Tisch") -> EntryFile:
    """A picture on an entry of the owner."""
    return actions.attach_file(entry=entry or make_entry(owner), upload=make_upload(), caption=caption, by=owner)


def make_page(owner: User, *entries: Entry, title: str = "Bewerbung") -> Page:
    """A page with these entries (default: one fresh one)."""
    chosen = list(entries) or [make_entry(owner, visible=True)]
    return actions.save_page(
        portfolio=chosen[0].portfolio, title=title, language="de", introduction="", entries=chosen, by=owner
    )


def make_share(owner: User, page: Page | None = None, *, label: str = "Stromwerk", days: int = 60) -> tuple[Share, str]:
    """A link to a page and its token."""
    return actions.share_page(page=page or make_page(owner), label=label, days=days, by=owner, share_uuid=uuid.uuid4())


def make_request(entry: Entry, reviewer: User) -> FeedbackRequest:
    return actions.ask_for_feedback(entry=entry, reviewer=reviewer, by=entry.portfolio.person.user)


def make_suggestion(
    entry: Entry, reviewer: User, original: str = "ein Regler", proposal: str = "einen Regler"
) -> LanguageSuggestion:
    """The reviewer's proposal for one passage."""
    make_request(entry, reviewer)
    return actions.suggest(
        entry=entry, start=entry.body.index(original), original=original, proposal=proposal, comment="", by=reviewer
    )
