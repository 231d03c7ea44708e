"""Who may take which step of the room modules, written down by hand and compared with the tables."""

from modules.models import Result
from tests.matrix.tables import Table
from tests.modules.factories import make_enrolment, make_offering, make_result, make_version
from tests.people import World

KEEPER = {"petersen"}
SYSTEM = {"system"}


def an_enrolment(world: World):
    return make_enrolment(world)


def a_result(world: World) -> Result:
    return make_result(make_enrolment(world), world.teacher, final=False)


TABLES: list[Table] = [
    Table(
        "module_version",
        make_version,
        {
            "submit": ({"draft"}, KEEPER),
            "return": ({"in_review", "approved"}, KEEPER),
            "approve": ({"in_review"}, KEEPER),
            "publish": ({"draft", "in_review", "approved"}, KEEPER | SYSTEM),
            "supersede": ({"published"}, KEEPER | SYSTEM),
            "withdraw": ({"published"}, KEEPER),
        },
    ),
    Table(
        "offering",
        make_offering,
        {
            "open": ({"concept", "inactive"}, KEEPER),
            "pause": ({"active"}, KEEPER),
            "cancel": ({"concept", "active", "inactive"}, KEEPER),
            "complete": ({"active", "inactive"}, KEEPER),
        },
    ),
    Table(
        "enrolment",
        an_enrolment,
        {
            "confirm": ({"requested"}, KEEPER),
            "queue": ({"requested"}, KEEPER),
            "refuse": ({"requested"}, KEEPER),
            "offer": ({"waitlisted"}, SYSTEM),
            "accept": ({"offered"}, {"rana"}),
            "lapse": ({"offered"}, SYSTEM),
            "begin": ({"enrolled"}, SYSTEM),
            "pass": ({"enrolled", "active", "completed_failed", "not_completed"}, SYSTEM),
            "fail": ({"enrolled", "active", "completed_passed"}, SYSTEM),
            "reopen": ({"completed_passed", "completed_failed"}, SYSTEM),
            "leave_incomplete": ({"enrolled", "active"}, {"teacher"}),
            "withdraw": (
                {"requested", "waitlisted", "offered", "enrolled", "active"},
                {"rana", "vogel", "aydin", "petersen"} | SYSTEM,
            ),
            "cancel": ({"requested", "waitlisted", "offered", "enrolled", "active"}, KEEPER | SYSTEM),
            "exempt": ({"requested", "waitlisted", "enrolled", "active"}, KEEPER),
        },
    ),
    Table(
        "result",
        a_result,
        {
            "finalise": ({"provisional"}, {"teacher"}),
            "supersede": ({"final"}, {"teacher", "petersen"}),
        },
    ),
]
