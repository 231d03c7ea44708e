"""Who may take which step of the room applicants, written down by hand and compared with the tables."""

from tests.applicants.make import make_form, make_submitted
from tests.matrix.tables import Table
from tests.people import World

REVIEWERS = {"vogel", "aydin", "petersen"}
ADMIN = {"petersen"}
OWN = {"rana"}


def _application(world: World) -> object:
    return make_submitted(world)


TABLES: list[Table] = [
    Table(
        "application",
        _application,
        {
            "submit": ({"draft"}, OWN),
            "start_review": ({"submitted"}, REVIEWERS),
            "ask": ({"in_review"}, REVIEWERS),
            "answer": ({"needs_information"}, OWN),
            "invite": ({"in_review"}, REVIEWERS),
            "mark_consulted": ({"invited"}, REVIEWERS | {"system"}),
            # From review only in programmes without a consultation.
            "accept": ({"consulted", "waitlisted"}, ADMIN),
            "waitlist": ({"consulted"}, ADMIN),
            "reject": ({"submitted", "in_review", "invited", "consulted", "waitlisted"}, REVIEWERS),
            "withdraw": (
                {"draft", "submitted", "in_review", "needs_information", "invited", "consulted", "waitlisted"},
                OWN,
            ),
            "revert": ({"needs_information", "invited", "waitlisted"}, REVIEWERS),
            "reopen": ({"rejected", "withdrawn"}, ADMIN),
            "expire": ({"draft"}, {"system"}),
        },
    ),
    Table(
        "form",
        lambda world: make_form(world.programme),
        {"publish": ({"draft"}, ADMIN), "retire": ({"published"}, ADMIN)},
    ),
]
