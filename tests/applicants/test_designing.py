"""The survey designer, the rules with what-if, and the report that names nobody."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.forms import BooleanField
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applicants import actions as applicants
from applicants import designing
from applicants.actions import designing as actions
from applicants.condition_answers import condition_in_words, in_words, read_answers
from applicants.default_form import default_form
from applicants.models import Answer, FormVersion
from applicants.reporting import suppress
from applicants.survey import LEVELS, BrokenForm, Survey
from credpoints.common.translated import TranslatedFormField
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.applicants.forms import choose, form, question
from tests.applicants.make import NOW, make_draft, make_form, make_submitted
from tests.people import World

places = st.sampled_from([(s["key"], q["key"]) for s in default_form()["sections"] for q in s["questions"]])


def address(name: str, *more: object) -> str:
    return reverse(f"applicants:{name}", args=["credit-points", *more])


@given(places, st.booleans())
def test_moving_there_and_back_changes_nothing(place: tuple[str, str], up: bool) -> None:
    document = default_form()
    moved = designing.move(document, *place, up=up)

    assert document == default_form()
    assert moved == document or designing.move(moved, *place, up=not up) == document


@given(places)
def test_removing_takes_exactly_one_question(place: tuple[str, str]) -> None:
    def keys(document: dict) -> list[str]:
        return [q.key for s in Survey.read(document).sections for q in s.questions]

    changed = designing.remove(default_form(), *place)

    assert keys(changed) == [key for key in keys(default_form()) if key != place[1]]


@pytest.mark.django_db
def test_a_new_version_is_designed_and_running_applications_keep_theirs(world: World, sign_in) -> None:
    running = make_draft(world)
    client = sign_in(world.petersen)

    client.post(address("form_change"), {"do": "begin"})
    answer = client.post(
        address("form_question", "goals", "new"),
        {"key": "shift", "type": "choice", "label_de": "Schicht?", "label_en": "Shift?",
         "required": "on", "options": "day | Tag | day\nnight | Nacht | night", "max_files": "3"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    assert "Schicht?" in client.get(address("form_preview", 2, "goals")).content.decode()
    client.post(address("form_change"), {"do": "publish"})
    later = applicants.begin_application(person=world.yusuf.person, programme=world.programme, by=world.yusuf, now=NOW)

    running.refresh_from_db()
    states = dict(FormVersion.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}
    assert running.form_version.survey.field("shift") is None
    assert later.form_version.survey.field("shift").question.options[1].label == {"de": "Nacht", "en": "night"}
    applicants.submit_application(application=running, by=world.rana, now=NOW)


def sent_back(form) -> dict[str, Any]:
    """What a browser sends when somebody opens a form and saves it as it is."""
    data: dict[str, Any] = {}
    for field in form:
        shown = field.value()
        if isinstance(field.field, TranslatedFormField):
            data |= {f"{field.name}_{code}": text for code, text in (shown or {}).items()}
        elif isinstance(field.field, BooleanField):
            data |= {field.name: "on"} if shown else {}
        else:
            data[field.name] = "" if shown is None else shown
    return data


def page_file(**facts: str) -> bytes:
    """A file with a survey of one page; each fact is JSON."""
    page = {"key": '"page"', "title": '{"de": "Seite"}', "questions": "[]"} | facts
    inside = ", ".join(f'"{name}": {value}' for name, value in page.items())
    return f'{{"languages": ["de"], "sections": [{{{inside}}}]}}'.encode()


CONDITION = {
    "match": "any",
    "tests": [
        {"question": "residence", "operator": "is_one_of", "values": ["DE", "AT"]},
        {"question": "given_name", "operator": "is_none_of", "values": ["Meier, Anna", "x | y"]},
        {"question": "family_name", "operator": "is_filled", "values": []},
    ],
}


@pytest.mark.django_db
def test_saving_unchanged_keeps_every_page_and_question_as_imported(world: World, sign_in) -> None:
    content = default_form()
    content["sections"][4]["visible_if"] = CONDITION
    content["sections"][4]["questions"][0]["visible_if"] = CONDITION
    content["sections"][4]["questions"][0]["options"][0]["label"] = {"de": "dies | das", "en": "this", "uk": "це"}
    content["sections"][4]["questions"][0]["required_after"] = "2027-06-01"
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen, content=content)
    client = sign_in(world.petersen)

    for section in content["sections"]:
        places = [address("form_section", section["key"])]
        places += [address("form_question", section["key"], q["key"]) for q in section["questions"]]
        for place in places:
            answer = client.post(place, sent_back(client.get(place).context["form"]))
            assert answer.status_code == 302, (place, answer.context["form"].errors)

    assert Survey.read(FormVersion.objects.get(pk=draft.pk).content) == Survey.read(content)


@pytest.mark.django_db
def test_nobody_types_keys(world: World, sign_in) -> None:
    make_form(world.programme)
    actions.begin_form_draft(programme=world.programme, by=world.petersen)
    client = sign_in(world.petersen)
    for _twice in range(2):
        client.post(
            address("form_question", "goals", "new"),
            {"type": "choice", "label_de": "Früh oder spät?", "label_en": "Early or late?", "max_files": "3",
             "options": "Früh | early\nSpät | late", "test_question_0": "residence", "test_operator_0": "is_one_of",
             "test_values_0": "DE\nAT", "test_question_1": "goal", "test_operator_1": "is_filled"},
        )  # fmt: skip

    survey = FormVersion.objects.get(number=2).survey
    first, second = survey.section("goals").questions[-2:]
    assert [first.key, second.key] == ["frueh_oder_spaet", "frueh_oder_spaet_2"]
    assert [(o.value, o.label) for o in first.options] == [
        ("fruh", {"de": "Früh", "en": "early"}),
        ("spat", {"de": "Spät", "en": "late"}),
    ]
    assert [(t.question, t.values) for t in first.visible_if.tests] == [("residence", ("DE", "AT")), ("goal", ())]


@pytest.mark.django_db
def test_answers_of_a_test_need_their_question(world: World, sign_in) -> None:
    make_form(world.programme)
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen)

    refused = sign_in(world.petersen).post(
        address("form_question", "goals", "new"),
        {"type": "text", "label_de": "Neu", "max_files": "3", "test_values_0": "DE"},
    )

    assert refused.status_code == 422
    assert "test_question_0" in refused.context["form"].errors
    assert FormVersion.objects.get(pk=draft.pk).content == draft.content


def condition_row(question: str, answers: str, answer: str = "", operator: str = "is_one_of") -> dict[str, str]:
    return {"type": "text", "label_de": "Neu", "label_en": "New", "max_files": "3", "test_question_0": question,
            "test_operator_0": operator, "test_values_0": answers, "test_answer_0": answer}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "values"),
    [
        (condition_row("residence", "Deutschland\naustria\nCH\nDE"), ("DE", "AT", "CH")),
        (condition_row("residence", "Deutschland", "Österreich"), ("DE", "AT")),
        (condition_row("agree_other", "", "Ja"), ("yes",)),
        (condition_row("agree_other", "Day"), ("day",)),
        (condition_row("given_name", "Anna, Meier\nday"), ("Anna, Meier", "day")),
        (condition_row("hours", "12"), ("12",)),
    ],
)
def test_answers_of_a_test_are_chosen_or_written_in_words(world: World, sign_in, row: dict, values: tuple) -> None:
    content = default_form()
    options = [{"value": "yes", "label": {"de": "Ja", "en": "Yes"}},
               {"value": "day", "label": {"de": "Tag", "en": "Day"}}]  # fmt: skip
    for key, kind in (("agree_other", "choice"), ("hours", "number")):
        asked = {"key": key, "type": kind, "label": {"de": key, "en": key}, "options": options}
        content = designing.put_question(content, "goals", "", asked)
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=content)
    client = sign_in(world.petersen)

    answer = client.post(address("form_question", "goals", "new"), row)
    assert answer.status_code == 302, answer.context["form"].errors
    kept = FormVersion.objects.get().survey.section("goals").questions[-1]
    assert kept.visible_if.tests[0].values == values
    page = address("form_question", "goals", kept.key)
    client.post(page, sent_back(client.get(page).context["form"]))
    assert FormVersion.objects.get().survey.field(kept.key).question == kept


LEVEL_IS = {
    "match": "all",
    "tests": [
        {"question": "language", "operator": "is_one_of", "values": ["de"]},
        {"question": "levels", "operator": "is_one_of", "values": ["B1", "B2", "C1", "C2"]},
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "answers", "label", "chosen"),
    [
        ("de", "Deutsch", "Ihr Niveau, in irgendeiner der fünf Fertigkeiten (levels)", "mindestens B1"),
        ("en", "German", "Your level, in any of the five skills (levels)", "at least B1"),
    ],
)
def test_a_level_from_one_upwards_is_chosen_in_words(
    world: World, sign_in, language: str, answers: str, label: str, chosen: str
) -> None:
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    client = sign_in(world.petersen)
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    row = condition_row("language", answers)
    row |= {"test_question_1": "levels", "test_operator_1": "is_one_of", "test_values_1": "", "test_answer_1": chosen}

    offered = client.get(address("form_question", "languages", "new")).context["form"]
    assert ("levels", label) in offered.fields["test_question_0"].choices
    answer = client.post(address("form_question", "languages", "new"), row)
    assert answer.status_code == 302, answer.context["form"].errors

    kept = FormVersion.objects.get().content["sections"][3]["questions"][-1]
    assert kept["visible_if"] == LEVEL_IS
    page = address("form_question", "languages", kept["key"])
    opened = client.get(page).context["form"]
    assert opened["test_values_1"].value() == chosen
    client.post(page, sent_back(opened))
    assert FormVersion.objects.get().content["sections"][3]["questions"][-1] == kept


@pytest.mark.parametrize(
    ("levels", "is_asked"),
    [({}, False), ({"reading": "A2"}, False), ({"reading": "A1", "writing": "B1"}, True), ({"writing": "C2"}, True)],
)
def test_one_skill_of_a_level_is_enough(levels: dict[str, str], is_asked: bool) -> None:
    content = designing.put_question(
        default_form(), "languages", "", question("proof", label={"de": "Nachweis"}, visible_if=LEVEL_IS)
    )
    answers = {"languages": ["a"], "languages.a.language": "de", "languages.a.first_language": "no",
               **{f"languages.a.levels.{skill}": level for skill, level in levels.items()}}  # fmt: skip

    survey = Survey.read(content)

    assert survey.shown(answers).question(survey.section("languages").question("proof"), "a") == is_asked


@given(st.lists(st.sampled_from(LEVELS), unique=True, min_size=1))
def test_every_set_of_levels_is_read_back_from_its_words(values: list[str]) -> None:
    asked = form(question("q", "cefr")).field("q.reading").question

    assert read_answers(asked, in_words(asked, values), kept=()) == values


@pytest.mark.parametrize(
    ("values", "words"),
    [(["C1", "C2"], ["at least C1"]), (["A1", "A2"], ["at most A2"]), (list(LEVELS), ["at least A1"]),
     (["C2"], ["C2"]), (["A1"], ["A1"]), (["A1", "C2"], ["A1", "C2"])],
)  # fmt: skip
def test_neighbouring_levels_have_words_together(values: list[str], words: list[str]) -> None:
    asked = form(question("q", "cefr")).field("q.reading").question

    with translation.override("en"):
        assert in_words(asked, values) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (condition_row("residence", "Deutschland\nNirgendwo"), "„Nirgendwo“ ist keine Antwort auf diese Frage"),
        (condition_row("residence", "", "Bachelor"), "„Bachelor“ ist keine Antwort auf diese Frage"),
        (condition_row("residence", ""), "Bitte nennen Sie mindestens eine Antwort"),
        (condition_row("study_to", "gestern"), "gestern: Bitte schreiben Sie"),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused_in_words(world: World, sign_in, row: dict, said: str) -> None:
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    place = address("form_question", "education", "new")

    refused = sign_in(world.petersen).post(place, row)

    assert refused.status_code == 422
    assert said in str(refused.context["form"].errors)
    assert FormVersion.objects.get(pk=draft.pk).content == draft.content


@pytest.mark.django_db
def test_an_answer_that_the_question_no_longer_has_stays_until_somebody_takes_it_out(world: World, sign_in) -> None:
    content = default_form()
    gone = {"match": "all", "tests": [{"question": "residence", "operator": "is_none_of", "values": ["XX", "DE"]}]}
    content["sections"][4]["questions"][0]["visible_if"] = gone
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=content)
    client = sign_in(world.petersen)
    page = address("form_question", content["sections"][4]["key"], content["sections"][4]["questions"][0]["key"])

    answer = client.post(page, sent_back(client.get(page).context["form"]))

    assert answer.status_code == 302
    assert FormVersion.objects.get().content["sections"][4]["questions"][0]["visible_if"] == gone


VALUES = st.text("abAB", min_size=1, max_size=2)
LABELS = st.text("abAB ", max_size=2)


@given(st.lists(st.tuples(VALUES, LABELS), unique_by=lambda pair: pair[0].casefold(), min_size=1, max_size=4))
def test_every_answer_is_read_back_from_its_words(options: list[tuple[str, str]]) -> None:
    survey = form(question("q", "choice", options=[{"value": v, "label": {"en": text}} for v, text in options]))
    asked = survey.field("q").question
    values = [value for value, _text in options]

    assert read_answers(asked, in_words(asked, values), kept=()) == values


@pytest.mark.django_db
def test_the_preview_follows_conditions_and_saves_nothing(world: World, sign_in) -> None:
    make_form(world.programme)
    client = sign_in(world.petersen)
    place = address("form_preview", 1, "education")

    def shown(query: dict[str, str]) -> bool:
        asked = client.get(place, query).context["items"][0].questions
        return next(a.is_shown for a in asked if a.question.key == "grade_best")

    assert (shown({}), shown({"education.n1.grade": "71,3"})) == (False, True)
    assert "Bitte" in client.get(place, {"check": "1"}).content.decode()
    assert not Answer.objects.exists()


@pytest.mark.django_db
def test_a_question_nobody_can_reach_keeps_the_survey_from_being_published(world: World, sign_in) -> None:
    make_form(world.programme)
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen)
    content = designing.move(draft.content, "education", "grade_best", up=True)
    actions.change_form(form=draft, content=content, seen=draft.content, by=world.petersen)
    fine = actions.publish_form
    draft.refresh_from_db()
    changed = designing.question_of(content, "education", "grade_best")
    changed["visible_if"]["tests"][0]["question"] = "nowhere"
    actions.change_form(form=draft, content=content, seen=draft.content, by=world.petersen)
    draft.refresh_from_db()

    with pytest.raises(NoLongerPossible):
        fine(form=draft, by=world.petersen)

    page = sign_in(world.petersen).get(address("form")).content.decode()
    assert "(grade_best)“ hängt von „nowhere“ ab" in page
    assert FormVersion.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.django_db
def test_an_answer_that_is_taken_away_is_named_where_a_condition_still_wants_it(world: World, sign_in) -> None:
    content = default_form()
    wanted = {"match": "any", "tests": [{"question": "shift", "operator": "is_one_of", "values": ["day", "night"]}]}
    content = designing.put_question(content, "goals", "", choose("shift", "day", "night"))
    content = designing.put_question(content, "goals", "", question("late", label={"de": "Spät?", "en": "Late?"}))
    content["sections"][-1]["visible_if"] = wanted
    designing.question_of(content, "goals", "late")["visible_if"] = wanted
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=content)
    client = sign_in(world.petersen)
    assert client.get(address("form")).context["review"].doubts == []

    changed = sent_back(client.get(address("form_question", "goals", "shift")).context["form"]) | {"options": "day"}
    answer = client.post(address("form_question", "goals", "shift"), changed)
    assert answer.url == address("form")  # the top, where it is said
    page = client.get(answer.url).content.decode()

    said = "Die Bedingung von „%s“ nennt „night“; das gehört nicht zu den Antworten auf „shift“."
    assert f'<a href="#q-late">{said % "Spät? (late)"}</a>' in page
    assert f'<a href="#q-consent">{said % "Einverständnis (consent)"}</a>' in page
    assert 'id="q-late"' in page


def test_a_condition_is_read_in_words() -> None:
    survey = form(choose("a", "x", "y"), question("b", "cefr"), question("c", visible_if={"match": "any", "tests": [
        {"question": "a", "operator": "is_none_of", "values": ["x", "gone"]},
        {"question": "b", "operator": "is_one_of", "values": ["C1", "C2"]},
        {"question": "nowhere", "operator": "is_filled", "values": []},
    ]}))  # fmt: skip
    known = {q.key: q for q in survey.sections[0].questions}

    with translation.override("en"):
        words = condition_in_words(known["c"].visible_if, known)

    assert words == (
        "“a” is none of: x, gone or “b, in any of the five skills” is one of: at least C1 or “nowhere” is answered"
    )


@pytest.mark.django_db
def test_the_survey_comes_back_where_something_was_changed(world: World, sign_in) -> None:
    make_form(world.programme)
    actions.begin_form_draft(programme=world.programme, by=world.petersen)
    client = sign_in(world.petersen)

    for do, place in (("up:goals.goal", "goal"), ("down:goals", "goals"), ("remove:goals.goal", "goals")):
        assert client.post(address("form_change"), {"do": do}).url == f"{address('form')}#q-{place}"
    same = sent_back(client.get(address("form_question", "languages", "levels")).context["form"])
    assert client.post(address("form_question", "languages", "levels"), same).url == f"{address('form')}#q-levels"
    page = client.get(address("form")).content.decode()
    assert "nur wenn gilt: „Ist es Ihre Erstsprache?“ ist eines von: nein" in page
    assert 'id="q-levels"' in page
    assert 'value="up:person"' not in page  # the first one cannot go up
    assert 'value="down:person"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("names", [("form_question", "goals", "goal"), ("form_section", "goals")])
def test_a_question_is_not_overwritten_unseen(world: World, sign_in, names: tuple[str, ...]) -> None:
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    client = sign_in(world.petersen)
    place = address(*names)
    label = "label_de" if names[0] == "form_question" else "title_de"
    opened = sent_back(client.get(place).context["form"])

    first = client.post(place, opened | {label: "Von der ersten"})
    refused = client.post(place, opened | {label: "Von der zweiten"})
    assert (first.status_code, refused.status_code) == (302, 409)
    page = refused.content.decode()
    assert "Jemand anderes hat dies inzwischen geändert" in page
    assert 'value="Von der zweiten"' in page
    assert f'href="{place}?saved"' in page
    assert 'value="Von der ersten"' in client.get(place, {"saved": ""}).content.decode()
    content = json.dumps(FormVersion.objects.get(pk=draft.pk).content, ensure_ascii=False)
    assert ("Von der ersten" in content, "Von der zweiten" in content) == (True, False)

    again = opened | {label: "Von der zweiten", "seen": refused.context["form"].initial["seen"]}
    assert client.post(place, again).status_code == 302
    content = json.dumps(FormVersion.objects.get(pk=draft.pk).content, ensure_ascii=False)
    assert ("Von der ersten" in content, "Von der zweiten" in content) == (False, True)


@pytest.mark.django_db
def test_what_is_written_into_a_question_that_is_removed_meanwhile_is_kept(world: World, sign_in) -> None:
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    client = sign_in(world.petersen)
    place = address("form_question", "goals", "goal")
    opened = sent_back(client.get(place).context["form"]) | {"label_de": "Was ich geschrieben habe"}
    client.post(address("form_change"), {"do": "remove:goals.goal"})

    refused = client.post(place, opened)
    assert refused.status_code == 409
    assert "Jemand anderes hat dies inzwischen entfernt" in refused.content.decode()
    assert FormVersion.objects.get().survey.field("goal") is None

    client.post(place, opened | {"seen": refused.context["form"].initial["seen"]})
    assert FormVersion.objects.get().survey.field("goal").question.label["de"] == "Was ich geschrieben habe"
    assert client.get(address("form_question", "goals", "nowhere")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["discard", "publish"])
@pytest.mark.parametrize(("names", "label"), [(("form_question", "goals", "goal"), "label_de"),
                                              (("form_question", "goals", "new"), "label_de"),
                                              (("form_section", "goals"), "title_de"),
                                              (("form_section", "new"), "title_de")])  # fmt: skip
def test_what_is_written_while_the_draft_ends_begins_a_new_version(
    world: World, sign_in, end: str, names: tuple[str, ...], label: str
) -> None:
    make_form(world.programme)
    actions.begin_form_draft(programme=world.programme, by=world.petersen)
    client = sign_in(world.petersen)
    place = address(*names)
    opened = sent_back(client.get(place).context["form"]) | {label: "Mitten im Schreiben", "seen": "older"}
    opened["type"] = opened.get("type") or "text"  # a browser chooses the first one
    client.post(address("form_change"), {"do": end})

    refused = client.post(place, opened)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Es gibt keinen Entwurf mehr" in page
    assert 'value="Mitten im Schreiben"' in page
    assert not FormVersion.objects.filter(state="draft").exists()

    begun = client.post(place, opened | {"do": "begin", "seen": refused.context["form"].initial["seen"]})
    assert begun.url.startswith(address("form"))
    draft = FormVersion.objects.get(state="draft")
    assert "Mitten im Schreiben" in json.dumps(draft.content, ensure_ascii=False)
    assert "nicht gespeichert haben, ist wieder da" not in client.get(place).content.decode()


@pytest.mark.django_db
def test_what_is_written_comes_back_in_the_next_draft_until_it_is_saved_or_given_up(world: World, sign_in) -> None:
    make_form(world.programme)
    actions.begin_form_draft(programme=world.programme, by=world.petersen)
    client = sign_in(world.petersen)
    place = address("form_question", "goals", "goal")
    opened = sent_back(client.get(place).context["form"]) | {"label_de": "Mitten im Schreiben"}
    client.post(address("form_change"), {"do": "discard"})
    client.post(place, opened)

    assert client.get(place).url == address("form")
    client.post(address("form_change"), {"do": "begin"})
    back = client.get(place).content.decode()
    assert 'value="Mitten im Schreiben"' in back
    assert "nicht gespeichert haben, ist wieder da" in back

    assert client.post(place, {"do": "forget"}).url == place
    assert "Mitten im Schreiben" not in client.get(place).content.decode()


@pytest.mark.django_db
def test_a_question_whose_page_is_removed_meanwhile_moves_to_another(world: World, sign_in) -> None:
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    client = sign_in(world.petersen)
    place = address("form_question", "goals", "goal")
    opened = sent_back(client.get(place).context["form"]) | {"label_de": "Ohne Seite"}
    client.post(address("form_change"), {"do": "remove:goals"})

    refused = client.post(place, opened)
    assert refused.status_code == 409
    assert "die Seite dieser Frage inzwischen entfernt" in refused.content.decode()
    assert client.post(place, opened | {"page": "nowhere"}).status_code == 409
    again = opened | {"seen": refused.context["form"].initial["seen"]}
    assert client.post(place, again | {"page": "person"}).url == f"{address('form')}#q-goal"
    found = FormVersion.objects.get().survey.section("person").question("goal")
    assert found.label["de"] == "Ohne Seite"
    assert client.get(place).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("do", ["publish", "discard", "up:goals", "remove:goals.goal"])
def test_a_button_of_a_draft_that_is_gone_says_so(world: World, sign_in, do: str) -> None:
    make_form(world.programme)
    client = sign_in(world.petersen)

    answer = client.post(address("form_change"), {"do": do}, follow=True)

    assert "Es gibt keinen Entwurf mehr" in answer.content.decode()
    assert FormVersion.objects.get().state == "published"


@pytest.mark.django_db
def test_a_place_that_is_gone_is_moved_by_nobody(world: World, sign_in) -> None:
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())

    answer = sign_in(world.petersen).post(address("form_change"), {"do": "up:goals.gone"}, follow=True)

    assert "Jemand anderes hat dies inzwischen entfernt" in answer.content.decode()
    assert FormVersion.objects.get().content == default_form()


@pytest.mark.django_db
def test_a_condition_on_a_question_that_is_gone_is_shown_and_refused(world: World, sign_in) -> None:
    actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    client = sign_in(world.petersen)
    place = address("form_question", "goals", "goal")
    opened = sent_back(client.get(place).context["form"]) | {"test_question_0": "phone"}
    client.post(address("form_change"), {"do": "remove:person.phone"})

    refused = client.post(place, opened)

    assert refused.status_code == 422
    assert '<option value="phone" selected' in refused.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["change_form", "discard_form_draft", "publish_form"])
def test_a_draft_discarded_between_reading_and_saving_is_no_fault(world: World, change: str) -> None:
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    FormVersion.objects.filter(pk=draft.pk).delete()
    more = {"content": default_form(), "seen": draft.content} if change == "change_form" else {}

    with pytest.raises(NoLongerPossible, match=r"verworfen|discarded"):
        getattr(actions, change)(form=draft, by=world.petersen, **more)


@pytest.mark.django_db
def test_a_change_made_from_an_older_survey_takes_back_nothing(world: World) -> None:
    first = actions.begin_form_draft(programme=world.programme, by=world.petersen, content=default_form())
    second = FormVersion.objects.get(pk=first.pk)
    fewer = designing.remove(default_form(), "goals", "goal")
    actions.change_form(form=first, content=fewer, seen=first.content, by=world.petersen)

    with pytest.raises(NoLongerPossible):
        actions.change_form(form=second, content=designing.remove(default_form(), "work"), seen=default_form(),
                            by=world.petersen)  # fmt: skip

    assert FormVersion.objects.get().content == fewer


@pytest.mark.django_db
def test_a_form_goes_out_and_comes_back_as_one_file(world: World, sign_in) -> None:
    make_form(world.programme)
    client = sign_in(world.petersen)
    file = client.get(address("form_export", 1)).content

    client.post(address("form_change"), {"do": "import", "file": BytesIO(file)})

    assert FormVersion.objects.get(number=2).content == default_form() == json.loads(file)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"no json", b"{}", b"[1, 2]", b"null", b"[" * 100_000, b"\xff", b"1" * 6000,
        b'{"languages": ["de"], "sections": [{"key": "!"}]}',
        b'{"languages": "de", "sections": []}',
        b'{"languages": ["de"], "sections": [], "x": "\\ud800"}', b'{"languages": ["de"], "sections": [], "x": NaN}',
        page_file(title="5"),
        page_file(max_items="1e400"),
        page_file(min_items="1000000000"),
        page_file(repeatable='"yes"'),
        page_file(title='{"de": "a\\ud800"}'),
        page_file(questions='[{"key": "b", "type": "text", "label": [1]}]'),
        page_file(questions='[{"key": "b", "type": "text", "label": {"de": "x"}, "max_words": "9"}]'),
        page_file(questions='[{"key": "b", "type": "choice", "label": {"de": "x"}, "options": 5}]'),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused_in_words(world: World, sign_in, content: bytes) -> None:
    make_form(world.programme)

    answer = sign_in(world.petersen).post(
        address("form_change"), {"do": "import", "file": BytesIO(content)}, follow=True
    )

    assert "kein Formular" in answer.content.decode()
    assert FormVersion.objects.count() == 1


@pytest.mark.django_db
def test_only_administrators_design(world: World) -> None:
    form = make_form(world.programme)

    for person in (world.vogel, world.rana, world.other_admin):
        with pytest.raises(NotAllowed):
            actions.begin_form_draft(programme=world.programme, by=person)
    with pytest.raises(NoLongerPossible):
        actions.change_form(form=form, content=default_form(), seen=form.content, by=world.petersen)
    with pytest.raises(BrokenForm):
        actions.change_form(form=form, content={}, seen=form.content, by=world.petersen)


@pytest.mark.django_db
def test_staff_questions_are_for_staff(world: World, sign_in) -> None:
    make_form(world.programme)
    draft = actions.begin_form_draft(programme=world.programme, by=world.petersen)
    asked = {
        "key": "anabin",
        "type": "text",
        "label": {"de": "a", "en": "a"},
        "staff_only": True,
        "required": True,
    }
    content = designing.put_question(draft.content, "goals", "", asked)
    actions.change_form(form=draft, content=content, seen=draft.content, by=world.petersen)
    draft.refresh_from_db()
    actions.publish_form(form=draft, by=world.petersen)
    application = make_submitted(world)

    forged = applicants.note_answers
    with pytest.raises(NotAllowed):
        forged(application=application, typed={"anabin": "H+"}, by=world.rana)
    sign_in(world.vogel).post(
        reverse("applicants:staff_answers", args=[application.uuid]),
        {"was:anabin": "0", "anabin": "H+", "was:goal": "0"},
    )

    assert Answer.objects.get(application=application, address="anabin").value == "H+"
    assert "H+" in sign_in(world.vogel).get(application.dossier_url).content.decode()
    assert "anabin" not in sign_in(world.rana).get(application.get_absolute_url()).content.decode()
    assert Answer.objects.get(application=application, address="goal").value == "als Elektroingenieurin arbeiten"


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 30)), max_size=8))
def test_no_small_count_is_shown_nor_follows_from_the_sum(counts: list[tuple[str, int]]) -> None:
    cells = suppress(counts)
    hidden = [count for (_label, count), cell in zip(counts, cells, strict=True) if cell.count is None]

    assert all(cell.count is None or cell.count == 0 or cell.count >= 5 for cell in cells)
    assert len(hidden) != 1 or len([c for _label, c in counts if c > 0]) == 1
