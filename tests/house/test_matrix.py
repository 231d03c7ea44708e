"""House test 1: every step × state × person is as written down by hand in `tests/matrix`."""

import importlib

import pytest

from credpoints.workflow import all_workflows
from tests.matrix.tables import Table
from tests.people import PERSONAS, World

ROOMS = ("applicants", "planning", "modules", "portfolios", "certificates")
TABLES: dict[str, Table] = {
    table.workflow: table for room in ROOMS for table in importlib.import_module(f"tests.matrix.{room}").TABLES
}


def test_every_workflow_has_a_table() -> None:
    assert sorted(TABLES) == sorted(all_workflows())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_steps_are_open_to_exactly_these_people_in_exactly_these_states(world: World, name: str) -> None:
    workflow, table = all_workflows()[name], TABLES[name]
    thing = table.make(world)
    expected, found = {}, {}

    for step in workflow.steps:
        sources, people = table.steps.get(step, (set(), set()))
        for state in workflow.states.values:
            thing.state = state
            for persona in ("system", *PERSONAS):
                user = None if persona == "system" else world.user(persona)
                # An anonymous visitor and the system are both None; what the system may do only code can reach.
                if persona == "anonymous":
                    continue
                key = (step, str(state), persona)
                expected[key] = state in sources and persona in people
                found[key] = workflow.may(step, thing, user)

    assert {key for key in found if found[key]} == {key for key in expected if expected[key]}
    assert set(table.steps) == set(workflow.steps)
