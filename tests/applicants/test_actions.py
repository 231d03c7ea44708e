"""Saving, sending and deciding: what each step does, and what it refuses, with the same beginning."""

import threading
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from applicants import actions
from applicants.actions.access import open_link
from applicants.fingerprints import fingerprint
from applicants.models import Answer, AnswerRevision, Application, SavedSearch
from applicants.queries import next_steps, station, todos
from credpoints.files.models import StoredFile
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.applicants.make import (
    NOW,
    make_consulted,
    make_draft,
    make_form,
    make_in_review,
    make_invited,
    make_submitted,
)
from tests.people import BERLIN, World, build_world, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 " + b"x" * 200


def save(application: Application, user, was: dict[str, str] | None = None, **typed):
    return actions.save_answers(application=application, typed=typed, was=was, by=user, now=NOW)


def value(application: Application, address: str):
    answer = Answer.objects.filter(application=application, address=address).first()
    return answer.value if answer else None


# --- Filling in ------------------------------------------------------------------------------------------------------


def test_an_old_window_overwrites_nothing_it_did_not_change(world: World) -> None:
    application = make_draft(world, goal="first")
    shown = fingerprint("first")
    save(application, world.rana, {"goal": shown}, goal="second")

    saved = save(application, world.rana, {"goal": shown}, goal="first")

    assert (saved.changed, saved.conflicts, value(application, "goal")) == ([], [], "second")


def test_the_later_edit_of_two_windows_stands_and_the_earlier_is_kept(world: World) -> None:
    application = make_draft(world, goal="first")
    shown = fingerprint("first")
    save(application, world.rana, {"goal": shown}, goal="one window")

    saved = save(application, world.rana, {"goal": shown}, goal="other window")

    assert [(c.address, c.before) for c in saved.conflicts] == [("goal", "one window")]
    assert value(application, "goal") == "other window"
    kept = AnswerRevision.objects.filter(answer__application=application, answer__address="goal")
    assert list(kept.values_list("value", flat=True)) == ["one window", "other window"]


def test_what_is_not_valid_yet_is_kept_too(world: World) -> None:
    application = make_draft(world)

    save(application, world.rana, **{"education.n1.study_to": "im Sommer", "weekly_hours": "viele"})

    assert value(application, "education.n1.study_to") == "im Sommer"
    with pytest.raises(actions.SurveyIncomplete) as incomplete:
        actions.submit_application(application=application, by=world.rana, now=NOW)
    assert {p.address for p in incomplete.value.problems} == {"education.n1.study_to", "weekly_hours"}


def test_forged_addresses_are_refused(world: World) -> None:
    application = make_draft(world)

    saved = save(application, world.rana, **{"nothing": "x", "education.%00.grade": "1", "education.n1.nothing": "x",
                                              "education.n1.degree_documents": "x"})  # fmt: skip

    assert (saved.changed, len(saved.refused)) == ([], 4)


def test_nobody_else_fills_in(world: World) -> None:
    application = make_draft(world)

    for stranger in (world.yusuf, world.vogel, world.petersen):
        with pytest.raises(NotAllowed):
            save(application, stranger, goal="x")


def test_a_hidden_answer_is_kept_but_not_submitted(world: World) -> None:
    application = make_submitted(world, **{"education.n1.grade": ""})

    assert value(application, "education.n1.grade_best") == "100"
    assert "education.n1.grade_best" not in application.snapshot


def test_entries_are_added_moved_and_removed(world: World) -> None:
    application = make_draft(world)

    def change(what: str, item: str = "") -> str:
        return actions.change_group(application=application, section="work", change=what, item=item, by=world.rana)

    first, second = change("add"), change("add")
    change("up", second)
    assert value(application, "work") == [second, first]
    change("remove", second)
    assert value(application, "work") == [first]


def test_the_last_needed_entry_is_emptied_and_not_removed(world: World) -> None:
    application = make_draft(world)

    actions.change_group(application=application, section="education", change="remove", item="n1", by=world.rana)

    items = value(application, "education")
    assert len(items) == 1
    assert items != ["n1"]


def test_documents_are_taken_and_liars_are_not(world: World) -> None:
    application = make_draft(world)
    address = "education.n1.degree_documents"

    def add(name: str, content: bytes) -> None:
        actions.add_file(
            application=application, address=address, upload=SimpleUploadedFile(name, content), by=world.rana
        )

    add("diploma.pdf", PDF)
    with pytest.raises(ValidationError):
        add("liar.pdf", b"MZ" + b"\0" * 300)
    with pytest.raises(ValidationError):
        add("big.pdf", PDF + b"x" * 11 * 1024 * 1024)

    assert [entry["name"] for entry in value(application, address)] == ["diploma.pdf"]
    assert value(application, "goal") == "als Elektroingenieurin arbeiten"


def test_staff_read_documents_only_after_they_were_handed_in(world: World, sign_in) -> None:
    application = make_draft(world)
    actions.add_file(application=application, address="education.n1.degree_documents",
                     upload=SimpleUploadedFile("diploma.pdf", PDF), by=world.rana)  # fmt: skip
    address = reverse("files:download", args=[StoredFile.objects.get().uuid])

    def codes() -> dict[str, int]:
        people = ("rana", "yusuf", "vogel", "other_advisor", "lorenz")
        return {name: sign_in(world.user(name)).get(address).status_code for name in people}

    assert codes() == {"rana": 200, "yusuf": 404, "vogel": 404, "other_advisor": 404, "lorenz": 404}
    actions.submit_application(application=application, by=world.rana, now=NOW)
    assert codes() == {"rana": 200, "yusuf": 404, "vogel": 200, "other_advisor": 404, "lorenz": 404}


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_after_the_deadline_nothing_is_sent_and_nothing_is_lost(world: World) -> None:
    close = datetime(2027, 6, 30, 23, 59, tzinfo=BERLIN)
    type(world.programme).objects.filter(pk=world.programme.pk).update(applications_close_at=close)
    application = make_draft(world)
    late = close + timedelta(minutes=1)

    with pytest.raises(NoLongerPossible):
        actions.submit_application(application=application, by=world.rana, now=late)
    actions.save_answers(application=application, typed={"goal": "trotzdem"}, by=world.rana, now=late)

    application.refresh_from_db()
    assert (application.state, value(application, "goal")) == ("draft", "trotzdem")


def test_an_unconfirmed_address_cannot_send(world: World) -> None:
    application = make_draft(world)
    world.rana.emailaddress_set.update(verified=False)

    with pytest.raises(actions.UnverifiedAddress):
        actions.submit_application(application=application, by=world.rana, now=NOW)

    application.refresh_from_db()
    assert (application.state, application.number) == ("draft", None)


def test_sending_gives_consecutive_numbers_and_a_receipt(world: World) -> None:
    numbers = [make_submitted(world, user).number for user in (world.rana, world.yusuf)]

    assert numbers == ["APP-2027-000001", "APP-2027-000002"]
    mail = OutboxMessage.objects.get(recipient=world.yusuf, template="applicants/email/submitted")
    assert (mail.language, "APP-2027-000002" in mail.subject) == ("en", True)


def test_a_published_form_is_never_changed(world: World) -> None:
    form = make_form(world.programme)
    form.content = {**form.content, "languages": ["en"]}

    with pytest.raises(ValueError, match="never changed"):
        form.save()


def test_a_second_beginning_returns_the_first(world: World) -> None:
    first = make_draft(world)

    second = actions.begin_application(person=world.rana.person, programme=world.programme, by=world.rana)

    assert second == first


def test_the_code_dies_after_five_wrong_tries(world: World) -> None:
    make_form(world.programme)
    actions.send_resume_link(user=world.rana, programme=world.programme, now=NOW)
    body = OutboxMessage.objects.get().body
    code = next(word for word in body.split() if word.isdigit() and len(word) == 6)
    wrong = "000000" if code != "000000" else "111111"

    tried = [actions.use_code(user=world.rana, code=wrong, now=NOW) for _ in range(5)]

    assert tried == [False] * 5
    assert not actions.use_code(user=world.rana, code=code, now=NOW)


def test_a_link_opens_once_and_not_for_ever(world: World) -> None:
    make_form(world.programme)
    actions.send_resume_link(user=world.rana, programme=world.programme, now=NOW)
    token = OutboxMessage.objects.get().body.split("/applications/continue/")[1].split("/")[0]

    assert open_link(token, now=NOW + timedelta(days=15)) is None
    assert actions.use_link(token=token, now=NOW) is not None
    assert actions.use_link(token=token, now=NOW) is None
    assert OutboxMessage.objects.get().secret


# --- Reviewing and deciding ------------------------------------------------------------------------------------------


def test_only_the_named_answers_open_again(world: World) -> None:
    application = make_in_review(world)
    actions.ask_for_information(application=application, addresses=["education.n1.grade"], text="Note?", due_on=None,
                                by=world.vogel, now=NOW)  # fmt: skip

    saved = save(application, world.rana, **{"education.n1.grade": "81", "goal": "anders"})
    actions.answer_request(application=application, by=world.rana, now=NOW)

    application.refresh_from_db()
    assert (saved.changed, saved.refused) == (["education.n1.grade"], ["goal"])
    assert (application.state, application.snapshot["education.n1.grade"]) == ("in_review", "81")
    with pytest.raises(NoLongerPossible):
        save(application, world.rana, **{"education.n1.grade": "82"})


def test_an_override_needs_a_reason_and_changes_the_sum(world: World) -> None:
    application = make_in_review(world, **{"education.n1.study_field": "041"})
    assert application.overall == "manual"
    check = application.checks.get(key="field")

    actions.override_check(check=check, reason="Wirtschaftsingenieurwesen", by=world.vogel)

    application.refresh_from_db()
    assert (application.overall, application.checks.get(key="field").result) == ("met", "overridden")
    with pytest.raises(NotAllowed):
        actions.override_check(check=check, reason="x", by=world.other_advisor)


def test_an_override_falls_when_the_finding_changes(world: World) -> None:
    application = make_in_review(world, **{"education.n1.study_field": "041"})
    actions.override_check(check=application.checks.get(key="field"), reason="ok", by=world.vogel)
    actions.ask_for_information(application=application, addresses=["education.n1.study_field"], text="?",
                                due_on=None, by=world.vogel, now=NOW)  # fmt: skip
    save(application, world.rana, **{"education.n1.study_field": "0713"})

    actions.answer_request(application=application, by=world.rana, now=NOW)

    check = application.checks.get(key="field")
    assert (check.result, check.reason) == ("met", "")


def test_a_pending_decision_is_invisible_until_it_is_released(world: World, sign_in) -> None:
    application = make_in_review(world)
    mails = OutboxMessage.objects.count()
    letter = actions.letter_for(application, "reject", reason="Zu spät")

    decision = actions.prepare_decision(application=application, kind="reject", reason="Zu spät", letter=letter,
                                        mails=True, by=world.vogel)  # fmt: skip
    page = sign_in(world.rana).get(application.get_absolute_url()).content.decode()

    application.refresh_from_db()
    assert (application.state, "Zu spät" in page, OutboxMessage.objects.count()) == ("in_review", False, mails)
    actions.release_decision(decision=decision, by=world.vogel)
    application.refresh_from_db()
    assert (application.state, OutboxMessage.objects.count()) == ("rejected", mails + 1)
    with pytest.raises(NoLongerPossible):
        actions.release_decision(decision=decision, by=world.vogel)
    assert OutboxMessage.objects.count() == mails + 1


def test_an_unticked_mail_is_not_sent(world: World) -> None:
    application = make_in_review(world)
    mails = OutboxMessage.objects.count()

    actions.invite_application(application=application, by=world.vogel, mails=False)

    assert (application.state, OutboxMessage.objects.count()) == ("invited", mails)


def test_the_last_place_is_given_once_and_the_next_waits(world: World) -> None:
    type(world.programme).objects.filter(pk=world.programme.pk).update(places=1)
    first, second = make_consulted(world, world.rana), make_consulted(world, world.yusuf)

    accepted = [actions.accept_application(application=a, by=world.petersen) for a in (first, second)]

    assert accepted == [True, False]
    assert (first.state, second.state, second.waiting_rank) == ("accepted", "waitlisted", 1)
    assert OutboxMessage.objects.filter(recipient=world.yusuf).latest("pk").template.endswith("waitlisted")
    with pytest.raises(NoLongerPossible):
        actions.accept_application(application=second, by=world.petersen)


def test_ranks_change_places(world: World) -> None:
    people = [make_user(f"p{n}@example.org", f"P{n}", "X") for n in range(3)]
    waiting = [make_consulted(world, user) for user in people]
    for application in waiting:
        actions.waitlist_application(application=application, by=world.petersen)

    actions.move_on_waiting_list(application=waiting[2], up=True, by=world.petersen)

    ranks = Application.objects.filter(waiting_rank__isnull=False).order_by("waiting_rank")
    assert [a.pk for a in ranks] == [waiting[0].pk, waiting[2].pk, waiting[1].pk]


def test_withdrawing_ends_it_and_tells_the_advisor(world: World) -> None:
    application = make_invited(world)

    actions.withdraw_application(application=application, by=world.rana, reason="Neue Stelle")

    assert application.state == "withdrawn"
    assert "Neue Stelle" in OutboxMessage.objects.get(recipient=world.vogel).body
    with pytest.raises(NotAllowed):
        actions.withdraw_application(application=make_submitted(world, world.yusuf), by=world.rana)


def test_nobody_decides_about_themselves(world: World) -> None:
    application = make_submitted(world, world.vogel)

    with pytest.raises(NotAllowed):
        actions.start_review(application=application, by=world.vogel)


def test_a_rejection_needs_a_reason(world: World) -> None:
    with pytest.raises(NoLongerPossible):
        actions.reject_application(application=make_in_review(world), by=world.vogel, reason="  ")


# --- What the home pages hear ----------------------------------------------------------------------------------------


def test_station_steps_and_todos_follow_the_state(world: World) -> None:
    assert station(world.rana.person, world.programme).status == "to_come"
    application = make_submitted(world)

    assert station(world.rana.person, world.programme).status == "current"
    assert [step.button for step in next_steps(world.rana)] == [""]
    assert [todo.url for todo in todos(world.vogel)] == [application.dossier_url]
    assert todos(world.other_advisor) == []
    actions.start_review(application=application, by=world.vogel)
    actions.invite_application(application=application, by=world.vogel)
    assert station(world.rana.person, world.programme).status == "done"
    assert todos(world.vogel) == []


@pytest.mark.parametrize("name", ["applications", "dossier"])
def test_pages_of_staff_ask_the_database_the_same_number_of_times(world: World, sign_in, name: str) -> None:
    make_in_review(world)
    client = sign_in(world.vogel)

    def count() -> int:
        application = Application.objects.order_by("pk").first()
        args = ["credit-points"] if name == "applications" else [application.uuid]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse(f"applicants:{name}", args=args)).status_code == 200
        return len(queries)

    count()
    one = count()
    for number in range(2):
        make_in_review(world, make_user(f"more{number}@example.org", "M", f"N{number}"))
    three = count()

    assert one == three
    assert name != "applications" or three <= 12


def test_exports_disarm_formulas_and_keep_the_filter(world: World, sign_in) -> None:
    make_submitted(world, family_name="=HYPERLINK(1)")
    make_submitted(world, world.yusuf, **{"education.n1.study_field": "041"})

    text = (
        sign_in(world.vogel)
        .get(reverse("applicants:export", args=["credit-points", "csv"]), {"result": "met"})
        .content.decode()
    )

    assert len(text.strip().splitlines()) == 2
    assert "'=HYPERLINK(1)" in text


@pytest.mark.django_db
def test_a_kept_search_and_a_chosen_step_bear_any_character(world: World, sign_in) -> None:
    make_submitted(world)
    client = sign_in(world.vogel)

    kept = client.post(reverse("applicants:search_save", args=["credit-points"]), {"name": "a\x00b", "query": "q=\x00"})
    asked = client.post(
        reverse("applicants:bulk", args=["credit-points"]), {"what": "start_review", "scope": "all", "query": "q=a\x00"}
    )

    assert (kept.status_code, asked.status_code) == (302, 200)
    assert SavedSearch.objects.get().name == "ab"


# --- Races -----------------------------------------------------------------------------------------------------------


def in_parallel(works: list) -> list[str]:
    """Do all at once; returns the name of each refusal, or "ok"."""
    start, results = threading.Barrier(len(works)), []

    def run(work) -> None:
        start.wait()
        try:
            work()
            results.append("ok")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clicks_send_one_application() -> None:
    world = build_world()
    application = make_draft(world)

    def send() -> None:
        fresh = Application.objects.get(pk=application.pk)
        actions.submit_application(application=fresh, by=world.rana, now=NOW)

    results = in_parallel([send] * 6)

    assert results == ["NoLongerPossible"] * 5 + ["ok"]
    assert OutboxMessage.objects.filter(template="applicants/email/submitted").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_acceptances_never_give_more_than_the_places() -> None:
    world = build_world()
    type(world.programme).objects.filter(pk=world.programme.pk).update(places=3)
    people = [make_user(f"p{n}@example.org", f"P{n}", "X") for n in range(8)]
    waiting = [make_consulted(world, user) for user in people]

    def accept(pk: int):
        return lambda: actions.accept_application(application=Application.objects.get(pk=pk), by=world.petersen)

    results = in_parallel([accept(a.pk) for a in waiting])

    assert results == ["ok"] * 8
    assert Application.objects.filter(state="accepted").count() == 3
    ranks = Application.objects.filter(state="waitlisted").order_by("waiting_rank")
    assert list(ranks.values_list("waiting_rank", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_saves_lose_nothing() -> None:
    world = build_world()
    application = make_draft(world)
    addresses = ["given_name", "family_name", "phone", "goal", "constraints", "native_name"]

    def type_in(address: str):
        return lambda: actions.save_answers(
            application=Application.objects.get(pk=application.pk), typed={address: f"new {address}"}, by=world.rana
        )

    results = in_parallel([type_in(address) for address in addresses])

    assert results == ["ok"] * len(addresses)
    assert [value(application, address) for address in addresses] == [f"new {a}" for a in addresses]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_parallel_beginnings_make_one_draft() -> None:
    world = build_world()
    make_form(world.programme)

    def begin() -> None:
        actions.begin_application(person=world.rana.person, programme=world.programme, by=world.rana, now=NOW)

    assert in_parallel([begin] * 6) == ["ok"] * 6
    assert Application.objects.count() == 1


# --- Keeping house ---------------------------------------------------------------------------------------------------


def test_an_unsent_draft_is_reminded_once_and_ends_long_after_the_deadline(world: World, run_jobs) -> None:
    close = datetime(2027, 6, 30, 23, 59, tzinfo=BERLIN)
    type(world.programme).objects.filter(pk=world.programme.pk).update(applications_close_at=close)
    world.programme.refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        application = make_draft(world)
        run_jobs()
        assert not OutboxMessage.objects.filter(template="applicants/email/reminder").exists()

    for day in (close - timedelta(days=2), close - timedelta(days=1)):
        with time_machine.travel(day, tick=False):
            run_jobs()
    assert OutboxMessage.objects.filter(template="applicants/email/reminder").count() == 1
    with time_machine.travel(close + timedelta(days=31), tick=False):
        run_jobs()

    application.refresh_from_db()
    assert application.state == "expired"


def test_rejected_answers_and_documents_go_after_the_retention_time(world: World, run_jobs) -> None:
    with time_machine.travel(NOW, tick=False):
        application = make_draft(world)
        actions.add_file(application=application, address="education.n1.degree_documents",
                         upload=SimpleUploadedFile("diploma.pdf", PDF), by=world.rana)  # fmt: skip
        actions.submit_application(application=application, by=world.rana, now=NOW)
        actions.reject_application(application=application, by=world.vogel, reason="Nein", now=NOW)
    with time_machine.travel(NOW + timedelta(days=179), tick=False):
        run_jobs()
    assert application.answers.exists()

    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    application.refresh_from_db()
    assert (application.answers.count(), application.snapshot, application.reason_for_applicant) == (0, {}, "")
    assert (application.number, application.country_of_degree) == ("APP-2027-000001", "SY")
    assert not StoredFile.objects.exists()


def test_an_accepted_application_is_kept(world: World, run_jobs) -> None:
    with time_machine.travel(NOW, tick=False):
        application = make_consulted(world)
        actions.accept_application(application=application, by=world.petersen, now=NOW)
    with time_machine.travel(NOW + timedelta(days=900), tick=False):
        run_jobs()

    assert application.answers.exists()


def test_institutions_are_imported_once_and_found_without_accents(world: World, sign_in, shared) -> None:
    path = str(shared / "data" / "universities.csv")
    call_command("import_institutions", path, stdout=(first := StringIO()))
    call_command("import_institutions", path, stdout=(second := StringIO()))

    names = sign_in(world.rana).get(reverse("applicants:institutions"), {"q": "university of alep"}).json()["names"]

    assert "University of Aleppo (SY)" in names
    assert first.getvalue().split()[0] != "0"
    assert second.getvalue().startswith("0 new")


def test_the_copy_is_a_pdf_with_every_answer(world: World, sign_in) -> None:
    application = make_submitted(world)

    answer = sign_in(world.rana).get(reverse("applicants:copy", args=[application.uuid]))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert answer["Content-Type"] == "application/pdf"
    assert application.number in text
    assert "als Elektroingenieurin arbeiten" in text
