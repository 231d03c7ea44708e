"""Reads for the pages of portfolios, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.common.path import NextStep, Station, ToDo
from credpoints.organisations.models import Programme, Stage
from modules.models import RUNNING, Enrolment
from planning.models import Participation
from portfolios.models import (
    Entry,
    EntryFile,
    EntryKind,
    EntryQuerySet,
    EntryState,
    FeedbackRequest,
    LanguageSuggestion,
    Page,
    Portfolio,
    Share,
    ShareState,
    SuggestionState,
)

WEEK = timedelta(days=7)
# In which order the portfolio presents a person: what is proven first, then the way there, then the own words.
SECTIONS = (
    EntryKind.CREDENTIAL,
    EntryKind.ACHIEVEMENT,
    EntryKind.EDUCATION,
    EntryKind.EXPERIENCE,
    EntryKind.LANGUAGE,
    EntryKind.SKILL,
    EntryKind.EVIDENCE,
    EntryKind.REFLECTION,
    EntryKind.GOAL,
    EntryKind.COVER_TEXT,
)


@dataclass(frozen=True)
class Section:
    """The entries of one kind."""

    kind: str
    label: str
    entries: list[Entry]


def sections(entries: Iterable[Entry]) -> list[Section]:
    """Group entries by kind in the order of the portfolio; kinds without entries are left out."""
    found = list(entries)
    groups = [
        Section(kind.value, str(kind.label), [entry for entry in found if entry.kind == kind]) for kind in SECTIONS
    ]
    return [group for group in groups if group.entries]


def own_entries(portfolio: Portfolio) -> EntryQuerySet:
    """The entries of a portfolio with the number of open suggestions."""
    return Entry.objects.filter(portfolio=portfolio).annotate(
        open_suggestions=Count("suggestions", filter=Q(suggestions__state=SuggestionState.OPEN))
    )


def own_pages(portfolio: Portfolio, now: datetime) -> list[Page]:
    """The pages with the links that still open them (two queries)."""
    links = Share.objects.filter(state=ShareState.ACTIVE, expires_at__gt=now)
    return list(
        Page.objects.filter(portfolio=portfolio)
        .annotate(size=Count("page_entries"))
        .prefetch_related(Prefetch("shares", links, to_attr="open_shares"))
    )


def page_entries(page: Page) -> list[Entry]:
    """What a reader of the page sees: shareable entries in the page's order, with their files (two queries)."""
    rows = (
        page.page_entries.filter(entry__state=EntryState.VISIBLE)
        .select_related("entry")
        .prefetch_related(Prefetch("entry__files", EntryFile.objects.select_related("file")))
        .order_by("position", "pk")
    )
    return [row.entry for row in rows]


def shown_file(share: Share, file_uuid: UUID) -> EntryFile | None:
    """A file that a reader of the shared page may open: it belongs to an entry that stands on the page now."""
    on_page = share.page.page_entries.filter(entry__state=EntryState.VISIBLE).values("entry")
    return EntryFile.objects.filter(entry__in=on_page, file__uuid=file_uuid).select_related("file").first()


def readers(portfolio: Portfolio, now: datetime) -> tuple[list[Share], list[FeedbackRequest]]:
    """Everybody who can see anything of this portfolio now: open links, and people asked for feedback."""
    links = Share.objects.filter(page__portfolio=portfolio, state=ShareState.ACTIVE, expires_at__gt=now)
    asked = FeedbackRequest.objects.filter(entry__portfolio=portfolio, ended_at=None)
    return list(links.select_related("page")), list(asked.select_related("reviewer__person", "entry"))


def who_can_see(links: list[Share], asked: list[FeedbackRequest]) -> str:
    """One plain sentence about who can see the portfolio, and what of it."""
    names = sorted({request.reviewer.name for request in asked})
    labels = [share.label for share in links]
    if not names and not labels:
        return _("Only you. No link is open, and nobody has been asked for feedback.")
    parts = []
    if labels:
        words = ngettext(
            "whoever has the link for %(names)s", "whoever has one of the links for %(names)s", len(labels)
        )
        parts.append(words % {"names": ", ".join(labels)})
    if names:
        words = _("%(names)s (only the entries you asked feedback for)")
        parts.append(words % {"names": ", ".join(names)})
    return _("Besides you: %(others)s.") % {"others": "; ".join(parts)}


def possible_reviewers(person: Person) -> list[User]:
    """Mentors and advisors of the programmes in which the person takes part or learns, and those named for the person.

    Somebody who has no course yet, or only mentoring and practice in the plan, may ask them too.
    """
    taking_part = Participation.objects.running().filter(person=person)
    learning = Enrolment.objects.counting().filter(person=person)
    roles = RoleAssignment.objects.in_force(role_day()).filter(
        Q(scope_id__in=learning.values("programme")) | Q(scope_id__in=taking_part.values("programme")),
        scope_kind=ScopeKind.PROGRAMME, role__in=[Role.MENTOR, Role.ADVISOR],
    )  # fmt: skip
    named = Q(pk__in=taking_part.values("mentor")) | Q(pk__in=taking_part.values("advisor"))
    found = User.objects.filter(Q(pk__in=roles.values("user")) | named).exclude(person=person)
    return list(found.select_related("person").order_by("pk"))


# --- The path -------------------------------------------------------------------------------------------------------
def station(person: Person, programme: Programme) -> Station | None:
    """Where the person stands with the portfolio (one query)."""
    if not programme.has_stage(Stage.PORTFOLIO):
        return None
    kinds = list(
        Entry.objects.filter(portfolio__person=person)
        .exclude(state=EntryState.ARCHIVED)
        .values_list("kind", "verified")
    )
    if not kinds:
        return Station(stage=Stage.PORTFOLIO, status="to_come")
    verified = sum(1 for _kind, proven in kinds if proven)
    text = _("%(number)s entries, %(verified)s of them verified") % {"number": len(kinds), "verified": verified}
    # A portfolio is never finished; the path calls it done when the certificate has arrived in it.
    status = "done" if any(kind == EntryKind.CREDENTIAL and proven for kind, proven in kinds) else "current"
    return Station(
        stage=Stage.PORTFOLIO,
        status="done" if status == "done" else "current",
        text=text,
        url=reverse("portfolios:portfolio"),
    )


def next_steps(user: User) -> list[NextStep]:
    """Suggestions to decide about, and once a week the question what was learned (two queries)."""
    steps = []
    waiting = LanguageSuggestion.objects.filter(
        entry__portfolio__person__user=user,
        state=SuggestionState.OPEN,
        entry__feedback_requests__answered_at__isnull=False,
    )
    entry = Entry.objects.filter(pk__in=waiting.values("entry")).order_by("pk").first()
    if entry:
        steps.append(
            NextStep(
                stage=Stage.PORTFOLIO,
                title=_("Decide about the suggestions for “%(title)s”") % {"title": entry},
                text=_("You take the words or keep yours; both stay in the history."),
                button=gettext_lazy("Look at the suggestions"),
                url=entry.get_absolute_url(),
                by_whom=gettext_lazy("you"),
                order=40,
            )
        )
    if _nothing_written_this_week(user):
        steps.append(
            NextStep(
                stage=Stage.PORTFOLIO,
                title=_("What did you learn this week?"),
                text=_("A few sentences are enough. They are yours alone until you share them."),
                button=gettext_lazy("Write an entry"),
                url=f"{reverse('portfolios:entry_new')}?kind=reflection",
                by_whom=gettext_lazy("you"),
                order=80,
            )
        )
    return steps


def _nothing_written_this_week(user: User) -> bool:
    recent = Entry.objects.filter(
        portfolio__person=OuterRef("person"), verified=False, changed_at__gte=timezone.now() - WEEK
    )
    learning = Enrolment.objects.filter(person__user=user, state__in=RUNNING)
    return learning.annotate(written=Exists(recent)).filter(written=False).exists()


def todos(user: User) -> list[ToDo]:
    """Texts that wait for the person's feedback, oldest first (one query)."""
    asked = FeedbackRequest.objects.filter(reviewer=user, ended_at=None, answered_at=None).select_related(
        "entry__portfolio__person__user"
    )
    return [
        ToDo(
            title=gettext_lazy("Read a text and suggest better words"),
            person=str(request.entry.portfolio.person),
            text=str(request.entry),
            url=reverse("portfolios:feedback_entry", args=[request.entry.uuid]),
            since=request.created_at,
        )
        for request in asked.order_by("created_at")
    ]
