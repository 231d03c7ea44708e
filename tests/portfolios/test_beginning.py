"""A new entry is kept from its first words on; the own entries can be searched."""

import uuid
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from credpoints.accounts.models import User
from portfolios import actions
from portfolios.models import Entry, EntryKind, EntryVersion
from portfolios.prompts import PROMPTS, prompt_of
from tests.portfolios.factories import make_entry
from tests.portfolios.test_entries import form_data

NEW = "/portfolio/entries/new/"
BEGIN = "/portfolio/entries/new/save/"
KEY = "00000000-0000-4000-8000-000000000003"


def words(**changes: str) -> dict[str, str]:
    return form_data(entry_uuid=KEY, seen_edition="0", **changes)


def test_the_first_words_become_a_draft_and_the_later_ones_go_to_it(world, sign_in) -> None:
    client = sign_in(world.rana)

    first = client.post(BEGIN, words(title="", body="Heute"))
    client.post(BEGIN, words(title="", body="Heute habe ich") | {"seen_edition": "1"})
    saved = client.post(
        f"/portfolio/entries/{KEY}/edit/", words(body="Heute habe ich gelernt.") | {"seen_edition": "2"}
    )

    assert first["HX-Replace-Url"] == f"/portfolio/entries/{KEY}/edit/"
    assert saved.status_code == 302
    entry = Entry.objects.get()
    assert (str(entry.uuid), entry.body, entry.state) == (KEY, "Heute habe ich gelernt.", "draft")


def test_nothing_is_begun_before_anything_is_written(world, sign_in) -> None:
    sign_in(world.rana).post(BEGIN, words(title="", body=" \n"))

    assert Entry.objects.count() == 0


def test_words_are_kept_when_the_first_answer_was_lost_on_its_way(world, sign_in) -> None:
    client = sign_in(world.rana)
    client.post(BEGIN, words(body="Heute"))

    client.post(BEGIN, words(body="Heute und morgen"))

    assert Entry.objects.get().body == "Heute und morgen"


def test_saving_a_new_entry_twice_makes_one(world, sign_in) -> None:
    client = sign_in(world.rana)

    answers = [client.post(NEW, words(body="Fertig")).status_code for _click in range(2)]

    assert answers == [302, 302]
    assert (Entry.objects.count(), EntryVersion.objects.count()) == (1, 1)


def test_a_new_entry_that_was_changed_elsewhere_shows_both_texts(world, sign_in) -> None:
    client = sign_in(world.rana)
    client.post(BEGIN, words(body="Erster Text"))
    client.post(f"/portfolio/entries/{KEY}/save/", form_data(body="Aus Fenster zwei"))

    answer = client.post(NEW, words(body="Aus Fenster eins") | {"seen_edition": "1"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert ("Aus Fenster eins" in page, "Aus Fenster zwei" in page) == (True, True)
    assert Entry.objects.get().body == "Aus Fenster zwei"


def test_a_name_of_somebody_elses_entry_begins_nothing(world, sign_in) -> None:
    foreign = make_entry(world.yusuf, body="Yusufs Text")

    answer = sign_in(world.rana).post(BEGIN, words(body="Meiner") | {"entry_uuid": str(foreign.uuid)})

    assert answer.status_code == 403
    with pytest.raises(PermissionDenied):
        actions.add_entry(
            person=world.rana.person, kind=EntryKind.GOAL, title="", body="", by=world.rana, entry_uuid=foreign.uuid
        )
    assert list(Entry.objects.values_list("body", flat=True)) == ["Yusufs Text"]


def test_a_draft_keeps_its_title_while_the_title_is_rewritten(world, sign_in) -> None:
    entry = make_entry(world.rana, title="Woche 1")

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}save/", form_data(title="", body="Neuer Text"))

    entry.refresh_from_db()
    assert (entry.title, entry.body) == ("Woche 1", "Neuer Text")
    assert "gespeichert" in answer.content.decode()


def test_a_wrong_date_is_named_as_what_keeps_the_text_from_being_kept(world, sign_in) -> None:
    entry = make_entry(world.rana, body="Alt")

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}save/", form_data(occurred_on="2027-13-45"))

    assert "Datum:" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.body == "Alt"


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_begin_one_entry(world) -> None:
    key, barrier, found = uuid.uuid4(), Barrier(2), []
    rana = User.objects.select_related("person").get(pk=world.rana.pk)
    actions.portfolio_of(rana.person)

    def begin() -> None:
        barrier.wait()
        entry = actions.add_entry(
            person=rana.person, kind=EntryKind.GOAL, title="Ziel", body="", by=rana, entry_uuid=key
        )
        found.append(entry.pk)
        connection.close()

    threads = [Thread(target=begin) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert (Entry.objects.count(), EntryVersion.objects.count()) == (1, 1)


def test_the_question_of_the_week_stays_for_a_week(world, sign_in, time_machine) -> None:
    time_machine.move_to("2027-10-20 10:00+02:00")
    questions = {prompt_of(date(2027, 10, 18)), prompt_of(date(2027, 10, 24))}

    page = sign_in(world.rana).get(NEW).content.decode()

    assert len(questions) == 1
    assert str(questions.pop()) in page
    assert len(set(PROMPTS)) == len(PROMPTS)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Überblick", "Woche 1", "Woche 2"]),
        ("q=überblick", ["Überblick"]),
        ("q=woche+regler", ["Woche 1"]),
        ("kind=goal", ["Überblick"]),
        ("state=visible", ["Woche 2"]),
        ("kind=nonsense&state=nonsense", ["Überblick", "Woche 1", "Woche 2"]),
        ("q=gibtsnicht", []),
    ],
)
def test_own_entries_are_found_by_words_kind_and_state(world, sign_in, query: str, titles: list[str]) -> None:
    make_entry(world.rana, title="Woche 1", body="Ein Regler")
    make_entry(world.rana, title="Woche 2", body="Ein Motor", visible=True)
    actions.add_entry(person=world.rana.person, kind=EntryKind.GOAL, title="Überblick", body="", by=world.rana)
    make_entry(world.yusuf, title="Woche 3")

    page = sign_in(world.rana).get(f"{reverse('portfolios:portfolio')}?{query}")

    found = sorted(entry.title for section in page.context["sections"] for entry in section.entries)
    assert found == sorted(titles)
    assert ("Kein Eintrag passt" in page.content.decode()) == (not titles)


@pytest.mark.parametrize("number", [1, 8])
def test_the_portfolio_needs_the_same_queries_for_any_number(
    world, sign_in, django_assert_num_queries, number: int
) -> None:
    for week in range(number):
        make_entry(world.rana, title=f"Woche {week}")
    client = sign_in(world.rana)

    with django_assert_num_queries(9):
        client.get(f"{reverse('portfolios:portfolio')}?q=Woche")
