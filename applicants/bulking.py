"""One step for many applications, before the click: which are chosen, whom the step concerns, who gets mail."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants import listing
from applicants.models import Application, BulkStep, Decision, DecisionKind, State
from applicants.queries import free_places
from applicants.workflow import APPLICATION
from credpoints.accounts.models import User
from credpoints.common.tokens import content_hash
from credpoints.organisations.models import Programme
from credpoints.outbox.actions import Letter

LETTERS_SHOWN = 10


@dataclass(frozen=True)
class Asked:
    """What the list's form asks for; unknown values ask for nothing."""

    step: BulkStep | None
    everything: bool  # all that fit the filter, not only the ticked ones
    ticked: tuple[UUID, ...]
    query: str
    mails: bool = True  # unticked: what is prepared takes effect, and nobody is told

    @classmethod
    def read(cls, data: QueryDict) -> "Asked":
        step = data.get("what", "")
        return cls(
            step=BulkStep(step) if step in BulkStep.values else None,
            everything=data.get("scope") == "all",
            ticked=tuple(read_uuids(data.getlist("chosen"))),
            query=data.get("query", "").replace("\x00", "")[:500],
            mails="mails" in data or "offers_mails" not in data,
        )

    def applications(self, programme: Programme, user: User) -> QuerySet[Application]:
        """The applications meant, of those that this person handles."""
        found = listing.listed(programme, user)
        if self.everything:
            return listing.Filter.read(QueryDict(self.query)).apply(found)
        return found.filter(uuid__in=self.ticked)


@dataclass
class Choice:
    """What a step would do with the chosen applications."""

    step: BulkStep
    total: int  # all chosen ones
    pairs: list[list[int | None]]  # those that the step concerns: [application, prepared decision or null]
    effects: list[str] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)  # why others are left out, and how many
    mails: int = 0
    letters: list[tuple[Application, Letter]] = field(default_factory=list)  # the first ones, to be read

    @property
    def left_out(self) -> int:
        return self.total - len(self.pairs)

    @property
    def digest(self) -> str:
        """What was shown: if it differs when the button is pressed, somebody has been quicker."""
        return content_hash(json.dumps([self.step.value, self.pairs, self.mails]))


def choice(asked: Asked, programme: Programme, user: User) -> Choice:
    """What would happen, in the same number of queries for three applications and for thousands."""
    step = asked.step or BulkStep.START_REVIEW
    chosen = asked.applications(programme, user)
    # Nobody takes a step for themselves.
    concerned = chosen.exclude(person__user=user)
    found = Choice(step, chosen.count(), [])
    _FORECASTS[step](found, chosen, concerned, programme, user)
    return found


def _start_review(found: Choice, chosen: Any, concerned: Any, programme: Programme, user: User) -> None:
    found.pairs = _without_decision(concerned.filter(state=State.SUBMITTED))
    found.effects = [str(APPLICATION.steps["start_review"].consequence)]
    by_state = chosen.order_by().exclude(state=State.SUBMITTED).values_list("state").annotate(Count("pk"))
    found.left = [(_("no longer new, but: %(state)s") % {"state": State(state).label}, count)
                  for state, count in by_state]  # fmt: skip


def _take_over(found: Choice, chosen: Any, concerned: Any, programme: Programme, user: User) -> None:
    concerned = concerned.exclude(advisor=user)
    found.pairs = _without_decision(concerned)
    others = concerned.order_by().exclude(advisor=None).count()
    found.effects = [_("You look after these applications from now on. No mail is sent.")]
    if others:
        found.effects.append(
            ngettext("%(count)s of them is looked after by a colleague now, who is not told.",
                     "%(count)s of them are looked after by colleagues now, who are not told.",
                     others) % {"count": others}
        )  # fmt: skip
    if found.left_out:
        found.left = [(_("looked after by you already"), found.left_out)]


def _release(found: Choice, chosen: Any, concerned: Any, programme: Programme, user: User) -> None:
    pending = Decision.objects.filter(application__in=concerned.order_by().values("pk"), released_at=None)
    # In the order in which they were prepared: whoever was decided first gets a place first.
    found.pairs = [list(pair) for pair in pending.order_by("prepared_at", "pk").values_list("application", "pk")]
    with_mail = Count("pk", filter=Q(sends_mail=True))
    kinds = list(pending.order_by().values_list("kind").annotate(total=Count("pk"), mails=with_mail))
    found.mails = sum(mails for _kind, _count, mails in kinds)
    found.effects = [_kind_in_words(kind, count, mails) for kind, count, mails in sorted(kinds)]
    accepted = sum(count for kind, count, _mails in kinds if kind == DecisionKind.ACCEPT)
    free = free_places(programme)
    if free is not None and accepted > free:
        found.effects.append(
            _("Only %(free)s places are free: they are given in the order in which the decisions were prepared, "
              "the others go to the waiting list.") % {"free": free}
        )  # fmt: skip
    if found.left_out:
        found.left = [(_("no decision is prepared"), found.left_out)]
    first = pending.filter(sends_mail=True).select_related("application__person__user").order_by("prepared_at", "pk")
    for decision in first[:LETTERS_SHOWN]:
        to = decision.application.person.mail_address
        letter = Letter(to=to, language=decision.language, subject=decision.subject, body=decision.body)
        found.letters.append((decision.application, letter))


_FORECASTS = {
    BulkStep.START_REVIEW: _start_review,
    BulkStep.TAKE_OVER: _take_over,
    BulkStep.RELEASE: _release,
}


def _without_decision(found: QuerySet[Application]) -> list[list[int | None]]:
    return [[pk, None] for pk in found.values_list("pk", flat=True)]


def _kind_in_words(kind: str, count: int, mails: int) -> str:
    return _("%(kind)s: %(count)s, with mail: %(mails)s") % {
        "kind": DecisionKind(kind).label, "count": count, "mails": mails}  # fmt: skip


def read_uuids(texts: Iterable[str]) -> list[UUID]:
    """The well-formed ones; forged ones ask for nothing."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
