"""The advisors' list: filters and order from the address, counts, and rows as they are exported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants.fields import field_name
from applicants.models import Application, Overall, State
from applicants.names import country_name
from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User, role_day
from credpoints.organisations.models import Programme

SORTS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "waiting": (gettext_lazy("longest waiting first"), ("moved_at", "pk")),
    "newest": (gettext_lazy("newest first"), ("-submitted_at", "-pk")),
    "number": (gettext_lazy("by number"), ("number",)),
    "name": (gettext_lazy("by name"), ("person__family_name", "person__given_name", "pk")),
    "rank": (gettext_lazy("by rank on the waiting list"), ("waiting_rank", "pk")),
}
PENDING = "pending"
SOON = 3  # days in which a promise comes due
NUMBER = re.compile(r"[0-9]{1,9}\Z")
SHOWN_STATES = [state for state in State if state not in {State.DRAFT, State.EXPIRED}]


@dataclass(frozen=True)
class Filter:
    """What the address asks for; unknown values ask for nothing."""

    text: str = ""
    state: str = ""
    overall: str = ""
    advisor: str = ""
    country: str = ""
    sort: str = "waiting"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filter":
        state, advisor = query.get("state", ""), query.get("advisor", "")
        return cls(
            # A kept filter may hold what no address can: the database refuses the character NUL.
            text=query.get("q", "").replace("\x00", "").strip()[:100],
            state=state if state in [*SHOWN_STATES, PENDING] else "",
            overall=query.get("result", "") if query.get("result") in Overall.values else "",
            advisor=advisor if NUMBER.match(advisor) or advisor == "none" else "",
            country=query.get("country", "").replace("\x00", "")[:2].upper(),
            sort=query.get("sort", "") if query.get("sort") in SORTS else "waiting",
        )

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    def apply(self, found: QuerySet[Application]) -> QuerySet[Application]:
        """Narrow and order the list."""
        if self.state == PENDING:
            found = found.filter(decisions__released_at=None, decisions__isnull=False).distinct()
        elif self.state:
            found = found.filter(state=self.state)
        if self.overall:
            found = found.filter(overall=self.overall)
        if self.country:
            found = found.filter(country_of_degree=self.country)
        if self.advisor:
            found = found.filter(advisor=None) if self.advisor == "none" else found.filter(advisor=int(self.advisor))
        for word in self.text.split():
            found = found.filter(
                Q(number__icontains=word)
                | Q(person__given_name__icontains=word)
                | Q(person__family_name__icontains=word)
                | Q(person__user__email__icontains=word)
            )
        return found.order_by(*SORTS[self.sort][1])


def paginator(
    rows: QuerySet[Application], wanted: Filter, counts: Mapping[str, int], per_page: int
) -> "Paginator[Application]":
    """The pages of the list; the counts by state save counting thousands of rows once more."""
    pages = Paginator(rows, per_page)
    if wanted == Filter(state=wanted.state, sort=wanted.sort) and wanted.state != PENDING:
        pages.count = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
    return pages


def listed(programme: Programme, user: User | None) -> QuerySet[Application]:
    """The applications of a programme that this person handles."""
    return Application.objects.handled_by(user).filter(programme=programme)


def count_by_state(found: QuerySet[Application]) -> dict[str, int]:
    """How many there are in each state; states of nobody are left out."""
    return dict(found.order_by().values_list("state").annotate(Count("pk")))


def shown_counts(counts: Mapping[str, int], chosen: str = "") -> list[tuple[str, Any, int]]:
    """How many per state, in the order of the way; states of nobody are left out, but for the chosen one."""
    return [
        (state.value, state.label, counts.get(state.value, 0))
        for state in SHOWN_STATES
        if counts.get(state.value) or state == chosen
    ]


def advisors(programme: Programme) -> list[User]:
    """Who can look after applications of this programme."""
    holding = RoleAssignment.objects.in_force(role_day()).filter(
        role__in=[Role.ADVISOR, Role.PROGRAMME_ADMIN], scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk
    )
    return list(User.objects.filter(pk__in=holding.values("user")).select_related("person").order_by("pk"))


HEADINGS = (
    gettext_lazy("Number"), gettext_lazy("Family name"), gettext_lazy("Given names"), gettext_lazy("E-mail address"),
    gettext_lazy("State"), gettext_lazy("Eligibility"), gettext_lazy("Country of the degree"),
    gettext_lazy("Field of study"), gettext_lazy("Sent"), gettext_lazy("Since"), gettext_lazy("Advisor"),
    gettext_lazy("Rank"),
)  # fmt: skip


def export_rows(found: QuerySet[Application]) -> list[list[Any]]:
    """The list as rows of a table, headings first, in the reader's language (one query)."""
    rows: list[list[Any]] = [[str(heading) for heading in HEADINGS]]
    for a in found.select_related("person__user", "advisor__person"):
        rows.append(
            [
                a.number,
                a.person.family_name,
                a.person.given_name,
                a.person.mail_address,
                str(State(a.state).label),
                str(Overall(a.overall).label) if a.overall else "",
                country_name(a.country_of_degree) if a.country_of_degree else "",
                field_name(a.field_of_study) if a.field_of_study else "",
                _day(a.submitted_at),
                _day(a.moved_at),
                a.advisor.name if a.advisor else "",
                a.waiting_rank or "",
            ]
        )
    return rows


def _day(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d") if moment else ""


@dataclass(frozen=True)
class Clock:
    """How our promise to answer stands."""

    words: str
    tone: str  # "" when there is time


def clock(application: Application, *, now: datetime) -> Clock | None:
    """How many days are left until the answer that we promised, or since when it is late; None when nobody waits."""
    due = application.answer_due
    if not application.waits_for_us or due is None:
        return None
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    if days < 0:
        late = ngettext("answer late by %(days)s day", "answer late by %(days)s days", -days)
        return Clock(late % {"days": -days}, "bad")
    if days == 0:
        return Clock(_("answer due today"), "warning")
    left = ngettext("%(days)s day left to answer", "%(days)s days left to answer", days)
    return Clock(left % {"days": days}, "warning" if days <= SOON else "")


def waited(application: Application) -> str:
    """How long somebody has waited, in words."""
    days = (timezone.now() - application.moved_at).days
    if days == 0:
        return _("today")
    return _("1 day") if days == 1 else _("%(days)s days") % {"days": days}
