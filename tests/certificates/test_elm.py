"""The European Digital Credential: all eleven elements, every line a part, nothing invented."""

import base64
import io
import json

import pytest
from PIL import Image

from certificates import downloads, elm, pictures, rendering
from certificates.vocabularies import country_address, language_address
from tests.certificates import makers, samples
from tests.people import World

PIXEL = b"\x89PNG"


def credential(**changes) -> dict:
    content = samples.content(**changes)
    pages = dict.fromkeys(content["languages"], PIXEL)
    return elm.credential(content, samples.issuance(), base="https://certs.example.org", pictures=pages)


def test_all_eleven_elements_are_there() -> None:
    document = credential()
    claim = document["credentialSubject"]["hasClaim"]
    whole = claim["specifiedBy"]
    body = claim["awardedBy"]["awardingBody"]

    assert document["credentialSubject"]["fullName"] == {"de": "Rana Al-Khatib"}
    assert claim["title"] == samples.content()["title"]
    assert document["issuer"]["location"]["address"]["countryCode"]["id"].endswith("/country/DEU")
    assert body["legalName"]["de"] == "Berliner Hochschule für Technik"
    assert document["issued"] == claim["awardedBy"]["awardingDate"] == "2026-07-28T10:00:00Z"
    assert [outcome["title"]["en"][:6] for outcome in whole["learningOutcome"]] == ["Design", "Write ", "Hold t"]
    assert whole["learningOutcome"][1]["relatedESCOSkill"][0]["id"].startswith("http://data.europa.eu/esco/skill/")
    assert (whole["creditPoint"]["point"], whole["volumeOfLearning"]) == ("17", "PT550H")
    assert whole["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/6"
    assert [one["specifiedBy"]["dcType"]["prefLabel"]["en"] for one in claim["provenBy"]] == [
        "written examination",
        "project work",
        "oral examination",
    ]
    assert whole["mode"]["prefLabel"] == {"en": "Blended"}
    assert whole["accreditation"]["dcType"]["id"].endswith("/accreditation/bb4618238e")


def test_every_line_is_a_part_with_its_own_grade_and_provider() -> None:
    parts = credential()["credentialSubject"]["hasClaim"]["hasPart"]

    grades = [part.get("provenBy", {}).get("grade", {}).get("noteLiteral", {}).get("de") for part in parts]
    countries = [part["awardedBy"]["awardingBody"]["location"]["address"]["countryCode"]["id"][-3:] for part in parts]

    assert [part["title"]["en"] for part in parts] == [item["title"]["en"] for item in samples.ITEMS]
    assert grades == ["1,7", "2,3", "bestanden", "bestanden", None, None]
    assert countries == ["DEU", "DEU", "DEU", "DEU", "DEU", "SYR"]
    assert parts[5]["additionalNote"][0]["noteLiteral"]["de"].startswith("anerkannt")


@pytest.mark.parametrize(
    ("identifiers", "notation"),
    [
        ([], ""),
        ([{"scheme": "ROR", "value": "https://ror.org/1"}], ""),
        ([{"scheme": "VAT", "value": "123456789"}], "VATDE-123456789"),
        ([{"scheme": "vat", "value": "VATDE-123456789"}], "VATDE-123456789"),
        ([{"scheme": "LEI", "value": "529900T8BM49AURSDO55"}], "LEIXG-529900T8BM49AURSDO55"),
    ],
)
def test_the_legal_identifier_is_told_and_never_invented(identifiers: list, notation: str) -> None:
    issuer = {**samples.content()["issuer"], "identifiers": identifiers}

    assert elm.legal_identifier(issuer) == notation
    assert ("eIDASIdentifier" in credential(issuer=issuer)["issuer"]) is bool(notation)


@pytest.mark.parametrize(("hours", "duration"), [("150", "PT150H"), ("7.5", "PT7H30M"), ("0", ""), ("", "")])
def test_hours_are_written_as_durations(hours: str, duration: str) -> None:
    assert elm._hours(hours) == duration


@pytest.mark.parametrize(
    ("code", "ending"), [("DE", "DEU"), ("xk", "1A0"), ("SY", "SYR"), ("GB", "GBR"), ("MM", "MMR"), ("UA", "UKR")]
)
def test_countries_have_the_three_letters_of_the_authority(code: str, ending: str) -> None:
    assert country_address(code) == f"http://publications.europa.eu/resource/authority/country/{ending}"


def test_a_language_that_nobody_listed_is_undetermined() -> None:
    assert language_address("uk").endswith("/UKR")
    assert language_address("tlh").endswith("/UND")


@pytest.mark.parametrize("script", samples.NAMES)
def test_the_picture_of_the_page_has_letters_for_every_name(script: str) -> None:
    name = samples.NAMES[script]

    font = pictures._font(name, 40)
    page = pictures.page(
        rendering.part_in(samples.content(name), samples.issuance(), "de"), name=name, number="CERT-2028-00001"
    )

    assert {ord(letter) for letter in name if letter != " "} <= pictures._letters_of(font.path.rpartition("/")[2])
    assert Image.open(io.BytesIO(page)).size == pictures.PAGE


def test_the_download_is_from_the_same_snapshot(world: World) -> None:
    certificate = makers.issued(world)

    document = json.loads(downloads.european_file(certificate))["credential"]
    picture = document["displayParameter"]["individualDisplay"][0]["displayDetail"]["image"]["content"]

    assert document["id"] == f"urn:credential:{certificate.uuid}"
    assert document["identifier"]["notation"] == certificate.number
    assert document["credentialSubject"]["fullName"] == {"de": certificate.holder_name}
    assert base64.b64decode(picture).startswith(b"\x89PNG")
