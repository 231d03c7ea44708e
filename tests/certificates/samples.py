"""A whole certificate as plain data: Rana's, as story 6.1 tells it, and names in other scripts."""

from copy import deepcopy
from typing import Any

from certificates.content import Content, Issuance, Item

NAMES = {
    "latin": "Rana Müller-Čech Øståßký",
    "cyrillic": "Олександра Щербаківська-Їжакевич",
    "greek": "Ευαγγελία Παπαχριστοδούλου",
    "armenian": "Անահիտ Հովհաննիսյան",
    "georgian": "ქეთევან ჯავახიშვილი",
    "arabic": "رنا الخطيب",
    "turkish": "Şükrüye İlğın Çağlayan",
    "vietnamese": "Nguyễn Thị Phương Thảo",
    "polish": "Małgorzata Święcicka-Żółć",
}


def item(**changes: Any) -> Item:
    """One passed module of five credits."""
    base: Item = {
        "kind": "subject",
        "code": "EB-RT1",
        "title": {"de": "Regelungstechnik 1", "en": "Control Engineering 1"},
        "provider": {"de": "Berliner Hochschule für Technik", "en": "Berlin University of Applied Technology"},
        "country": "DE",
        "credits": "5",
        "hours": "150",
        "level": 6,
        "language": "de",
        "mode": "blended",
        "assessment": ["written_exam"],
        "outcomes": [
            {
                "text": {
                    "de": "Regelkreise entwerfen und ihre Stabilität beurteilen.",
                    "en": "Design control loops and judge their stability.",
                },
                "esco": [],
            }
        ],
        "isced_f": "0714",
        "grade": "1.7",
        "scheme": "1.0 to 5.0",
        "passed": True,
        "status": "own",
        "date": "2028-02-18",
        "note": {},
    }
    return {**base, **changes}  # type: ignore[typeddict-item]


ITEMS = [
    item(),
    item(
        code="IB09-PY",
        title={"de": "Programmieren in Python", "en": "Programming in Python"},
        assessment=["project"],
        mode="online",
        grade="2.3",
        date="2028-07-12",
        isced_f="0613",
        outcomes=[
            {
                "text": {
                    "de": "Programme zur Auswertung von Messdaten schreiben und testen.",
                    "en": "Write and test programs that analyse measurements.",
                },
                "esco": [
                    {
                        "uri": "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d",
                        "name": "Python (computer programming)",
                    }
                ],
            }
        ],
    ),
    item(
        kind="german",
        code="",
        title={"de": "Berufsbezogenes Deutsch C1", "en": "German for Work C1"},
        credits="4",
        hours="120",
        level=None,
        assessment=["oral_exam"],
        mode="onsite",
        grade="",
        isced_f="0231",
        outcomes=[
            {"text": {"de": "Fachgespräche auf Deutsch führen.", "en": "Hold technical talks in German."}, "esco": []}
        ],
    ),
    item(
        kind="practice",
        code="",
        title={"de": "Praxisphase", "en": "Practical phase"},
        provider={"de": "Stromwerk Brandenburg GmbH", "en": "Stromwerk Brandenburg GmbH"},
        credits="3",
        hours="90",
        mode="work_based",
        assessment=[],
        grade="",
        isced_f="",
        outcomes=[],
    ),
    item(
        kind="mentoring",
        code="",
        title={"de": "Mentoring", "en": "Mentoring"},
        credits="0",
        hours="40",
        level=None,
        mode="onsite",
        assessment=[],
        grade="",
        passed=None,
        isced_f="",
        outcomes=[],
    ),
    item(
        kind="recognised",
        code="",
        title={"de": "Bachelor Elektrotechnik", "en": "Bachelor of Electrical Engineering"},
        provider={"de": "Universität Aleppo", "en": "University of Aleppo"},
        country="SY",
        credits="",
        hours="",
        assessment=[],
        mode="",
        grade="",
        passed=None,
        status="recognised",
        date="2010-07-01",
        isced_f="",
        outcomes=[],
    ),
]


def content(name: str = "Rana Al-Khatib", **changes: Any) -> Content:
    """Rana's certificate: 17 ECTS in 550 hours."""
    whole: Content = {
        "format": 1,
        "kind": "programme_individual",
        "languages": ["de", "en"],
        "holder": {
            "uuid": "0f6a8f0e-6f3f-4b51-9d53-5b4bb7e6a1d2",
            "name": name,
            "native_name": "رنا الخطيب",
            "birth_date": "",
            "email_hash": "b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
            "email_salt": "3f1c9e8b7a65",
        },
        "title": {
            "de": "Credit Points: Elektrotechnik und Automatisierung",
            "en": "Credit Points: Electrical Engineering",
        },
        "summary": {
            "de": "Individuelle Qualifizierung für Ingenieurinnen und Ingenieure mit ausländischem Abschluss.",
            "en": "An individual qualification for engineers who trained abroad.",
        },
        "programme": {"de": "Credit Points", "en": "Credit Points"},
        "funding_note": {
            "de": "Gefördert aus Mitteln des Beispielfonds, Projektlaufzeit 2027 bis 2029.",
            "en": "Supported by the Example Fund, project period 2027 to 2029.",
        },
        "issuer": {
            "slug": "bht",
            "name": {"de": "Berliner Hochschule für Technik", "en": "Berlin University of Applied Technology"},
            "country": "DE",
            "region": "Berlin",
            "city": "Berlin",
            "website": "https://bht.example/",
            "email": "zertifikate@bht.example",
            "identifiers": [{"scheme": "ROR", "value": "https://ror.org/00example0"}],
        },
        "items": deepcopy(ITEMS),
        "credit_framework": "ECTS",
        "credits": "17",
        "hours": "550",
        "level": 6,
        "outcomes": [],
        "assessment": ["written_exam", "project", "oral_exam"],
        "mode": "blended",
        "quality": "institutional",
        "quality_text": {"de": "nach den ESG akkreditiert", "en": "accredited according to the ESG"},
        "supervision": "supervised_onsite_id",
        "prerequisites": {"de": "Hochschulabschluss aus dem Ausland", "en": "Degree from abroad"},
        "stackable": {},
        "starts_on": "2027-10-01",
        "ends_on": "2028-07-28",
        "valid_until": "",
        "signatories": [
            {"name": "Dr. Katrin Vogel", "position": {"de": "Studienberatung", "en": "Academic advisor"}},
            {"name": "Jan Petersen", "position": {"de": "Programmleitung", "en": "Head of programme"}},
        ],
        "grader_ids": [],
    }
    return {**whole, **changes}  # type: ignore[typeddict-item]


def issuance(**changes: Any) -> Issuance:
    whole: Issuance = {
        "number": "CERT-2028-00001",
        "uuid": "7d2f1a54-3f0e-4c1c-9f57-0b1f6f1c7b11",
        "code": "K7Q2-M9XD-4TRW-8HVN",
        "issued_at": "2026-07-28T10:00:00Z",
        "issued_on": "2026-07-28",
        "status_list": 1,
        "status_index": 4711,
        "replaces": "",
    }
    return {**whole, **changes}  # type: ignore[typeddict-item]
