"""The documents of the acceptance stories: what people read on the pages and behind the address."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import translation

from certificates import actions, degree_words, handed_files, rendering
from certificates.content import elements
from certificates.models import Certificate, Kind
from credpoints.jobs import actions as jobs
from tests.certificates import makers, samples
from tests.certificates.test_sources import SIGNATORY
from tests.people import World

EXAMPLES = Path(settings.BASE_DIR) / "static" / "certificates" / "examples"


@pytest.fixture
def world(world: World) -> World:
    world.programme.settings = {"certificates": {"signatories": SIGNATORY, "quality": "institutional"}}
    world.programme.save()
    return world


def example(name: str, **changes: Any) -> dict[str, Any]:
    whole = handed_files.read((EXAMPLES / name).read_text(encoding="utf-8"))[0]
    del whole["person"]
    return {**whole, **changes}


def issued(world: World, kind: str, whole: dict[str, Any]) -> Certificate:
    draft = actions.prepare_handed(
        kind=kind, handed=whole, person=world.rana.person, programme=world.programme, by=world.vogel
    )
    return issue(world, draft)


def issue(world: World, draft: Certificate) -> Certificate:
    actions.freeze_certificate(certificate=draft, by=world.vogel)
    for user in (world.petersen, world.vogel):
        actions.approve_certificate(certificate=draft, by=user, content_hash=draft.content_hash)
    jobs.run_waiting()
    draft.refresh_from_db()
    assert draft.state == "issued", draft.render_error
    return draft


def words_on_the_pages(certificate: Certificate, folder: Path) -> str:
    path = folder / "certificate.pdf"
    path.write_bytes(default_storage.open(certificate.pdf.path).read())
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return re.sub(r"\s+", " ", done.stdout)


def verified(client: Client, certificate: Certificate, language: str = "en") -> str:
    answer = client.get(certificate.verify_path, headers={"accept-language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_6_1_the_pages_say_what_was_acquired_and_recognised_in_both_languages(world: World, tmp_path: Path) -> None:
    certificate = makers.issued(world)

    text = words_on_the_pages(certificate, tmp_path)

    for words in (
        "Rana Al-Khatib", certificate.number, "17 ECTS (550 Stunden)", "17 ECTS (550 hours)",
        "erworben", "anerkannt", "acquired", "recognised", "1,7", "1.7", "11. Qualitätssicherung",
        "11. Quality assurance", certificate.code,
    ):  # fmt: skip
        assert words in text


def test_6_2_virtual_mobility_names_the_host_country(world: World, client: Client, tmp_path: Path) -> None:
    course = {
        "module": {
            "code": "509029",
            "title": {"en": "Digital economy and innovation", "de": "Digitale Ökonomie und Innovation"},
            "hours": "130", "level": 6, "mode": "online", "provider": {"name": {"en": "Pavia"}, "country": "IT"},
            "outcomes": [{"text": {"en": "explain platform markets", "de": "Plattformmärkte erklären"}}],
            "assessment": [{"type": "written", "supervision": "online_identified"}],
        },
        "credits": "6", "grade": "27/30", "passed": True, "date": "2028-02-01",
        "mobility": {"kind": "virtual", "host": "IT"},
    }  # fmt: skip
    whole = {
        "key": "course:509029", "title": course["module"]["title"], "languages": ["de", "en"], "parts": [course],
        "starts_on": "2027-10-01", "ends_on": "2028-02-01",
    }  # fmt: skip

    certificate = issued(world, Kind.MICRO_CREDENTIAL, whole)

    page, text = verified(client, certificate), words_on_the_pages(certificate, tmp_path)
    for words in (
        "virtual mobility, host country Italy", "6 ECTS", "EQF level 6", "online", "written examination",
        "supervised online, identity checked", "27/30",
    ):  # fmt: skip
        assert words in page
        assert words in text
    assert "virtuelle Mobilität, Gastland Italien" in text
    assert "virtuelle Mobilität, Gastland Italien" in certificate.credential
    assert all(element["text"] for element in elements(certificate.data, "en", "a day"))


def test_6_3_earned_and_exempted_in_dutch_and_english_without_the_two_words(
    world: World, client: Client, tmp_path: Path
) -> None:
    world.programme.settings["certificates"]["forbidden_words"] = True
    world.programme.save()

    certificate = issued(world, Kind.BUNDLE, example("parts.json"))

    text = words_on_the_pages(certificate, tmp_path)
    for words in (
        "Duurzame besluitvorming", "Sustainable decision making", "10 ECTS", "EQF-niveau 7", "EQF level 7",
        "verworven", "vrijgesteld", "acquired", "exempted", "creditbewijs van een andere universiteit, 13/20, 2025",
        "credit certificate of another university, 13/20, 2025",
    ):  # fmt: skip
        assert words in text
    assert [(item["credits"], item["status"]) for item in certificate.content["items"]] == [
        ("6", "own"),
        ("4", "exempt"),
    ]
    assert degree_words.in_texts([text]) == []
    assert "credit certificate of another university, 13/20, 2025" in verified(client, certificate)


def test_6_3_a_forbidden_word_from_elsewhere_is_refused(world: World) -> None:
    whole = example("parts.json")
    whole["title"] = {**whole["title"], "nl": "Diploma duurzaamheid"}
    draft = actions.prepare_handed(
        kind=Kind.BUNDLE, handed=whole, person=world.rana.person, programme=world.programme, by=world.vogel
    )

    assert {check.key for check in actions.checks_of(draft) if not check.ok} == {"words"}


def test_6_4_validated_learning_in_serbian_and_english(world: World, client: Client, tmp_path: Path) -> None:
    shown = [{**one, "met": True} for one in example("outcomes.json")["outcomes"]]
    title = {"sr": "Mali fotonaponski sistemi", "en": "Small photovoltaic systems", "de": "Kleine Photovoltaikanlagen"}
    whole = example("outcomes.json", languages=["sr-latn", "en"], title=title, outcomes=shown)

    certificate = issued(world, Kind.VALIDATION, whole)

    text = words_on_the_pages(certificate, tmp_path)
    for words in (
        "Sertifikat o validaciji učenja", "Mali fotonaponski sistemi", "Small photovoltaic systems", "EQF nivo 4",
        "EQF level 4", "priznato (Srbija), broj 2027-114", "recognised in Serbia, reference 2027-114",
        "acquired outside formal education", "5 ECVET",
    ):  # fmt: skip
        assert words in text

    # The authority has taken its recognition back: what is issued keeps it, what is new does not print it.
    withdrawn = [{**whole["recognitions"][0], "state": "withdrawn"}]
    later = issued(world, Kind.VALIDATION, {**whole, "key": "unit:pv-31", "recognitions": withdrawn})
    assert "2027-114" in verified(client, certificate)
    assert "2027-114" not in words_on_the_pages(later, tmp_path)
    assert "2027-114" not in verified(client, later)


def test_6_4_german_on_request_comes_from_the_same_snapshot(world: World, tmp_path: Path) -> None:
    title = {"sr": "Mali fotonaponski sistemi", "en": "Small photovoltaic systems", "de": "Kleine Photovoltaikanlagen"}
    whole = example("outcomes.json", languages=["sr-latn", "en"], title=title)
    first = issued(world, Kind.VALIDATION, whole)

    draft = actions.replace_certificate(certificate=first, by=world.petersen, reason="auf Deutsch erbeten")
    actions.choose_languages(certificate=draft, by=world.vogel, languages=["de"])
    second = issue(world, draft)

    unlike = {key for key in first.content if first.content[key] != second.content[key]}
    assert unlike == {"languages"}
    text = words_on_the_pages(second, tmp_path)
    for words in ("Kleine Photovoltaikanlagen", "Arten von Photovoltaikmodulen", "Serbien, Aktenzeichen 2027-114"):
        assert words in text
    assert "Mali fotonaponski" not in text


@pytest.mark.parametrize("language", ["nl", "sr-latn"])
@pytest.mark.parametrize("kind", Kind.values)
def test_words_of_certificates_are_complete_in_languages_of_documents(kind: str, language: str) -> None:
    content = samples.content(kind=kind, languages=[language])
    english = rendering.part_in(content, samples.issuance(), "en")

    part = rendering.part_in(content, samples.issuance(), language)
    legend = rendering.legend_html(content)

    for name in ("kicker", "lead", "deed", "workload", "period"):
        assert getattr(part, name) != getattr(english, name)
    assert not {one["label"] for one in part.elements} & {one["label"] for one in english.elements}
    assert not {row["status"] for row in part.rows} & {row["status"] for row in english.rows}
    with translation.override("en"):
        assert not set(re.findall(r"<h[23]>(.*?)</h[23]>", legend)) & set(
            re.findall(r"<h[23]>(.*?)</h[23]>", rendering.legend_html({**content, "languages": ["en"]}))
        )


def test_the_credential_says_the_credits_of_its_framework(world: World) -> None:
    whole = example("outcomes.json", languages=["sr-latn", "en"])

    certificate = issued(world, Kind.VALIDATION, whole)

    narrative = json.loads(certificate.credential)["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert "5 ECVET" in narrative
    assert "stečeno" in narrative
