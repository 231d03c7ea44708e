"""What the board counts and warns of: fees, clashing dates, prerequisites. Warnings and never walls."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from modules.models import Offering, Session
from planning.actions import consultations, plans
from planning.board import board_of
from planning.clashes import Meeting, clashes
from planning.models import PlanVersion, ReasonCode
from planning.prerequisites import Verdict, Wanting, verdicts
from planning.printing import plan_page
from tests.modules.factories import make_enrolment, make_offering, make_result, make_session
from tests.modules.factories import make_version as make_module
from tests.planning.makers import MONDAY_TEN, NOW, make_application, make_participation, make_type

HOUR = timedelta(hours=1)
PARTIAL = {"HX-Request": "true", "HX-Target": "board"}


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


def course(world, code: str, title: str, term=None, **facts) -> Offering:
    version = make_module(world, code=code, title={"de": title}, **facts.pop("module", {}))
    offering = make_offering(world, version=version, **facts)
    offering.term = term or world.winter
    offering.save()
    return offering


def compulsory(offering: Offering, starts_at, hours: int = 2) -> Session:
    return make_session(offering, starts_at, hours, attendance="compulsory")


def plan_with(world, *offerings: Offering) -> PlanVersion:
    version = plans.begin_version(plan=make_participation(world).plan, by=world.vogel)
    for offering in offerings:
        plans.add_line(version=version, by=world.vogel, offering=offering, kind="subject")
    return version


# --- Fees -----------------------------------------------------------------------------------------------------------
def test_fees_come_from_the_offerings_and_add_up_by_term(world, sign_in) -> None:
    version = plan_with(
        world, course(world, "A", "Regelung", fee=Decimal("37.50")),
        course(world, "B", "Python", term=world.summer, fee=Decimal(120)),
    )  # fmt: skip
    plans.add_line(version=version, by=world.rana, title="Lehrbuch", kind="other", term=world.winter, fee=Decimal(20))

    board = board_of(version)
    page = sign_in(world.rana).get(version.get_absolute_url()).content.decode()

    assert [column.load.fee for column in board.columns] == [Decimal("57.50"), Decimal(120)]
    assert board.sums.fee == Decimal("177.50")
    assert "177,50 €" in page


def test_fee_of_a_signed_plan_stays_what_it_was(world) -> None:
    offering = course(world, "A", "Regelung", fee=Decimal(10))
    version = plan_with(world, offering)
    Offering.objects.filter(pk=offering.pk).update(fee=Decimal(99))

    assert board_of(version).sums.fee == Decimal(10)


# --- Dates ----------------------------------------------------------------------------------------------------------
def test_compulsory_dates_of_real_sessions_clash_until_a_line_goes(world, sign_in) -> None:
    first, second = course(world, "A", "Regelung"), course(world, "B", "Python")
    for week in range(3):
        compulsory(first, MONDAY_TEN + timedelta(weeks=week))
        compulsory(second, MONDAY_TEN + timedelta(weeks=week) + HOUR)
    make_session(first, MONDAY_TEN + timedelta(days=1))
    make_session(second, MONDAY_TEN + timedelta(days=1))  # recommended only
    version, client = plan_with(world, first, second), sign_in(world.rana)

    [clash] = board_of(version).clashes
    page = client.get(version.get_absolute_url()).content.decode()
    line = version.items.get(offering=second)
    after = client.post(reverse("planning:drop_line", args=[line.pk]), headers=PARTIAL).content.decode()

    assert (clash.first.what, clash.second.what, clash.begins, clash.more) == (
        "Python", "Regelung", MONDAY_TEN + HOUR, 2,
    )  # fmt: skip
    assert "12. Juli 2027, 11:00" in page
    assert page.count("Pflichttermine") >= 3  # with the sums, and at both lines
    assert "Pflichttermine" not in after
    assert 'id="board"' in after


def test_dates_besides_the_plan_are_seen_and_those_that_will_be_left_are_not(world) -> None:
    planned, besides, left = (course(world, code, code * 4) for code in "ABC")
    for offering in (planned, besides, left):
        compulsory(offering, MONDAY_TEN)
    first = plan_with(world, left)
    plans.propose(version=first, by=world.vogel)
    for signer in (world.rana, world.vogel):
        plans.sign(version=first, by=signer, seen_hash=first.content_hash)
    make_enrolment(world, offering=besides)
    version = plans.begin_version(plan=first.plan, by=world.rana, reason_code="other", reason="Neu")
    plans.drop_line(item=version.items.get(), by=world.rana, reason_code="not-available")
    plans.add_line(version=version, by=world.rana, offering=planned, kind="subject")

    assert [(c.first.what, c.second.what) for c in board_of(version).clashes] == [("AAAA", "BBBB")]


def test_agreed_talk_clashes_with_a_compulsory_date(world) -> None:
    offering = course(world, "A", "Regelung")
    compulsory(offering, MONDAY_TEN)
    version = plan_with(world, offering)
    make_application(world.yusuf, world.programme)
    consultations.book_for(
        kind=make_type(world.programme), person=world.rana.person, advisor=world.vogel, by=world.vogel,
        starts_at=MONDAY_TEN, now=NOW,
    )  # fmt: skip

    with override("de"):
        assert [c.second.what for c in board_of(version).clashes] == ["Regelung"]


meetings = st.lists(
    st.builds(
        lambda what, begins, length: Meeting(
            what, MONDAY_TEN + begins * HOUR, MONDAY_TEN + (begins + length) * HOUR, "UTC", what
        ),
        st.sampled_from("abc"), st.integers(0, 20), st.integers(1, 5),
    ),
    max_size=9,
)  # fmt: skip


@given(meetings)
def test_clashes_are_exactly_the_pairs_that_overlap(found) -> None:
    pairs = [
        (a, b) for place, a in enumerate(found) for b in found[place + 1 :] if a.begins < b.ends and b.begins < a.ends
    ]

    counted = clashes(found)

    assert sum(1 + clash.more for clash in counted) == len(pairs)
    assert {frozenset((c.first.what, c.second.what)) for c in counted} == {
        frozenset((a.what, b.what)) for a, b in pairs
    }


def test_touching_dates_do_not_clash_and_strangers_do_not_matter() -> None:
    one = Meeting("A", MONDAY_TEN, MONDAY_TEN + HOUR, "UTC", "a")
    after = Meeting("B", MONDAY_TEN + HOUR, MONDAY_TEN + 2 * HOUR, "UTC", "b")
    talk, course_besides = (Meeting(what, MONDAY_TEN + 3 * HOUR, MONDAY_TEN + 4 * HOUR, "UTC") for what in "XY")

    assert clashes([one, after, talk, course_besides]) == []


# --- Prerequisites --------------------------------------------------------------------------------------------------
MATHS = "Bestandene Prüfung in Mathematik 1"


def wanting(key: str, place: int | None, needs: str = "", met_by: str = "", title: str = "") -> Wanting:
    return Wanting(key, title or key, (title or key,), place, needs, met_by)


@pytest.mark.parametrize(
    ("place", "expected"),
    [(0, Verdict("met", "Mathematik 1")), (1, Verdict("late", "Mathematik 1")), (2, Verdict("late", "Mathematik 1")),
     (None, Verdict("late", "Mathematik 1"))],
)  # fmt: skip
def test_line_of_an_earlier_term_fulfils_a_prerequisite(place, expected) -> None:
    lines = [wanting("rt", 1, needs=MATHS), wanting("m", place, title="Mathematik 1")]

    assert verdicts(lines)["rt"] == expected


def test_words_a_degree_or_a_passed_module_fulfil_a_prerequisite() -> None:
    by_words = wanting("rt", 0, needs=MATHS, met_by="Studium in Aleppo")

    assert verdicts([by_words])["rt"] == Verdict("met", "Studium in Aleppo")
    assert verdicts([wanting("rt", 0, needs=MATHS)], ["Mathematik 1"])["rt"] == Verdict("met", "Mathematik 1")
    assert verdicts([wanting("rt", 0, needs=MATHS)], ["Mathematik 10", "Math"])["rt"] == Verdict("open")
    assert verdicts([wanting("rt", 0)]) == {}


def test_board_follows_the_line_that_fulfils_a_prerequisite(world, sign_in) -> None:
    maths = course(world, "M1", "Mathematik 1")
    control = course(world, "A", "Regelung", module={"prerequisites": {"de": MATHS}})
    version, client = plan_with(world, control, maths), sign_in(world.rana)
    line = version.items.get(offering=control)
    move = reverse("planning:move_line", args=[line.pk])

    same_term = client.get(version.get_absolute_url()).content.decode()
    later = client.post(move, {"term": world.summer.pk}, headers=PARTIAL).content.decode()
    client.post(move, {"term": world.winter.pk})
    again = client.get(version.get_absolute_url()).content.decode()

    late = re.compile(r'class="line__warn">[^<]*Mathematik 1[^<]*Semester')
    fulfilled = re.compile(r'class="line__why">[^<]*erfüllt durch: Mathematik 1<')
    assert [bool(late.search(page)) for page in (same_term, later, again)] == [True, False, True]
    assert [bool(fulfilled.search(page)) for page in (same_term, later, again)] == [False, True, False]


def test_form_of_a_line_offers_what_could_fulfil_its_prerequisite(world, sign_in) -> None:
    passed = make_enrolment(world, offering=course(world, "M1", "Mathematik 1"))
    make_result(passed, world.teacher)
    version = plan_with(world, course(world, "A", "Regelung", module={"prerequisites": {"de": MATHS}}))
    item = version.items.get()

    page = sign_in(world.rana).get(reverse("planning:change_line", args=[item.pk])).content.decode()
    [note] = [note for card in board_of(version).cards for note in card.notes]

    assert '<option value="Mathematik 1">' in page
    assert note.endswith("Mathematik 1")


# --- On paper -------------------------------------------------------------------------------------------------------
def test_print_says_everything_that_was_signed(world) -> None:
    first = plan_with(world, course(world, "A", "Regelung", fee=Decimal("37.50")), course(world, "B", "Python"))
    plans.propose(version=first, by=world.vogel)
    for signer in (world.rana, world.vogel):
        plans.sign(version=first, by=signer, seen_hash=first.content_hash)
    version = plans.begin_version(plan=first.plan, by=world.rana, reason_code="other", reason="Neu")
    plans.drop_line(item=version.items.last(), by=world.rana, reason_code="timetable-conflict")
    plans.change_line(item=version.items.get(), by=world.rana, rationale="Lücke", competences="Regler auslegen",
                      prerequisite_met_by="Studium in Aleppo", recognised_as="Wahlmodul")  # fmt: skip
    version.refresh_from_db()

    with override("de"):
        page = render_to_string("planning/print/plan.html", plan_page(version))
        reason = str(ReasonCode.TIMETABLE.label)

    for text in ("37,50 €", "Warum: Lücke", "Regler auslegen", "Studium in Aleppo", "Wahlmodul", f"Python – {reason}"):
        assert text in page
