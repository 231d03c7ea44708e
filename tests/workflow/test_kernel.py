"""The kernel of steps: lock, right, state, change, audit, in this order and all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from credpoints.audit.models import AuditEvent
from credpoints.organisations.models import Programme, ProgrammeState
from credpoints.organisations.rules import is_admin
from credpoints.workflow import NoLongerPossible, NotAllowed, Step, Workflow, kernel
from tests.people import World, build_world


def may(user: Any, programme: Programme) -> bool:
    return is_admin(user, programme.pk)


@pytest.fixture
def workflow(monkeypatch: pytest.MonkeyPatch) -> Workflow[Programme]:
    """A small table on programmes that no other test sees."""
    monkeypatch.setattr(kernel, "_workflows", {})
    opened, draft = ProgrammeState.OPEN, ProgrammeState.DRAFT
    return Workflow(
        "tests",
        Programme,
        ProgrammeState,
        [
            Step("hide", "Hide", frozenset({opened}), draft, may),
            Step("show", "Show", frozenset({draft}), opened, may, history="%(before)s → %(after)s"),
            Step("tick", "By the clock", frozenset({opened}), draft, lambda user, thing: user is None),
        ],
    )


def test_a_step_changes_state_and_fields_and_tells_history(world: World, workflow) -> None:
    with workflow.take("hide", world.programme, by=world.petersen, reason="Umbau", cause="test") as locked:
        locked.places = 7

    world.programme.refresh_from_db()
    event = AuditEvent.objects.about(world.programme).last()
    assert (world.programme.state, world.programme.places) == (ProgrammeState.DRAFT, 7)
    assert (event.action, event.actor, event.detail) == (
        "tests.hide",
        world.petersen,
        {"before": "open", "after": "draft", "reason": "Umbau", "cause": "test"},
    )


def test_the_callers_object_knows_afterwards(world: World, workflow) -> None:
    with workflow.take("hide", world.programme, by=world.petersen) as locked:
        locked.places = 9

    assert (world.programme.state, world.programme.places) == (ProgrammeState.DRAFT, 9)


@pytest.mark.parametrize("name", ["rana", "vogel", "other_admin", "anonymous"])
def test_whoever_has_no_right_changes_nothing(world: World, workflow, name: str) -> None:
    before = AuditEvent.objects.count()

    with pytest.raises(NotAllowed), workflow.take("hide", world.programme, by=world.user(name)) as locked:
        locked.places = 7

    world.programme.refresh_from_db()
    assert (world.programme.state, world.programme.places) == (ProgrammeState.OPEN, 20)
    assert AuditEvent.objects.count() == before


def test_a_person_without_right_does_not_learn_the_state(world: World, workflow) -> None:
    with pytest.raises(NotAllowed), workflow.take("show", world.programme, by=world.rana):
        pass


def test_a_step_from_the_wrong_state_says_the_present_one(world: World, workflow) -> None:
    with pytest.raises(NoLongerPossible) as refused, workflow.take("show", world.programme, by=world.petersen):
        pass

    assert str(ProgrammeState.OPEN.label) in refused.value.message
    assert refused.value.thing == world.programme


def test_a_stale_object_is_judged_by_the_row(world: World, workflow) -> None:
    stale = Programme.objects.get(pk=world.programme.pk)
    with workflow.take("hide", world.programme, by=world.petersen):
        pass

    with pytest.raises(NoLongerPossible), workflow.take("hide", stale, by=world.petersen):
        pass


def test_an_error_in_the_block_undoes_everything(world: World, workflow) -> None:
    before = AuditEvent.objects.count()

    with pytest.raises(ZeroDivisionError), workflow.take("hide", world.programme, by=world.petersen) as locked:
        locked.places = 1 // 0

    world.programme.refresh_from_db()
    assert (world.programme.state, AuditEvent.objects.count()) == (ProgrammeState.OPEN, before)


def test_buttons_come_from_the_same_table(world: World, workflow) -> None:
    offered = {
        name: [step.name for step in workflow.available(world.programme, world.user(name))]
        for name in ("rana", "petersen", "other_admin")
    }

    assert offered == {"rana": [], "petersen": ["hide"], "other_admin": []}


def test_the_system_takes_only_its_own_steps(world: World, workflow) -> None:
    with pytest.raises(NotAllowed), workflow.take("hide", world.programme, by=None):
        pass

    with workflow.take("tick", world.programme, by=None):
        pass

    assert AuditEvent.objects.about(world.programme).last().actor is None


def test_a_table_with_an_unknown_state_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_workflows", {})

    with pytest.raises(ValueError, match="nowhere"):
        Workflow("bad", Programme, ProgrammeState, [Step("go", "Go", frozenset({"open"}), "nowhere", may)])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_step_taken_by_eight_at_once_is_taken_once(workflow) -> None:
    world = build_world()

    def hide(_number: int) -> str:
        try:
            with workflow.take("hide", Programme.objects.get(pk=world.programme.pk), by=world.petersen):
                pass
        except NoLongerPossible:
            return "late"
        else:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(hide, range(8)))

    assert sorted(results) == ["late"] * 7 + ["taken"]
