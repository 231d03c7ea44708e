"""Forty people, ten seats, one waiting list: real threads against a real database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from credpoints.workflow import NoLongerPossible
from modules import actions
from modules.models import Enrolment, EnrolmentState, Offering, Result
from tests.modules.factories import make_enrolment, make_offering, make_person
from tests.people import build_world

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(jobs: list[Any], workers: int = 16) -> list[Any]:
    """Call every function in a thread of its own connection, starting together; exceptions are results."""
    barrier = Barrier(min(workers, len(jobs)))

    def run(number: int) -> Any:
        try:
            if number < barrier.parties:
                barrier.wait(timeout=20)
            return jobs[number]()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(run, range(len(jobs))))


def seats(offering: Offering) -> tuple[int, int]:
    """What the counter says and what the rows say."""
    offering.refresh_from_db()
    held = sum(1 for row in Enrolment.objects.filter(offering=offering) if row.holds_seat)
    return offering.seats_taken, held


def test_forty_enrolments_on_ten_seats_give_ten() -> None:
    world = build_world()
    offering = make_offering(world, places=10)
    people = [make_person(number) for number in range(40)]

    found = at_once([lambda p=p: actions.enrol(offering=offering, person=p, by=world.vogel).state for p in people])

    assert Counter(found) == {"enrolled": 10, "waitlisted": 30}
    assert seats(offering) == (10, 10)
    waiting = Enrolment.objects.filter(state="waitlisted").values_list("queue_number", flat=True)
    assert sorted(waiting) == list(range(1, 31))


def test_one_person_enrolling_eight_times_takes_one_seat() -> None:
    world = build_world()
    offering = make_offering(world, places=10)
    person = world.rana.person

    found = at_once([lambda: actions.enrol(offering=offering, person=person, by=world.rana).pk for _ in range(8)])

    assert len(set(found)) == 1
    assert seats(offering) == (1, 1)


def test_freed_places_go_to_exactly_one_person_each_in_order() -> None:
    world = build_world()
    offering = make_offering(world, places=4)
    rows = [actions.enrol(offering=offering, person=make_person(n), by=world.vogel) for n in range(10)]

    found = at_once([lambda row=row: actions.withdraw(enrolment=row, by=None) for row in rows[:4]])

    assert found == [None] * 4
    states = [Enrolment.objects.get(pk=row.pk).state for row in rows]
    assert states == ["withdrawn"] * 4 + ["offered"] * 4 + ["waitlisted"] * 2
    assert seats(offering) == (4, 4)


def test_withdrawing_twice_at_once_frees_one_seat() -> None:
    world = build_world()
    offering = make_offering(world, places=5)
    enrolment = make_enrolment(world, offering=offering)
    actions.enrol(offering=offering, person=make_person(1), by=world.vogel)

    found = at_once([lambda: actions.withdraw(enrolment=enrolment, by=world.rana) for _ in range(4)])

    assert sorted(type(answer).__name__ for answer in found) == ["NoLongerPossible"] * 3 + ["NoneType"]
    assert seats(offering) == (1, 1)


def test_accepting_and_lapsing_at_once_leaves_one_truth() -> None:
    world = build_world()
    offering = make_offering(world, places=1)
    first = actions.enrol(offering=offering, person=make_person(1), by=world.vogel)
    second = make_enrolment(world, offering=offering)
    third = actions.enrol(offering=offering, person=make_person(3), by=world.vogel)
    actions.withdraw(enrolment=first, by=world.vogel)
    # The offer runs out in the very moment in which Rana clicks.
    Enrolment.objects.filter(pk=second.pk).update(offer_expires_at=timezone.now() - timedelta(seconds=1))
    second.refresh_from_db()

    found = at_once(
        [
            lambda: actions.accept_place(enrolment=second, by=world.rana),
            lambda: actions.lapse_offer(enrolment_id=second.pk),
            lambda: actions.lapse_offer(enrolment_id=second.pk),
        ]
    )

    assert [type(answer) for answer in found] == [NoLongerPossible, type(None), type(None)]
    states = [Enrolment.objects.get(pk=row.pk).state for row in (first, second, third)]
    assert states == [EnrolmentState.WITHDRAWN, EnrolmentState.LAPSED, EnrolmentState.OFFERED]
    assert seats(offering) == (1, 1)


def test_two_people_enrolling_in_the_same_two_offerings_do_not_wait_for_each_other() -> None:
    world = build_world()
    one, two = make_offering(world), make_offering(world)
    people = [make_person(number) for number in range(8)]
    orders = [[one, two], [two, one]]

    found = at_once(
        [
            lambda p=p, n=n: len(actions.enrol_in_all(offerings=orders[n % 2], person=p, by=world.vogel))
            for n, p in enumerate(people)
        ]
    )

    assert found == [2] * 8


def test_a_result_entered_by_two_teachers_at_once_is_one_result() -> None:
    world = build_world()
    enrolment = make_enrolment(world)
    today = timezone.localdate()

    found = at_once(
        [
            lambda: actions.record_result(
                enrolment=enrolment, value=Decimal("2.3"), examined_on=today, by=world.teacher,
                attempt=1, seen_edition=0,
            )
            for _ in range(6)
        ]
    )  # fmt: skip

    assert sorted(type(answer).__name__ for answer in found) == ["NoLongerPossible"] * 5 + ["Result"]
    assert Result.objects.count() == 1
