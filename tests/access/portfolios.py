"""Access rows of the room portfolios: nobody but the owner, not even the programme's administrator."""

from portfolios.models import Entry
from tests.access.rows import Row, codes
from tests.modules.factories import make_enrolment
from tests.people import World
from tests.portfolios.factories import (
    make_entry,
    make_file,
    make_page,
    make_request,
    make_share,
    make_suggestion,
)

SIGNED_IN = codes(200, anonymous=302)
OWNER = codes(404, anonymous=302, rana=200)
OWNER_DOES = codes(404, anonymous=302, rana=302)


def an_entry(world: World) -> list[str]:
    return [str(make_entry(world.rana).uuid)]


def an_entry_of_a_learner(world: World) -> Entry:
    make_enrolment(world)
    return make_entry(world.rana)


def a_page(world: World) -> list[str]:
    return [str(make_page(world.rana).uuid)]


def an_entry_with_lorenz(world: World) -> list[str]:
    entry = make_entry(world.rana)
    make_request(entry, world.lorenz)
    return [str(entry.uuid)]


def a_shared_file(world: World) -> list[str]:
    attached = make_file(world.rana, make_entry(world.rana, visible=True))
    _share, token = make_share(world.rana, make_page(world.rana, attached.entry))
    return [token, str(attached.file.uuid)]


def typed(world: World) -> dict[str, str]:
    return {
        "kind": "reflection", "title": "Woche 2", "language": "de", "body": "Neu", "seen_edition": "1",
        "occurred_on": "2027-10-20",
    }  # fmt: skip


# Who comes first has the name of the new entry; nobody else gets into it.
def begun(world: World) -> dict[str, str]:
    return typed(world) | {"entry_uuid": "00000000-0000-4000-8000-000000000002", "seen_edition": "0"}


ROWS: list[Row] = [
    Row("portfolios:portfolio", SIGNED_IN),
    Row("portfolios:about", SIGNED_IN),
    Row("portfolios:export", SIGNED_IN),
    Row("portfolios:entry_new", SIGNED_IN),
    Row("portfolios:entry_begin", codes(403, anonymous=302, rana=200), method="post", data=begun),
    Row("portfolios:entry", OWNER, args=an_entry),
    Row("portfolios:entry_edit", OWNER, args=an_entry),
    Row("portfolios:entry_autosave", OWNER, args=an_entry, method="post", data=typed),
    Row("portfolios:entry_delete", OWNER, args=an_entry),
    Row("portfolios:entry_step", OWNER_DOES, args=lambda w: [*an_entry(w), "show"], method="post"),
    Row("portfolios:file_add", codes(404, anonymous=302, rana=422), args=an_entry, method="post"),
    Row("portfolios:file_remove", OWNER, args=lambda w: [make_file(w.rana).pk]),
    Row(
        "portfolios:feedback_ask",
        OWNER_DOES,
        args=lambda w: [str(an_entry_of_a_learner(w).uuid)],
        method="post",
        data=lambda w: {"reviewer": str(w.lorenz.pk)},
    ),
    Row(
        "portfolios:feedback_end",
        OWNER_DOES,
        args=lambda w: [make_request(make_entry(w.rana), w.lorenz).pk],
        method="post",
    ),
    Row(
        "portfolios:suggestion_decide",
        OWNER_DOES,
        args=lambda w: [make_suggestion(make_entry(w.rana), w.lorenz).pk, "accept"],
        method="post",
    ),
    Row("portfolios:page_new", SIGNED_IN),
    Row("portfolios:page", OWNER, args=a_page),
    Row("portfolios:page_edit", OWNER, args=a_page),
    Row("portfolios:page_delete", OWNER, args=a_page),
    Row(
        "portfolios:share",
        OWNER,
        args=a_page,
        method="post",
        data=lambda w: {"label": "Stromwerk", "days": "60", "share_uuid": "00000000-0000-4000-8000-000000000001"},
    ),
    Row("portfolios:share_revoke", OWNER_DOES, args=lambda w: [str(make_share(w.rana)[0].uuid)], method="post"),
    Row("portfolios:feedback", SIGNED_IN),
    Row("portfolios:feedback_entry", codes(404, anonymous=302, lorenz=200), args=an_entry_with_lorenz),
    Row("portfolios:shared", codes(200), args=lambda w: [make_share(w.rana)[1]]),
    Row("portfolios:shared_file", codes(200), args=a_shared_file),
]
