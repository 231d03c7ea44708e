"""The words diploma and degree do not slip in, in whatever language, number, compound or spelling."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from certificates import actions, degree_words
from certificates.actions import templates
from certificates.models import Kind
from tests.certificates import makers, samples
from tests.people import World

PROMISES = [
    ("Diploma in Robotics", ["diploma"]),
    ("Diplom", ["diplom"]),
    ("Zwei Ingenieurdiplome", ["ingenieurdiplome"]),
    ("Diplom-Zeugnis", ["diplom-zeugnis"]),
    ("Dipl.-Ing. (FH)", ["dipl.-ing"]),
    ("Hochschuldiplomprüfung", ["hochschuldiplomprufung"]),
    ("akademischen Grades", ["akademischen grades"]),
    ("Der Mastergrad", ["mastergrad"]),
    ("ACADEMIC DEGREES", ["degrees"]),
    ("a degree-level course", ["degree-level"]),
    ("the degree of Master", ["degree"]),
    ("Diplomi universitari", ["diplomi"]),
    ("per i diplomati", ["diplomati"]),
    ("Laurea magistrale, lauree", ["laurea", "lauree"]),
    ("titoli accademici", ["titoli accademici"]),
    ("Diplôme d’études", ["diplome"]),
    ("twee diploma's", ["diploma"]),
    ("dyplomu", ["dyplomu"]),
    ("Дипломи", ["дипломи"]),
    ("Δίπλωμα και πτυχίο", ["διπλωμα", "πτυχιο"]),
    ("დიპლომის", ["დიპლომის"]),
    ("դիպլոմի", ["դիպլոմի"]),
    ("دبلوم", ["دبلوم"]),
    ("Di\u00adplom", ["diplom"]),  # a soft hyphen
    ("Dip\u200blom", ["diplom"]),  # a blank without width
    ("Ｄｉｐｌｏｍａ", ["diploma"]),  # letters of full width
    ("Diplo\u0301ma", ["diploma"]),  # an accent of its own
]
HARMLESS = [
    "Wirkungsgrad und Freiheitsgrade", "systems with many degrees of freedom", "Diplomatischer Dienst", "Diplomaten",
    "diplomacy", "diplomazia", "dyplomacja", "дипломатія", "διπλωματία", "დიპლომატია", "دبلوماسية", "laureato in arte",
    "Hochschulabschluss", "Gradientenverfahren", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), PROMISES)
def test_words_of_degrees_are_found(text: str, words: list[str]) -> None:
    assert degree_words.in_own_words(samples.content(title={"de": text})) == words


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_are_left_in_peace(text: str) -> None:
    assert degree_words.in_own_words(samples.content(title={"de": text})) == []


@pytest.mark.parametrize("part", ["title", "summary", "programme"])
def test_every_own_text_is_read(part: str) -> None:
    assert degree_words.in_own_words(samples.content(**{part: {"it": "diploma"}})) == ["diploma"]


def test_outcomes_notes_and_the_words_of_a_template_are_read() -> None:
    outcome = {"text": {"en": "hold a degree"}, "esco": []}
    design = {"template": "", "version": 1, "layout": "plain", "logos": []}
    for content in (
        samples.content(outcomes=[outcome]),
        samples.content(items=[samples.item(outcomes=[outcome])]),
        samples.content(items=[samples.item(note={"en": "first degree"})]),
        *(
            samples.content(design={**design, "texts": {slot: {"en": "degree"}}})
            for slot in ("heading", "lead", "deed", "statement")
        ),
    ):
        assert degree_words.in_own_words(content) == ["degree"]


def test_what_was_brought_along_may_keep_its_name() -> None:
    recognised = samples.item(status="recognised", title={"de": "Diplom-Ingenieur"})

    assert degree_words.in_own_words(samples.content(items=[recognised])) == []
    assert degree_words.in_own_words(samples.content(prerequisites={"en": "A degree from abroad"})) == []


def test_a_strict_programme_allows_the_words_nowhere(world: World) -> None:
    world.programme.settings = {"certificates": {"forbidden_words": True}}
    world.programme.save()
    draft = makers.draft(world)  # its prerequisite says “degree”, its recognised line “Bachelor”

    with pytest.raises(ValidationError, match="degree"):
        actions.freeze_certificate(certificate=draft, by=world.vogel)

    actions.change_draft(
        certificate=draft, by=world.vogel, content={**draft.content, "prerequisites": {}}, checks=makers.READY
    )
    actions.freeze_certificate(certificate=draft, by=world.vogel)


def test_a_university_may_be_called_diploma() -> None:
    issuer = {**samples.content()["issuer"], "name": {"de": "Diploma Hochschule"}}
    item = samples.item(provider={"de": "Diploma Hochschule"})

    assert degree_words.in_whole_document(samples.content(issuer=issuer, items=[item], prerequisites={})) == []


@pytest.mark.parametrize(("kind", "status"), [(Kind.MICRO_CREDENTIAL, 422), (Kind.TRANSCRIPT, 302)])
def test_the_template_editor_refuses_them_where_the_kind_does(
    client: Client, world: World, kind: Kind, status: int
) -> None:
    client.force_login(world.petersen)
    template = templates.begin_template(programme=world.programme, kind=kind, by=world.petersen)

    answer = client.post(template.get_absolute_url(), {"layout": "plain", "heading_de": "Masterdiplome"})

    assert answer.status_code == status
    if status == 422:
        assert "masterdiplome" in answer.content.decode()
        assert 'value="Masterdiplome"' in answer.content.decode()  # nothing typed is lost
