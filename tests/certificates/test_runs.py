"""Issue runs: what is checked, who approves, and that nothing is ever issued twice."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from certificates import actions, troubles
from certificates.actions import runs
from certificates.models import Certificate, IssueRun, IssueRunItem, NumberRegister, Outcome, RunState, State
from credpoints.accounts.actions import open_account
from credpoints.jobs import actions as jobs
from credpoints.jobs.models import Job, JobState
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers, samples
from tests.people import World

KIND = "programme_individual"


def many(world: World, count: int, **changes) -> list[Certificate]:
    """Drafts of as many people."""
    made = []
    for place in range(count):
        person = open_account(email=f"person{place}@demo.example", language="de").person
        content = samples.content(name=f"Person Nummer {place}", **changes)
        content["issuer"]["slug"] = world.organisation.slug
        made.append(
            actions.draft_certificate(
                person=person,
                programme=world.programme,
                kind=KIND,
                content=content,
                checks=makers.READY,
                by=world.petersen,
            )
        )
    return made


def begun(world: World, **choices) -> IssueRun:
    run = runs.begin_run(programme=world.programme, kind=KIND, by=world.vogel, **choices)
    jobs.run_waiting()
    run.refresh_from_db()
    return run


def approved(world: World, **choices) -> IssueRun:
    run = begun(world, **choices)
    runs.approve_run(run=run, by=world.aydin, digest=run.digest)
    runs.approve_run(run=run, by=world.petersen, digest=run.digest)
    return run


def test_a_run_issues_each_certificate_once_and_tells_each_holder_once(world: World, run_jobs) -> None:
    many(world, 3)
    run = approved(world)
    mails = OutboxMessage.objects.count()

    runs.start_run(run=run, by=world.petersen)
    run_jobs()
    for job in Job.objects.filter(name="certificates.work_on_run"):
        runs.work_on_run(**job.arguments)  # every message comes a second time

    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert [c.state for c in Certificate.objects.all()] == [State.ISSUED] * 3
    assert sorted(NumberRegister.objects.values_list("place", flat=True)) == [1, 2, 3]
    assert OutboxMessage.objects.count() == mails + 3
    for certificate in Certificate.objects.all():
        assert [one.approver for one in certificate.approvals.all()] == [world.aydin, world.petersen]


def test_what_is_not_complete_is_held_back_with_its_reasons(world: World, run_jobs) -> None:
    many(world, 1)
    many_wrong = samples.content(name="Zeichen \U0010fffd", signatories=[])
    wrong = actions.draft_certificate(
        person=world.rana.person, programme=world.programme, content=many_wrong, checks=makers.READY, by=world.vogel
    )

    run = begun(world)

    held = run.items.get(outcome=Outcome.HELD_BACK)
    assert held.certificate == wrong
    assert {entry["key"] for entry in held.findings} == {"letters", "signatories"}
    assert run.counts()["ready"] == 1
    wrong.refresh_from_db()
    assert wrong.state == State.DRAFT

    actions.change_draft(certificate=wrong, by=world.vogel, content=samples.content(), checks=makers.READY)
    runs.check_again(run=run, by=world.vogel)
    run_jobs()
    assert run.counts()["ready"] == 2


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"name": "x" * 90}, "name_fits"),
        ({"signatories": []}, "signatories"),
        ({"title": {"de": "Diplom"}}, "words"),
        ({"items": []}, "items"),
        ({"quality": "", "quality_text": {}}, "elements"),
        ({"items": [samples.item(passed=False)]}, "nothing_failed"),
        ({"valid_until": "2018-12-31"}, "not_over"),
    ],
)
def test_the_check_finds(world: World, changes: dict, finding: str) -> None:
    certificate = makers.draft(world, **changes)

    assert finding in {check.key for check in actions.checks_of(certificate) if not check.ok}


def test_nobody_approves_twice_alone_or_for_themselves(world: World) -> None:
    many(world, 1)
    run = begun(world)
    runs.approve_run(run=run, by=world.vogel, digest=run.digest)

    with pytest.raises(NotAllowed):
        runs.approve_run(run=run, by=world.vogel, digest=run.digest)
    with pytest.raises(NotAllowed):
        runs.approve_run(run=run, by=world.rana, digest=run.digest)

    run.refresh_from_db()
    assert run.state == RunState.HALF_APPROVED


def test_a_holder_on_the_staff_approves_no_run_with_the_own_certificate(world: World) -> None:
    many(world, 1)
    actions.draft_certificate(
        person=world.vogel.person,
        programme=world.programme,
        content=samples.content(name="Katrin Vogel"),
        checks=makers.READY,
        by=world.petersen,
    )
    run = runs.begin_run(programme=world.programme, kind=KIND, by=world.petersen)
    jobs.run_waiting()
    run.refresh_from_db()

    with pytest.raises(NotAllowed):
        runs.approve_run(run=run, by=world.vogel, digest=run.digest)


def test_graders_alone_are_refused_certificate_by_certificate(world: World, run_jobs) -> None:
    many(world, 1)
    graded = makers.draft(world, grader_ids=[world.aydin.pk, world.petersen.pk])
    run = approved(world)

    runs.start_run(run=run, by=world.petersen)
    run_jobs()

    graded.refresh_from_db()
    run.refresh_from_db()
    assert graded.number is None
    assert run.items.get(certificate=graded).outcome == Outcome.REFUSED
    assert run.items.get(certificate=graded).refusal
    assert (run.state, run.counts()["issued"]) == (RunState.FINISHED, 1)


def test_changed_content_is_not_issued_under_an_old_approval(world: World, run_jobs) -> None:
    one, other = many(world, 2)
    run = approved(world)
    actions.reopen_certificate(certificate=one, by=world.vogel, reason="Name")
    actions.change_draft(certificate=one, by=world.vogel, content=samples.content(name="Neu"), checks=makers.READY)
    actions.freeze_certificate(certificate=one, by=world.vogel)

    runs.start_run(run=run, by=world.petersen)
    run_jobs()

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state) == (State.FROZEN, State.ISSUED)
    assert one.approvals.count() == 0


def test_an_old_page_approves_nothing(world: World) -> None:
    many(world, 1)
    run = begun(world)

    with pytest.raises(NoLongerPossible):
        runs.approve_run(run=run, by=world.vogel, digest="another")


def test_a_large_run_goes_on_while_one_lane_is_held_up(world: World, run_jobs, monkeypatch) -> None:
    many(world, 6)
    run = approved(world)
    monkeypatch.setattr(runs, "AT_A_TIME", 1)
    runs.start_run(run=run, by=world.petersen)
    dead = Job.objects.filter(name="certificates.work_on_run", state=JobState.WAITING, arguments__lane=1)
    soon = timezone.now() + timedelta(seconds=15)
    assert dead.update(state=JobState.RUNNING, attempts=1, lease_until=soon) == 1  # its worker was killed

    run_jobs()

    held_up = [item.certificate for item in run.items.all() if item.pk % runs.LANES == 1]
    made = Certificate.objects.filter(state=State.ISSUED)
    assert held_up
    assert set(made) == set(Certificate.objects.all()) - set(held_up)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING

    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    assert jobs.run(Job.objects.get(state=JobState.RUNNING).pk)
    run_jobs()

    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert made.all().count() == 6
    assert sorted(NumberRegister.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_two_workers_that_check_the_same_certificate_do_not_hold_it_back(world: World, run_jobs) -> None:
    (one,) = many(world, 1)
    run = runs.begin_run(programme=world.programme, kind=KIND, by=world.vogel)
    item = run.items.select_related("certificate__participation").get()
    actions.freeze_certificate(certificate=one, by=world.vogel)  # by the other one, after this one had read it

    runs._check_item(run, item)

    item.refresh_from_db()
    one.refresh_from_db()
    assert (item.outcome, item.content_hash, item.findings) == (Outcome.READY, one.content_hash, [])


def test_pause_gives_no_more_numbers_and_resume_finishes(world: World, run_jobs, monkeypatch) -> None:
    monkeypatch.setattr(runs, "AT_A_TIME", 1)
    monkeypatch.setattr(runs, "LANES", 1)
    many(world, 3)
    run = approved(world)
    runs.start_run(run=run, by=world.petersen)
    run.refresh_from_db()
    runs.work_on_run(run_id=run.pk, turn=run.turn)

    runs.pause_run(run=run, by=world.petersen)
    run_jobs()
    paused = NumberRegister.objects.count()
    runs.resume_run(run=run, by=world.petersen)
    run_jobs()

    assert paused == 1
    assert NumberRegister.objects.count() == 3
    assert Certificate.objects.filter(state=State.ISSUED).count() == 3


def test_failed_files_are_tried_again_with_the_same_number(world: World, run_jobs) -> None:
    (one,) = many(world, 1)
    run = approved(world)
    runs.start_run(run=run, by=world.petersen)
    run.refresh_from_db()
    runs.work_on_run(run_id=run.pk, turn=run.turn)
    actions.give_up_rendering(certificate_id=one.pk, error="no paper")
    one.refresh_from_db()
    number = one.number
    assert run.counts()["failed"] == 1

    assert runs.retry_failed(run=run, by=world.petersen) == 1
    run_jobs()

    one.refresh_from_db()
    assert (one.state, one.number) == (State.ISSUED, number)


def test_a_finished_run_names_and_lists_what_could_not_be_made(world: World, sign_in) -> None:
    one, two = many(world, 2)
    run = approved(world)
    runs.start_run(run=run, by=world.petersen)
    run.refresh_from_db()
    runs.work_on_run(run_id=run.pk, turn=run.turn)
    actions.give_up_rendering(certificate_id=one.pk, error="CannotSeal: no answer from the token")
    actions.render_certificate(certificate_id=two.pk)
    runs.work_on_run(run_id=run.pk, turn=run.turn)
    client = sign_in(world.petersen)

    page = client.get(run.get_absolute_url())
    only_failed = client.get(f"{run.get_absolute_url()}?outcome=failed")
    listed = client.get("/certificates/runs/")

    run.refresh_from_db()
    two.refresh_from_db()
    assert (run.state, two.state) == (RunState.FINISHED, State.ISSUED)
    assert page.context["tone"] == "warning"
    assert "1 von 2 ausgestellt" in page.content.decode()
    assert "1 konnte nicht erstellt werden" in page.content.decode()
    assert [(item.certificate.pk, why) for item, why in only_failed.context["rows"]] == [
        (one.pk, ["Das Siegel konnte nicht angebracht werden: no answer from the token"])
    ]
    assert [tone for _run, tone in listed.context["rows"]] == ["warning"]
    assert "1 konnte nicht erstellt werden" in listed.content.decode()


def test_the_page_draws_itself_whole_when_checking_or_issuing_is_over(world: World, sign_in, run_jobs) -> None:
    many(world, 2)
    client = sign_in(world.petersen)

    def refreshes(run: IssueRun) -> bool:
        return client.get(run.get_absolute_url(), headers={"HX-Request": "true"}).headers.get("HX-Refresh") == "true"

    run = runs.begin_run(programme=world.programme, kind="programme_individual", by=world.petersen)
    while_checking = refreshes(run)
    run_jobs()
    checked = refreshes(run)
    run.refresh_from_db()
    for user in (world.petersen, world.vogel):
        runs.approve_run(run=run, by=user, digest=run.digest)
        run.refresh_from_db()
    runs.start_run(run=run, by=world.petersen)
    page = client.get(run.get_absolute_url()).content.decode()
    while_issuing = refreshes(run)
    run_jobs()

    assert (while_checking, checked, while_issuing, refreshes(run)) == (False, True, False, True)
    assert '<progress value="0" max="2"' in page
    assert "Sie können diese Seite verlassen" in page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("", ""),
        ("KeyUnavailable: no such file", "Der Signaturschlüssel lässt sich nicht verwenden: no such file"),
        ("CannotRender: ꙮ", "Die Seiten lassen sich so nicht drucken: ꙮ"),
        ("10 workers died at it", "Es ist etwas geschehen, das nicht vorgesehen war: 10 workers died at it"),
    ],
)
def test_staff_read_what_a_failure_means(error: str, words: str) -> None:
    with translation.override("de"):
        assert troubles.in_words(error) == words


def test_a_silent_run_mails_nobody(world: World, run_jobs) -> None:
    many(world, 1)
    run = approved(world, tells_holders=False)
    mails = OutboxMessage.objects.count()

    runs.start_run(run=run, by=world.petersen)
    run_jobs()

    assert Certificate.objects.get().state == State.ISSUED
    assert OutboxMessage.objects.count() == mails


def test_a_certificate_is_in_one_open_run(world: World) -> None:
    (one,) = many(world, 1)
    run = begun(world)

    with pytest.raises(ValidationError):
        runs.begin_run(programme=world.programme, kind=KIND, by=world.vogel)
    other = IssueRun.objects.create(programme=world.programme, kind=KIND)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssueRunItem.objects.create(run=other, certificate=one)
    runs.discard_run(run=run, by=world.vogel)
    assert begun(world).counts()["ready"] == 1


def test_the_filter_takes_only_who_finished_in_time(world: World) -> None:
    many(world, 1)
    late = makers.draft(world, ends_on="2029-01-31")

    run = begun(world, finished_from=date(2029, 1, 1), finished_until=date(2029, 12, 31))

    assert [item.certificate for item in run.items.all()] == [late]


def test_the_page_of_a_run_costs_the_same_for_three(client: Client, world: World) -> None:
    many(world, 1)
    small = begun(world)
    runs.discard_run(run=small, by=world.vogel)
    many_more = many(world, 0)
    assert many_more == []
    client.force_login(world.petersen)
    small = begun(world)
    client.get(small.get_absolute_url())
    with CaptureQueriesContext(connection) as one:
        assert client.get(small.get_absolute_url()).status_code == 200
    runs.discard_run(run=small, by=world.vogel)
    for place in range(2):
        actions.draft_certificate(
            person=world.rana.person,
            programme=world.programme,
            content=samples.content(name=f"Rana {place}"),
            checks=makers.READY,
            by=world.petersen,
        )
    large = begun(world)
    with CaptureQueriesContext(connection) as three:
        assert client.get(large.get_absolute_url()).status_code == 200

    assert large.items.count() == 3
    assert len(three) == len(one) <= 40


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_run_give_each_number_once(world: World) -> None:
    many(world, 6)
    run = approved(world)
    runs.start_run(run=run, by=world.petersen)
    run.refresh_from_db()
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        try:
            runs.work_on_run(run_id=run.pk, turn=run.turn)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _place in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(NumberRegister.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert not run.items.exclude(outcome=Outcome.NUMBERED).exists()
