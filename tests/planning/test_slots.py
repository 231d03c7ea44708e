"""Free times for any week, buffer, zone and daylight-saving day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.slots import Exceptional, Hours, Interval, TalkRules, cells, free_times, merged, without

BERLIN = "Europe/Berlin"
NOW = datetime(2027, 3, 20, tzinfo=UTC)
FIVE = timedelta(minutes=5)
minutes = st.integers(0, 24).map(lambda n: timedelta(minutes=5 * n))
zones = st.sampled_from([BERLIN, "Asia/Damascus", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
clocks = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45])).map(lambda t: time(*t))


@st.composite
def weekly_hours(draw) -> Hours:
    begins, ends = sorted([draw(clocks), draw(clocks)])
    return Hours(draw(st.integers(0, 6)), begins, ends, draw(zones))


@st.composite
def rules(draw) -> TalkRules:
    return TalkRules(
        length=draw(st.integers(1, 18)) * FIVE, before=draw(minutes), after=draw(minutes),
        step=draw(st.integers(1, 12)) * FIVE, notice=draw(st.integers(0, 72)) * timedelta(hours=1),
        horizon=timedelta(days=draw(st.integers(1, 20))),
    )  # fmt: skip


@st.composite
def intervals(draw) -> Interval:
    begins = NOW + draw(st.integers(0, 20 * 288)) * FIVE
    return Interval(begins, begins + draw(st.integers(1, 40)) * FIVE)


@settings(max_examples=150)
@given(hours=st.lists(weekly_hours(), max_size=4), busy=st.lists(intervals(), max_size=12), rule=rules())
def test_offered_times_never_touch_what_is_taken_and_keep_notice_and_horizon(hours, busy, rule) -> None:
    found = free_times(hours=hours, exceptions=[], busy=busy, rules=rule, now=NOW)

    assert found == sorted(set(found))
    for begins in found:
        assert NOW + rule.notice <= begins < NOW + rule.horizon
        assert not any(rule.claim(begins).overlaps(taken) for taken in busy)


@settings(max_examples=60)
@given(hours=st.lists(weekly_hours(), min_size=1, max_size=3), rule=rules(), places=st.lists(st.integers(0, 50)))
def test_booking_offered_times_one_after_the_other_never_overlaps(hours, rule, places) -> None:
    booked: list[Interval] = []
    for place in places[:6]:
        found = free_times(hours=hours, exceptions=[], busy=booked, rules=rule, now=NOW)
        if found:
            booked.append(rule.claim(found[place % len(found)]))

    taken = [cell for claim in booked for cell in cells(claim)]
    assert len(taken) == len(set(taken))


@settings(max_examples=100)
@given(hours=st.lists(weekly_hours(), max_size=3), rule=rules())
def test_talks_lie_inside_the_hours_of_their_place(hours, rule) -> None:
    for begins in free_times(hours=hours, exceptions=[], busy=[], rules=rule, now=NOW):
        windows = []
        for h in hours:
            for shift in (-1, 0, 1):
                day = begins.astimezone(ZoneInfo(h.zone)).date() + timedelta(days=shift)
                if h.hold_on(day):
                    opened, closed = (datetime.combine(day, c, ZoneInfo(h.zone)) for c in (h.begins, h.ends))
                    windows.append(Interval(opened.astimezone(UTC), closed.astimezone(UTC)))
        assert any(w.begins <= begins and begins + rule.length <= w.ends for w in merged(windows))


def test_clocks_go_forward_and_the_talk_stays_at_its_wall_time() -> None:
    hours = [Hours(6, time(1), time(5), BERLIN), Hours(5, time(9), time(10), BERLIN)]
    rule = TalkRules(length=timedelta(hours=1), step=timedelta(hours=1), notice=timedelta(0))

    found = free_times(hours=hours, exceptions=[], busy=[], rules=rule, now=datetime(2027, 3, 27, tzinfo=UTC),
                       until=datetime(2027, 3, 29, tzinfo=UTC))  # fmt: skip

    # On 28 March 2027 the clock jumps from 2:00 to 3:00: the night has three hours and not four.
    assert [f"{t.astimezone(ZoneInfo(BERLIN)):%d %H:%M}" for t in found] == ["27 09:00", "28 01:00", "28 03:00",
                                                                             "28 04:00"]  # fmt: skip


def test_clocks_go_back_and_the_hour_is_there_twice() -> None:
    rule = TalkRules(length=timedelta(hours=1), step=timedelta(hours=1), notice=timedelta(0))
    now = datetime(2027, 10, 30, 12, tzinfo=UTC)
    hours = [Hours(6, time(1), time(4), BERLIN)]

    found = free_times(hours=hours, exceptions=[], busy=[], rules=rule, now=now, until=now + timedelta(days=1))

    assert [f"{t:%H:%M}" for t in found] == ["23:00", "00:00", "01:00", "02:00"]


def test_closed_days_and_extra_hours() -> None:
    monday = date(2027, 7, 12)
    rule = TalkRules(length=timedelta(minutes=30), notice=timedelta(0))
    exceptions = [
        Exceptional(monday, monday, "closed", time(9), time(12)),
        Exceptional(monday + timedelta(days=1), monday + timedelta(days=1), "extra", time(18), time(18, 30)),
        Exceptional(monday + timedelta(days=7), monday + timedelta(days=8), "closed"),
    ]

    found = free_times(hours=[Hours(0, time(9), time(13), BERLIN)], exceptions=exceptions, busy=[], rules=rule,
                       now=datetime(2027, 7, 12, tzinfo=UTC), until=datetime(2027, 7, 22, tzinfo=UTC))  # fmt: skip

    local = [t.astimezone(ZoneInfo(BERLIN)) for t in found]
    assert [f"{t:%d %H:%M}" for t in local] == ["12 12:00", "12 12:30", "13 18:00"]


@given(a=st.lists(intervals(), max_size=8), b=st.lists(intervals(), max_size=8))
def test_taking_out_leaves_nothing_of_what_was_taken_out(a, b) -> None:
    left = without(merged(a), merged(b))

    assert not any(part.overlaps(closed) for part in left for closed in b)
    assert all(any(o.begins <= part.begins and part.ends <= o.ends for o in merged(a)) for part in left)


def test_cells_cover_the_claim_exactly() -> None:
    begins = datetime(2027, 7, 12, 8, tzinfo=UTC)

    found = cells(Interval(begins, begins + timedelta(minutes=60)))

    assert (found[0], found[-1], len(found)) == (begins, begins + timedelta(minutes=55), 12)
