"""Who may take which step of the room portfolios, written down by hand and compared with the tables."""

from portfolios.models import Entry, LanguageSuggestion, Share
from tests.matrix.tables import Table
from tests.people import World
from tests.portfolios.factories import make_entry, make_share, make_suggestion

OWNER = {"rana"}


def an_entry(world: World) -> Entry:
    return make_entry(world.rana)


def a_share(world: World) -> Share:
    return make_share(world.rana)[0]


def a_suggestion(world: World) -> LanguageSuggestion:
    return make_suggestion(make_entry(world.rana), world.lorenz)


TABLES: list[Table] = [
    Table(
        "portfolio_entry",
        an_entry,
        {
            "show": ({"draft", "hidden"}, OWNER),
            "hide": ({"visible"}, OWNER),
            "archive": ({"draft", "visible", "hidden"}, OWNER | {"system"}),
            "restore": ({"archived"}, OWNER),
        },
    ),
    Table("portfolio_share", a_share, {"revoke": ({"active"}, OWNER)}),
    Table("portfolio_suggestion", a_suggestion, {"accept": ({"open"}, OWNER), "reject": ({"open"}, OWNER)}),
]
