"""The demo's certificates: one issued, one that waits for a second approval. All people and texts are invented."""

from typing import Protocol

from certificates import actions
from certificates.content import Content, Item
from certificates.models import Certificate
from credpoints.accounts.actions import change_name, open_account
from credpoints.accounts.models import Person, User
from credpoints.common.translated import TextIn
from credpoints.organisations.models import Programme

READY = [
    {"key": key, "ok": True, "detail": ""}
    for key in ("plan_agreed", "all_passed", "results_final", "practice_confirmed")
]


class Demo(Protocol):
    """What the command that loads the demo hands over."""

    @property
    def programme(self) -> Programme: ...

    @property
    def users(self) -> dict[str, User]: ...


def load(demo: Demo) -> None:
    """Issue a graduate's certificate, and leave another one waiting for the second approval."""
    vogel, petersen = demo.users["vogel"], demo.users["petersen"]
    samira = _graduate("samira@demo.example", "Samira", "Haddad", "de")
    draft = _draft(demo, samira, by=petersen)
    actions.freeze_certificate(certificate=draft, by=petersen)
    actions.approve_certificate(certificate=draft, by=petersen, content_hash=draft.content_hash)
    actions.approve_certificate(certificate=draft, by=vogel, content_hash=draft.content_hash)
    oleksii = _graduate("oleksii@demo.example", "Oleksii", "Bondarenko", "en")
    waiting = _draft(demo, oleksii, by=vogel)
    actions.freeze_certificate(certificate=waiting, by=vogel)
    actions.approve_certificate(certificate=waiting, by=vogel, content_hash=waiting.content_hash)


def _graduate(email: str, given_name: str, family_name: str, language: str) -> Person:
    person = open_account(email=email, language=language).person
    change_name(person=person, given_name=given_name, family_name=family_name)
    return person


def _draft(demo: Demo, person: Person, by: User) -> Certificate:
    return actions.draft_certificate(
        person=person, programme=demo.programme, content=_content(demo, person), checks=READY, by=by
    )


def _content(demo: Demo, person: Person) -> Content:
    organisation = demo.programme.organisation
    items = [
        _item(organisation.name, "subject", ("Regelungstechnik 1", "Control Engineering 1"), ("5", "150"), "1.7"),
        _item(organisation.name, "subject", ("Programmieren in Python", "Programming in Python"), ("5", "150"), "2.3"),
        _item(organisation.name, "german", ("Berufsbezogenes Deutsch C1", "German for Work C1"), ("4", "120"), ""),
        _item(organisation.name, "practice", ("Praxisphase", "Practical phase"), ("3", "90"), ""),
    ]
    return {
        "format": 1,
        "kind": "programme_individual",
        "languages": ["de", "en"],
        "holder": {
            "uuid": str(person.uuid),
            "name": person.certificate_name,
            "native_name": person.native_name,
            "birth_date": "",
            "email_hash": "",
            "email_salt": "",
        },
        "title": {
            "de": "Credit Points: Elektrotechnik und Automatisierung",
            "en": "Credit Points: Electrical Engineering and Automation",
        },
        "summary": {
            "de": "Individuelle Qualifizierung für Menschen mit einem Abschluss aus dem Ausland.",
            "en": "An individual qualification for people who graduated abroad.",
        },
        "programme": dict(demo.programme.title),
        "funding_note": dict(demo.programme.funding_note),
        "issuer": {
            "slug": organisation.slug,
            "name": dict(organisation.name),
            "country": organisation.country,
            "region": organisation.region,
            "city": organisation.city,
            "website": organisation.website,
            "email": organisation.email,
            "identifiers": list(organisation.identifiers),
        },
        "items": items,
        "credit_framework": "ECTS",
        "credits": "17",
        "hours": "510",
        "level": 6,
        "outcomes": [],
        "assessment": ["written_exam", "project", "oral_exam"],
        "mode": "blended",
        "quality": "institutional",
        "quality_text": {
            "de": "nach den europäischen Standards (ESG)",
            "en": "according to the European standards (ESG)",
        },
        "supervision": "supervised_onsite_id",
        "prerequisites": {"de": "Hochschulabschluss aus dem Ausland", "en": "A university degree from abroad"},
        "stackable": {},
        "starts_on": "2025-10-01",
        "ends_on": "2026-09-30",
        "valid_until": "",
        "signatories": [
            {"name": "Dr. Katrin Vogel", "position": {"de": "Studienberatung", "en": "Academic advisor"}},
            {"name": "Jan Petersen", "position": {"de": "Programmleitung", "en": "Head of programme"}},
        ],
        "grader_ids": [],
    }


def _item(provider: TextIn, kind: str, titles: tuple[str, str], size: tuple[str, str], grade: str) -> Item:
    german, english = titles
    return {
        "kind": kind,
        "code": "",
        "title": {"de": german, "en": english},
        "provider": dict(provider),
        "country": "DE",
        "credits": size[0],
        "hours": size[1],
        "level": 6,
        "language": "de",
        "mode": "work_based" if kind == "practice" else "blended",
        "assessment": [],
        "outcomes": [
            {
                "text": {
                    "de": f"Kann die Inhalte von „{german}“ im Beruf anwenden.",
                    "en": f"Can use the content of “{english}” at work.",
                },
                "esco": [],
            }
        ],
        "isced_f": "0714",
        "grade": grade,
        "scheme": "1.0 to 5.0",
        "passed": True,
        "status": "own",
        "date": "2026-09-15",
        "note": {},
    }
