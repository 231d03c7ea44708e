"""Reads about practice in companies: the lines of a plan that are practice, and what waits for whom."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.common.path import NextStep, ToDo
from credpoints.organisations.models import Stage
from planning.models import (
    ItemKind,
    Participation,
    ParticipationState,
    Placement,
    PlacementState,
    PlanItem,
    PlanVersionState,
)

DAYS_OF_PATIENCE = 7  # after which staff ask an asked company how it stands
AHEAD = timedelta(days=60)  # before the practice's term begins


@dataclass(frozen=True)
class PracticeLine:
    """A practice line of the plan, with its placement when one counts."""

    key: UUID
    title: str
    term: str
    placement: Placement | None
    url: str


def practice_lines(participation: Participation) -> list[PracticeLine]:
    """The practice lines of the plan that holds (or is being drafted), then placements of lines that have gone."""
    counting = Placement.objects.counting().filter(participation=participation).select_related("participation")
    placements = {placement.line_key: placement for placement in counting}
    found = [
        PracticeLine(item.key, item.title, item.term.code if item.term else "", placements.pop(item.key, None),
                     reverse("planning:practice", args=[participation.uuid, item.key]))
        for item in _lines_in_force(participation)
    ]  # fmt: skip
    gone = [PracticeLine(p.line_key, p.title, "", p, p.get_absolute_url()) for p in placements.values()]
    return [*found, *gone]


def _lines_in_force(participation: Participation) -> list[PlanItem]:
    """Of the agreed version, else of the newest one that was not given up."""
    versions = list(participation.plan.versions.exclude(state=PlanVersionState.WITHDRAWN).order_by("-number"))
    agreed = next((version for version in versions if version.state == PlanVersionState.AGREED), None)
    version = agreed or next(iter(versions), None)
    return list(_practice().filter(version=version)) if version else []


def practice_line(participation: Participation, key: UUID) -> PlanItem | None:
    """The newest form of one practice line, agreed or still drafted; of one that has gone, what is known of it."""
    lines = _practice().filter(version__plan__participation=participation, key=key)
    line = lines.exclude(version__state=PlanVersionState.WITHDRAWN).order_by("-version__number").first()
    return line or _gone_line(participation, key)


def _gone_line(participation: Participation, key: UUID) -> PlanItem | None:
    """A line that was taken out of the plan after its practice had been arranged; no row of its own."""
    last = Placement.objects.filter(participation=participation, line_key=key).order_by("-pk").first()
    return PlanItem(key=key, kind=ItemKind.PRACTICE, title=last.title, hours=last.hours) if last else None


def _practice() -> QuerySet[PlanItem]:
    return PlanItem.objects.filter(kind=ItemKind.PRACTICE).select_related("term", "version").order_by("position", "pk")


def differences(saved: Placement, typed: dict[str, Any]) -> list[tuple[str, str]]:
    """What somebody else has saved otherwise: the field's label and the other text."""
    found = []
    for name, value in typed.items():
        field = Placement._meta.get_field(name)
        if getattr(saved, name) != value:
            shown = getattr(saved, f"get_{name}_display", lambda name=name: getattr(saved, name))()
            found.append((str(field.verbose_name), str(shown)))  # type: ignore[union-attr]
    return found


def next_steps_of_practice(user: User) -> list[NextStep]:
    """Agreed practice lines that begin soon and have no company yet."""
    arranged = Placement.objects.counting().filter(
        participation=OuterRef("version__plan__participation"), line_key=OuterRef("key")
    )
    soon = Q(term=None) | Q(term__starts_on__lte=timezone.localdate() + AHEAD)
    lines = _practice().filter(
        soon, ~Exists(arranged), version__state=PlanVersionState.AGREED,
        version__plan__participation__person__user=user,
        version__plan__participation__state=ParticipationState.ACTIVE,
    ).select_related("version__plan__participation")  # fmt: skip
    return [
        NextStep(
            Stage.PLAN, _("Say where you do your practice: %(title)s") % {"title": line.title},
            _("The company, your tasks and who supervises you. At the end the company confirms it by a link."),
            _("Name the company"),
            reverse("planning:practice", args=[line.version.plan.participation.uuid, line.key]),
            by_whom=_("you"), order=50,
        )
        for line in lines
    ]  # fmt: skip


def practice_todos(programmes: list[int]) -> list[ToDo]:
    """What of practice waits for staff: objections, practice that is over, companies that do not answer."""
    now = timezone.now()
    silent = Q(state=PlacementState.ASKED, asked_at__lt=now - timedelta(days=DAYS_OF_PATIENCE))
    open_ones = Q(state=PlacementState.ARRANGED) & (Q(objected_at__isnull=False) | Q(ends_on__lt=timezone.localdate()))
    found = Placement.objects.filter(silent | open_ones, participation__programme__in=programmes).select_related(
        "participation__person", "participation__programme"
    )
    return [_todo(placement) for placement in found]


def _todo(placement: Placement) -> ToDo:
    person, url = placement.participation.person.full_name, placement.get_absolute_url()
    names = {"company": placement.company}
    if placement.objected_at:
        return ToDo(_("%(company)s says that something is not right") % names, person, url, placement.objected_at)
    if placement.state == PlacementState.ASKED and placement.asked_at:
        return ToDo(_("%(company)s has not confirmed the practice yet") % names, person, url, placement.asked_at)
    zone = ZoneInfo(placement.participation.programme.time_zone)
    over_since = datetime.combine(placement.ends_on, time.max, tzinfo=zone)
    return ToDo(_("Ask %(company)s to confirm the practice") % names, person, url, over_since)
