"""Yes-or-no questions about a person and a portfolio. Everything belongs to its owner alone."""

from credpoints.accounts.models import User
from credpoints.files.models import StoredFile
from portfolios.models import Entry, EntryFile, FeedbackRequest, LanguageSuggestion, Portfolio, Share


def owns(user: User | None, portfolio: Portfolio) -> bool:
    return user is not None and user.is_authenticated and portfolio.person.user_id == user.pk


def owns_entry(user: User | None, entry: Entry) -> bool:
    return owns(user, entry.portfolio)


def owns_share(user: User | None, share: Share) -> bool:
    return owns(user, share.page.portfolio)


def owns_or_system(user: User | None, entry: Entry) -> bool:
    """The owner; and the system, when a correction replaces a verified entry."""
    return user is None or owns_entry(user, entry)


def may_edit(user: User | None, entry: Entry) -> bool:
    """Verified entries are not edited by anybody, only hidden."""
    return owns_entry(user, entry) and not entry.verified


def may_read_evidence(user: User | None, file: StoredFile) -> bool:
    """Beside the owner: whoever has been asked for feedback on the entry, as long as the request is open."""
    found = EntryFile.objects.select_related("entry").filter(file=file).first()
    return found is not None and may_suggest(user, found.entry)


def may_suggest(user: User | None, entry: Entry) -> bool:
    """Whoever the owner has asked for feedback, as long as the request is open."""
    return (
        user is not None
        and user.is_authenticated
        and FeedbackRequest.objects.filter(entry=entry, reviewer=user, ended_at=None).exists()
    )


def owns_suggested(user: User | None, suggestion: LanguageSuggestion) -> bool:
    """Whose text it is decides about a suggestion."""
    return owns_entry(user, suggestion.entry)
