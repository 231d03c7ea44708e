"""A plan added up: by term, by kind, against the own choice and what the programme recommends."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from planning.workload import Line, TermLoad, TermPlan, Workload, workload

D = Decimal
WINTER, SUMMER = TermPlan(1, weeks=20, chosen=D(15)), TermPlan(2, weeks=10)


def test_a_plan_is_added_up_by_term_and_kind() -> None:
    lines = [
        Line("subject", 1, D(150), D(5), D("37.5")),
        Line("german", 1, D(120), D(4)),
        Line("subject", 2, D(90), D(3)),
        Line("practice", None, D(120), D(4)),  # not placed yet: counts in the sums and in no term
    ]

    found = workload(lines, [WINTER, SUMMER], {"german": D(6), "subject": D(8), "english": D(2)})

    assert found == Workload(
        terms=[
            TermLoad(1, hours=D(270), weekly=D("13.5"), credits=D(9), chosen=D(15), fee=D("37.5")),
            TermLoad(2, hours=D(90), weekly=D("9.0"), credits=D(3), chosen=None),
        ],
        hours=D(480),
        credits=D(16),
        fee=D("37.5"),
        credits_by_kind={"german": D(4), "practice": D(4), "subject": D(8)},
        hours_by_kind={"german": D(120), "practice": D(120), "subject": D(240)},
        below_minimum={"german": D(2), "english": D(2)},  # what is reached exactly is not missed
    )
    assert list(found.credits_by_kind) == sorted(found.credits_by_kind)


def test_an_empty_plan_adds_up_to_nothing() -> None:
    found = workload([], [SUMMER])

    assert (found.hours, found.credits_by_kind, found.below_minimum) == (D(0), {}, {})
    assert [(load.weekly, load.level, load.percent) for load in found.terms] == [(D("0.0"), "open", 0)]


amounts = st.decimals(0, 500, places=1)


@given(lines=st.lists(st.tuples(st.sampled_from(["subject", "german"]), st.integers(1, 3), amounts, amounts)))
def test_sums_of_terms_and_kinds_agree(lines) -> None:
    found = workload([Line(k, t, h, c) for k, t, h, c in lines], [TermPlan(t, 20, Decimal(15)) for t in (1, 2, 3)])

    assert sum(t.hours for t in found.terms) == found.hours == sum(found.hours_by_kind.values())
    assert sum(t.credits for t in found.terms) == found.credits == sum(found.credits_by_kind.values())
