"""One step for many: said before, asked for once, done once each, and told afterwards."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applicants import actions, bulking
from applicants.actions.bulk import begin_bulk_run, work_on_bulk_run
from applicants.models import Application, BulkRun, BulkStep, Decision, State
from applicants.signals import application_invited
from credpoints.accounts.models import RoleAssignment
from credpoints.jobs import actions as jobs
from credpoints.jobs.models import Job, JobState
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import NOW, make_form, make_in_review, make_submitted
from tests.people import World, build_world, make_user

pytestmark = pytest.mark.django_db
LIST = "/programmes/credit-points/applications/bulk/"


def many(world: World, count: int, state: str = State.SUBMITTED) -> list[Application]:
    """Applications as they lie in the database, without anybody having typed them."""
    form = make_form(world.programme)
    people = [make_user(f"{uuid4().hex}@example.org", f"Given{n}", "Many").person for n in range(count)]
    return [
        Application.objects.create(
            number=f"APP-2027-{person.pk:06d}", programme=world.programme, person=person, form_version=form,
            state=state, submitted_at=NOW, moved_at=NOW,
        )
        for person in people
    ]  # fmt: skip


def prepare(world: World, application: Application, kind: str = "invite", mails: bool = True) -> Decision:
    letter = actions.letter_for(application, kind)
    return actions.prepare_decision(
        application=application, kind=kind, reason="", letter=letter, mails=mails, by=world.petersen
    )


def ask(what: str, *chosen: Application, **more: str) -> dict[str, object]:
    """What the list's form sends."""
    return {"what": what, "chosen": [str(a.uuid) for a in chosen], "scope": "ticked", **more}


def confirm(client, asked: dict[str, object], **more: str):
    """Press the button of the confirmation page."""
    page = client.get(LIST, asked)
    shown = {"token": str(page.context["token"]), "digest": page.context["choice"].digest}
    return client.post(LIST, {**asked, **shown, **more})


def run_for(world: World, step: BulkStep, applications: list[Application]) -> BulkRun:
    asked = bulking.Asked(step, False, tuple(a.uuid for a in applications), "")
    choice = bulking.choice(asked, world.programme, world.vogel)
    return begin_bulk_run(programme=world.programme, step=step, pairs=choice.pairs, left_out=choice.left_out, query="",
                          uuid=uuid4(), by=world.vogel)  # fmt: skip


def results(run: BulkRun) -> list[tuple[str, str]]:
    return sorted((item.application.state, item.outcome) for item in run.items.select_related("application"))


# --- Before the click ------------------------------------------------------------------------------------------------


def test_the_page_before_says_how_many_people_get_mail_and_does_nothing(world: World, sign_in) -> None:
    first, second, third = (make_in_review(world, user) for user in (world.rana, world.yusuf, world.teacher))
    prepare(world, first)
    prepare(world, second, mails=False)

    page = sign_in(world.vogel).get(LIST, ask("release", first, second, third))

    choice = page.context["choice"]
    assert (choice.total, len(choice.pairs), choice.left_out, choice.mails) == (3, 2, 1, 1)
    assert [letter.to for _application, letter in choice.letters] == ["rana@example.org"]
    assert "einladen: 2, mit E-Mail: 1" in page.content.decode()
    assert (BulkRun.objects.count(), set(Application.objects.values_list("state", flat=True))) == (0, {"in_review"})


def test_the_page_before_names_why_some_are_left_out(world: World, sign_in) -> None:
    new, read = make_submitted(world), make_in_review(world, world.yusuf)

    page = sign_in(world.vogel).get(LIST, ask("start_review", new, read))

    assert page.context["choice"].pairs == [[new.pk, None]]
    assert "nicht mehr neu, sondern: in Prüfung" in page.content.decode()


def test_more_acceptances_than_places_are_announced_and_told(world: World, sign_in, run_jobs) -> None:
    type(world.programme).objects.filter(pk=world.programme.pk).update(places=1)
    both = many(world, 2, State.CONSULTED)
    for application in both:
        prepare(world, application, "accept")

    client = sign_in(world.petersen)
    page = client.get(LIST, ask("release", *both))
    confirm(client, ask("release", *both))
    run_jobs()

    assert "Freie Plätze: nur 1" in page.content.decode()
    run = BulkRun.objects.get()
    assert results(run) == [("accepted", "done"), ("waitlisted", "done")]
    assert [item.why for item in run.items.all()] == ["", "Alle Plätze waren vergeben: jetzt auf der Warteliste."]


@pytest.mark.parametrize(("boxes", "told"), [({"mails": "on"}, ["rana@example.org"]), ({}, [])])
def test_the_mails_of_a_round_can_be_unticked(world: World, sign_in, run_jobs, boxes: dict, told: list[str]) -> None:
    application = make_in_review(world)
    prepare(world, application)
    before = OutboxMessage.objects.count()

    confirm(sign_in(world.vogel), ask("release", application) | {"offers_mails": "yes"} | boxes)
    run_jobs()

    application.refresh_from_db()
    decision = application.decisions.get()
    assert (application.state, decision.sends_mail) == ("invited", bool(told))
    assert list(OutboxMessage.objects.order_by("pk").values_list("to", flat=True)[before:]) == told


def test_figures_that_have_changed_keep_the_mails_unticked(world: World, sign_in) -> None:
    application = make_in_review(world)
    prepare(world, application)

    page = sign_in(world.vogel).post(
        LIST, ask("release", application) | {"offers_mails": "yes", "token": str(uuid4()), "digest": "of before"}
    )

    assert page.status_code == 409
    assert 'name="mails" aria-describedby="mails-hint">' in page.content.decode()


def test_the_mail_of_one_decision_can_be_unticked(world: World, sign_in) -> None:
    application = make_in_review(world)
    prepare(world, application)
    before = OutboxMessage.objects.count()

    sign_in(world.vogel).post(
        reverse("applicants:decision", args=[application.uuid]), {"do": "release", "offers_mails": "yes"}
    )

    application.refresh_from_db()
    assert (application.state, OutboxMessage.objects.count() - before) == ("invited", 0)


def test_without_a_choice_the_list_says_what_to_do(world: World, sign_in) -> None:
    make_submitted(world)

    page = sign_in(world.vogel).get(LIST, {"what": "start_review", "scope": "ticked"}, follow=True)

    assert "Es ist nichts ausgewählt" in page.content.decode()


def test_all_that_fit_the_filter_are_taken_and_no_others(world: World, sign_in, run_jobs) -> None:
    many(world, 60)
    other = make_in_review(world)
    client = sign_in(world.vogel)

    answer = confirm(client, {"what": "take_over", "scope": "all", "query": "state=submitted&q=Many"})
    run_jobs()

    run = BulkRun.objects.get()
    assert (answer.url, run.total, run.counts()) == (
        run.get_absolute_url(), 60, {"done": 60, "refused": 0, "failed": 0})  # fmt: skip
    assert Application.objects.filter(advisor=world.vogel).exclude(pk=other.pk).count() == 60


# --- Asking once -----------------------------------------------------------------------------------------------------


def test_sending_the_page_twice_asks_for_one_run(world: World, sign_in) -> None:
    asked = ask("start_review", *many(world, 2))
    client = sign_in(world.vogel)
    page = client.get(LIST, asked)
    sent = {**asked, "token": str(page.context["token"]), "digest": page.context["choice"].digest}

    first, second = client.post(LIST, sent), client.post(LIST, sent)

    assert (first.url, BulkRun.objects.count(), Job.objects.filter(name="applicants.work_on_bulk_run").count()) == (
        second.url, 1, 1)  # fmt: skip


def test_another_persons_token_is_refused(world: World, sign_in) -> None:
    applications = many(world, 2)
    run = run_for(world, BulkStep.START_REVIEW, applications)

    answer = confirm(sign_in(world.aydin), ask("start_review", *applications), token=str(run.uuid))

    assert (answer.status_code, BulkRun.objects.count()) == (403, 1)


def test_what_changed_since_the_page_was_shown_is_shown_first(world: World, sign_in) -> None:
    first, second = many(world, 2)
    client = sign_in(world.vogel)
    asked = ask("start_review", first, second)
    page = client.get(LIST, asked)
    actions.start_review(application=second, by=world.aydin)

    answer = client.post(LIST, {**asked, "token": str(page.context["token"]), "digest": page.context["choice"].digest})

    assert (answer.status_code, BulkRun.objects.count()) == (409, 0)
    assert "hat sich etwas geändert" in answer.content.decode()


@pytest.mark.parametrize("step", BulkStep.values)
def test_asking_takes_as_many_queries_for_many_as_for_few(world: World, sign_in, step: str) -> None:
    client = sign_in(world.vogel)
    found = []
    for count in (3, 30):
        Application.objects.all().delete()
        for application in many(world, count, State.SUBMITTED if step == "start_review" else State.IN_REVIEW):
            if step == "release":
                prepare(world, application)
        asked = {"what": step, "scope": "all", "query": ""}
        client.get(LIST, asked)
        with CaptureQueriesContext(connection) as before:
            page = client.get(LIST, asked)
        sent = {**asked, "token": str(page.context["token"]), "digest": page.context["choice"].digest}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(LIST, sent).status_code == 302
        found.append((len(before), len(queries)))
        assert Application.objects.filter(advisor=world.vogel).count() == 0

    assert found[0] == found[1]


def test_earlier_runs_are_found_again_in_as_many_queries_for_three_as_for_one(world: World, sign_in) -> None:
    client = sign_in(world.aydin)
    found = []
    for count in (1, 2):
        for _ in range(count):
            run_for(world, BulkStep.START_REVIEW, many(world, 2))
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        found.append(len(queries))

    assert (found[0], len(page.context["page"])) == (found[1], 3)


# --- The work --------------------------------------------------------------------------------------------------------


def test_the_result_says_what_was_done_and_what_was_refused_and_why(world: World, sign_in, run_jobs) -> None:
    new, gone = make_submitted(world), make_submitted(world, world.yusuf)
    client = sign_in(world.vogel)
    confirm(client, ask("start_review", new, gone))
    actions.withdraw_application(application=gone, by=world.yusuf)
    run_jobs()

    page = client.get(BulkRun.objects.get().get_absolute_url())

    html = page.content.decode()
    assert (page.context["counts"], page.context["is_working"]) == ({"done": 1, "refused": 1, "failed": 0}, False)
    assert "zurückgezogen." in html
    assert html.index(gone.number) < html.index(new.number)


def test_while_it_works_the_page_asks_again_and_then_draws_itself_whole(world: World, sign_in, run_jobs) -> None:
    run = run_for(world, BulkStep.START_REVIEW, many(world, 2))
    client = sign_in(world.aydin)  # a colleague may watch

    working = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})
    run_jobs()
    finished = client.get(run.get_absolute_url(), headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s"' in working.content.decode()
    assert "without-script" in working.content.decode()
    assert (working.headers.get("HX-Refresh"), finished.headers.get("HX-Refresh")) == (None, "true")


class Killed(BaseException):
    """A worker that dies says nothing to anybody."""


def test_a_worker_that_dies_in_the_middle_leaves_each_application_done_once(world: World, run_jobs) -> None:
    applications = many(world, 5, State.IN_REVIEW)
    for application in applications:
        prepare(world, application)
    run = run_for(world, BulkStep.RELEASE, applications)
    job = Job.objects.get(key=run.job_key)

    def die(**_signal: object) -> None:
        if run.items.count() == 2:
            raise Killed

    application_invited.connect(die)
    try:
        with pytest.raises(Killed):
            jobs.run(job.pk)
    finally:
        application_invited.disconnect(die)
    assert results(run) == [("invited", "done")] * 2
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run(job.pk)
    work_on_bulk_run(run_id=run.pk, now=timezone.now())

    run.refresh_from_db()
    assert (results(run), run.finished_at is not None) == ([("invited", "done")] * 5, True)
    assert OutboxMessage.objects.filter(template="applicants/email/invited").count() == 5


def test_whoever_loses_the_role_while_it_works_does_nothing_more(world: World, run_jobs) -> None:
    run = run_for(world, BulkStep.START_REVIEW, many(world, 2))
    RoleAssignment.objects.filter(user=world.vogel).delete()

    run_jobs()

    assert results(run) == [("submitted", "refused")] * 2
    assert {item.why for item in run.items.all()} == {"Dieser Schritt steht Ihnen nicht offen: Prüfung beginnen."}


def test_a_letter_written_anew_after_the_click_is_not_sent(world: World, run_jobs) -> None:
    (application,) = many(world, 1, State.IN_REVIEW)
    prepare(world, application)
    run = run_for(world, BulkStep.RELEASE, [application])
    prepare(world, application)

    run_jobs()

    assert results(run) == [("in_review", "refused")]
    assert not OutboxMessage.objects.filter(template="applicants/email/invited").exists()


def test_one_broken_application_does_not_hold_up_the_others(world: World, run_jobs) -> None:
    applications = many(world, 3, State.IN_REVIEW)
    for application in applications:
        prepare(world, application)
    run = run_for(world, BulkStep.RELEASE, applications)

    def break_for_one(application: Application, **_signal: object) -> None:
        if application.pk == applications[1].pk:
            raise ZeroDivisionError

    application_invited.connect(break_for_one)
    try:
        run_jobs()
    finally:
        application_invited.disconnect(break_for_one)

    assert results(run) == [("in_review", "failed"), ("invited", "done"), ("invited", "done")]


def test_a_run_that_gave_up_goes_on_when_the_one_who_asked_says_so(world: World, sign_in, run_jobs) -> None:
    run = run_for(world, BulkStep.START_REVIEW, many(world, 2))
    Job.objects.filter(key=run.job_key).update(state=JobState.FAILED)
    address = run.get_absolute_url()

    stopped = sign_in(world.vogel).get(address)
    refused = sign_in(world.aydin).post(address)
    sign_in(world.vogel).post(address)
    run_jobs()

    assert (stopped.context["stopped"], stopped.context["may_resume"], refused.status_code) == (True, True, 403)
    assert results(run) == [("in_review", "done")] * 2


def test_only_who_asked_watches_the_job(world: World, sign_in) -> None:
    run = run_for(world, BulkStep.START_REVIEW, many(world, 1))
    address = reverse("home:job_progress", args=[Job.objects.get(key=run.job_key).pk])

    found = [sign_in(user).get(address).status_code for user in (world.vogel, world.aydin, world.rana)]

    assert found == [200, 404, 404]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_run_do_each_application_once() -> None:
    world = build_world()
    applications = many(world, 12, State.IN_REVIEW)
    for application in applications:
        prepare(world, application)
    run = run_for(world, BulkStep.RELEASE, applications)
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        try:
            work_on_bulk_run(run_id=run.pk, now=timezone.now())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results(run) == [("invited", "done")] * 12
    assert OutboxMessage.objects.filter(template="applicants/email/invited").count() == 12
