"""Access rows of the room modules."""

from tests.access.rows import Row, codes
from tests.modules.factories import make_enrolment
from tests.people import World


def an_enrolment(world: World) -> list[str]:
    return [str(make_enrolment(world).uuid)]


# Rana herself, her programme's staff, the teacher; never another applicant or another programme.
ENROLMENT = codes(200, anonymous=302, yusuf=404, other_advisor=404, other_admin=404)

ROWS: list[Row] = [
    Row("modules:enrolments", codes(200, anonymous=302)),
    Row("modules:enrolment", ENROLMENT, args=an_enrolment),
    Row(
        "modules:enrolment_accept",
        codes(404, anonymous=302, rana=409, vogel=403, aydin=403, lorenz=403, petersen=403, teacher=403),
        args=an_enrolment,
        method="post",
    ),
    # Rana comes first and leaves; advisers and administrators may too but come too late, mentor and teacher may not.
    Row(
        "modules:enrolment_withdraw",
        codes(404, anonymous=302, rana=302, vogel=409, aydin=409, lorenz=403, petersen=409, teacher=403),
        args=an_enrolment,
        method="post",
    ),
]
