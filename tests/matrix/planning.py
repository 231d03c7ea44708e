"""Who may take which step of the room planning, written down by hand and compared with the tables."""

from tests.matrix.tables import Table
from tests.people import World
from tests.planning.makers import make_confirmed_placement, make_participation, make_talk, make_version

ADVISORS = {"vogel", "aydin"}
STAFF = {"vogel", "aydin", "petersen"}
BOTH = {"rana", "vogel", "aydin"}
OPEN = {"draft", "proposed", "changes_requested", "partly_signed"}


def _version(world: World):
    return make_version(world)


TABLES: list[Table] = [
    Table(
        workflow="appointment",
        make=make_talk,
        steps={
            "book": ({"held", "lapsed"}, {"rana", *STAFF}),
            "request": ({"held", "lapsed"}, set()),  # this kind of talk needs no confirmation
            "confirm": ({"requested"}, STAFF),
            "decline": ({"requested"}, STAFF),
            "reschedule": ({"booked"}, {"rana", *STAFF}),
            "substitute": ({"booked"}, STAFF),
            "cancel": ({"requested", "booked"}, {"rana", "system", *STAFF}),
            "complete": ({"booked"}, ADVISORS),
            "no_show_person": ({"booked"}, ADVISORS),
            "no_show_advisor": ({"booked"}, {"rana", *STAFF}),
            "lapse": ({"held"}, {"rana", "system"}),
        },
    ),
    Table(
        workflow="plan_version",
        make=_version,
        steps={
            "propose": ({"draft"}, BOTH),
            "edit_again": ({"proposed", "partly_signed", "changes_requested"}, BOTH),
            "refuse": ({"proposed", "partly_signed"}, BOTH),
            "sign": ({"proposed", "partly_signed"}, BOTH),
            "sign_on_paper": ({"proposed", "partly_signed"}, ADVISORS),
            "agree": ({"partly_signed"}, {"system"}),
            "withdraw": (OPEN, BOTH),
            "supersede": ({"agreed"}, {"system"}),
        },
    ),
    Table(
        workflow="participation",
        make=make_participation,
        steps={
            "pause": ({"active"}, STAFF),
            "resume": ({"paused"}, STAFF),
            "complete": ({"active"}, {"petersen", "system"}),
            "withdraw": ({"active", "paused"}, {"rana", "petersen"}),
            "exclude": ({"active", "paused"}, {"petersen"}),
        },
    ),
    Table(
        workflow="placement",
        make=make_confirmed_placement,
        steps={
            "ask": ({"arranged", "asked"}, STAFF),
            "take_back": ({"asked"}, {"rana", *STAFF}),
            "confirm": ({"asked"}, {"system"}),
            "object": ({"asked"}, {"system"}),
            "confirm_on_paper": ({"arranged", "asked"}, STAFF),
            "cancel": ({"arranged", "asked"}, {"rana", *STAFF}),
            "set_aside": ({"confirmed"}, STAFF),
        },
    ),
]
