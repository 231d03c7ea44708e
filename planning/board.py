"""The plan as a board: terms as columns, lines with their remarks, sums against the choice, clashes and warnings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from credpoints.organisations.models import Term
from modules.models import Session
from planning.models import ItemKind, Participation, PlanComment, PlanItem, PlanVersion
from planning.workload import TermLoad, TermPlan, Workload, workload

KINDS = dict(ItemKind.choices)


@dataclass(frozen=True)
class Clash:
    """Two compulsory dates of the plan at the same time."""

    first: str
    second: str
    begins: datetime
    zone: str


@dataclass(frozen=True)
class Meeting:
    """A compulsory date of a line."""

    line: str
    begins: datetime
    ends: datetime
    zone: str


@dataclass
class Card:
    """One line on the board."""

    item: PlanItem
    remarks: list[PlanComment] = field(default_factory=list)

    @property
    def open_remarks(self) -> int:
        return sum(1 for remark in self.remarks if remark.resolved_at is None)

    @property
    def misses_prerequisite(self) -> bool:
        """The catalogue names a prerequisite and nobody has said yet what fulfils it."""
        return bool(self.item.prerequisites) and not self.item.prerequisite_met_by


@dataclass
class Column:
    """One term."""

    term: Term | None
    cards: list[Card]
    load: TermLoad | None


@dataclass
class KindSum:
    """ECTS and hours of one kind of line, with its share for the picture."""

    label: str
    kind: str
    credits: Decimal
    hours: Decimal
    percent: int


@dataclass
class Board:
    """Everything the page of a version draws."""

    columns: list[Column]
    sums: Workload
    kinds: list[KindSum]
    clashes: list[Clash]
    remarks: list[PlanComment]
    below_minimum: list[tuple[str, Decimal]]

    @property
    def cards(self) -> list[Card]:
        return [card for column in self.columns for card in column.cards]


def board_of(version: PlanVersion) -> Board:
    """Read and count a version; the number of queries does not depend on the number of lines."""
    participation = version.plan.participation
    items = list(
        version.items.select_related("term", "finding", "offering__version__module").order_by("position", "pk")
    )
    terms = list(participation.programme.terms.all())
    remarks = _remarks(version)
    sums = workload([item.line() for item in items], _term_plans(participation, terms), _minima(participation))
    loads = {load.term: load for load in sums.terms}
    cards: dict[int | None, list[Card]] = defaultdict(list)
    for item in items:
        cards[item.term_id].append(Card(item, remarks.get(str(item.key), [])))
    columns = [Column(term, cards[term.pk], loads[term.pk]) for term in terms]
    if cards[None]:
        columns.append(Column(None, cards[None], None))
    return Board(
        columns=columns,
        sums=sums,
        kinds=_kind_sums(sums),
        clashes=clashes(_meetings(items)),
        remarks=remarks.get("", []),
        below_minimum=[(str(KINDS.get(kind, kind)), missing) for kind, missing in sums.below_minimum.items()],
    )


def _remarks(version: PlanVersion) -> dict[str, list[PlanComment]]:
    found: dict[str, list[PlanComment]] = defaultdict(list)
    for remark in version.comments.select_related("author__person"):
        found[str(remark.line_key) if remark.line_key else ""].append(remark)
    return found


def _term_plans(participation: Participation, terms: Iterable[Term]) -> list[TermPlan]:
    chosen = {choice.term_id: choice.weekly_hours for choice in participation.term_choices.all()}
    return [TermPlan(term.pk, term.teaching_weeks, chosen.get(term.pk)) for term in terms]


def _minima(participation: Participation) -> dict[str, Decimal]:
    settings = participation.programme.room_settings("planning")
    return {str(kind): Decimal(str(least)) for kind, least in settings.get("minimum_credits", {}).items()}


def _kind_sums(sums: Workload) -> list[KindSum]:
    most = max([*sums.hours_by_kind.values(), Decimal(1)])
    return [
        KindSum(str(KINDS.get(kind, kind)), kind, credits, sums.hours_by_kind[kind],
                int(sums.hours_by_kind[kind] * 100 / most))
        for kind, credits in sums.credits_by_kind.items()
    ]  # fmt: skip


def _meetings(items: list[PlanItem]) -> list[Meeting]:
    titles = {item.offering_id: item.title for item in items if item.offering_id}
    sessions = Session.objects.filter(offering__in=list(titles), attendance="compulsory", cancelled_at=None).order_by(
        "starts_at"
    )
    return [Meeting(titles[s.offering_id], s.starts_at, s.ends_at, s.time_zone) for s in sessions]


def clashes(meetings: list[Meeting]) -> list[Clash]:
    """Pairs of compulsory dates that overlap, in order."""
    found: list[Clash] = []
    running: list[Meeting] = []
    for meeting in sorted(meetings, key=lambda m: (m.begins, m.ends)):
        running = [other for other in running if other.ends > meeting.begins]
        found += [Clash(other.line, meeting.line, meeting.begins, meeting.zone) for other in running]
        running.append(meeting)
    return found
