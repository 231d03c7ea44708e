import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from credpoints.accounts.models import User
from modules import actions as modules
from modules.grading import Decimal
from planning.actions import participations
from portfolios import actions
from portfolios.markup import as_html, count_words, position_of
from portfolios.models import Entry, EntryVersion
from tests.modules.factories import make_enrolment, make_result
from tests.planning.makers import make_participation
from tests.portfolios.factories import make_entry, make_suggestion


def form_data(**changes: str) -> dict[str, str]:
    return {
        "kind": "reflection", "title": "Woche 1", "language": "de", "body": "Neuer Text", "seen_edition": "1",
        "occurred_on": "2027-10-20", **changes,
    }  # fmt: skip


def test_a_saved_entry_keeps_the_text_before(world, time_machine) -> None:
    time_machine.move_to("2027-10-20 10:00+02:00")
    entry = make_entry(world.rana, body="Erster Text")
    time_machine.move_to("2027-10-20 11:00+02:00")

    actions.save_entry(entry=entry, title="Woche 1", body="Zweiter Text", by=world.rana, seen_edition=1)

    assert list(EntryVersion.objects.values_list("number", "body")) == [(2, "Zweiter Text"), (1, "Erster Text")]


def test_what_is_typed_in_one_sitting_is_one_version(world, time_machine) -> None:
    time_machine.move_to("2027-10-20 10:00+02:00")
    entry = make_entry(world.rana, body="E")

    for edition, body in enumerate(("Er", "Ers", "Erst"), start=1):
        time_machine.move_to(f"2027-10-20 10:0{edition}+02:00")
        actions.save_entry(entry=entry, title="Woche 1", body=body, by=world.rana, seen_edition=edition)

    assert list(EntryVersion.objects.values_list("number", "body")) == [(4, "Erst")]


def test_a_second_window_does_not_overwrite_the_first(world, sign_in) -> None:
    entry = make_entry(world.rana, body="Erster Text")
    actions.save_entry(entry=entry, title="Woche 1", body="Aus Fenster eins", by=world.rana, seen_edition=1)

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}edit/", form_data(body="Aus Fenster zwei"))

    assert answer.status_code == 422
    assert "Aus Fenster eins" in answer.content.decode()
    assert "Aus Fenster zwei" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.body == "Aus Fenster eins"


def test_autosave_says_when_and_hands_the_new_edition_on(world, sign_in) -> None:
    entry = make_entry(world.rana)

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}save/", form_data(body="Drei neue Wörter"))

    assert "3 Wörter" in answer.content.decode() or "3 words" in answer.content.decode()
    assert 'value="2"' in answer.content.decode()
    entry.refresh_from_db()
    assert (entry.body, entry.edition) == ("Drei neue Wörter", 2)


def test_autosave_in_a_stale_window_changes_nothing_and_says_so(world, sign_in) -> None:
    entry = make_entry(world.rana)
    actions.save_entry(entry=entry, title="Woche 1", body="Neuer", by=world.rana, seen_edition=1)

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}save/", form_data(body="Alt"))

    assert "hx-swap-oob" not in answer.content.decode()
    entry.refresh_from_db()
    assert entry.body == "Neuer"


def test_an_entry_without_title_comes_back_with_everything_typed(world, sign_in) -> None:
    answer = sign_in(world.rana).post("/portfolio/entries/new/", form_data(title="", body="Mein langer Text"))

    assert answer.status_code == 422
    assert "Mein langer Text" in answer.content.decode()
    assert Entry.objects.count() == 0


def test_a_passed_result_becomes_a_verified_entry_that_nobody_edits(world, sign_in) -> None:
    make_result(make_enrolment(world), world.teacher, "1.7")
    entry = Entry.objects.get()

    assert (entry.verified, entry.state, entry.source["credits"]) == (True, "visible", "5")
    with pytest.raises(PermissionDenied):
        actions.save_entry(entry=entry, title="1,0", body="", by=world.rana, seen_edition=1)
    assert sign_in(world.rana).post(f"{entry.get_absolute_url()}edit/", form_data()).status_code == 403
    assert sign_in(world.rana).post(f"{entry.get_absolute_url()}delete/").status_code == 403
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(body="1,0")
    actions.hide_entry(entry=entry, by=world.rana)
    assert Entry.objects.get().state == "hidden"


def test_a_failed_result_leaves_no_entry(world) -> None:
    make_result(make_enrolment(world), world.teacher, "5.0")

    assert Entry.objects.count() == 0


def test_a_corrected_result_replaces_its_entry(world) -> None:
    result = make_result(make_enrolment(world), world.teacher, "1.7")

    modules.correct_result(result=result, value=Decimal("2.0"), reason="Zahlendreher", by=world.petersen)

    states = [(entry.source["value"], entry.state) for entry in Entry.objects.order_by("pk")]
    assert states == [("1.7", "archived"), ("2.0", "visible")]


def test_an_accepted_suggestion_changes_the_text_and_a_rejected_one_does_not(world) -> None:
    entry = make_entry(world.rana, body="Ich habe ein Regler und ein Motor gebaut.")
    one = make_suggestion(entry, world.lorenz, "ein Regler", "einen Regler")
    two = make_suggestion(entry, world.lorenz, "ein Motor", "einen Motor")

    actions.accept_suggestion(suggestion=one, by=world.rana)
    actions.reject_suggestion(suggestion=two, by=world.rana)

    entry.refresh_from_db()
    assert entry.body == "Ich habe einen Regler und ein Motor gebaut."
    assert [one.state, two.state] == ["accepted", "rejected"]
    bodies = list(EntryVersion.objects.values_list("body", flat=True))
    assert bodies == [entry.body, "Ich habe ein Regler und ein Motor gebaut."]


def test_a_suggestion_for_a_passage_that_has_gone_is_refused_in_words(world, sign_in) -> None:
    entry = make_entry(world.rana, body="Ich habe ein Regler gebaut.")
    suggestion = make_suggestion(entry, world.lorenz)
    actions.save_entry(entry=entry, title="Woche 1", body="Ganz anders.", by=world.rana, seen_edition=1)

    answer = sign_in(world.rana).post(f"/portfolio/suggestions/{suggestion.pk}/accept/", follow=True)

    assert answer.status_code == 200
    entry.refresh_from_db()
    suggestion.refresh_from_db()
    assert (entry.body, suggestion.state) == ("Ganz anders.", "open")


def test_a_mentor_sees_only_the_entry_that_was_handed_over_and_only_as_long(world, sign_in) -> None:
    handed, kept = make_entry(world.rana), make_entry(world.rana, title="Geheim")
    request = actions.ask_for_feedback(entry=handed, reviewer=world.lorenz, by=world.rana)
    mentor = sign_in(world.lorenz)

    assert mentor.get(f"/feedback/{handed.uuid}/").status_code == 200
    assert mentor.get(f"/feedback/{kept.uuid}/").status_code == 404
    assert mentor.get(handed.get_absolute_url()).status_code == 404
    actions.end_feedback(request=request, by=world.rana)
    assert mentor.get(f"/feedback/{handed.uuid}/").status_code == 404


def test_nobody_is_asked_who_has_nothing_to_do_with_the_person(world, sign_in) -> None:
    make_enrolment(world)
    entry = make_entry(world.rana)

    answers = {
        user.email: sign_in(world.rana).post(f"{entry.get_absolute_url()}ask/", {"reviewer": user.pk}).status_code
        for user in (world.lorenz, world.vogel, world.petersen, world.other_advisor, world.yusuf)
    }

    assert list(answers.values()) == [302, 302, 404, 404, 404]


def test_a_learner_without_a_course_asks_the_mentor(world, sign_in) -> None:
    """Only mentoring and practice stand in the plan; and the mentor comes from another programme."""
    participation = make_participation(world)
    participations.assign_people(participation=participation, by=world.petersen, advisor=None, mentor=world.teacher)
    entry = make_entry(world.rana)
    page = sign_in(world.rana).get(entry.get_absolute_url()).content.decode()

    answers = {
        user.email: sign_in(world.rana).post(f"{entry.get_absolute_url()}ask/", {"reviewer": user.pk}).status_code
        for user in (world.lorenz, world.vogel, world.teacher, world.petersen, world.other_advisor, world.yusuf)
    }

    assert world.teacher.name in page
    assert list(answers.values()) == [302, 302, 302, 404, 404, 404]


def test_deleting_an_entry_deletes_its_versions_and_suggestions(world) -> None:
    entry = make_entry(world.rana)
    make_suggestion(entry, world.lorenz)

    actions.delete_entry(entry=entry, by=world.rana)

    assert (Entry.objects.count(), EntryVersion.objects.count()) == (0, 0)


@given(st.text(max_size=300))
def test_rendered_text_never_carries_scripts(text: str) -> None:
    html = as_html(text + "<script>alert(1)</script>[x](javascript:alert(1))<img src=x onerror=alert(1)>")

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Ich lerne.", 2),
        ("E-Mail-Adresse und Kfz-Werkstatt", 3),
        ("بكالوريوس في الهندسة", 3),
        ("3,5 Stunden", 3),
        ("- eins\n- zwei", 2),
    ],
)
def test_words_are_counted_as_readers_count(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(alphabet="ab ", max_size=40), st.text(alphabet="ab ", max_size=5), st.integers(0, 40))
def test_a_passage_is_found_where_it_stands(text: str, passage: str, near: int) -> None:
    place = position_of(text, passage, near)

    if passage and passage in text:
        assert place is not None
        assert text[place : place + len(passage)] == passage
    else:
        assert place is None


def test_a_portfolio_is_closed_to_every_role(world, sign_in) -> None:
    entry = make_entry(world.rana, visible=True)

    found = {
        user.email: sign_in(user).get(entry.get_absolute_url()).status_code
        for user in User.objects.exclude(pk=world.rana.pk)
    }

    assert set(found.values()) == {404}
