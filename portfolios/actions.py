"""Every write of portfolios."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import new_token, token_hash
from credpoints.files import actions as files
from credpoints.outbox import actions as outbox
from portfolios import rules
from portfolios.markup import position_of
from portfolios.models import (
    Entry,
    EntryFile,
    EntryKind,
    EntryState,
    EntryVersion,
    FeedbackRequest,
    LanguageSuggestion,
    Page,
    PageEntry,
    Portfolio,
    Share,
)
from portfolios.workflow import ENTRY, SHARE, SUGGESTION

SITTING = timedelta(minutes=10)
EVIDENCE = "portfolios.evidence"
MOST_FILES = 10  # of one entry

describe(
    {
        "portfolio_entry.added": gettext_lazy("Entry begun"),
        "portfolio_entry.file_added": gettext_lazy("File added: %(name)s"),
        "portfolio_entry.file_removed": gettext_lazy("File removed: %(name)s"),
        "portfolio_entry.deleted": gettext_lazy("Entry deleted"),
        "portfolio_entry.feedback_asked": gettext_lazy("%(name)s asked for feedback"),
        "portfolio_share.made": gettext_lazy("Link made for “%(label)s”, %(days)s days"),
        "portfolio_entry.verified": gettext_lazy("Verified entry added: %(title)s"),
    }
)


class EditedMeanwhile(Exception):
    """Another window has saved this entry in between; nothing was overwritten."""

    def __init__(self, entry: Entry) -> None:
        super().__init__("the entry was changed in between")
        self.entry = entry


class StaleSuggestion(ValidationError):
    """The passage that a suggestion is about has changed since."""


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
    entry_uuid: uuid.UUID | None = None,
) -> Entry:
    """Begin an entry as a draft that only its owner sees.

    `entry_uuid` comes from the form, so that sending it twice begins one entry: the second time nothing changes.
    """
    with transaction.atomic():
        portfolio, key = portfolio_of(person), entry_uuid or uuid.uuid4()
        if Entry.objects.filter(uuid=key).exclude(portfolio=portfolio).exists():
            raise PermissionDenied
        facts = {
            "kind": kind,
            "title": title,
            "body": body,
            "language": language,
            "occurred_on": occurred_on or timezone.localdate(),
        }
        entry, created = Entry.objects.get_or_create(uuid=key, portfolio=portfolio, defaults=facts)
        if created:
            _keep_version(entry, author=by)
            audit.record("portfolio_entry.added", entry, by=by)
    return entry


def save_entry(
    *,
    entry: Entry,
    title: str,
    body: str,
    by: User,
    seen_edition: int,
    language: str = "",
    kind: str = "",
    occurred_on: date | None = None,
) -> Entry:
    """Save what was typed; the texts before stay readable.

    `seen_edition` is the edition that the form began from: when another window has saved in between, nothing is
    overwritten (EditedMeanwhile). Sending the same text again changes nothing.
    """
    with transaction.atomic():
        locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if not rules.may_edit(by, locked):
            raise PermissionDenied
        facts = {
            "title": title.strip(),
            "body": body,
            "language": language or locked.language,
            "kind": kind or locked.kind,
            "occurred_on": occurred_on or locked.occurred_on,
        }
        if all(getattr(locked, name) == value for name, value in facts.items()):
            return locked
        if seen_edition != locked.edition:
            raise EditedMeanwhile(locked)
        for name, value in facts.items():
            setattr(locked, name, value)
        locked.edition += 1
        locked.save()
        _keep_version(locked, author=by)
    return locked


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


# --- Steps ----------------------------------------------------------------------------------------------------------
def show_entry(*, entry: Entry, by: User) -> None:
    """Let the entry be put on pages."""
    with ENTRY.take("show", entry, by=by):
        pass


def hide_entry(*, entry: Entry, by: User) -> None:
    """Take the entry off every page that has been shared, at once."""
    with ENTRY.take("hide", entry, by=by):
        pass


def archive_entry(*, entry: Entry, by: User) -> None:
    """Put an entry aside; it can be brought back."""
    with ENTRY.take("archive", entry, by=by):
        pass


def restore_entry(*, entry: Entry, by: User) -> None:
    """Bring an archived entry back, hidden at first."""
    with ENTRY.take("restore", entry, by=by):
        pass


def delete_entry(*, entry: Entry, by: User) -> None:
    """Delete an own text with everything that was written about it; verified entries are archived instead."""
    if not rules.may_edit(by, entry):
        raise PermissionDenied
    with transaction.atomic():
        audit.record("portfolio_entry.deleted", entry, by=by)
        for attached in entry.files.select_related("file"):
            files.delete_file(file=attached.file)
        Entry.objects.filter(pk=entry.pk).delete()


# --- Files ----------------------------------------------------------------------------------------------------------
def attach_file(*, entry: Entry, upload: UploadedFile[Any], caption: str, by: User) -> EntryFile:
    """Show the work itself: whoever may read the entry may open the file. The same file twice is attached once."""
    with transaction.atomic():
        locked = Entry.objects.select_for_update(of=("self",)).select_related("portfolio__person").get(pk=entry.pk)
        if not rules.may_edit(by, locked):
            raise PermissionDenied
        if locked.files.count() >= MOST_FILES:
            raise ValidationError(_("An entry has at most %(most)s files. Remove one first.") % {"most": MOST_FILES})
        stored = files.store_upload(upload=upload, purpose=EVIDENCE, by=by, about=locked)
        same = EntryFile.objects.filter(entry=locked, file__sha256=stored.sha256).first()
        if same:
            files.delete_file(file=stored)
            return same
        audit.record("portfolio_entry.file_added", locked, by=by, name=stored.name)
        return EntryFile.objects.create(entry=locked, file=stored, caption=caption)


def remove_file(*, attached: EntryFile, by: User) -> None:
    """Take a file away from its entry and from every page; its bytes are forgotten."""
    if not rules.may_edit(by, attached.entry):
        raise PermissionDenied
    with transaction.atomic():
        audit.record("portfolio_entry.file_removed", attached.entry, by=by, name=attached.file.name)
        files.delete_file(file=attached.file)


def describe_person(*, portfolio: Portfolio, about: str, language: str, by: User) -> None:
    """Change the words about oneself."""
    if not rules.owns(by, portfolio):
        raise PermissionDenied
    Portfolio.objects.filter(pk=portfolio.pk).update(about=about, language=language)


# --- Pages and links ------------------------------------------------------------------------------------------------
def save_page(
    *,
    portfolio: Portfolio,
    title: str,
    language: str,
    introduction: str,
    entries: list[Entry],
    by: User,
    page: Page | None = None,
) -> Page:
    """Make or change a page: the chosen entries in the given order. Only shareable own entries can be chosen."""
    if not rules.owns(by, portfolio):
        raise PermissionDenied
    with transaction.atomic():
        facts = {"title": title, "language": language, "introduction": introduction}
        if page is None:
            page = Page.objects.create(portfolio=portfolio, **facts)
        else:
            Page.objects.filter(pk=page.pk, portfolio=portfolio).update(**facts)
        PageEntry.objects.filter(page=page).delete()
        PageEntry.objects.bulk_create(
            PageEntry(page=page, entry=entry, position=position)
            for position, entry in enumerate(entries, start=1)
            if entry.portfolio_id == portfolio.pk
        )
    return page


def delete_page(*, page: Page, by: User) -> None:
    """Delete a page; every link to it is dead at once."""
    if not rules.owns(by, page.portfolio):
        raise PermissionDenied
    page.delete()


def share_page(
    *, page: Page, label: str, days: int, by: User, share_uuid: uuid.UUID, now: datetime | None = None
) -> tuple[Share, str]:
    """Make a secret link to a page for one reader. Returns the link's token, which is shown once and never stored.

    `share_uuid` comes from the form, so that sending it twice makes one link: the second time the token is empty.
    """
    if not rules.owns(by, page.portfolio):
        raise PermissionDenied
    now = now or timezone.now()
    token = new_token()
    with transaction.atomic():
        share, created = Share.objects.get_or_create(
            uuid=share_uuid,
            page=page,
            defaults={"label": label, "token_hash": token_hash(token), "expires_at": now + timedelta(days=days)},
        )
        if created:
            audit.record("portfolio_share.made", share, by=by, label=label, days=days)
    return share, token if created else ""


def revoke_share(*, share: Share, by: User) -> None:
    """Switch a link off; it is dead at once for everybody who has it."""
    with SHARE.take("revoke", share, by=by) as locked:
        locked.revoked_at = timezone.now()


def note_opening(*, share: Share) -> None:
    """Count an opening; who opened it is not kept."""
    Share.objects.filter(pk=share.pk).update(opens=F("opens") + 1, last_opened_at=timezone.now())


# --- Feedback on the language ---------------------------------------------------------------------------------------
def ask_for_feedback(*, entry: Entry, reviewer: User, by: User) -> FeedbackRequest:
    """Hand one entry to one person, who gets a mail; asking twice changes nothing."""
    if not rules.may_edit(by, entry):
        raise PermissionDenied
    with transaction.atomic():
        request, created = FeedbackRequest.objects.get_or_create(entry=entry, reviewer=reviewer, ended_at=None)
        if created:
            audit.record("portfolio_entry.feedback_asked", entry, by=by, name=reviewer.name)
            outbox.queue("portfolios/email/feedback_asked", to=reviewer, entry=entry, owner=entry.portfolio.person)
    return request


def end_feedback(*, request: FeedbackRequest, by: User) -> None:
    """Close the door again: the other person no longer sees the entry."""
    if not rules.owns_entry(by, request.entry):
        raise PermissionDenied
    FeedbackRequest.objects.filter(pk=request.pk, ended_at=None).update(ended_at=timezone.now())


def suggest(*, entry: Entry, start: int, original: str, proposal: str, comment: str, by: User) -> LanguageSuggestion:
    """Propose better words for one passage of the present text."""
    if not rules.may_suggest(by, entry):
        raise PermissionDenied
    with transaction.atomic():
        locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if not original or locked.body[start : start + len(original)] != original:
            raise StaleSuggestion(_("This passage is not in the text (any more). Copy it exactly from the text."))
        if proposal == original and not comment:
            raise ValidationError(_("Write other words, or a comment."))
        return LanguageSuggestion.objects.create(
            entry=locked, author=by, edition=locked.edition, start=start, original=original, proposal=proposal,
            comment=comment,
        )  # fmt: skip


def finish_feedback(*, request: FeedbackRequest, by: User) -> None:
    """Tell the owner that the suggestions are complete."""
    if request.reviewer != by or request.ended_at is not None:
        raise PermissionDenied
    with transaction.atomic():
        changed = FeedbackRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=timezone.now())
        if changed:
            owner = request.entry.portfolio.person
            outbox.queue("portfolios/email/feedback_given", to=owner, entry=request.entry, reviewer=by)


def accept_suggestion(*, suggestion: LanguageSuggestion, by: User) -> None:
    """Take the proposed words over; the text before stays in the history."""
    with transaction.atomic():
        entry, locked = _suggestion_for(suggestion, by)
        start = position_of(entry.body, locked.original, locked.start)
        if start is None:
            raise StaleSuggestion(_("You have changed this passage yourself since; the suggestion no longer fits."))
        entry.body = entry.body[:start] + locked.proposal + entry.body[start + len(locked.original) :]
        entry.edition += 1
        entry.save()
        _keep_version(entry, author=by, reason=f"{locked.original} → {locked.proposal}"[:200])
        _decide("accept", locked, by)
    suggestion.refresh_from_db()


def reject_suggestion(*, suggestion: LanguageSuggestion, by: User) -> None:
    """Keep the own words; the suggestion stays in the history."""
    with transaction.atomic():
        _entry, locked = _suggestion_for(suggestion, by)
        _decide("reject", locked, by)
    suggestion.refresh_from_db()


def _suggestion_for(suggestion: LanguageSuggestion, by: User) -> tuple[Entry, LanguageSuggestion]:
    """The entry and the suggestion, both locked, for the owner's decision."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=suggestion.entry_id)
    return entry, LanguageSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)


def _decide(step: str, suggestion: LanguageSuggestion, by: User) -> None:
    with SUGGESTION.take(step, suggestion, by=by) as locked:
        locked.decided_at = timezone.now()


def _keep_version(entry: Entry, *, author: User | None, reason: str = "") -> None:
    """Keep what the entry says now. What one person types within ten minutes is one version, not one per pause."""
    now = timezone.now()
    facts = {
        "number": entry.edition,
        "title": entry.title,
        "body": entry.body,
        "language": entry.language,
        "saved_at": now,
    }
    last = EntryVersion.objects.filter(entry=entry).order_by("-number").first()
    same_sitting = last and last.author == author and not last.reason and not reason
    if last and same_sitting and now - last.began_at < SITTING:
        EntryVersion.objects.filter(pk=last.pk).update(**facts)
    else:
        EntryVersion.objects.create(entry=entry, author=author, reason=reason, began_at=now, **facts)
