"""From the agreed plan and the results to the certificate, through the rooms below."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from certificates import actions, queries
from certificates.models import Certificate, State
from modules.models import Enrolment
from planning.actions import placements, plans
from planning.actions.placements import Answer
from planning.models import Participation, ParticipationState, PlanItem, PlanVersionState
from portfolios.models import Entry
from tests.certificates.makers import draft
from tests.modules.factories import make_offering, make_result, make_version
from tests.people import World
from tests.planning.makers import ask, make_participation, make_placement


@pytest.fixture
def participation(world: World) -> Participation:
    """Rana's agreed plan: a course and a practical phase."""
    participation = make_participation(world)
    version = plans.begin_version(plan=participation.plan, by=world.vogel)
    offering = make_offering(world, version=make_version(world))
    plans.add_line(
        version=version, by=world.vogel, offering=offering, kind="subject", term=world.winter, hours=Decimal(150)
    )
    plans.add_line(
        version=version,
        by=world.vogel,
        title="Praxisphase",
        kind="practice",
        term=world.summer,
        hours=Decimal(90),
        credits=Decimal(3),
    )
    plans.propose(version=version, by=world.vogel)
    version.refresh_from_db()
    for user in (world.rana, world.vogel):
        plans.sign(version=version, by=user, seen_hash=version.content_hash)
        version.refresh_from_db()
    assert version.state == PlanVersionState.AGREED
    return participation


def test_the_last_final_result_prepares_the_certificate(world: World, participation: Participation) -> None:
    enrolment = Enrolment.objects.get(person=world.rana.person)
    assert not Certificate.objects.exists()

    make_result(enrolment, world.teacher, value="1.7")

    certificate = Certificate.objects.get()
    item, practice = certificate.content["items"]
    assert (certificate.state, certificate.person) == (State.DRAFT, world.rana.person)
    assert (item["code"], item["grade"], item["passed"], item["status"]) == ("EB-RT1", "1.7", True, "own")
    assert (practice["kind"], practice["credits"], practice["mode"]) == ("practice", "3", "work_based")
    assert certificate.content["grader_ids"] == [world.teacher.pk]
    assert [todo.person for todo in queries.todos(world.petersen)] == ["Rana Al-Khatib"]


def test_days_are_those_of_the_place_of_the_programme(world: World, participation: Participation) -> None:
    """Half past midnight in Berlin is the day before in Greenwich."""
    PlanItem.objects.update(term=None)
    Participation.objects.update(opened_at="2027-09-30T22:30:00Z", ended_at="2028-07-27T22:30:00Z")

    content = actions.collect_certificate(participation=Participation.objects.get(), by=world.vogel).content

    assert (content["starts_on"], content["ends_on"]) == ("2027-10-01", "2028-07-28")


def test_a_provisional_result_keeps_it_from_approval(world: World, participation: Participation) -> None:
    make_result(Enrolment.objects.get(), world.teacher, final=False)
    certificate = actions.collect_certificate(participation=participation, by=world.vogel)
    actions.confirm_lines(certificate=certificate, by=world.vogel)

    with pytest.raises(ValidationError, match=r"All results are final|Ergebnisse sind endgültig"):
        actions.freeze_certificate(certificate=certificate, by=world.vogel)


def test_practice_waits_for_a_person(world: World, participation: Participation) -> None:
    make_result(Enrolment.objects.get(), world.teacher)
    certificate = Certificate.objects.get()

    with pytest.raises(ValidationError, match="Praxisphase"):
        actions.freeze_certificate(certificate=certificate, by=world.vogel)

    actions.confirm_lines(certificate=certificate, by=world.vogel)
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    assert certificate.state == State.FROZEN


def test_practice_that_the_company_has_confirmed_waits_for_nobody(world: World, participation: Participation) -> None:
    make_result(Enrolment.objects.get(), world.teacher)
    certificate = Certificate.objects.get()
    placement = make_placement(world, PlanItem.objects.get(kind="practice"))
    answer = Answer(hours=Decimal("84.5"), name="Jens Krüger", position="Meister")

    placements.confirm(placement=placement, token=ask(world, placement), answer=answer)

    certificate.refresh_from_db()
    practice = certificate.content["items"][1]
    assert (practice["hours"], practice["note"]["de"]) == (
        "84.5", "bei Stromwerk Brandenburg GmbH, Potsdam; vom Betrieb bestätigt",
    )  # fmt: skip
    assert "Krüger" not in str(certificate.content)
    assert "practice_confirmed" not in {check.key for check in actions.checks_of(certificate)}
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    frozen = certificate.content

    # What was approved stays, whatever the company says later.
    placements.change_placement(placement=placement, step="set_aside", by=world.vogel, reason="Falscher Betrieb")
    certificate.refresh_from_db()
    assert certificate.content == frozen


def test_a_draft_follows_when_the_word_of_a_company_is_set_aside(world: World, participation: Participation) -> None:
    make_result(Enrolment.objects.get(), world.teacher)
    placement = make_placement(world, PlanItem.objects.get(kind="practice"))
    answer = Answer(hours=Decimal("84.5"), name="Jens Krüger")
    placements.confirm(placement=placement, token=ask(world, placement), answer=answer)

    placements.change_placement(placement=placement, step="set_aside", by=world.vogel, reason="Falscher Betrieb")

    certificate = Certificate.objects.get()
    assert (certificate.content["items"][1]["hours"], certificate.content["items"][1]["note"]) == ("90", {})
    assert [check.ok for check in actions.checks_of(certificate) if check.key == "practice_confirmed"] == [False]


def test_collecting_twice_gives_one_draft(world: World, participation: Participation) -> None:
    first = actions.collect_certificate(participation=participation, by=world.vogel)

    assert actions.collect_certificate(participation=participation, by=world.petersen) == first
    assert Certificate.objects.count() == 1


def test_collected_anew_after_a_change_of_name(world: World, participation: Participation) -> None:
    certificate = actions.collect_certificate(participation=participation, by=world.vogel)
    person = world.rana.person
    person.name_on_certificate = "Rana Berger"
    person.save()

    actions.collect_anew(certificate=certificate, by=world.vogel)

    assert certificate.holder_name == "Rana Berger"


def test_issuing_completes_the_participation_and_enters_the_portfolio(
    world: World, participation: Participation, run_jobs
) -> None:
    make_result(Enrolment.objects.get(), world.teacher)
    certificate = Certificate.objects.get()
    actions.confirm_lines(certificate=certificate, by=world.vogel)
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=certificate, by=user, content_hash=certificate.content_hash)

    run_jobs()

    certificate.refresh_from_db()
    participation.refresh_from_db()
    assert certificate.state == State.ISSUED
    assert participation.state == ParticipationState.COMPLETED
    assert Entry.objects.filter(
        portfolio__person=world.rana.person, source_key=f"certificate:{certificate.uuid}"
    ).exists()
    assert queries.station(world.rana.person, world.programme).status == "done"
    assert [step.url for step in queries.next_steps(world.rana)] == [certificate.get_absolute_url()]


def test_lists_ask_the_database_a_constant_number_of_times(
    world: World, participation: Participation, django_assert_max_num_queries, sign_in
) -> None:
    client = sign_in(world.petersen)
    actions.collect_certificate(participation=participation, by=world.vogel)
    client.get("/certificates/")
    with django_assert_max_num_queries(40) as one:
        client.get("/certificates/")
    for _ in range(2):
        draft(world)
    with django_assert_max_num_queries(40) as three:
        client.get("/certificates/")

    assert len(one) == len(three)
