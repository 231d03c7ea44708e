"""Living consultations and plans for the demo: free times, talks past and to come, one agreed plan."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from applicants.models import Application
from credpoints.accounts.models import User
from credpoints.organisations.demo import Demo
from modules.models import Offering
from planning import openings
from planning.actions import availability, consultations, participations, placements, plans, records
from planning.models import Appointment, ConsultationType, Participation, PlanVersion, WhoMayBook

BERLIN = ZoneInfo("Europe/Berlin")


def load(demo: Demo) -> None:
    """Open times of two advisors, let people talk, and let Rana and Dr. Vogel sign a plan."""
    first, _second = _types(demo)
    _hours(demo)
    talk = _past_talk(demo, first)
    _coming_talks(demo, first)
    participation = Participation.objects.filter(application__person__user=demo.users["rana"]).first()
    if participation:
        _plan(demo, participation, talk)


def _types(demo: Demo) -> tuple[ConsultationType, ConsultationType]:
    first = ConsultationType.objects.create(
        programme=demo.programme,
        title={"de": "Erstgespräch", "en": "First consultation"},
        modes=["onsite", "online", "phone"],
        place="Haus Gauß, Raum B 501, Luxemburger Straße 10, Berlin",
        link="https://rooms.demo.example/beratung",
        bring={
            "de": "Zeugnisse im Original, wenn Sie vor Ort kommen",
            "en": "Your original certificates if you come on site",
        },
        questions=[{"de": "Worüber möchten Sie vor allem sprechen?", "en": "What would you like to talk about most?"}],
    )
    second = ConsultationType.objects.create(
        programme=demo.programme,
        title={"de": "Plangespräch", "en": "Talk about the plan"},
        minutes=30,
        modes=["online", "onsite"],
        place=first.place,
        link=first.link,
        who_may_book=WhoMayBook.PARTICIPANT,
    )
    return first, second


def _hours(demo: Demo) -> None:
    """Dr. Vogel on four mornings and afternoons, Murat Aydın on three mornings; closed between the years."""
    vogel = [(day, half) for day in (0, 1, 3, 4) for half in range(18, 32)]
    aydin = [(day, half) for day in (0, 2, 3) for half in range(18, 26)]
    for key, cells in (("vogel", vogel), ("aydin", aydin)):
        user = demo.users[key]
        availability.paint_week(programme=demo.programme, advisor=user, by=user, cells=cells)
    year = demo.now.year
    availability.note_exception(
        programme=demo.programme, advisor=None, by=demo.users["petersen"], kind="closed",
        first_day=datetime(year, 12, 24, tzinfo=BERLIN).date(), last_day=datetime(year + 1, 1, 2, tzinfo=BERLIN).date(),
        note="Zwischen den Jahren",
    )  # fmt: skip


def _past_talk(demo: Demo, kind: ConsultationType) -> Appointment:
    """Rana's talk a week ago, with record, findings and a confirmed summary."""
    rana, vogel = demo.users["rana"], demo.users["vogel"]
    day = (demo.now - timedelta(days=7)).astimezone(BERLIN).date()
    starts_at = datetime.combine(day - timedelta(days=day.weekday()), time(10), tzinfo=BERLIN)
    talk = consultations.book_for(
        kind=kind, person=rana.person, advisor=vogel, by=vogel, starts_at=starts_at, tell=False, now=starts_at
    )
    records.save_record(
        talk=talk,
        by=vogel,
        topics={
            "situation": "Arbeitet 20 Stunden im Verkauf; Kinderbetreuung bis 15 Uhr.",
            "goals": "Als Elektroingenieurin in der Gebäude- oder Netztechnik arbeiten.",
            "recognition": "Zeugnisbewertung der ZAB beantragen.",
        },
        shared_summary="Wir haben über Ihren Weg zurück in die Elektrotechnik gesprochen. Es fehlen Regelungstechnik "
        "und Python; das berufsbezogene Deutsch soll sicherer werden. Sie können 15 Stunden pro Woche lernen.",
        internal_note="Sehr motiviert. Netzwerk zu Betrieben in Berlin nutzen.",
    )
    for finding_kind, text, topic in (
        ("gap", "Regelungstechnik", "subject"),
        ("gap", "Programmieren in Python", "subject"),
        ("gap", "Berufsbezogenes Deutsch", "german"),
        ("goal", "Als Elektroingenieurin arbeiten", ""),
        ("strength", "Vier Jahre Netztechnik in Damaskus", ""),
    ):
        records.add_finding(talk=talk, by=vogel, kind=finding_kind, text=text, topic=topic)
    records.add_follow_up(talk=talk, by=vogel, text="Zeugnisbewertung bei der ZAB beantragen", for_person=True)
    consultations.complete_talk(talk=talk, by=vogel, now=starts_at + timedelta(minutes=45))
    records.share_summary(talk=talk, by=vogel)
    records.confirm_summary(talk=talk, by=rana)
    return talk


def _coming_talks(demo: Demo, kind: ConsultationType) -> None:
    """Whoever is invited, but Yusuf, has a talk in the next days; Yusuf still chooses."""
    invited = Application.objects.filter(programme=demo.programme, state="invited")
    for application in invited.exclude(person__user=demo.users["yusuf"]).select_related("person__user"):
        user = application.person.user
        free = openings.next_openings(kind, application.person, now=demo.now)
        if user and free:
            held = consultations.hold_time(kind=kind, starts_at=free[0].starts_at, by=user, now=demo.now)
            consultations.book_talk(talk=held, by=user, mode="onsite", now=demo.now)


def _plan(demo: Demo, participation: Participation, talk: Appointment) -> None:
    """Shape and sign the plan of the story: 15 hours a week over two terms."""
    vogel, rana = demo.users["vogel"], demo.users["rana"]
    participations.assign_people(
        participation=participation, by=demo.users["petersen"], advisor=vogel, mentor=demo.users["lorenz"]
    )
    version = plans.begin_version(plan=participation.plan, by=vogel)
    plans.set_goals(
        version=version, by=vogel, occupation="Elektroingenieurin",
        goals="Anschluss an die Technik von heute, sicheres Fachdeutsch, erste Berufserfahrung in Deutschland.",
    )  # fmt: skip
    _lines(demo, version, vogel)
    plans.comment(version=version, by=rana, text="Die Praxisphase bitte erst ab dem zweiten Monat.")
    plans.propose(version=version, by=vogel)
    for signer in (rana, vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)
    _practice(demo, version)
    participations.log_mentoring(
        participation=participation, by=demo.users["lorenz"], kind="career", held_on=demo.now.date(), minutes=40,
        topic="Kennenlernen, Ziele für das Semester", agreement="Lebenslauf bis zum nächsten Treffen",
        next_on=(demo.now + timedelta(days=14)).date(),
    )  # fmt: skip


def _lines(demo: Demo, version: PlanVersion, by: User) -> None:
    findings = {finding.text: finding for finding in plans.findings_of(version.plan)}
    for place, code, kind, finding, why in (
        (0, "EB-RT1", "subject", "Regelungstechnik", "Lücke aus dem Gespräch"),
        (0, "CP-DE-C1", "german", "Berufsbezogenes Deutsch", "Deutsch B2 im Fragebogen"),
        (0, "CP-MENT", "mentoring", "", "Begleitung in den Beruf"),
        (1, "IB09-PY", "subject", "Programmieren in Python", "Lücke aus dem Gespräch"),
        (1, "CP-PRAXIS", "practice", "Als Elektroingenieurin arbeiten", "Erste Berufserfahrung in Deutschland"),
        (1, "CP-MENT", "mentoring", "", "Begleitung in den Beruf"),
    ):
        term = demo.terms[place]
        offered = Offering.objects.filter(version__module__code=code, version__module__programme=demo.programme)
        offering = offered.filter(term=term).first()
        free = {"title": finding or "Mentoring", "term": term, "hours": Decimal(20)}
        met_by = "Studium der Elektrotechnik in Aleppo" if code == "EB-RT1" else ""
        plans.add_line(
            version=version, by=by, offering=offering, kind=kind, finding=findings.get(finding), rationale=why,
            prerequisite_met_by=met_by, **({} if offering else free),
        )  # fmt: skip


def _practice(demo: Demo, version: PlanVersion) -> None:
    """Where Rana does her practice next term; the company will be asked when it is over."""
    line = version.items.filter(kind="practice").select_related("term").first()
    if line is None or line.term is None:
        return
    begins = line.term.starts_on + timedelta(days=30)
    placements.arrange(
        participation=version.plan.participation, line=line, by=demo.users["rana"],
        facts={
            "company": "Stromwerk Brandenburg GmbH", "place": "Potsdam, Brandenburg",
            "tasks": "Schaltpläne prüfen, Messungen an Niederspannungsanlagen, Dokumentation auf Deutsch.",
            "starts_on": begins, "ends_on": begins + timedelta(days=42), "hours": line.hours,
            "supervisor": "Jens Krüger", "supervisor_email": "jens.krueger@stromwerk.example", "language": "de",
        },
    )  # fmt: skip
