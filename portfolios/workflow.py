"""The steps of entries, suggestions and shared links."""

from django.utils.translation import gettext_lazy as _

from credpoints.workflow import Step, Workflow
from portfolios import rules
from portfolios.models import Entry, EntryState, LanguageSuggestion, Share, ShareState, SuggestionState

ENTRY = Workflow(
    "portfolio_entry",
    Entry,
    EntryState,
    [
        Step(
            "show",
            _("Make it shareable"),
            frozenset({EntryState.DRAFT, EntryState.HIDDEN}),
            EntryState.VISIBLE,
            rules.owns_entry,
            consequence=_("You can put it on pages. Nobody sees it before you share a page."),
        ),
        Step(
            "hide",
            _("Hide"),
            frozenset({EntryState.VISIBLE}),
            EntryState.HIDDEN,
            rules.owns_entry,
            consequence=_("It disappears at once from every page that you have shared."),
        ),
        Step(
            "archive",
            _("Archive"),
            frozenset({EntryState.DRAFT, EntryState.VISIBLE, EntryState.HIDDEN}),
            EntryState.ARCHIVED,
            rules.owns_or_system,
            consequence=_("It leaves the list and every page; you can bring it back."),
        ),
        Step("restore", _("Bring back"), frozenset({EntryState.ARCHIVED}), EntryState.HIDDEN, rules.owns_entry),
    ],
)

SHARE = Workflow(
    "portfolio_share",
    Share,
    ShareState,
    [
        Step(
            "revoke",
            _("Switch the link off"),
            frozenset({ShareState.ACTIVE}),
            ShareState.REVOKED,
            rules.owns_share,
            danger=True,
            consequence=_("The link stops working at once, for everybody who has it."),
        )
    ],
)

SUGGESTION = Workflow(
    "portfolio_suggestion",
    LanguageSuggestion,
    SuggestionState,
    [
        Step(
            "accept",
            _("Take these words"),
            frozenset({SuggestionState.OPEN}),
            SuggestionState.ACCEPTED,
            rules.owns_suggested,
            consequence=_("Your text changes; the words before stay in its history."),
        ),
        Step(
            "reject",
            _("Keep my words"),
            frozenset({SuggestionState.OPEN}),
            SuggestionState.REJECTED,
            rules.owns_suggested,
        ),
    ],
)
