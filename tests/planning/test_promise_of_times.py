"""Nobody is in two talks at once, and what is offered can be had: any order of bookings against a plain model.

The model knows nothing of intervals, queries or cells. It counts minutes in sets, one after the other.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from credpoints.workflow import NoLongerPossible
from planning import openings
from planning.actions import availability, consultations, types
from planning.actions.consultations import HOLD, TimeTaken, TooLate
from planning.models import (
    Appointment,
    AppointmentCell,
    AvailabilityException,
    AvailabilityRule,
    ConsultationType,
    VisitorCell,
)
from tests.people import World
from tests.planning.makers import make_type
from tests.thoroughness import trials

# A place, and a day on which its clocks jump, stand still for an hour, or do nothing of the kind.
DAYS = (
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2027, 10, 31)),
    ("America/St_Johns", date(2027, 3, 14)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # half an hour back
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Asia/Kathmandu", date(2027, 5, 5)),  # 5:45 before UTC
    ("Pacific/Apia", date(2027, 5, 5)),  # already tomorrow
)
DAY = 24 * 60
MINUTE = timedelta(minutes=1)
ACTIVE = {"held", "requested", "booked"}
numbers = st.integers(0, 10_000)
clocks = st.integers(0, DAY - 1)
lengths = st.fixed_dictionaries(
    {
        "minutes": st.sampled_from([5, 7, 20, 30, 45, 60]),
        "minutes_before": st.sampled_from([0, 0, 3, 10, 45]),
        "minutes_after": st.sampled_from([0, 0, 5, 13, 30]),
        "step_minutes": st.sampled_from([5, 11, 15, 30, 60]),
        "notice_hours": st.sampled_from([0, 0, 3, 24]),
    }
)
stretches = st.tuples(clocks, st.integers(1, 15 * 60)).map(lambda t: (t[0], min(t[0] + t[1], DAY - 1)))
weeks = st.lists(st.tuples(st.integers(-1, 2), stretches, st.booleans()), min_size=2, max_size=4)


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def at_place(day: date, clock: time, zone: str) -> int:
    return minute_of(datetime.combine(day, clock, ZoneInfo(zone)))


def in_fives(begins: int, ends: int) -> set[int]:
    """The minutes of every five that are touched: what one talk keeps from all others."""
    return set(range(begins - begins % 5, ends + -ends % 5))


@dataclass
class Talk:
    """What the model remembers of a talk."""

    kind: int
    advisor: int
    person: int
    begins: int
    length: int
    before: int
    after: int
    state: str
    held_until: datetime | None = None

    @property
    def of_advisor(self) -> set[int]:
        return in_fives(self.begins - self.before, self.begins + self.length + self.after)

    @property
    def of_person(self) -> set[int]:
        return in_fives(self.begins, self.begins + self.length)


class Bookings(RuleBasedStateMachine):
    """Three people, two advisors, two kinds of talk, and everything that can be done with them."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.talks = world, dict[int, Talk]()
        self.people, self.advisors = [world.rana, world.yusuf, world.lorenz], [world.vogel, world.aydin]
        self.everything = transaction.atomic()
        self.everything.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    @initialize(
        where=st.sampled_from(DAYS), kinds=st.tuples(lengths, lengths), hours=st.tuples(weeks, weeks),
        other=st.sampled_from(["UTC", "Asia/Damascus", "Pacific/Apia"]), asks=st.booleans(),
    )  # fmt: skip
    def open_the_week(self, where, kinds, hours, other, asks) -> None:
        self.zone, self.day = where
        Programme.objects.filter(pk=self.world.programme.pk).update(time_zone=self.zone)
        self.programme = Programme.objects.get(pk=self.world.programme.pk)
        self.now = moment_of(at_place(self.day, time(0), self.zone)) - timedelta(hours=30)
        self.kinds = [
            make_type(self.programme, horizon_days=4, needs_confirmation=asks and not place, **facts).pk
            for place, facts in enumerate(kinds)
        ]
        for advisor, week in zip(self.advisors, hours, strict=True):
            for shift, (begins, ends), elsewhere in week:
                if begins != ends:
                    AvailabilityRule.objects.create(
                        advisor=advisor, programme=self.programme, weekday=(self.day.weekday() + shift) % 7,
                        begins=clock_of(begins), ends=clock_of(ends), zone=other if elsewhere else self.zone,
                    )  # fmt: skip

    # --- The model ----------------------------------------------------------------------------------------------------
    def is_over(self, talk: Talk) -> bool:
        return talk.state == "held" and talk.held_until is not None and talk.held_until <= self.now

    def running(self, but: int = 0) -> list[Talk]:
        """Talks that keep time from others now."""
        return [t for pk, t in self.talks.items() if t.state in ACTIVE and not self.is_over(t) and pk != but]

    def clear_away(self, advisor: int, person: int) -> None:
        """Whoever books clears holds away that are over."""
        for talk in self.talks.values():
            if self.is_over(talk) and (talk.advisor == advisor or talk.person == person):
                talk.state = "lapsed"

    def wanted(self, kind: ConsultationType, advisor: int, person: int, begins: int, state: str) -> Talk:
        return Talk(kind.pk, advisor, person, begins, kind.minutes, kind.minutes_before, kind.minutes_after, state)

    def fits(self, talk: Talk, but: int = 0) -> bool:
        others = self.running(but)
        return not any(o.advisor == talk.advisor and o.of_advisor & talk.of_advisor for o in others) and not any(
            o.person == talk.person and o.of_person & talk.of_person for o in others
        )

    def opened(self, advisor: int) -> dict[date, set[int]]:
        """The minutes at which an advisor works, by the day on which they are written down."""
        closed, found = set[int](), defaultdict[date, set[int]](set)
        exceptions = list(AvailabilityException.objects.filter(programme=self.programme, advisor=advisor))
        exceptions += list(AvailabilityException.objects.filter(programme=self.programme, advisor=None))
        rules = list(AvailabilityRule.objects.filter(programme=self.programme, advisor=advisor))
        for shift in range(-4, 12):
            day = self.day + timedelta(days=shift)
            for row in rules:
                if row.weekday == day.weekday():
                    found[day] |= set(range(at_place(day, row.begins, row.zone), at_place(day, row.ends, row.zone)))
            for row in exceptions:
                if row.first_day <= day <= row.last_day:
                    ends = at_place(day, row.ends, row.zone) if row.ends else at_place(
                        day + timedelta(days=1), time(0), row.zone)  # fmt: skip
                    minutes = set(range(at_place(day, row.begins or time(0), row.zone), ends))
                    if row.kind == "extra":
                        found[day] |= minutes
                    else:
                        closed |= minutes
        return {day: minutes - closed for day, minutes in found.items()}

    def offered(self, kind: ConsultationType, person: int, but: int = 0) -> dict[int, set[int]]:
        """Beginnings that should be offered, with the advisors who are free then."""
        earliest = self.now + timedelta(hours=kind.notice_hours)
        latest = self.now + timedelta(days=kind.horizon_days)
        found = defaultdict[int, set[int]](set)
        others = self.running(but)
        own = set[int]().union(*(talk.of_person for talk in others if talk.person == person))
        for advisor in (a.pk for a in self.advisors):
            busy = set[int]().union(*(talk.of_advisor for talk in others if talk.advisor == advisor))
            for minutes in self.opened(advisor).values():
                for first in sorted(m for m in minutes if m - 1 not in minutes):
                    last = next(m for m in count(first) if m not in minutes)
                    for begins in range(first, last - kind.minutes + 1, kind.step_minutes):
                        talk = self.wanted(kind, advisor, person, begins, "held")
                        free = talk.of_advisor.isdisjoint(busy) and talk.of_person.isdisjoint(own)
                        if free and earliest <= moment_of(begins) < latest:
                            found[begins].add(advisor)
        return dict(found)

    def active(self, kind: ConsultationType, person: int) -> int:
        """The talk of this kind that somebody has, 0 if none; a hold that is over and not cleared away counts."""
        return next((pk for pk, t in self.talks.items() if (t.kind, t.person) == (kind.pk, person)
                     and t.state in ACTIVE), 0)  # fmt: skip

    def keep(self, row: Appointment, talk: Talk) -> None:
        talk.held_until = row.held_until
        self.talks[row.pk] = talk

    # --- What people do -----------------------------------------------------------------------------------------------
    def kind(self, number: int) -> ConsultationType:
        return ConsultationType.objects.select_related("programme").get(pk=self.kinds[number % 2])

    def user(self, number: int) -> User:
        return self.people[number % 3]

    def some_minute(self, number: int) -> int:
        """Some minute of the next two days and a half, whole and half hours more often than others."""
        minute = number % (60 * 60)
        return minute_of(self.now) + (minute - minute % 30 if number % 2 else minute)

    @rule(kind=numbers, who=numbers, which=numbers, then_book=st.booleans())
    def come_for_a_talk(self, kind: int, who: int, which: int, then_book: bool) -> None:
        """Look, hold a time, mostly one that is offered, and book it or not."""
        if which % 5:
            self.hold_an_offered_time(kind, who, which)
        else:
            self.hold(self.kind(kind), self.user(who), self.some_minute(which))
        if then_book:
            self.book(-1)

    def hold_an_offered_time(self, kind: int, who: int, which: int) -> None:
        kind, user = self.kind(kind), self.user(who)
        mine = self.active(kind, user.person.pk)
        if mine and self.talks[mine].state != "held":
            return
        found = openings.openings(kind, user.person, now=self.now, ignoring=Appointment.objects.filter(pk=mine).first())
        expected = self.offered(kind, user.person.pk, mine)
        assert {minute_of(o.starts_at): {a.pk for a in o.advisors} for o in found} == expected
        if expected:
            self.hold(kind, user, sorted(expected)[which % len(expected)])

    def hold(self, kind: ConsultationType, user: User, begins: int) -> None:
        mine = self.active(kind, user.person.pk)
        before = self.talks.get(mine)
        free = self.offered(kind, user.person.pk, mine).get(begins, set())
        try:
            row = consultations.hold_time(kind=kind, starts_at=moment_of(begins), by=user, now=self.now)
        except TimeTaken:
            assert not free, "a time that was offered could not be had"
            return
        if before and (before.state != "held" or (not free and before.begins == begins)):
            assert row.pk == mine  # what one has already
            return
        assert row.advisor_id in free
        moves = bool(before) and not self.is_over(before)
        self.clear_away(row.advisor_id, row.person_id)
        assert (row.pk == mine) == moves
        self.keep(row, self.wanted(kind, row.advisor_id, row.person_id, begins, "held"))
        assert row.held_until == self.now + HOLD

    def pick(self, which: int, *states: str) -> tuple[Appointment, Talk] | None:
        found = sorted(pk for pk, talk in self.talks.items() if talk.state in states)
        if not found:
            return None
        pk = found[which % len(found)]
        return Appointment.objects.for_pages().get(pk=pk), self.talks[pk]

    @precondition(lambda self: self.talks)
    @rule(which=numbers)
    def book(self, which: int) -> None:
        picked = self.pick(which, "held", "held", "lapsed")
        if picked:
            self.book_this(*picked)

    @rule(kind=numbers, who=numbers, which=numbers, what=st.sampled_from(["closed", "too near", "still free"]))
    def come_back_to_a_hold_that_is_over(self, kind: int, who: int, which: int, what: str) -> None:
        """The form was open for too long. Meanwhile the day was closed, or the notice time has begun, or neither."""
        self.hold_an_offered_time(kind, who, which)
        picked = self.pick(which, "held")
        if picked is None:
            return
        row, talk = picked
        self.now += 11 * MINUTE
        if what == "closed":
            day = moment_of(talk.begins).astimezone(ZoneInfo(self.zone)).date()
            self.note_other_hours(
                which % 3 - 1 if which % 3 else None, (day - self.day).days, (0, DAY - 1), "whole day"
            )
        elif what == "too near":
            near = moment_of(talk.begins) - timedelta(hours=row.type.notice_hours) + MINUTE
            if near < moment_of(at_place(self.day, time(0), self.zone)) + timedelta(days=1):  # the model's days end
                self.now = max(self.now, near)
        self.book_this(row, talk)

    def book_this(self, row: Appointment, talk: Talk) -> None:
        cleared = talk.state == "lapsed" or self.is_over(talk)
        other = next((pk for pk, t in self.talks.items() if (t.kind, t.person) == (talk.kind, talk.person)
                      and t.state in ACTIVE and not self.is_over(t) and pk != row.pk), 0)  # fmt: skip
        again = talk.advisor in self.offered(row.type, talk.person, row.pk).get(talk.begins, set())
        try:
            consultations.book_talk(talk=row, by=row.person.user, mode=row.mode, now=self.now)
        except NoLongerPossible:
            assert other
            return
        except TimeTaken:
            assert cleared
            assert not again
            return
        assert not other
        assert again or not cleared
        self.clear_away(talk.advisor, talk.person)
        fresh = self.wanted(row.type, talk.advisor, talk.person, talk.begins, "") if cleared else talk
        fresh.state = "requested" if row.type.needs_confirmation else "booked"
        self.keep(row, fresh)

    @rule(kind=numbers, who=numbers, advisor=numbers, which=numbers)
    def book_by_staff(self, kind: int, who: int, advisor: int, which: int) -> None:
        kind, user, advisor = self.kind(kind), self.user(who), self.advisors[advisor % 2]
        talk = self.wanted(kind, advisor.pk, user.person.pk, self.some_minute(which), "booked")
        mine = self.active(kind, talk.person)
        has_one = bool(mine) and not self.is_over(self.talks[mine])
        try:
            row = consultations.book_for(
                kind=kind, person=user.person, advisor=advisor, starts_at=moment_of(talk.begins),
                by=self.world.petersen, now=self.now, tell=False,
            )  # fmt: skip
        except NoLongerPossible:
            assert has_one
        except TimeTaken:
            assert not self.fits(talk)
        else:
            if row.pk == mine and row.state == "booked":  # asked for the same once more
                assert (self.talks[mine].begins, self.talks[mine].advisor) == (talk.begins, talk.advisor)
                return
            assert not has_one
            assert self.fits(talk)
            self.clear_away(advisor.pk, talk.person)
            self.keep(row, talk)

    @precondition(lambda self: self.talks)
    @rule(which=numbers, when=numbers, by_staff=st.booleans(), to_offered=st.booleans())
    def reschedule(self, which: int, when: int, by_staff: bool, to_offered: bool) -> None:
        picked = self.pick(which, "booked")
        if picked is None:
            return
        row, talk = picked
        offered = self.offered(row.type, talk.person, row.pk)
        times = sorted(b for b, advisors in offered.items() if talk.advisor in advisors)
        begins = times[when % len(times)] if to_offered and times else self.some_minute(when)
        too_late = self.now > moment_of(talk.begins) - timedelta(hours=row.type.notice_hours)
        moved = self.wanted(row.type, talk.advisor, talk.person, begins, "booked")
        by = self.world.petersen if by_staff else row.person.user
        try:
            consultations.reschedule_talk(talk=row, starts_at=moment_of(begins), by=by, now=self.now, tell=False)
        except TooLate:
            assert too_late
            assert not by_staff
        except TimeTaken:
            assert not self.fits(moved, row.pk) if by_staff else begins not in times
        else:
            if begins != talk.begins:
                assert self.fits(moved, row.pk) if by_staff else begins in times and not too_late
                self.clear_away(talk.advisor, talk.person)
                self.keep(row, moved)

    @precondition(lambda self: self.talks)
    @rule(which=numbers, advisor=numbers)
    def hand_over(self, which: int, advisor: int) -> None:
        picked = self.pick(which, "booked")
        if picked is None:
            return
        row, talk = picked
        taken = self.wanted(row.type, self.advisors[advisor % 2].pk, talk.person, talk.begins, "booked")
        fits = self.fits(taken, row.pk)
        try:
            consultations.substitute_advisor(
                talk=row, advisor=self.advisors[advisor % 2], by=self.world.vogel, now=self.now, tell=False
            )
        except TimeTaken:
            assert not fits
        else:
            assert fits
            self.clear_away(taken.advisor, taken.person)
            self.keep(row, taken)

    @precondition(lambda self: self.talks)
    @rule(which=numbers, how=st.sampled_from(["cancel", "confirm", "decline", "complete", "give_back"]))
    def end_or_answer(self, which: int, how: str) -> None:
        states = {"cancel": ("requested", "booked"), "complete": ("booked",), "give_back": ("held",)}
        picked = self.pick(which, *states.get(how, ("requested",)))
        if picked is None:
            return
        row, talk = picked
        vogel = self.world.vogel
        if how == "cancel":
            consultations.cancel_talk(talk=row, by=vogel, reason="krank", tell=False, now=self.now)
        elif how == "confirm":
            consultations.confirm_talk(talk=row, by=vogel, tell=False, now=self.now)
        elif how == "decline":
            consultations.decline_talk(talk=row, by=vogel, reason="geht nicht", tell=False)
        elif how == "complete":
            consultations.complete_talk(talk=row, by=vogel, now=self.now)
        else:
            consultations.give_back(talk=row, by=row.person.user)
        talk.state = row.state

    @rule(
        advisor=st.sampled_from([0, 1, None]), shift=st.integers(-1, 2), hours=stretches,
        kind=st.sampled_from(["closed", "whole day", "extra"]),
    )  # fmt: skip
    def note_other_hours(self, advisor: int | None, shift: int, hours: tuple[int, int], kind: str) -> None:
        if hours[0] == hours[1] or (kind == "extra" and advisor is None):
            return
        day = self.day + timedelta(days=shift)
        times = {} if kind == "whole day" else dict(
            zip(("begins", "ends"), map(clock_of, hours), strict=True))  # fmt: skip
        availability.note_exception(
            programme=self.programme, advisor=None if advisor is None else self.advisors[advisor],
            by=self.world.petersen, kind="extra" if kind == "extra" else "closed", first_day=day, last_day=day, **times,
        )  # fmt: skip

    @rule(kind=numbers, facts=lengths)
    def change_the_kind_of_talk(self, kind: int, facts: dict[str, int]) -> None:
        types.save_type(programme=self.programme, by=self.world.petersen, kind=self.kind(kind), **facts)

    @rule(minutes=st.sampled_from([1, 4, 11, 47, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    # --- What must hold after each of these ---------------------------------------------------------------------------
    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        rows = {row.pk: row for row in Appointment.objects.filter(pk__in=self.talks)}
        for pk, talk in self.talks.items():
            row = rows[pk]
            assert (row.advisor_id, minute_of(row.starts_at), row.state) == (talk.advisor, talk.begins, talk.state)
            assert minute_of(row.ends_at) == talk.begins + talk.length

    @invariant()
    def nobody_is_in_two_talks_at_once(self) -> None:
        for owner in ("advisor", "person"):
            taken: dict[int, set[int]] = defaultdict(set)
            for talk in self.running():
                minutes = getattr(talk, f"of_{owner}")
                assert not taken[getattr(talk, owner)] & minutes
                taken[getattr(talk, owner)] |= minutes

    @invariant()
    def the_database_keeps_exactly_the_minutes_of_running_talks(self) -> None:
        kept = defaultdict[int, set[int]](set)
        for pk, begins in AppointmentCell.objects.values_list("appointment", "begins_at"):
            kept[pk] |= set(range(minute_of(begins), minute_of(begins) + 5))
        seen = defaultdict[int, set[int]](set)
        for pk, begins in VisitorCell.objects.values_list("appointment", "begins_at"):
            seen[pk] |= set(range(minute_of(begins), minute_of(begins) + 5))
        active = {pk: talk for pk, talk in self.talks.items() if talk.state in ACTIVE}
        assert dict(kept) == {pk: talk.of_advisor for pk, talk in active.items()}
        assert dict(seen) == {pk: talk.of_person for pk, talk in active.items()}


def clock_of(minute: int) -> time:
    return time(minute // 60, minute % 60)


def test_whatever_people_do_nobody_is_booked_twice_and_offers_are_kept(world) -> None:
    run_state_machine_as_test(
        lambda: Bookings(world),
        settings=settings(max_examples=trials(50), stateful_step_count=20, suppress_health_check=list(HealthCheck)),
    )
