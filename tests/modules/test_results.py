"""Attempts, grades, credits: entered, made final, corrected."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import example, given
from hypothesis import strategies as st

from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from modules import actions
from modules.grading import SCHEMES, NotOnTheScale, check_value, is_pass, read_value, write_value
from modules.models import ModuleVersion, Result
from tests.modules.factories import make_enrolment, make_offering, make_result, make_session, make_version
from tests.people import World

DAY = date(2028, 2, 10)


def form_data(**changes: str) -> dict[str, str]:
    return {"value": "1,7", "examined_on": "2020-02-10", "comment": "", "attempt": "1", "seen_edition": "0", **changes}


def test_second_attempt_after_a_failed_one_passes_and_gives_credits_once(world) -> None:
    enrolment = make_enrolment(world)
    failed = make_result(enrolment, world.teacher, "5.0")

    passed = make_result(enrolment, world.teacher, "1.7")

    enrolment.refresh_from_db()
    assert [(r.attempt, r.passed, r.credits) for r in (failed, passed)] == [
        (1, False, Decimal(0)), (2, True, Decimal(5)),
    ]  # fmt: skip
    assert enrolment.state == "completed_passed"


def test_no_attempt_more_than_allowed(world) -> None:
    version = make_version(world, attempts_allowed=2)
    enrolment = make_enrolment(world, offering=make_offering(world, version=version))
    make_result(enrolment, world.teacher, "5.0")
    make_result(enrolment, world.teacher, "5.0")

    enrolment.refresh_from_db()
    assert enrolment.state == "completed_failed"
    with pytest.raises(NoLongerPossible):
        make_result(enrolment, world.teacher, "1.0")


def test_a_provisional_result_gives_no_credits_and_can_be_changed(world) -> None:
    enrolment = make_enrolment(world)
    first = make_result(enrolment, world.teacher, "2.3", final=False)

    second = actions.record_result(
        enrolment=enrolment, value=Decimal("2.0"), examined_on=DAY, by=world.teacher, attempt=1, seen_edition=1
    )

    assert (first.pk, second.grade.replace(",", "."), second.credits, second.edition) == (
        second.pk, "2.0", Decimal(0), 2,
    )  # fmt: skip


def test_a_stale_form_does_not_overwrite_another_entry(world, sign_in) -> None:
    enrolment = make_enrolment(world)
    make_result(enrolment, world.teacher, "2.3", final=False)

    answer = sign_in(world.teacher).post(f"/groups/results/{enrolment.uuid}/", form_data())

    assert answer.status_code == 409
    assert Result.objects.get().value == Decimal("2.3")


def test_a_form_sent_twice_makes_one_final_result_and_one_mail(world, sign_in) -> None:
    enrolment = make_enrolment(world)
    client = sign_in(world.teacher)

    answers = [client.post(f"/groups/results/{enrolment.uuid}/", form_data(final="")).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert Result.objects.count() == 1
    assert OutboxMessage.objects.filter(template="modules/email/result").count() == 1


@pytest.mark.parametrize("value", ["1,8", "6", "eins", "NaN", "1e5", "", "-1"])
def test_a_grade_that_the_scale_does_not_have_comes_back_with_what_was_typed(world, sign_in, value) -> None:
    enrolment = make_enrolment(world)

    answer = sign_in(world.teacher).post(
        f"/groups/results/{enrolment.uuid}/", form_data(value=value, comment="mein Kommentar")
    )

    assert answer.status_code == 422
    assert "mein Kommentar" in answer.content.decode()
    assert Result.objects.count() == 0


def test_a_final_result_is_only_corrected_and_the_earlier_stays_readable(world) -> None:
    result = make_result(make_enrolment(world), world.teacher, "1.7")

    with pytest.raises(ValidationError):
        actions.correct_result(result=result, value=Decimal("1.3"), reason=" ", by=world.petersen)
    corrected = actions.correct_result(result=result, value=Decimal("1.3"), reason="Zahlendreher", by=world.petersen)

    assert [(r.state, str(r.value)) for r in Result.objects.order_by("pk")] == [
        ("superseded", "1.70"), ("final", "1.30"),
    ]  # fmt: skip
    assert (corrected.supersedes, corrected.credits) == (result, Decimal(5))
    with pytest.raises(NoLongerPossible):
        actions.correct_result(result=result, value=Decimal("1.0"), reason="noch einmal", by=world.petersen)


def test_nobody_enters_results_but_the_teacher_and_nobody_the_own(world) -> None:
    enrolment = make_enrolment(world)
    own = make_enrolment(world, user=world.teacher, offering=enrolment.offering)

    for by, where in ((world.rana, enrolment), (world.petersen, enrolment), (world.teacher, own)):
        with pytest.raises(NotAllowed):
            actions.record_result(enrolment=where, value=Decimal("1.0"), examined_on=DAY, by=by)


def test_the_database_keeps_final_results_and_published_versions(world) -> None:
    result = make_result(make_enrolment(world), world.teacher, "1.7")
    frozen = (
        (Result.objects.filter(pk=result.pk), {"value": Decimal("1.0")}),
        (Result.objects.filter(pk=result.pk), {"state": "provisional"}),
        (ModuleVersion.objects.all(), {"credits": Decimal(6)}),
        (ModuleVersion.objects.all(), {"title": {"de": "Anders"}}),
        (ModuleVersion.objects.all(), {"state": "draft"}),
    )
    for rows, change in frozen:
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            rows.update(**change)


def test_the_database_knows_no_credits_for_provisional_results(world) -> None:
    result = make_result(make_enrolment(world), world.teacher, "1.7", final=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(credits=Decimal(5))


@pytest.mark.parametrize(
    ("key", "value", "passes"),
    [
        ("de", "1.0", True), ("de", "4.0", True), ("de", "5.0", False),
        ("0-20", "10", True), ("0-20", "9", False), ("0-30", "18", True), ("0-30", "17", False),
    ],
)  # fmt: skip
def test_the_pass_mark_itself_passes(key: str, value: str, passes: bool) -> None:
    assert is_pass(Decimal(value), SCHEMES[key]) is passes


@pytest.mark.parametrize(("language", "written"), [("de", "1,7"), ("en", "1.7")])
def test_grades_are_written_in_local_form_and_read_in_both(language: str, written: str) -> None:
    with translation.override(language):
        assert write_value(Decimal("1.7"), SCHEMES["de"]) == written
    assert read_value("1,7", SCHEMES["de"]) == read_value("1.7", SCHEMES["de"]) == Decimal("1.7")


@example("0-20", Decimal("1e9999"))
@given(st.sampled_from(["de", "0-20", "0-30"]), st.decimals(allow_nan=True, allow_infinity=True, places=2))
def test_a_value_is_on_the_scale_or_refused(key: str, value: Decimal) -> None:
    scheme = SCHEMES[key]
    try:
        check_value(value, scheme)
    except NotOnTheScale:
        return
    low, high = sorted((scheme.best, scheme.worst))
    assert low <= value <= high


def test_only_those_who_may_mark_attendance_find_the_way_to_the_list(world: World, sign_in) -> None:
    offering = make_offering(world)
    session = make_session(offering, timezone.now())
    page, attendance = offering.get_absolute_url(), reverse("modules:attendance", args=[session.uuid])

    links = {
        name: attendance in sign_in(world.user(name)).get(page).content.decode() for name in ("teacher", "petersen")
    }

    assert links == {"teacher": True, "petersen": False}
