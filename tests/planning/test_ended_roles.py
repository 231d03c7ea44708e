"""Whoever no longer works in a programme: their name stays on rows, and opens none of them."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from credpoints.accounts.models import Role, RoleAssignment, User
from credpoints.organisations.actions import end_role
from planning import rules
from planning.actions import feeds, participations
from planning.models import Participation
from tests.people import World
from tests.planning.makers import NOW, make_participation, make_talk, make_version


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


def end(world: World, user: User, role: Role) -> User:
    """End the role and return the account as the next request loads it."""
    assignment = RoleAssignment.objects.get(user=user, role=role)
    end_role(programme=world.programme, assignment=assignment, by=world.petersen)
    return User.objects.get(pk=user.pk)


def mentored(world: World) -> Participation:
    taking_part = make_participation(world)
    participations.assign_people(participation=taking_part, by=world.vogel, advisor=world.vogel, mentor=world.lorenz)
    return taking_part


def test_a_mentor_loses_participant_and_plan_with_the_role(world: World, sign_in) -> None:
    taking_part = mentored(world)
    version = make_version(world, taking_part)
    pages = [taking_part.get_absolute_url(), reverse("planning:plan_version", args=[version.uuid])]
    before = [sign_in(world.lorenz).get(page).status_code for page in pages]

    former = end(world, world.lorenz, Role.MENTOR)

    assert before == [200, 200]
    assert [sign_in(former).get(page).status_code for page in pages] == [404, 404]
    assert rules.may_comment(former, version) is False
    with pytest.raises(PermissionDenied):
        participations.log_mentoring(
            participation=taking_part, by=former, kind="career", held_on=NOW.date(), minutes=60, topic="Nachtrag"
        )


def test_an_advisor_loses_talks_and_calendar_with_the_role(world: World, sign_in, client) -> None:
    talk = make_talk(world)
    calendar = reverse("planning:feed", args=[feeds.new_address(user=world.vogel)])
    page = reverse("planning:calendar", args=[talk.uuid])
    before = (sign_in(world.vogel).get(page).status_code, client.get(calendar).content.count(b"BEGIN:VEVENT"))

    former = end(world, world.vogel, Role.ADVISOR)

    assert before == (200, 1)
    assert sign_in(former).get(page).status_code == 404
    assert client.get(calendar).content.count(b"BEGIN:VEVENT") == 0


def test_an_advisor_named_for_a_participant_loses_the_participant_with_the_role(world: World, sign_in) -> None:
    taking_part = mentored(world)

    former = end(world, world.vogel, Role.ADVISOR)

    assert sign_in(former).get(taking_part.get_absolute_url()).status_code == 404
