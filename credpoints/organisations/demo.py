"""The demo's ground: one organisation, one programme, two terms and the people. All of them are invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from credpoints.accounts.actions import grant_role, open_account
from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.organisations.actions import create_programme
from credpoints.organisations.models import Organisation, Programme, ProgrammeState, Term

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Demo:
    """What the rooms' `demo.load(demo)` find: programme, terms, and users by key."""

    organisation: Organisation
    programme: Programme
    terms: list[Term]
    users: dict[str, User]
    now: datetime


PEOPLE = (
    # key, e-mail, given name, family name, language, role in the programme
    ("rana", "rana@demo.example", "Rana", "Al-Khatib", "de", None),
    ("yusuf", "yusuf@demo.example", "Yusuf", "Demir", "en", None),
    ("vogel", "vogel@demo.example", "Katrin", "Vogel", "de", Role.ADVISOR),
    ("aydin", "aydin@demo.example", "Murat", "Aydın", "de", Role.ADVISOR),
    ("lorenz", "lorenz@demo.example", "Heike", "Lorenz", "de", Role.MENTOR),
    ("teacher", "novak@demo.example", "Tomas", "Novák", "en", Role.TEACHER),
    ("petersen", "petersen@demo.example", "Jan", "Petersen", "de", Role.PROGRAMME_ADMIN),
)


def build() -> Demo:
    """Make the demo's organisation, programme, terms and people."""
    now = timezone.now()
    organisation = Organisation.objects.create(
        slug="bht-demo",
        kind="university",
        country="DE",
        region="Berlin",
        city="Berlin",
        name={"de": "Berliner Hochschule für Technik (Demo)", "en": "Berlin University of Applied Technology (demo)"},
        short_name="BHT Demo",
        email="creditpoints@demo.example",
        website="https://demo.example/",
    )
    programme = create_programme(
        organisation=organisation,
        preset="credit_points",
        slug="credit-points",
        by=None,
        title={
            "de": "Credit Points: zurück in den Ingenieurberuf",
            "en": "Credit Points: back into engineering",
        },
        aim={
            "de": "Sie haben im Ausland einen technischen Studienabschluss erworben und leben in Deutschland. Mit uns "
            "planen Sie zwei Semester Qualifizierung, die zu Ihnen passen: Fachmodule, Deutsch, Praxis und Mentoring.",
            "en": "You hold a technical degree from abroad and live in Germany. With us you plan two semesters that "
            "fit you: subject modules, German, practice and mentoring.",
        },
        eligibility_text={
            "de": "Hochschulabschluss außerhalb Deutschlands in einem technischen Fach, Wohnsitz in Deutschland, "
            "Deutsch mindestens B2 in Hören, Lesen und Gespräch (Schreiben B1).",
            "en": "A degree in a technical field completed outside Germany, residence in Germany, German at least B2 "
            "in listening, reading and conversation (writing B1).",
        },
        funding_note={
            "de": "Ein erfundenes Förderprogramm trägt diese Demo; Teilnahme und Module sind kostenfrei.",
            "en": "An invented funding line carries this demo; participation and modules are free of charge.",
        },
        state=ProgrammeState.OPEN,
        places=20,
        applications_open_at=now - timedelta(days=30),
        applications_close_at=(now + timedelta(days=60)).astimezone(BERLIN).replace(hour=23, minute=59, second=0),
        contact_email="creditpoints@demo.example",
        contact_phone="+49 30 000000",
        is_demo=True,
    )
    return Demo(organisation, programme, _terms(programme, now.date()), _people(programme), now)


def _terms(programme: Programme, today: date) -> list[Term]:
    """Two terms of twenty teaching weeks: the one that runs now and the next."""
    year = today.year if today.month >= 4 else today.year - 1
    winter_now = today.month >= 10 or today.month < 4
    start = date(year, 10 if winter_now else 4, 1)
    terms = []
    for _number in range(2):
        winter = start.month == 10
        end = date(start.year + 1, 3, 31) if winter else date(start.year, 9, 30)
        code = f"WS {start.year}/{(start.year + 1) % 100:02d}" if winter else f"SS {start.year}"
        terms.append(Term.objects.create(programme=programme, code=code, starts_on=start, ends_on=end))
        start = end + timedelta(days=1)
    return terms


def _people(programme: Programme) -> dict[str, User]:
    users = {}
    for key, email, given_name, family_name, language, role in PEOPLE:
        user = open_account(email=email, language=language)
        person = user.person
        person.given_name, person.family_name = given_name, family_name
        person.save(update_fields=["given_name", "family_name"])
        if role is not None:
            grant_role(user=user, role=role, scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk, by=None)
        users[key] = user
    return users
