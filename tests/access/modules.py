"""Access rows of the room modules."""

from datetime import UTC, datetime
from typing import Any

from modules.models import Access
from tests.access.rows import Row, codes
from tests.modules.factories import make_enrolment, make_offering, make_result, make_session, make_version
from tests.people import World


def an_enrolment(world: World) -> list[str]:
    return [str(make_enrolment(world).uuid)]


def a_module(world: World) -> list[str]:
    return [str(make_version(world).module.uuid)]


def a_draft(world: World) -> list[Any]:
    return [make_version(world, publish=False).module.uuid, 1]


def an_offering(world: World) -> list[str]:
    return [str(make_offering(world).uuid)]


def an_open_offering(world: World) -> list[str]:
    return [str(make_offering(world, access=Access.OPEN).uuid)]


def a_final_result(world: World) -> list[str]:
    return [str(make_result(make_enrolment(world), world.teacher).uuid)]


def a_session(world: World) -> list[str]:
    return [str(make_session(make_offering(world), datetime(2027, 10, 11, 8, tzinfo=UTC)).uuid)]


SIGNED_IN = codes(200, anonymous=302)
# Rana herself, her programme's staff, the teacher; never another applicant or another programme.
ENROLMENT = codes(200, anonymous=302, yusuf=404, other_advisor=404, other_admin=404)
# Those who teach or run an offering: the teacher and the programme's administrator.
GROUP = codes(404, anonymous=302, teacher=200, petersen=200)
# Everybody reads an open offering; only the programme's administrator changes it.
RUNS = codes(403, anonymous=302, petersen=200)
# Drafts are written by those who keep the provider's catalogue; for all others there is nothing there.
KEEPS = codes(404, anonymous=302, petersen=200)
GOES_ON = codes(404, anonymous=302, petersen=302)

ROWS: list[Row] = [
    Row("modules:catalogue", codes(200)),
    Row("modules:feed", codes(200)),
    Row("modules:module", codes(200), args=a_module),
    Row("modules:module_data", codes(200), args=a_module),
    Row("modules:kept", codes(404, anonymous=302, petersen=200, other_admin=200)),
    Row("modules:module_identity", KEEPS, args=lambda w: a_draft(w)[:1]),
    Row("modules:module_identity", codes(404, anonymous=302, petersen=409), args=a_module),
    Row("modules:version_begin", GOES_ON, args=a_module, method="post"),
    Row("modules:version_edit", KEEPS, args=a_draft),
    Row("modules:version_edit", codes(404, anonymous=302, petersen=409), args=lambda w: [*a_module(w), 1]),
    Row("modules:version_forget", GOES_ON, args=a_draft, method="post"),
    Row("modules:version_discard", KEEPS, args=a_draft),
    Row("modules:version_difference", KEEPS, args=lambda w: [*a_module(w), 1]),
    Row("modules:version_step", codes(409, anonymous=302, petersen=200), args=lambda w: [*a_module(w), 1, "withdraw"]),
    Row("modules:offering", codes(200), args=an_offering),
    Row("modules:offering_calendar", codes(200), args=an_offering),
    Row("modules:offering_enrol", codes(302), args=an_open_offering, method="post"),
    Row("modules:offering_step", codes(409, anonymous=302, petersen=200), args=lambda w: [*an_offering(w), "pause"]),
    Row("modules:offering_new", codes(404, anonymous=302, petersen=200), args=lambda w: [*a_module(w), 1]),
    Row("modules:offering_edit", RUNS, args=an_offering),
    Row("modules:session_new", RUNS, args=an_offering),
    Row("modules:session_edit", RUNS, args=a_session),
    Row("modules:session_cancel", RUNS, args=a_session),
    Row("modules:teachers", RUNS, args=an_offering),
    Row(
        "modules:teacher_end",
        codes(403, anonymous=302, petersen=404),
        args=lambda w: [*an_offering(w), w.yusuf.pk],
        method="post",
    ),
    Row("modules:enrolments", SIGNED_IN),
    Row("modules:own_calendar", SIGNED_IN),
    Row("modules:enrolment", ENROLMENT, args=an_enrolment),
    # Only Rana, advisers and the administrator may withdraw her; mentor and teacher see the enrolment but may not.
    Row(
        "modules:enrolment_step",
        codes(404, anonymous=302, rana=200, vogel=200, aydin=200, petersen=200, lorenz=409, teacher=409),
        args=lambda w: [*an_enrolment(w), "withdraw"],
    ),
    # Rana comes first and leaves; advisers and administrators may too but come too late.
    Row(
        "modules:enrolment_step",
        codes(404, anonymous=302, rana=302, vogel=409, aydin=409, petersen=409, lorenz=403, teacher=403),
        args=lambda w: [*an_enrolment(w), "withdraw"],
        method="post",
    ),
    Row("modules:groups", codes(200, anonymous=302, rana=404, yusuf=404)),
    Row("modules:group", GROUP, args=an_offering),
    Row(
        "modules:group_finalise", codes(404, anonymous=302, teacher=302, petersen=302), args=an_offering, method="post"
    ),
    Row("modules:attendance", codes(404, anonymous=302, teacher=200, petersen=403), args=a_session),
    Row(
        "modules:result",
        codes(403, anonymous=302, teacher=200, yusuf=404, other_advisor=404, other_admin=404),
        args=an_enrolment,
    ),
    Row(
        "modules:result_correct",
        codes(403, anonymous=302, teacher=200, petersen=200, yusuf=404, other_advisor=404, other_admin=404),
        args=a_final_result,
    ),
]
