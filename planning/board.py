"""The plan as a board: terms as columns, lines with their remarks, sums against the choice, clashes and warnings."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credpoints.common.templatetags.words import plain_number
from credpoints.organisations.models import Term
from modules.models import Enrolment, EnrolmentState
from planning.clashes import Clash, clashes, meetings_of
from planning.courses import numbers_of_courses
from planning.models import ItemKind, Participation, PlanComment, PlanItem, PlanVersion
from planning.plan_rules import plan_rules
from planning.prerequisites import Verdict, Wanting, verdicts
from planning.workload import TermLoad, TermPlan, Workload, workload

KINDS = dict(ItemKind.choices)
Write = Callable[[Decimal | None], str]


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
    warnings: list[str]
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

    @property
    def has_terms(self) -> bool:
        """Whether there is something to spread the lines over."""
        return bool(self.sums.terms)


def board_of(version: PlanVersion, opened: UUID | None = None) -> Board:
    """Read and count a version; the number of queries does not depend on the number of lines.

    `opened` is the key of the line whose buttons are shown.
    """
    participation = version.plan.participation
    items = list(version.items.select_related("finding").order_by("position", "pk"))
    terms = list(participation.programme.terms.all())
    remarks = _remarks(version)
    minima = plan_rules(participation.programme).minimum_credits
    sums = workload([item.line() for item in items], _term_plans(participation, terms), minima)
    found = clashes(meetings_of(version, items, timezone.now()))
    met = verdicts(_wanting(items, terms), _passed(participation))
    write = cache(plain_number)  # most lines have the same few numbers, and writing one in local form is slow
    courses = numbers_of_courses(participation, items)
    cards: dict[int | None, list[Card]] = defaultdict(list)
    for item, address in zip(items, _addresses(items), strict=True):
        card = _card(item, address, remarks.get(str(item.key), []), met.get(str(item.key)), write)
        card.is_open = item.key == opened
        card.warnings += _clash_warnings(found, card.key)
        card.notes += _course_notes(courses.get(item.pk, 0))
        cards[item.term_id].append(card)
    return Board(
        columns=_columns(terms, cards, sums),
        sums=sums,
        kinds=_kind_sums(sums),
        clashes=found,
        remarks=remarks.get("", []),
        below_minimum=[(str(KINDS.get(kind, kind)), missing) for kind, missing in sums.below_minimum.items()],
    )


def _columns(terms: list[Term], cards: Mapping[int | None, list[Card]], sums: Workload) -> list[Column]:
    """One column per term, and one for lines that are in none yet."""
    loads = {load.term: load for load in sums.terms}
    targets = [(str(term.pk), term.code) for term in terms]
    columns = [
        Column(term, cards.get(term.pk, []), loads[term.pk], [t for t in targets if t[1] != term.code])
        for term in terms
    ]
    return [*columns, Column(None, cards[None], None, targets)] if cards.get(None) else columns


def _addresses(items: Iterable[PlanItem]) -> list[str]:
    """The pages of the lines: looking an address up costs more than all the rest of a line, so it is done once."""
    prefix = reverse("planning:change_line", args=[0]).removesuffix("0/")
    return [f"{prefix}{item.pk}/" for item in items]


def _card(item: PlanItem, address: str, remarks: list[PlanComment], verdict: Verdict | None, write: Write) -> Card:
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
        notes=_notes(item, verdict, write),
        warnings=_prerequisite_warnings(item, verdict),
        remarks=remarks,
    )


def _notes(item: PlanItem, verdict: Verdict | None, write: Write) -> list[str]:
    why = _joined([item.finding.text if item.finding else "", item.rationale])
    notes = [_("Why: %(why)s") % {"why": why}] if why else []
    notes += [item.competences] if item.competences else []
    if verdict and verdict.state == "met":
        notes.append(_fulfilled(item, verdict))
    if item.recognised_as:
        credits_home = f" ({write(item.recognised_credits)} ECTS)" if item.recognised_credits else ""
        agreed = f": {item.recognition_text}" if item.recognition_text else ""
        replaced = _("Replaces at home: %(what)s") % {"what": f"{item.recognised_as}{credits_home}"}
        notes.append(f"{replaced} · {item.get_recognition_display()}{agreed}")
    return notes


def _course_notes(number: int) -> list[str]:
    """That the catalogue has courses for a free line that was suggested."""
    words = ngettext(
        "%(number)s course of the catalogue fits: choose it under “Change”.",
        "%(number)s courses of the catalogue fit: choose one under “Change”.",
        number,
    )
    return [words % {"number": number}] if number else []


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _fulfilled(item: PlanItem, verdict: Verdict) -> str:
    if not item.prerequisites:
        return _("Prerequisite fulfilled by: %(what)s") % {"what": verdict.by}
    return _("Prerequisite “%(needs)s” fulfilled by: %(what)s") % {"needs": item.prerequisites, "what": verdict.by}


def _prerequisite_warnings(item: PlanItem, verdict: Verdict | None) -> list[str]:
    """The catalogue names a prerequisite, and nothing fulfils it, or something that comes too late."""
    if verdict is None or verdict.state == "met":
        return []
    if verdict.state == "open":
        return [_("Prerequisite: %(what)s. What fulfils it?") % {"what": item.prerequisites}]
    needs = item.prerequisites or item.prerequisite_met_by
    words = _("Prerequisite: %(needs)s. “%(what)s” is not in an earlier term.")
    return [words % {"needs": needs, "what": verdict.by}]


def _clash_warnings(found: Iterable[Clash], line: str) -> list[str]:
    """With what else the compulsory dates of a line clash; the dates stand with the sums."""
    others = [c.second if c.first.line == line else c.first for c in found if line in (c.first.line, c.second.line)]
    return [_("Compulsory dates at the same time as “%(what)s”") % {"what": other.what} for other in others]


def _wanting(items: Iterable[PlanItem], terms: Iterable[Term]) -> list[Wanting]:
    places = {term.pk: place for place, term in enumerate(terms)}
    return [
        Wanting(
            key=str(item.key),
            title=item.title,
            names=(item.title, item.code, *map(str, (item.snapshot.get("title") or {}).values())),
            place=places.get(item.term_id or 0),
            needs=item.prerequisites,
            met_by=item.prerequisite_met_by,
        )
        for item in items
    ]


def _passed(participation: Participation) -> list[str]:
    """Titles of the modules that the person has passed, in every language they have."""
    found = Enrolment.objects.filter(person=participation.person_id, state=EnrolmentState.COMPLETED_PASSED)
    titles = found.order_by("pk").values_list("offering__version__title", flat=True)
    return [str(title) for in_languages in titles for title in in_languages.values()]


def _remarks(version: PlanVersion) -> dict[str, list[PlanComment]]:
    found: dict[str, list[PlanComment]] = defaultdict(list)
    for remark in version.comments.select_related("author__person"):
        found[str(remark.line_key) if remark.line_key else ""].append(remark)
    return found


def _term_plans(participation: Participation, terms: Iterable[Term]) -> list[TermPlan]:
    chosen = {choice.term_id: choice.weekly_hours for choice in participation.term_choices.all()}
    return [TermPlan(term.pk, term.teaching_weeks, chosen.get(term.pk)) for term in terms]


def _kind_sums(sums: Workload) -> list[KindSum]:
    most = max([*sums.hours_by_kind.values(), Decimal(1)])
    return [
        KindSum(str(KINDS.get(kind, kind)), kind, credits, sums.hours_by_kind[kind],
                int(sums.hours_by_kind[kind] * 100 / most))
        for kind, credits in sums.credits_by_kind.items()
    ]  # fmt: skip
