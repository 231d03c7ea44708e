"""Certificates from other sources than a plan: courses, presence, all results, and what was handed over."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certificates import actions, rendering
from certificates.models import Certificate, Kind, State
from credpoints.workflow import NoLongerPossible
from modules.models import AttendanceRecord, Enrolment, Offering
from tests.certificates import makers, samples
from tests.modules.factories import (
    make_enrolment,
    make_offering,
    make_person,
    make_result,
    make_session,
    make_version,
)
from tests.people import World

BERLIN = ZoneInfo("Europe/Berlin")
SIGNATORY = [{"name": "Jan Petersen", "position": {"de": "Programmleitung", "en": "Head of programme"}}]


@pytest.fixture
def world(world: World) -> World:
    world.programme.settings = {"certificates": {"signatories": SIGNATORY}}
    world.programme.save()
    return world


def prepared(world: World, enrolment: Enrolment, kind: str) -> Certificate:
    done = actions.prepare_for_course(enrolments=[enrolment], programme=world.programme, kind=kind, by=world.vogel)
    return done.drafts[0]


def open_checks(certificate: Certificate) -> set[str]:
    return {check.key for check in actions.checks_of(certificate) if not check.ok}


@pytest.mark.parametrize("kind", [Kind.MODULE, Kind.MICRO_CREDENTIAL])
def test_a_passed_course_says_everything_of_the_catalogue(world: World, kind: Kind) -> None:
    enrolment = make_enrolment(world)
    make_result(enrolment, world.teacher, value="1.7")

    certificate = prepared(world, enrolment, kind)

    content = certificate.content
    assert content["title"]["de"] == "Regelungstechnik 1"
    assert rendering.part_in(certificate.data, samples.issuance(), "en").workload == "5 ECTS (150 hours)"
    assert (content["credits"], content["hours"], content["level"]) == ("5", "150", 6)
    assert content["assessment"] == ["written_exam"]
    assert content["items"][0]["outcomes"][0]["text"] == {"de": "Regelkreise beschreiben"}
    assert (content["items"][0]["grade"], content["ends_on"]) == ("1.7", "2028-02-10")
    assert content["grader_ids"] == [world.teacher.pk]
    assert open_checks(certificate) == set()
    actions.freeze_certificate(certificate=certificate, by=world.vogel)


def test_a_course_is_issued_like_every_certificate(world: World, run_jobs) -> None:
    enrolment = make_enrolment(world)
    make_result(enrolment, world.teacher)
    certificate = prepared(world, enrolment, Kind.MICRO_CREDENTIAL)
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=certificate, by=user, content_hash=certificate.content_hash)

    run_jobs()

    certificate.refresh_from_db()
    assert certificate.state == State.ISSUED
    assert '"achievementType": "MicroCredential"' in certificate.credential


def test_open_and_failed_results_stay_on_the_check_list(world: World) -> None:
    enrolment = make_enrolment(world)
    without = prepared(world, enrolment, Kind.MODULE)
    make_result(enrolment, world.teacher, value="5.0")

    assert {"results_final", "all_passed"} <= open_checks(without)
    actions.collect_anew(certificate=without, by=world.vogel)
    assert open_checks(without) == {"all_passed", "nothing_failed"}


def test_one_certificate_for_one_course_and_kind(world: World) -> None:
    enrolment = make_enrolment(world)
    make_result(enrolment, world.teacher)
    first = prepared(world, enrolment, Kind.MODULE)

    again = actions.prepare_for_course(
        enrolments=[enrolment], programme=world.programme, kind=Kind.MODULE, by=world.petersen
    )

    assert (again.drafts, again.there_already) == ([], [first])
    prepared(world, enrolment, Kind.MICRO_CREDENTIAL)  # another kind is another certificate
    with pytest.raises(IntegrityError, match=r"one_certificate_per_source|source_key"), transaction.atomic():
        Certificate.objects.create(
            programme=world.programme, person=first.person, kind=first.kind, source_key=first.source_key
        )


def test_only_staff_prepare_and_nobody_for_themselves(world: World) -> None:
    enrolment = make_enrolment(world)
    own = make_enrolment(world, user=world.vogel, offering=enrolment.offering)

    for user in (world.rana, world.teacher, world.other_admin):
        with pytest.raises(PermissionDenied):
            actions.prepare_for_course(enrolments=[enrolment], programme=world.programme, kind=Kind.MODULE, by=user)
    done = actions.prepare_for_course(enrolments=[own], programme=world.programme, kind=Kind.MODULE, by=world.vogel)
    assert done.drafts == []
    assert not Certificate.objects.exists()


def with_sessions(offering: Offering, *present: list[Enrolment]) -> None:
    """One meeting of two hours for each list, at which these were present and the others not."""
    everybody = list(offering.enrolments.all())
    for number, there in enumerate(present):
        session = make_session(offering, datetime(2027, 11, 1 + number, 10, tzinfo=BERLIN))
        for one in everybody:
            status = "present" if one in there else "absent"
            AttendanceRecord.objects.create(session=session, enrolment=one, status=status)


def test_attendance_says_hours_and_awards_nothing(world: World) -> None:
    enrolment = make_enrolment(world)
    with_sessions(enrolment.offering, [enrolment], [enrolment], [enrolment], [])

    certificate = prepared(world, enrolment, Kind.ATTENDANCE)

    content = certificate.content
    assert (content["credits"], content["hours"], content["outcomes"]) == ("0", "6", [])
    assert (content["items"][0]["grade"], content["items"][0]["outcomes"]) == ("", [])
    assert open_checks(certificate) == set()
    with_sessions(enrolment.offering, [], [])
    actions.collect_anew(certificate=certificate, by=world.vogel)
    assert open_checks(certificate) == {"attendance_enough"}


def test_presence_that_nobody_has_recorded_is_not_certified(world: World) -> None:
    certificate = prepared(world, make_enrolment(world), Kind.ATTENDANCE)

    assert {"attendance_recorded", "attendance_enough"} <= open_checks(certificate)


def test_a_transcript_lists_failed_results_too_and_grows(world: World) -> None:
    make_result(make_enrolment(world), world.teacher, value="1.3")
    failed = make_enrolment(world, offering=make_offering(world, version=make_version(world, code="EB-LE")))
    make_result(failed, world.teacher, value="5.0")

    certificate = actions.prepare_transcript(person=world.rana.person, programme=world.programme, by=world.vogel)

    rows = certificate.content["items"]
    assert [(row["grade"], row["credits"], row["passed"]) for row in rows] == [("1.3", "5", True), ("5", "0", False)]
    assert rows[1]["note"]["en"] == "not passed"
    assert (certificate.content["credits"], certificate.content["hours"]) == ("5", "150")
    assert open_checks(certificate) == set()
    same = actions.prepare_transcript(person=world.rana.person, programme=world.programme, by=world.petersen)
    assert same == certificate


def unit(**changes: Any) -> dict[str, Any]:
    whole = {
        "key": "unit:pv-30",
        "title": {"de": "Kleine Photovoltaikanlagen", "en": "Small photovoltaic systems"},
        "summary": {"de": "Bis 30 kWp.", "en": "Up to 30 kWp."},
        "credits": "5", "hours": "120", "level": 4, "credit_framework": "ECVET", "mode": "work_based",
        "assessment": ["practical", "portfolio"], "starts_on": "2028-01-10", "ends_on": "2028-05-02",
        "outcomes": [
            {"code": "K3", "text": {"en": "solar energy", "de": "Solarenergie"}, "esco": [], "met": True},
            {"code": "C2", "text": {"en": "instructs customers", "de": "weist Kunden ein"}, "esco": [], "met": True},
        ],
        "recognitions": [
            {"country": "RS", "state": "recognised", "reference": "2027-114", "until": "2099-12-31"},
            {"country": "MK", "state": "submitted", "reference": "", "until": ""},
            {"country": "BA", "state": "recognised", "reference": "2019-7", "until": "2020-12-31"},
        ],
        "assessors": [{"name": "Dragan Ilić", "user": 0}, {"name": "Ana Kovač"}],
    }  # fmt: skip
    return {**whole, **changes}


def handed(world: World, kind: str, whole: dict[str, Any]) -> Certificate:
    return actions.prepare_handed(
        kind=kind, handed=whole, person=world.rana.person, programme=world.programme, by=world.vogel
    )


def test_a_unit_needs_every_outcome(world: World) -> None:
    outcomes = [*unit()["outcomes"], {"code": "K1", "text": {"en": "panel types"}, "met": False}]

    whole = handed(world, Kind.UNIT, unit())
    partly = handed(world, Kind.UNIT, unit(key="unit:other", outcomes=outcomes))

    assert open_checks(whole) == set()
    assert (whole.content["credit_framework"], whole.content["level"]) == ("ECVET", 4)
    assert whole.content["quality_text"]["en"] == "recognised in Serbia, reference 2027-114"
    assert open_checks(partly) == {"outcomes_met"}


def test_validation_says_what_was_shown_and_where_it_was_learned(world: World) -> None:
    outcomes = [{**unit()["outcomes"][0]}, {**unit()["outcomes"][1], "met": False}]

    certificate = handed(world, Kind.VALIDATION, unit(outcomes=outcomes))

    assert [one["text"]["en"] for one in certificate.content["outcomes"]] == ["solar energy"]
    assert open_checks(certificate) == set()
    part = rendering.part_in(certificate.data, samples.issuance(), "en")
    assert "validation" in part.elements[9]["text"]
    assert "2027-114" in part.elements[10]["text"]


def test_a_bundle_adds_its_parts_up(world: World) -> None:
    module = {"title": {"en": "Decision Support"}, "credits": "6", "hours": "180", "level": 7, "mode": "blended",
              "outcomes": [{"text": {"en": "decide"}}], "assessment": [{"type": "written"}]}  # fmt: skip
    parts = [
        {"module": module, "grade": "13", "scheme": "0-20", "passed": True, "date": "2028-08-28"},
        {"module": {**module, "title": {"en": "Data literacy"}, "credits": "4", "hours": "120"}, "status": "exempt",
         "source": {"en": "credit certificate, 13/20, 2025"}},
    ]  # fmt: skip
    whole = {"key": "bundle:1", "title": {"en": "Sustainable decision making"}, "credits": "10", "parts": parts}

    fits = handed(world, Kind.BUNDLE, whole)
    short = handed(world, Kind.BUNDLE, {**whole, "key": "bundle:2", "credits": "12"})
    failed = handed(world, Kind.BUNDLE, {**whole, "key": "bundle:3", "parts": [{**parts[0], "passed": False}]})

    assert open_checks(fits) == set()
    assert [item["status"] for item in fits.content["items"]] == ["own", "exempt"]
    assert (fits.content["credits"], fits.content["items"][1]["note"]["en"]) == ("10", parts[1]["source"]["en"])
    assert open_checks(short) == {"parts_add_up"}
    assert {"all_passed", "nothing_failed", "parts_add_up"} <= open_checks(failed)


@pytest.mark.parametrize(
    "broken",
    [{"key": ""}, {"title": {}}, {"title": "text"}, {"mode": "by post"}, {"assessment": ["dice"]}, {"parts": [{}]}],
)
def test_what_cannot_be_read_makes_nothing(world: World, broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        handed(world, Kind.BUNDLE, unit(**broken))

    assert not Certificate.objects.exists()


def test_what_was_handed_over_cannot_be_collected_anew(world: World) -> None:
    certificate = handed(world, Kind.UNIT, unit())

    with pytest.raises(NoLongerPossible):
        actions.collect_anew(certificate=certificate, by=world.vogel)


def test_the_same_key_is_one_certificate_per_person(world: World) -> None:
    first = handed(world, Kind.UNIT, unit())

    other = actions.prepare_handed(
        kind=Kind.UNIT, handed=unit(), person=world.yusuf.person, programme=world.programme, by=world.vogel
    )

    assert handed(world, Kind.UNIT, unit()) == first
    assert other != first


def test_the_page_of_a_course_prepares_who_is_ticked(world: World, sign_in) -> None:
    offering = make_offering(world)
    passed, open_one = (make_enrolment(world, user=user, offering=offering) for user in (world.rana, world.yusuf))
    make_result(passed, world.teacher)
    client = sign_in(world.vogel)
    address = f"/certificates/courses/{offering.uuid}/"

    page = client.get(address).content.decode()
    client.post(address, {"kind": "module", "enrolment": [str(passed.uuid)]})
    client.post(address, {"kind": "module", "enrolment": [str(passed.uuid)]})

    assert page.count(" checked") == 1
    assert f'value="{open_one.uuid}"' in page
    assert [one.holder_name for one in Certificate.objects.all()] == ["Rana Al-Khatib"]
    assert "Regelungstechnik 1" in client.get("/certificates/prepare/").content.decode()


def test_pages_of_sources_cost_the_same_for_three(world: World, sign_in) -> None:
    offering = make_offering(world)
    client = sign_in(world.vogel)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = ("/certificates/prepare/", *(f"/certificates/courses/{offering.uuid}/?kind={kind}"
                                             for kind in ("module", "attendance")))  # fmt: skip
    make_result(make_enrolment(world, offering=offering), world.teacher)
    with_sessions(offering, list(offering.enrolments.all()))
    one = [cost(address) for address in addresses]
    for number in range(2):
        person = make_person(number)
        make_result(make_enrolment(world, user=person.user, offering=offering), world.teacher)

    assert [cost(address) for address in addresses] == one


def test_a_fee_is_asked_for_where_the_rule_says_so(world: World, sign_in) -> None:
    world.programme.settings["certificates"]["needs_payment"] = True
    world.programme.save()
    certificate = makers.draft(world)
    client = sign_in(world.vogel)
    address = f"/certificates/{certificate.uuid}/fee/"

    with pytest.raises(ValidationError, match=r"paid|bezahlt"):
        actions.freeze_certificate(certificate=certificate, by=world.vogel)
    empty = client.post(address, {"reason": ""})
    client.post(address, {"reason": "Quittung 2028-114"})

    certificate.refresh_from_db()
    assert empty.status_code == 422
    assert (certificate.fee_settled_by, certificate.fee_reason) == (world.vogel, "Quittung 2028-114")
    assert open_checks(certificate) == set()
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    assert "Quittung 2028-114" in client.get(certificate.get_absolute_url()).content.decode()


def test_without_a_rule_nobody_is_asked_for_money(world: World) -> None:
    assert "paid" not in {check.key for check in actions.checks_of(makers.draft(world))}


def test_rules_are_changed_on_their_page_and_hold_at_once(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    address = f"/certificates/rules/{world.programme.slug}/"

    refused = client.post(address, {"attendance_share": "0"})
    client.post(address, {"attendance_share": "60", "needs_payment": "on"})

    world.programme.refresh_from_db()
    rules = world.programme.room_settings("certificates")
    assert refused.status_code == 422
    assert (rules["attendance_share"], rules["needs_payment"], rules["forbidden_words"]) == (60, True, False)
    assert rules["signatories"] == SIGNATORY  # what the page does not know stays
    assert "paid" in open_checks(makers.draft(world))
