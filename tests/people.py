"""The people of every test: fixed personas around one programme, and strangers beside it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Person, Role, ScopeKind, User
from credpoints.organisations.actions import create_programme
from credpoints.organisations.models import Organisation, Programme, ProgrammeState, Term

BERLIN = ZoneInfo("Europe/Berlin")


def make_user(
    email: str, given_name: str, family_name: str, language: str = "de", time_zone: str = "Europe/Berlin"
) -> User:
    """An account with a person and a verified address."""
    user = User.objects.create_user(email, language=language, time_zone=time_zone)
    Person.objects.create(user=user, email=email, given_name=given_name, family_name=family_name)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


@dataclass
class World:
    """One programme of Berliner Hochschule with its people, one foreign programme with an advisor and an admin."""

    organisation: Organisation
    programme: Programme
    winter: Term
    summer: Term
    other_programme: Programme
    rana: User  # applicant and learner
    yusuf: User  # another applicant
    vogel: User  # advisor
    aydin: User  # second advisor
    lorenz: User  # mentor
    petersen: User  # programme administrator
    teacher: User
    other_advisor: User  # staff of the other programme
    other_admin: User

    def user(self, name: str) -> User | None:
        """The persona of this name; "anonymous" is nobody."""
        return None if name == "anonymous" else getattr(self, name)


PERSONAS = ("anonymous", *(f.name for f in fields(World) if f.type is User or f.type == "User"))


def build_world() -> World:
    """Make the programme and its people, fast (some forty statements)."""
    organisation = Organisation.objects.create(
        slug="bht",
        kind="university",
        country="DE",
        region="Berlin",
        city="Berlin",
        name={"de": "Berliner Hochschule für Technik", "en": "Berlin University of Applied Technology"},
        email="zertifikate@bht.example",
        website="https://bht.example/",
    )
    programme = create_programme(
        organisation=organisation,
        preset="credit_points",
        slug="credit-points",
        by=None,
        title={"de": "Credit Points", "en": "Credit Points"},
        aim={"de": "Anschluss im Ingenieurberuf finden.", "en": "Find your way back into engineering."},
        eligibility_text={"de": "Abschluss im Ausland, Deutsch B2.", "en": "Degree from abroad, German B2."},
        state=ProgrammeState.OPEN,
        places=20,
        applications_open_at=datetime(2020, 3, 1, tzinfo=BERLIN),
        applications_close_at=datetime(2037, 6, 30, 23, 59, tzinfo=BERLIN),
        contact_email="creditpoints@bht.example",
        contact_phone="+49 30 1234567",
    )
    winter = Term.objects.create(
        programme=programme, code="WS 2027/28", starts_on=date(2027, 10, 1), ends_on=date(2028, 3, 31)
    )
    summer = Term.objects.create(
        programme=programme, code="SS 2028", starts_on=date(2028, 4, 1), ends_on=date(2028, 9, 30)
    )
    elsewhere = Organisation.objects.create(slug="elsewhere", kind="university", country="IT", name={"en": "Elsewhere"})
    other_programme = create_programme(
        organisation=elsewhere,
        preset="credit_points",
        slug="elsewhere",
        by=None,
        title={"en": "Elsewhere"},
        state=ProgrammeState.OPEN,
    )
    world = World(
        organisation=organisation, programme=programme, winter=winter, summer=summer, other_programme=other_programme,
        rana=make_user("rana@example.org", "Rana", "Al-Khatib"),
        yusuf=make_user("yusuf@example.org", "Yusuf", "Demir", language="en", time_zone="Asia/Damascus"),
        vogel=make_user("vogel@bht.example", "Katrin", "Vogel"),
        aydin=make_user("aydin@bht.example", "Murat", "Aydın"),
        lorenz=make_user("lorenz@bht.example", "Heike", "Lorenz"),
        petersen=make_user("petersen@bht.example", "Jan", "Petersen"),
        teacher=make_user("teacher@bht.example", "Tomas", "Novák"),
        other_advisor=make_user("advisor@elsewhere.example", "Giulia", "Ferri"),
        other_admin=make_user("admin@elsewhere.example", "Silke", "Hartmann"),
    )  # fmt: skip
    for user, role, where in (
        (world.vogel, Role.ADVISOR, programme),
        (world.aydin, Role.ADVISOR, programme),
        (world.lorenz, Role.MENTOR, programme),
        (world.petersen, Role.PROGRAMME_ADMIN, programme),
        (world.teacher, Role.TEACHER, programme),
        (world.other_advisor, Role.ADVISOR, other_programme),
        (world.other_admin, Role.PROGRAMME_ADMIN, other_programme),
    ):
        grant_role(user=user, role=role, scope_kind=ScopeKind.PROGRAMME, scope_id=where.pk, by=None)
    return world
