"""The plan as a board: terms as columns, lines with their remarks, sums against the choice, clashes and warnings."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from credpoints.common.templatetags.words import plain_number
from credpoints.organisations.models import Term
from modules.models import Session
from planning.models import ItemKind, Participation, PlanComment, PlanItem, PlanVersion
from planning.workload import TermLoad, TermPlan, Workload, workload

KINDS = dict(ItemKind.choices)
Write = Callable[[Decimal | None], str]


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
    """One line on the board, its sentences already written: a plan of sixty lines must not cost sixty templates."""

    item: PlanItem
    key: str
    anchor: str
    address: str  # of the page that changes the line
    look: str  # its classes
    kind: str
    title: str
    facts: str
    notes: list[str]
    warning: str
    remarks: list[PlanComment]
    is_open: bool = False


@dataclass
class Column:
    """One term."""

    term: Term | None
    cards: list[Card]
    load: TermLoad | None
    targets: list[tuple[str, str]] = field(default_factory=list)  # where its lines can move: value and code


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


def board_of(version: PlanVersion, opened: UUID | None = None) -> Board:
    """Read and count a version; the number of queries does not depend on the number of lines.

    `opened` is the key of the line whose buttons are shown.
    """
    participation = version.plan.participation
    items = list(version.items.select_related("finding").order_by("position", "pk"))
    terms = list(participation.programme.terms.all())
    remarks = _remarks(version)
    sums = workload([item.line() for item in items], _term_plans(participation, terms), _minima(participation))
    loads = {load.term: load for load in sums.terms}
    cards: dict[int | None, list[Card]] = defaultdict(list)
    write = cache(plain_number)  # most lines have the same few numbers, and writing one in local form is slow
    for item, address in zip(items, _addresses(items), strict=True):
        card = _card(item, address, remarks.get(str(item.key), []), write)
        card.is_open = item.key == opened
        cards[item.term_id].append(card)
    targets = [(str(term.pk), term.code) for term in terms]
    columns = [
        Column(term, cards[term.pk], loads[term.pk], [t for t in targets if t[1] != term.code]) for term in terms
    ]
    if cards[None]:
        columns.append(Column(None, cards[None], None, targets))
    return Board(
        columns=columns,
        sums=sums,
        kinds=_kind_sums(sums),
        clashes=clashes(_meetings(items)),
        remarks=remarks.get("", []),
        below_minimum=[(str(KINDS.get(kind, kind)), missing) for kind, missing in sums.below_minimum.items()],
    )


def _addresses(items: Iterable[PlanItem]) -> list[str]:
    """The pages of the lines: looking an address up costs more than all the rest of a line, so it is done once."""
    prefix = reverse("planning:change_line", args=[0]).removesuffix("0/")
    return [f"{prefix}{item.pk}/" for item in items]


def _card(item: PlanItem, address: str, remarks: list[PlanComment], write: Write) -> Card:
    facts = [f"{write(item.hours)} h", f"{write(item.credits)} ECTS"]
    facts += [f"{write(item.fee)} €"] if item.fee else []
    kind = [str(KINDS[item.kind])]
    if item.snapshot:
        kind += [item.code]
        facts += [item.provider]
    if item.suggested:
        kind += [_("suggested")]
    return Card(
        item=item,
        key=str(item.key),
        anchor=f"line-{item.pk}",
        address=address,
        look="line line--suggested" if item.suggested else "line",
        kind=_joined(kind),
        title=item.title,
        facts=_joined(facts),
        notes=_notes(item, write),
        warning=_missing_prerequisite(item),
        remarks=remarks,
    )


def _notes(item: PlanItem, write: Write) -> list[str]:
    why = _joined([item.finding.text if item.finding else "", item.rationale])
    notes = [_("Why: %(why)s") % {"why": why}] if why else []
    notes += [item.competences] if item.competences else []
    if item.prerequisite_met_by:
        notes.append(_("Prerequisite fulfilled by: %(what)s") % {"what": item.prerequisite_met_by})
    if item.recognised_as:
        credits_home = f" ({write(item.recognised_credits)} ECTS)" if item.recognised_credits else ""
        agreed = f": {item.recognition_text}" if item.recognition_text else ""
        replaced = _("Replaces at home: %(what)s") % {"what": f"{item.recognised_as}{credits_home}"}
        notes.append(f"{replaced} · {item.get_recognition_display()}{agreed}")
    return notes


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _missing_prerequisite(item: PlanItem) -> str:
    """The catalogue names a prerequisite and nobody has said yet what fulfils it."""
    if not item.snapshot or item.prerequisite_met_by or not item.prerequisites:
        return ""
    return _("Prerequisite: %(what)s") % {"what": item.prerequisites}


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
