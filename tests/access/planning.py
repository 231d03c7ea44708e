"""Access rows of the room planning."""

from typing import Any

from planning.actions import consultations, feeds, placements, plans, records
from planning.models import Appointment, ConsultationType, Participation, Placement, PlanVersion
from tests.access.rows import Row, codes
from tests.people import World
from tests.planning.makers import (
    MONDAY_TEN,
    make_application,
    make_hours,
    make_participation,
    make_placement,
    make_type,
    make_version,
)

FAR = "2037-07-13T08:00Z"  # a Monday, 10:00 in Berlin


def talk(world: World) -> Appointment:
    """A talk of Rana's with Dr. Vogel, years ahead."""
    found = Appointment.objects.first()
    if found:
        return found
    kind = make_type(world.programme, horizon_days=5000)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    return consultations.book_for(
        kind=kind, person=world.rana.person, advisor=world.vogel, by=world.vogel,
        starts_at=MONDAY_TEN.replace(year=2037, day=13),
    )  # fmt: skip


def talk_uuid(world: World) -> list[Any]:
    return [talk(world).uuid]


def token(world: World) -> list[Any]:
    return [consultations.new_link(talk(world)).rstrip("/").rsplit("/", 1)[-1]]


def feed_token(world: World) -> list[Any]:
    return [feeds.new_address(user=world.rana)]


def kind_pk(world: World) -> list[Any]:
    kind = make_type(world.programme, horizon_days=5000)
    make_hours(world.vogel, world.programme)
    make_application(world.rana, world.programme)
    return [kind.pk]


def held(world: World) -> list[Any]:
    """A held time of Rana's, which nobody else sees."""
    [pk] = kind_pk(world)
    kind = ConsultationType.objects.get(pk=pk)
    start = MONDAY_TEN.replace(year=2037, day=13)
    return [consultations.hold_time(kind=kind, starts_at=start, by=world.rana).uuid]


def participation(world: World) -> list[Any]:
    found = Participation.objects.first() or make_participation(world)
    return [found.uuid]


def draft(world: World) -> PlanVersion:
    return PlanVersion.objects.first() or make_version(world)


def version(world: World) -> list[Any]:
    return [draft(world).uuid]


def line(world: World) -> list[Any]:
    return [draft(world).items.first().pk]


def finding(world: World) -> list[Any]:
    found = talk(world)
    return [found.uuid, records.add_finding(talk=found, by=world.vogel, kind="gap", text="Regelungstechnik").pk]


def task(world: World) -> list[Any]:
    found = talk(world)
    return [found.uuid, records.add_follow_up(talk=found, by=world.vogel, text="Antrag", for_person=True).pk]


def remark(world: World) -> list[Any]:
    return [plans.comment(version=draft(world), by=world.vogel, text="Gut so").pk]


def party(world: World) -> list[Any]:
    found = draft(world)
    return [found.uuid, found.plan.parties.get(party="advisor").pk]


def practice(world: World) -> list[Any]:
    """The address of one practice line."""
    found = Placement.objects.first() or make_placement(world)
    return [found.participation.uuid, found.line_key]


def practice_uuid(world: World) -> list[Any]:
    return [(Placement.objects.first() or make_placement(world)).uuid]


def practice_token(world: World) -> list[Any]:
    asked = Placement.objects.first() or make_placement(world)
    return [placements.ask_company(placement=asked, by=world.vogel).rstrip("/").rsplit("/", 1)[-1]]


NOBODY = {"anonymous": 302}
TALK_STAFF = {**NOBODY, "vogel": 200, "aydin": 200, "petersen": 200}
SEES_PLAN = {**NOBODY, "rana": 200, "vogel": 200, "aydin": 200, "petersen": 200}
EDITS = {**NOBODY, "rana": 302, "vogel": 302, "aydin": 302, "petersen": 403}
BOOKS = {**NOBODY, "rana": 200, "vogel": 404, "aydin": 404, "petersen": 404}

ROWS: list[Row] = [
    Row("planning:times", codes(404, anonymous=302, rana=200, vogel=200, aydin=200, petersen=200), kind_pk),
    # Rana gets the time (on to the form); staff who may book for others have no talk of their own offered to them.
    Row("planning:choose", codes(404, anonymous=302, rana=302, vogel=302, aydin=302, petersen=302), kind_pk, "post",
        lambda w: {"starts_at": "nonsense"}),
    Row("planning:appointment", codes(404, anonymous=302, rana=200, vogel=302, aydin=302, petersen=302), talk_uuid),
    Row("planning:book", codes(404, anonymous=302, rana=200), held),
    Row("planning:give_back", codes(404, anonymous=302, rana=302), held, "post"),
    Row("planning:move", codes(404, **SEES_PLAN), talk_uuid),
    Row("planning:cancel", codes(404, **SEES_PLAN), talk_uuid),
    Row("planning:calendar", codes(404, **SEES_PLAN), talk_uuid),
    Row("planning:confirm_summary", codes(404, anonymous=302, rana=422), talk_uuid, "post",
        lambda w: {"comment": "x" * 3000}),
    Row("planning:earlier", codes(404, anonymous=302, rana=302), talk_uuid, "post"),
    Row("planning:feed_address", codes(200, anonymous=302)),
    Row("planning:feed", codes(200), feed_token),
    Row("planning:manage", codes(200), token),
    Row("planning:manage_move", codes(200), token),
    Row("planning:manage_cancel", codes(200), token),
    Row("planning:manage_calendar", codes(200), token),
    Row("planning:talks", codes(200, anonymous=302, rana=404, yusuf=404, lorenz=404, teacher=404)),
    Row("planning:consultation", codes(404, **TALK_STAFF), talk_uuid),
    Row("planning:talk_step", codes(404, **TALK_STAFF), lambda w: [talk(w).uuid, "complete"]),
    Row("planning:substitute", codes(404, anonymous=302), talk_uuid, "post", lambda w: {"advisor": "0"}),
    Row("planning:add_finding", codes(404, anonymous=302, vogel=302, aydin=302, petersen=403), talk_uuid, "post",
        lambda w: {"kind": "gap", "text": "Regelungstechnik"}),
    Row("planning:drop_finding", codes(404, anonymous=302, vogel=302, aydin=404, petersen=404), finding, "post"),
    Row("planning:add_follow_up", codes(404, anonymous=302, vogel=302, aydin=302, petersen=403), talk_uuid, "post",
        lambda w: {"text": "ZAB-Antrag"}),
    Row("planning:finish_follow_up", codes(404, anonymous=302, rana=302, vogel=302, aydin=302, petersen=403), task,
        "post"),
    Row("planning:availability", codes(404, anonymous=302, vogel=200, aydin=200, petersen=200),
        lambda w: [w.programme.slug]),
    Row("planning:add_exception", codes(404, anonymous=302, vogel=302, aydin=302, petersen=302),
        lambda w: [w.programme.slug], "post", lambda w: {"kind": "closed", "first_day": "2037-12-24"}),
    Row("planning:drop_exception", codes(404, anonymous=302), lambda w: [w.programme.slug, 10**9], "post"),
    Row("planning:setup", codes(404, **TALK_STAFF), lambda w: [w.programme.slug]),
    Row("planning:new_type", codes(404, anonymous=302, petersen=200), lambda w: [w.programme.slug]),
    Row("planning:edit_type", codes(404, anonymous=302, petersen=200),
        lambda w: [w.programme.slug, make_type(w.programme).pk]),
    Row("planning:import_holidays", codes(404, anonymous=302, petersen=200), lambda w: [w.programme.slug]),
    Row("planning:plan_rules", codes(404, anonymous=302, petersen=200), lambda w: [w.programme.slug]),
    Row("planning:book_for", codes(200, anonymous=302, rana=404, yusuf=404, lorenz=404, teacher=404)),
    Row("planning:invite_again", codes(404, anonymous=302, vogel=409, aydin=409, petersen=409), talk_uuid, "post"),
    Row("planning:participations", codes(200, anonymous=302, rana=404, yusuf=404, teacher=404)),
    Row("planning:participation", codes(404, **SEES_PLAN), participation),
    Row("planning:people", codes(404, anonymous=302, rana=403, vogel=302, aydin=302, petersen=302), participation,
        "post"),
    Row("planning:workload", codes(404, **EDITS), participation, "post",
        lambda w: {f"term_{w.winter.pk}": "15", f"term_{w.summer.pk}": "12.5"}),
    Row("planning:constraints", codes(404, **EDITS), participation, "post", lambda w: {"private_note": "bis 15 Uhr"}),
    Row("planning:mentoring", codes(404, anonymous=302, rana=403, vogel=302, aydin=302, petersen=403), participation,
        "post", lambda w: {"kind": "career", "held_on": "2027-10-11", "minutes": "40", "topic": "Start"}),
    Row("planning:practice", codes(404, **SEES_PLAN), practice),
    Row("planning:practice_step", codes(404, **SEES_PLAN), lambda w: [*practice_uuid(w), "cancel"]),
    Row("planning:confirm_practice", codes(200), practice_token),
    Row("planning:object_to_practice", codes(422), practice_token, "post", lambda w: {"text": ""}),
    Row("planning:practice_thanks", codes(200)),
    Row("planning:begin_plan", codes(404, **EDITS), participation, "post"),
    Row("planning:participation_step", codes(404, **SEES_PLAN), lambda w: [*participation(w), "withdraw"]),
    Row("planning:plan_version", codes(404, **SEES_PLAN), version),
    Row("planning:plan_news", codes(404, **{name: 204 for name in SEES_PLAN if name != "anonymous"}, anonymous=302),
        version),
    Row("planning:add_line", codes(404, **SEES_PLAN), version),
    Row("planning:change_line", codes(404, **SEES_PLAN), line),
    Row("planning:take_course", codes(404, **EDITS), line, "post"),
    Row("planning:move_line", codes(404, **EDITS), line, "post", lambda w: {"term": w.summer.pk}),
    # The line is gone after Rana has taken it out.
    Row("planning:drop_line", codes(404, anonymous=302, rana=302), line, "post"),
    Row("planning:accept_line", codes(404, **EDITS), line, "post"),
    Row("planning:derive", codes(404, **EDITS), version, "post"),
    Row("planning:goals", codes(404, **EDITS), version, "post", lambda w: {"goals": "Ingenieurin"}),
    Row("planning:comment", codes(404, **EDITS), version, "post", lambda w: {"text": "bitte ab Mai"}),
    Row("planning:resolve_comment", codes(404, **EDITS), remark, "post"),
    Row("planning:plan_step", codes(404, anonymous=302, rana=302, vogel=409, aydin=409, petersen=403),
        lambda w: [*version(w), "propose"], "post"),
    Row("planning:refuse", codes(404, **SEES_PLAN), version),
    Row("planning:sign", codes(404, anonymous=302, rana=409, vogel=409, aydin=409, petersen=403), version, "post",
        lambda w: {"seen": "old"}),
    Row("planning:scan", codes(404, anonymous=302, vogel=200, aydin=200), party),
    Row("planning:signer", codes(404, anonymous=302, vogel=200, aydin=200), party),
    Row("planning:compare", codes(404, **SEES_PLAN), version),
]  # fmt: skip
