"""Courses of the catalogue that a plan can name, and those that are what a line of it stands for."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from modules.models import ModuleKind, Offering
from planning.models import ItemKind, Participation, PlanItem

# These lines are what a module of the catalogue is by its kind; all others find their course by its title.
MODULE_KINDS: Mapping[str, str] = {
    ItemKind.MENTORING: ModuleKind.MENTORING.value,
    ItemKind.COACHING: ModuleKind.COACHING.value,
    ItemKind.PRACTICE: ModuleKind.PRACTICE.value,
}


def offerings_for(participation: Participation) -> QuerySet[Offering]:
    """Open courses that a plan of this participation can name."""
    terms = participation.programme.terms.values("pk")
    found = Offering.objects.filter(state="active").select_related("version__module", "term")
    return (found.filter(term__in=terms) | found.filter(term=None)).order_by("version__module__code", "pk")


def courses_for(item: PlanItem) -> QuerySet[Offering]:
    """The courses that could stand for a free line: of its kind, in its term or in none, and not in the plan yet."""
    version = item.version
    if item.offering_id or item.kind not in MODULE_KINDS:
        return Offering.objects.none()
    taken = version.items.exclude(offering=None).values("offering")
    found = offerings_for(version.plan.participation).filter(version__module__kind=MODULE_KINDS[item.kind])
    in_term = found.filter(Q(term=item.term_id) | Q(term=None)) if item.term_id else found
    return in_term.exclude(pk__in=taken)


def numbers_of_courses(participation: Participation, items: Iterable[PlanItem]) -> dict[int, int]:
    """How many courses could stand for each free line that was suggested (one query, none without such lines)."""
    items = list(items)
    free = [item for item in items if item.suggested and not item.offering_id and item.kind in MODULE_KINDS]
    if not free:
        return {}
    taken = {item.offering_id for item in items}
    rows = offerings_for(participation).filter(version__module__kind__in=MODULE_KINDS.values())
    left = [row for row in rows.values_list("pk", "version__module__kind", "term") if row[0] not in taken]
    return {
        item.pk: sum(1 for _pk, kind, term in left if kind == MODULE_KINDS[item.kind] and _meets(term, item.term_id))
        for item in free
    }


def _meets(term: int | None, wanted: int | None) -> bool:
    return term is None or wanted is None or term == wanted
