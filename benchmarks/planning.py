"""How the slot page and the plan board grow: a year of talks and 60 lines against nearly empty pages.

Run as `script/bench planning`, or `python benchmarks/planning.py` with a database of its own.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="bench-planning-"))
os.environ.setdefault("DEMO", "1")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from planning.actions import plans  # noqa: E402
from planning.models import Appointment, AppointmentCell, VisitorCell  # noqa: E402
from planning.slots import Interval, cells  # noqa: E402
from tests.people import build_world, make_user  # noqa: E402
from tests.planning.makers import make_application, make_hours, make_participation, make_type, make_version  # noqa: E402

ROUNDS = 40
AT_ONCE = "django.contrib.auth.backends.ModelBackend"


def compare(client: Client, small: str, large: str) -> tuple[float, float]:
    """The median seconds of two pages, asked in turn: whatever else the machine does meets both alike."""
    taken: dict[str, list[float]] = {small: [], large: []}
    for _round in range(ROUNDS):
        for url, times in taken.items():
            begins = time.perf_counter()
            assert client.get(url).status_code == 200  # noqa: S101
            times.append(time.perf_counter() - begins)
    return statistics.median(taken[small]), statistics.median(taken[large])


def fill_year(world, kind) -> int:
    """Two talks on every working day of the coming year, straight into the tables."""
    person = make_user("visitor@example.org", "Vera", "Visitor").person
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    talks = []
    for day in range(2, 365):
        for hour in (8, 12):
            starts_at = (now + timedelta(days=day)).replace(hour=hour)
            if starts_at.weekday() < 5:
                claim = kind.rules.claim(starts_at)
                talks.append(
                    Appointment(
                        type=kind,
                        programme=world.programme,
                        advisor=world.vogel,
                        person=person,
                        state="completed",
                        booked_at=now,
                        starts_at=starts_at,
                        ends_at=starts_at + kind.rules.length,
                        claim_begins=claim.begins,
                        claim_ends=claim.ends,
                    )
                )
    # One active talk per person and type: completed first, so that the constraint is not in the way, then by person.
    for number, talk in enumerate(talks):
        talk.person = make_user(f"visitor{number}@example.org", "Vera", str(number)).person
        talk.state = "booked"
    Appointment.objects.bulk_create(talks)
    AppointmentCell.objects.bulk_create(
        AppointmentCell(appointment=talk, advisor=world.vogel, begins_at=begins)
        for talk in talks
        for begins in cells(talk.claim)
    )
    VisitorCell.objects.bulk_create(
        VisitorCell(appointment=talk, person=talk.person, begins_at=begins)
        for talk in talks
        for begins in cells(Interval(talk.starts_at, talk.ends_at))
    )
    return len(talks)


def main() -> None:
    settings.ALLOWED_HOSTS.append("testserver")
    settings.REQUIRE_SECOND_FACTOR = False
    call_command("migrate", verbosity=0)
    world = build_world()
    full, free = make_type(world.programme), make_type(world.other_programme)
    make_hours(world.vogel, world.programme)
    make_hours(world.other_advisor, world.other_programme)
    for programme in (world.programme, world.other_programme):
        make_application(world.yusuf, programme, number=f"APP-{programme.slug}")
    talks = fill_year(world, full)
    short, long = make_version(world), make_version(world, make_participation(world, world.lorenz))
    for number in range(58):
        term = world.winter if number % 2 else world.summer
        plans.add_line(version=long, by=world.vogel, title=f"Zeile {number}", kind="other", term=term)
    visitor, advisor = Client(), Client()
    visitor.force_login(world.yusuf, backend=AT_ONCE)
    advisor.force_login(world.vogel, backend=AT_ONCE)
    week = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()

    slots_empty, slots_full = compare(visitor, *(f"{reverse('planning:times', args=[kind.pk])}?week={week}"
                                                 for kind in (free, full)))  # fmt: skip
    board_empty, board_full = compare(advisor, *(version.get_absolute_url() for version in (short, long)))

    print(f"slot page: {slots_empty * 1000:.1f} ms empty, {slots_full * 1000:.1f} ms with {talks} talks")
    print(f"board: {board_empty * 1000:.1f} ms with 2 lines, {board_full * 1000:.1f} ms with 60 lines")
    print(f"slots_growth {slots_full / slots_empty:.2f}")
    print(f"plan_growth {board_full / board_empty:.2f}")


if __name__ == "__main__":
    main()
