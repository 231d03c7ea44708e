"""Handed-over data: what its page reads, shows, refuses and prepares."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from certificates import actions, handed_files
from certificates.collecting import faults_of
from certificates.models import Certificate, Kind, State
from tests.certificates import makers
from tests.certificates.test_sources import unit
from tests.modules.factories import make_enrolment
from tests.people import World

ADDRESS = "/certificates/prepare/handed/"
EXAMPLES = Path(settings.BASE_DIR) / "static" / "certificates" / "examples"


@pytest.fixture
def advisor(world: World, sign_in) -> Client:
    """An advisor, in a programme where Rana and Yusuf are enrolled."""
    offering = make_enrolment(world).offering
    make_enrolment(world, user=world.yusuf, offering=offering)
    return sign_in(world.vogel)


def sent(world: World, text: str, **more: Any) -> dict[str, Any]:
    return {"programme": world.programme.pk, "kind": "validation", "person": "", "text": text, **more}


def of(world: World, **changes: Any) -> dict[str, Any]:
    return {"person": world.rana.email, **unit(**changes)}


def prepare(advisor: Client, data: dict[str, Any]) -> Any:
    """Look first, then press the button of the page."""
    shown = advisor.post(ADDRESS, data)
    assert shown.status_code == 200, shown.content.decode()
    return advisor.post(ADDRESS, {**data, "shown": shown.context["fingerprint"]})


def test_the_page_shows_first_and_prepares_then(world: World, advisor: Client) -> None:
    data = sent(world, json.dumps([of(world), {**of(world), "person": world.yusuf.email.upper()}]))

    page = advisor.post(ADDRESS, data).content.decode()
    assert not Certificate.objects.exists()
    answer = prepare(advisor, data)
    prepare_again = advisor.post(ADDRESS, data)

    assert page.count("Small photovoltaic systems") + page.count("Kleine Photovoltaikanlagen") >= 2
    assert answer.status_code == 302
    assert sorted(Certificate.objects.values_list("person__given_name", "kind", "state")) == [
        ("Rana", Kind.VALIDATION, State.DRAFT),
        ("Yusuf", Kind.VALIDATION, State.DRAFT),
    ]
    assert prepare_again.context["plan"].new_ones == []


def test_only_what_was_shown_is_prepared(world: World, advisor: Client) -> None:
    shown = advisor.post(ADDRESS, sent(world, json.dumps(of(world)))).context["fingerprint"]

    other = sent(world, json.dumps(of(world, credits="50")))
    answer = advisor.post(ADDRESS, {**other, "shown": shown})

    assert answer.status_code == 200
    assert not Certificate.objects.exists()


def test_a_file_is_shown_where_it_can_be_mended(world: World, advisor: Client) -> None:
    text = json.dumps(of(world), ensure_ascii=False, indent=1).replace("\n", "\r\n")
    file = SimpleUploadedFile("unit.json", b"\xef\xbb\xbf" + text.encode())

    shown = advisor.post(ADDRESS, {**sent(world, ""), "file": file})
    again = sent(world, shown.context["form"]["text"].value(), shown=shown.context["fingerprint"])
    advisor.post(ADDRESS, again)

    assert Certificate.objects.get().person == world.rana.person


def test_one_wrong_entry_keeps_all_from_being_prepared(world: World, advisor: Client) -> None:
    data = sent(world, json.dumps([of(world), of(world, key="b", level=9, mode="by post")]))

    answer = advisor.post(ADDRESS, {**data, "shown": "anything"})

    assert answer.status_code == 422
    faults = answer.context["faults"]
    assert [fault.split(": ")[1] for fault in faults] == ["level", "mode"]
    assert all("2 (b)" in fault for fault in faults)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "[]", "no table", "key,colour\n1,red", "key;title_en\na;b;c", "[" * 5000]
)
def test_what_is_no_data_is_refused_in_words(world: World, advisor: Client, text: str) -> None:
    answer = advisor.post(ADDRESS, sent(world, text, person=world.rana.email))

    assert answer.status_code == 422
    assert not Certificate.objects.exists()


def test_a_file_that_is_no_text_is_refused(world: World, advisor: Client) -> None:
    answer = advisor.post(ADDRESS, {**sent(world, ""), "file": SimpleUploadedFile("a.csv", "Größe".encode("latin-1"))})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def test_people_are_those_of_the_programme_and_not_oneself(world: World, advisor: Client) -> None:
    make_enrolment(world, user=world.vogel)
    strangers = [world.other_admin.email, "nobody@example.org", world.vogel.email, ""]

    answers = [advisor.post(ADDRESS, sent(world, json.dumps({**unit(), "person": one}))) for one in strangers]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert [len(answer.context["faults"]) for answer in answers] == [1] * 4


def test_a_foreign_programme_cannot_be_chosen(world: World, advisor: Client, sign_in) -> None:
    answer = sign_in(world.other_admin).post(ADDRESS, sent(world, json.dumps(of(world))))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["programme"]


def test_the_pages_are_shown_before_anything_is_kept(world: World, advisor: Client) -> None:
    data = sent(world, json.dumps(of(world)))

    pdf = advisor.post(ADDRESS, {**data, "look": "0"})
    beyond = advisor.post(ADDRESS, {**data, "look": "1"})

    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert beyond.status_code == 404
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(("name", "kind"), [("outcomes", "validation"), ("parts", "bundle")])
def test_examples_say_the_same_in_both_forms(name: str, kind: str) -> None:
    as_json, as_table = (
        handed_files.read((EXAMPLES / f"{name}.{form}").read_text(encoding="utf-8"))[0] for form in ("json", "csv")
    )

    assert [list(faults_of(kind, {k: v for k, v in one.items() if k != "person"})) for one in (as_json, as_table)] == [
        [],
        [],
    ]
    for key in ("person", "key", "title", "languages", "credits", "assessment", "assessors", "recognitions"):
        assert as_table.get(key) == as_json.get(key), key
    assert [one.get("met") for one in as_table.get("outcomes", [])] == (
        [one.get("met") for one in as_json["outcomes"]] if name == "outcomes" else [True]
    )
    assert [part["module"]["title"] for part in as_table.get("parts", [])] == [
        part["module"]["title"] for part in as_json.get("parts", [])
    ]


def test_a_table_for_many_people_with_decimal_commas(world: World, advisor: Client) -> None:
    lines = [
        [
            "person",
            "key",
            "title_de",
            "credits",
            "hours",
            "level",
            "mode",
            "assessment",
            "outcome_text_de",
            "outcome_met",
        ]
    ]
    for address in (world.rana.email, world.yusuf.email):
        lines.append([address, "kurs:1", "Löten", "2,5", "70", "4", "onsite", "practical", "löten", "ja"])
        lines.append([address, "kurs:1", "", "", "", "", "", "", "prüfen", "nein"])
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)

    prepare(advisor, sent(world, out.getvalue()))

    contents = [one.content for one in Certificate.objects.order_by("person__given_name")]
    assert [content["credits"] for content in contents] == ["2.5", "2.5"]
    assert [[one["text"]["de"] for one in content["outcomes"]] for content in contents] == [["löten"], ["löten"]]


def test_lines_that_contradict_each_other_are_named() -> None:
    with pytest.raises(ValidationError, match="3"):
        handed_files.read("person,key,credits\na@example.org,x,5\na@example.org,x,6")


LEAVES = [None, True, 0, -1, 9, 1.5, float("nan"), 10**400, "", "x", "9", "2028-02-30", "ECTS", [], {}]
NAMES = ["key", "title", "credits", "level", "outcomes", "parts", "assessors", "recognitions", "languages", "ends_on"]
INNER = ["de", "text", "met", "module", "title", "passed", "mobility", "kind", "name", "country"]
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(INNER), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.sampled_from(["bundle", "unit", "validation", "module"]))
def test_whatever_is_handed_over_is_answered_in_words(handed: dict[str, Any], kind: str) -> None:
    for fault in faults_of(kind, handed):
        assert isinstance(fault, str)


def test_what_passes_the_shape_can_be_printed(world: World) -> None:
    """Every name of the shape at once, each null once: nothing of it breaks the collectors."""
    whole = unit(
        code="U1", isced_f="0713", provider={"name": {"en": "School"}, "country": "RS"}, languages=["en", "de"]
    )
    for name in [None, *whole]:
        if name in ("key", "title"):
            continue
        one = {**whole, "key": f"k:{name}", **({name: None} if name else {})}
        certificate = actions.prepare_handed(
            kind=Kind.VALIDATION, handed=one, person=world.rana.person, programme=world.programme, by=world.vogel
        )
        assert "None" not in json.dumps(certificate.content), name


def test_languages_are_chosen_for_one_certificate(world: World, sign_in) -> None:
    certificate = makers.draft(world)
    client = sign_in(world.vogel)
    address = f"/certificates/{certificate.uuid}/languages/"

    unknown = client.post(address, {"first": "xx", "second": ""})
    client.post(address, {"first": "en", "second": "de"})

    certificate.refresh_from_db()
    assert unknown.status_code == 422
    assert certificate.content["languages"] == ["en", "de"]
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    assert certificate.content["languages"] == ["en", "de"]
    assert client.post(address, {"first": "de", "second": ""}).status_code == 409
