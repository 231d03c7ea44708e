"""Access rows of the room certificates."""

from typing import Any

from certificates import signing
from certificates.models import ShareLink
from tests.access.rows import Row, codes
from tests.certificates.makers import approved_once, draft, issued, run, shared, template
from tests.modules.factories import make_enrolment, make_result
from tests.people import World
from tests.planning.makers import make_participation

PUBLIC = codes(200)
STRANGERS: dict[str, int] = {"rana": 404, "yusuf": 404, "lorenz": 404, "teacher": 404}
FOREIGN = {"other_advisor": 404, "other_admin": 404}


def waiting(world: World) -> list[Any]:
    """A certificate that Petersen has approved and Vogel has not."""
    return [approved_once(world).uuid]


def made(world: World) -> list[Any]:
    return [issued(world).uuid]


def planned(world: World) -> list[Any]:
    return [make_participation(world).uuid]


def drafted(world: World) -> list[Any]:
    return [draft(world).uuid, "confirm"]


def designed(world: World) -> list[Any]:
    return [template(world).uuid]


def started(world: World) -> list[Any]:
    return [run(world).uuid]


def linked(world: World) -> list[Any]:
    shared(issued(world))
    return [ShareLink.objects.get().uuid]


def taught(world: World) -> list[Any]:
    return [make_enrolment(world).offering.uuid]


def with_result(world: World) -> list[Any]:
    make_result(make_enrolment(world), world.teacher)
    return [world.rana.person.uuid, world.programme.slug]


def key(world: World) -> list[Any]:
    return [signing.active_key(world.organisation, "Ed25519").pk]


ROWS: list[Row] = [
    Row("certificates:templates", codes(404, anonymous=302, petersen=200, other_admin=200)),
    Row("certificates:rules", codes(404, anonymous=302, petersen=200), args=lambda w: [w.programme.slug]),
    Row("certificates:template", codes(404, anonymous=302, petersen=200), args=designed),
    Row("certificates:begin_version", codes(404, anonymous=302, petersen=302), args=designed, method="post"),
    Row("certificates:release", codes(404, anonymous=302, petersen=302), args=designed, method="post"),
    Row("certificates:forget_typed", codes(404, anonymous=302, petersen=302), args=designed, method="post"),
    Row("certificates:logo", codes(404, anonymous=302, petersen=422), args=designed, method="post"),
    Row("certificates:difference", codes(404, anonymous=302, petersen=200), args=lambda w: [*designed(w), 1]),
    Row("certificates:runs", codes(200, anonymous=302, **STRANGERS)),
    Row("certificates:run", codes(404, anonymous=302, vogel=200, aydin=200, petersen=200), args=started),
    Row(
        "certificates:take_run_step",
        codes(404, anonymous=302, vogel=403, aydin=403, petersen=409),
        args=lambda w: [*started(w), "start"],
        method="post",
    ),
    Row(
        "certificates:prepare",
        codes(404, anonymous=302, vogel=302, aydin=302, petersen=302),
        args=planned,
        method="post",
    ),
    Row(
        "certificates:change",
        codes(404, anonymous=302, vogel=302, aydin=302, petersen=302),
        args=drafted,
        method="post",
    ),
    Row("certificates:register", codes(200, anonymous=302, **STRANGERS)),
    Row(
        "certificates:certificate", codes(200, anonymous=302, yusuf=404, lorenz=404, teacher=404, **FOREIGN), args=made
    ),
    Row(
        "certificates:approve",
        codes(404, anonymous=302, vogel=409, aydin=409, petersen=403),
        args=waiting,
        method="post",
        data=lambda w: {"content_hash": "another"},
    ),
    Row(
        "certificates:take_step",
        codes(404, anonymous=302, vogel=422, aydin=422, petersen=422),
        args=lambda w: [*waiting(w), "reopen"],
        method="post",
    ),
    Row("certificates:export", codes(200, anonymous=302, **STRANGERS), args=lambda w: ["xlsx"]),
    Row("certificates:sources", codes(200, anonymous=302, **STRANGERS)),
    Row("certificates:handed", codes(200, anonymous=302, **STRANGERS)),
    Row("certificates:course", codes(404, anonymous=302, vogel=200, aydin=200, petersen=200), args=taught),
    Row(
        "certificates:transcript",
        codes(404, anonymous=302, vogel=302, aydin=302, petersen=302),
        args=with_result,
        method="post",
    ),
    Row(
        "certificates:choose_languages",
        codes(404, anonymous=302, vogel=422, aydin=422, petersen=422),
        args=lambda w: [draft(w).uuid],
        method="post",
    ),
    Row(
        "certificates:settle_fee",
        codes(404, anonymous=302, vogel=422, aydin=422, petersen=422),
        args=lambda w: [draft(w).uuid],
        method="post",
    ),
    Row("certificates:erase", codes(404, anonymous=302, petersen=200), args=made),
    Row("certificates:replace", codes(404, anonymous=302, petersen=200), args=made),
    Row("certificates:revoke", codes(404, anonymous=302, petersen=200), args=made),
    Row(
        "certificates:preview",
        codes(404, anonymous=302, vogel=200, aydin=200, petersen=200),
        args=waiting,
    ),
    Row(
        "certificates:download",
        codes(404, anonymous=302, rana=200, vogel=200, aydin=200, petersen=200),
        args=lambda w: [*made(w), "json"],
    ),
    Row("certificates:verify", PUBLIC),
    Row("certificates:verify_file", codes(422), method="post"),
    Row("certificates:verify_code", PUBLIC, args=lambda w: [issued(w).code]),
    Row("certificates:verify_answer", PUBLIC, args=lambda w: [issued(w).code]),
    Row("certificates:credential_page", codes(302), args=made),
    Row("certificates:issuer_did", PUBLIC, args=lambda w: [w.organisation.slug] if issued(w) else []),
    Row("certificates:status_list", PUBLIC, args=lambda w: [w.organisation.slug, 1] if issued(w) else []),
    Row("certificates:house_did", PUBLIC),
    Row("certificates:revoke_many", codes(404, anonymous=302, petersen=200, other_admin=200)),
    Row("certificates:share", codes(404, anonymous=302, rana=422), args=made, method="post"),
    Row("certificates:withdraw_link", codes(404, anonymous=302, rana=302), args=linked, method="post"),
    Row("certificates:shown", PUBLIC, args=lambda w: [shared(issued(w))]),
    Row("certificates:keys", codes(404, anonymous=302, petersen=200, other_admin=200)),
    Row("certificates:rotate_key", codes(404, anonymous=302, petersen=200), args=key),
    Row("certificates:distrust_key", codes(404, anonymous=302, petersen=200), args=key),
]
