"""Accounts: one per address, roles with scope and term, sessions that can be ended."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from credpoints.accounts import actions, rules
from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User
from credpoints.organisations.actions import end_role
from credpoints.organisations.rules import is_advisor
from tests.people import BERLIN, World


def fresh(user: User) -> User:
    """The account as the next request loads it."""
    return User.objects.get(pk=user.pk)


def test_an_address_is_one_account_however_it_is_written(db) -> None:
    first = actions.open_account(email="Rana@Example.org", language="de")
    second = actions.open_account(email=" rana@example.ORG ", language="en")

    assert (first.pk, second.language, Person.objects.count()) == (second.pk, "de", 1)
    assert User.objects.get_by_natural_key("RANA@example.org") == first


def test_the_database_refuses_a_second_account_of_an_address(db) -> None:
    User.objects.create(email="rana@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="RANA@example.org")


def test_a_new_account_has_no_usable_password(db) -> None:
    assert actions.open_account(email="rana@example.org", language="de").has_usable_password() is False


def test_a_role_holds_in_its_programme_only(world: World) -> None:
    assert is_advisor(world.vogel, world.programme.pk) is True
    assert is_advisor(world.vogel, world.other_programme.pk) is False
    assert is_advisor(world.rana, world.programme.pk) is False
    assert is_advisor(None, world.programme.pk) is False


def test_a_scope_number_counts_only_with_its_kind(world: World) -> None:
    actions.grant_role(
        user=world.rana, role=Role.ADVISOR, scope_kind=ScopeKind.OFFERING, scope_id=world.programme.pk, by=None
    )

    assert is_advisor(world.rana, world.programme.pk) is False
    assert rules.scope_ids(world.rana, ScopeKind.OFFERING, Role.ADVISOR) == [world.programme.pk]


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(0, None, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_a_role_holds_from_its_first_to_its_last_day(world: World, starts: int, ends: int | None, holds: bool) -> None:
    today = timezone.localdate()
    RoleAssignment.objects.create(
        user=world.rana,
        role=Role.ADVISOR,
        scope_kind=ScopeKind.PROGRAMME,
        scope_id=world.programme.pk,
        starts_on=today + timedelta(days=starts),
        ends_on=None if ends is None else today + timedelta(days=ends),
    )

    assert is_advisor(fresh(world.rana), world.programme.pk) is holds


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/Berlin", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_an_ended_role_is_over_in_every_time_zone_that_somebody_chooses(world: World, zone: str, hour: int) -> None:
    assignment = RoleAssignment.objects.get(user=world.vogel)

    with time_machine.travel(datetime(2027, 7, 1, hour, 30, tzinfo=BERLIN), tick=False):
        with timezone.override("Pacific/Kiritimati"):
            end_role(programme=world.programme, assignment=assignment, by=world.petersen)
        with timezone.override(zone):
            held = is_advisor(fresh(world.vogel), world.programme.pk)

    assert held is False


def test_granting_twice_changes_nothing(world: World) -> None:
    facts = {"user": world.rana, "role": Role.MENTOR, "scope_kind": ScopeKind.PROGRAMME, "scope_id": world.programme.pk}

    first = actions.grant_role(**facts, by=world.petersen)
    second = actions.grant_role(**facts, by=None)

    assert (first.pk, second.granted_by) == (second.pk, world.petersen)


def test_roles_are_read_once_for_all_questions(world: World, django_assert_num_queries) -> None:
    vogel = fresh(world.vogel)

    with django_assert_num_queries(1):
        assert rules.is_staff(vogel)
        assert rules.scope_ids(vogel, ScopeKind.PROGRAMME, Role.ADVISOR) == [world.programme.pk]


def test_other_sessions_end_and_the_own_can_stay(world: World, sign_in) -> None:
    here = sign_in(world.rana)
    assert here.get("/profile/").status_code == 200

    actions.end_other_sessions(user=world.rana)

    assert here.get("/profile/").status_code == 302


def test_an_unknown_time_zone_is_refused(world: World) -> None:
    with pytest.raises(ValidationError):
        actions.change_preferences(user=world.rana, language="de", time_zone="Mars/Olympus")

    assert fresh(world.rana).time_zone == "Europe/Berlin"


def test_a_certificate_prints_the_chosen_name(world: World) -> None:
    person = world.rana.person
    assert person.certificate_name == "Rana Al-Khatib"

    actions.change_name(
        person=person, given_name=" Rana ", family_name="Al-Khatib", name_on_certificate="Rana Maria Al-Khatib"
    )

    person.refresh_from_db()
    assert (person.certificate_name, person.full_name) == ("Rana Maria Al-Khatib", "Rana Al-Khatib")
