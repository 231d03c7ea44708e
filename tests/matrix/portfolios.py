"""Who may take which step of the room portfolios, written down by hand and compared with the tables."""

from datetime import timedelta

from django.utils import timezone

from portfolios import actions
from portfolios.models import Entry, EntryKind, Page, Share
from tests.matrix.tables import Table
from tests.people import World

OWNER = {"rana"}


def an_entry(world: World) -> Entry:
    return actions.add_entry(
        person=world.rana.person, kind=EntryKind.REFLECTION, title="Woche 1", body="Angefangen.", by=world.rana
    )


def a_share(world: World) -> Share:
    page = Page.objects.create(portfolio=actions.portfolio_of(world.rana.person), title="Bewerbung")
    return Share.objects.create(
        page=page, label="Stromwerk", token_hash="0" * 64, expires_at=timezone.now() + timedelta(days=60)
    )


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
]
