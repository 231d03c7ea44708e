"""Tables of steps: who may take which step, from which state, to which.

Own code of a page and not a state-machine library: those leave locking, saving, rights and audit to each caller.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe

M = TypeVar("M", bound=models.Model)
Rule = Callable[[User | None, Any], bool]


@dataclass(frozen=True)
class Step:
    """One row of a table: the step's name and label, its states, and who may take it.

    `consequence` is what a person reads before the click (who is mailed, what moves); `needs_reason` makes the form
    ask for a text; `history` is the sentence of the History tab when the label does not fit.
    """

    name: str
    label: str | Promise
    sources: frozenset[str]
    target: str
    who: Rule
    consequence: str | Promise = ""
    needs_reason: bool = False
    danger: bool = False
    history: str | Promise = ""


class NotAllowed(PermissionDenied):
    """Somebody without the right tried a step: answered with 403."""

    def __init__(self, step: Step) -> None:
        super().__init__(_("You may not do this: %(step)s.") % {"step": step.label})
        self.step = step


class NoLongerPossible(Exception):
    """The thing has moved on since the page was drawn: answered with 409 and the present state in words."""

    def __init__(self, message: str, thing: models.Model | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.thing = thing


class Workflow(Generic[M]):
    """The steps of one model. Nothing else sets its `state`."""

    def __init__(self, name: str, model: type[M], states: Any, steps: Iterable[Step], initial: str = "") -> None:
        self.name = name
        self.model = model
        self.states = states
        self.steps = {step.name: step for step in steps}
        self.initial = initial or str(states.values[0])
        for step in self.steps.values():
            unknown = (step.sources | {step.target}) - set(states.values)
            if unknown:
                raise ValueError(f"{name}.{step.name} names unknown states {unknown}")
        describe({f"{name}.{step.name}": step.history or step.label for step in self.steps.values()})
        _workflows[name] = self

    def may(self, step_name: str, thing: M, user: User | None) -> bool:
        """Whether this person may take the step now: right and state."""
        step = self.steps[step_name]
        return state_of(thing) in step.sources and step.who(user, thing)

    def available(self, thing: M, user: User | None) -> list[Step]:
        """The steps this person may take now: the buttons of a page."""
        return [step for step in self.steps.values() if self.may(step.name, thing, user)]

    @contextmanager
    def take(self, step_name: str, thing: M, *, by: User | None, reason: str = "", **detail: Any) -> Iterator[M]:
        """Take a step: lock the row, check right then state, let the block change fields, save, write the audit line.

        The block gets the locked, fresh object, already in its new state. An exception in it undoes everything.
        `by=None` is the system. Raises NotAllowed or NoLongerPossible.
        """
        step = self.steps[step_name]
        with transaction.atomic():
            locked = self.model._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
            before = state_of(locked)
            if not step.who(by, locked):
                raise NotAllowed(step)
            if before not in step.sources:
                raise NoLongerPossible(self.refusal(locked), locked)
            _set_state(locked, step.target)
            yield locked
            locked.save()
            detail |= {"reason": reason} if reason else {}
            audit.record(f"{self.name}.{step.name}", locked, by=by, before=before, after=step.target, **detail)
        for field in self.model._meta.concrete_fields:
            setattr(thing, field.attname, getattr(locked, field.attname))

    def refusal(self, thing: M) -> str:
        """Say in words why the step is too late."""
        label = dict(self.states.choices)[state_of(thing)]
        return _("This is no longer possible. The present state is: %(state)s.") % {"state": label}


def state_of(thing: models.Model) -> str:
    return str(thing.state)  # type: ignore[attr-defined]


def _set_state(thing: models.Model, state: str) -> None:
    thing.state = state  # type: ignore[attr-defined]


_workflows: dict[str, Workflow[Any]] = {}


def all_workflows() -> dict[str, Workflow[Any]]:
    """Every table of the house by name: for the test matrix and the page “how this programme works”."""
    return dict(_workflows)
