"""The demo's own small catalogue: eight modules written for it, their offerings and sessions."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from credpoints.organisations.demo import Demo
from credpoints.organisations.models import Term
from modules import actions
from modules.models import Access, Attendance, Mode, ModuleKind, ModuleVersion, Offering, Session

BERLIN = ZoneInfo("Europe/Berlin")
ESCO = "http://data.europa.eu/esco/skill/"
QUALITY = {
    "de": "Teil der internen Qualitätssicherung der Hochschule (Evaluation in jedem Semester)",
    "en": "Part of the university's internal quality assurance (evaluated every term)",
}
WRITTEN = {"de": "Klausur, 120 Minuten", "en": "Written examination, 120 minutes"}


def _outcome(code: str, kind: str, de: str, en: str, *esco: str) -> dict[str, Any]:
    return {"code": code, "kind": kind, "text": {"de": de, "en": en}, "esco": [f"{ESCO}{uuid}" for uuid in esco]}


def _assessment(kind: str, text: dict[str, str], de: str, en: str, supervision: str = "supervised") -> dict[str, Any]:
    return {
        "type": kind, "weight": 100, "text": text, "criteria": {"de": de, "en": en}, "supervision": supervision,
    }  # fmt: skip


def _tag(kind: str, de: str, en: str) -> dict[str, Any]:
    return {"kind": kind, "text": {"de": de, "en": en}}


def _work(contact: int, study: int) -> list[dict[str, str]]:
    return [{"activity": "contact", "hours": str(contact)}, {"activity": "self_study", "hours": str(study)}]


@dataclass(frozen=True)
class Plan:
    """One module of the demo: what it says, and in which term (0 now, 1 next) it is offered how."""

    code: str
    kind: ModuleKind
    facts: dict[str, Any]
    terms: tuple[int, ...]
    places: int | None
    weekday: int = 0
    start: time = time(16, 0)
    hours: int = 2
    weeks: int = 12
    onsite_every: int = 4  # each n-th session is on campus, the others online; 1 means always
    access: Access = Access.PLAN


CATALOGUE = (
    Plan(
        "EB-RT1",
        ModuleKind.MODULE,
        {
            "title": {"de": "Regelungstechnik 1", "en": "Control Engineering 1"},
            "aim": {
                "de": "Sie verstehen, wie Regelkreise arbeiten, und legen einfache Regler selbst aus.",
                "en": "You understand how control loops work and design simple controllers yourself.",
            },
            "content": {
                "de": "Strecken und ihre Modelle, Übertragungsfunktion, Stabilität, PID-Regler, Auslegung im "
                "Frequenzbereich, Versuche am Motorprüfstand.",
                "en": "Plants and their models, transfer function, stability, PID controllers, design in the frequency "
                "domain, experiments on a motor test bench.",
            },
            "outcomes": [
                _outcome("K1", "knowledge", "Übertragungsverhalten linearer Systeme beschreiben",
                         "Describe the transfer behaviour of linear systems", "bf1f763e-c505-46e7-8af3-e48f13ec5f44"),
                _outcome("S1", "skill", "Einen PID-Regler für eine gegebene Strecke auslegen",
                         "Design a PID controller for a given plant"),
                _outcome("S2", "skill", "Die Stabilität eines Regelkreises beurteilen",
                         "Judge the stability of a control loop"),
                _outcome("C1", "competence", "Einen Versuch im Team planen, auswerten und vertreten",
                         "Plan, evaluate and defend an experiment as a team"),
            ],
            "assessments": [_assessment("written", WRITTEN, "mindestens 50 % der Punkte", "at least 50 % of the points",
                                        "onsite_identified")],
            "credits": Decimal(5), "hours": Decimal(150), "workload": _work(48, 102), "eqf_level": 6,
            "isced_f": "0714", "languages": ["de"], "mode": Mode.BLENDED, "duration_terms": 1,
            "frequency": {"de": "Wintersemester", "en": "winter term"},
            "admission": "rules",
            "admission_text": {"de": "Bestandene Prüfung in Mathematik 1 oder ein gleichwertiger Nachweis",
                               "en": "Passed examination in Mathematics 1 or equivalent evidence"},
            "prerequisites": {"de": "Bestandene Prüfung in Mathematik 1", "en": "Passed examination in Mathematics 1"},
            "attempts_allowed": 3,
        },
        (0,), 12, weekday=0, start=time(16, 15),
    ),
    Plan(
        "IB09-PY",
        ModuleKind.MODULE,
        {
            "title": {"de": "Programmieren in Python", "en": "Programming in Python"},
            "aim": {
                "de": "Sie schreiben eigene Programme für Messung, Auswertung und kleine Werkzeuge im Beruf.",
                "en": "You write programs of your own for measuring, evaluating and small tools at work.",
            },
            "content": {
                "de": "Datentypen, Funktionen, Dateien, Fehler finden, Tabellen und Diagramme, Tests, ein eigenes "
                "Projekt.",
                "en": "Data types, functions, files, finding errors, tables and diagrams, tests, a project of your "
                "own.",
            },
            "outcomes": [
                _outcome("K1", "knowledge", "Aufbau und Ablauf eines Programms erklären",
                         "Explain how a program is built and runs", "ccd0a1d9-afda-43d9-b901-96344886e14d"),
                _outcome("S1", "skill", "Messdaten mit Python einlesen, auswerten und darstellen",
                         "Read, evaluate and plot measurements with Python"),
                _outcome("S2", "skill", "Eigenen Code mit Tests absichern", "Secure own code with tests"),
            ],
            "assessments": [_assessment("project",
                                        {"de": "Projekt mit Vorführung", "en": "Project with demonstration"},
                                        "lauffähiges Programm, mindestens drei Tests, Vorführung von 15 Minuten",
                                        "a working program, at least three tests, a demonstration of 15 minutes")],
            "credits": Decimal(5), "hours": Decimal(150), "workload": _work(40, 110), "eqf_level": 6,
            "isced_f": "0613", "languages": ["de", "en"], "mode": Mode.BLENDED, "duration_terms": 1,
            "frequency": {"de": "Sommersemester", "en": "summer term"}, "admission": "none",
            "purposes": ["broaden", "upskilling"], "needs": ["labour"], "contexts": ["higher", "further"],
            "tags": [_tag("theme", "Digitalisierung", "Digitalisation"), _tag("theme", "Industrie 4.0", "Industry 4.0"),
                     _tag("target_group", "Ingenieurinnen und Ingenieure", "Engineers")],
            "market_evidence": [{
                "source": "Befragung von zwölf Betrieben", "when": "03/2026",
                "region": "Berlin", "sector": "Elektronik",
                "stakeholder": "Ausbildungsleitungen", "occupations": [],
                "finding": {"de": "Zehn von zwölf erwarten, dass Messdaten mit eigenen Programmen ausgewertet werden.",
                            "en": "Ten of twelve expect that measurements are evaluated with programs of one's own."},
            }],
        },
        (0, 1), 30, weekday=1, start=time(17, 0), onsite_every=6,
    ),
    Plan(
        "EB-LE",
        ModuleKind.MODULE,
        {
            "title": {"de": "Leistungselektronik", "en": "Power Electronics"},
            "aim": {
                "de": "Sie wählen Bauelemente und Schaltungen für das Wandeln elektrischer Energie aus.",
                "en": "You choose components and circuits for converting electric energy.",
            },
            "content": {
                "de": "Halbleiterschalter, Gleichrichter, Gleichstromsteller, Wechselrichter, Verluste und Kühlung.",
                "en": "Semiconductor switches, rectifiers, choppers, inverters, losses and cooling.",
            },
            "outcomes": [
                _outcome("K1", "knowledge", "Arbeitsweise der Grundschaltungen beschreiben",
                         "Describe how the basic circuits work", "86ff9a65-66eb-4c8f-93d8-22e0a467fc08"),
                _outcome("S1", "skill", "Verluste berechnen und die Kühlung auslegen",
                         "Calculate losses and design the cooling", "1177a1e9-213a-477b-b57c-364368c68b95"),
            ],
            "assessments": [_assessment("written", WRITTEN, "mindestens 50 % der Punkte", "at least 50 % of the points",
                                        "onsite_identified")],
            "credits": Decimal(5), "hours": Decimal(150), "workload": _work(60, 90), "eqf_level": 6,
            "isced_f": "0713", "languages": ["de"], "mode": Mode.ONSITE, "duration_terms": 1,
            "frequency": {"de": "Sommersemester", "en": "summer term"}, "admission": "none",
            "purposes": ["specialise"], "needs": ["labour", "societal"], "contexts": ["higher"],
            "tags": [_tag("theme", "Energiewende", "Energy transition"),
                     _tag("sector", "Elektrotechnik", "Electronics")],
            "prerequisites": {"de": "Grundlagen der Elektrotechnik", "en": "Basics of electrical engineering"},
        },
        (1,), 16, weekday=3, start=time(14, 0), hours=3, onsite_every=1,
    ),
    Plan(
        "2.5.1",
        ModuleKind.MODULE,
        {
            "title": {"de": "Wissenschaftliches Arbeiten", "en": "Academic Research and Writing"},
            "aim": {
                "de": "Sie finden Quellen, prüfen sie und schreiben einen eigenen Fachtext.",
                "en": "You find sources, check them and write a technical text of your own.",
            },
            "content": {
                "de": "Fragestellung, Recherche, Quellen bewerten, Zitieren, Aufbau eines Berichts, Überarbeiten.",
                "en": "Research question, search, judging sources, citing, structure of a report, revising.",
            },
            "outcomes": [
                _outcome("S1", "skill", "Fachliteratur gezielt suchen und bewerten",
                         "Search and judge technical literature"),
                _outcome("S2", "skill", "Einen Bericht von zehn Seiten schreiben", "Write a report of ten pages",
                         "00b9a3aa-7070-4bb5-8020-f228a97cf42f"),
            ],
            "assessments": [_assessment("report", {"de": "Bericht, 10 Seiten", "en": "Report, 10 pages"},
                                        "Aufbau, Quellen und Sprache jeweils mindestens ausreichend",
                                        "structure, sources and language each at least sufficient", "unsupervised")],
            "credits": Decimal(5), "hours": Decimal(150), "workload": _work(30, 120), "eqf_level": 6,
            "isced_f": "0031", "languages": ["de"], "mode": Mode.ONLINE, "duration_terms": 1,
            "frequency": {"de": "jedes Semester", "en": "every term"}, "admission": "none",
        },
        (0, 1), 25, weekday=2, start=time(18, 0), onsite_every=99,
    ),
    Plan(
        "CP-DE-C1",
        ModuleKind.COACHING,
        {
            "title": {"de": "Berufsbezogenes Deutsch C1", "en": "German for Work C1"},
            "aim": {
                "de": "Sie sprechen und schreiben im Beruf sicher: in Besprechungen, Berichten und Bewerbungen.",
                "en": "You speak and write with confidence at work: in meetings, reports and applications.",
            },
            "content": {
                "de": "Fachgespräche, Protokolle, E-Mails, technische Beschreibungen, Vorstellungsgespräch.",
                "en": "Technical talks, minutes, e-mails, technical descriptions, job interview.",
            },
            "outcomes": [
                _outcome("S1", "skill", "Technische Sachverhalte mündlich auf C1 erklären",
                         "Explain technical matters orally at C1", "2abb9db5-350c-444c-8292-0e0b2ce00f9a"),
                _outcome("S2", "skill", "Berichte und Bewerbungen auf C1 schreiben",
                         "Write reports and applications at C1", "52894650-9077-40f0-96d6-6f07d1a6cafa"),
            ],
            "assessments": [_assessment("continuous",
                                        {"de": "Mappe mit fünf Texten und ein Fachgespräch",
                                         "en": "Folder of five texts and a technical talk"},
                                        "Texte und Gespräch auf Niveau C1", "texts and talk at level C1")],
            "credits": Decimal(4), "hours": Decimal(120), "workload": _work(60, 60), "eqf_level": 6,
            "isced_f": "0231", "languages": ["de"], "mode": Mode.BLENDED, "duration_terms": 1,
            "required_languages": [{"language": "de", "level": "B2"}], "grading_scheme": "pass",
            "frequency": {"de": "jedes Semester", "en": "every term"}, "admission": "rules",
            "admission_text": {"de": "Deutsch mindestens B2", "en": "German at least B2"},
        },
        (0, 1), 15, weekday=2, start=time(9, 0), hours=3, onsite_every=2,
    ),
    Plan(
        "CP-EN-B2",
        ModuleKind.COURSE,
        {
            "title": {"de": "Technical English B2", "en": "Technical English B2"},
            "aim": {
                "de": "Sie lesen Datenblätter und sprechen über technische Aufgaben auf Englisch.",
                "en": "You read data sheets and talk about technical tasks in English.",
            },
            "content": {
                "de": "Datenblätter, Anleitungen, Vorträge, Telefonate.",
                "en": "Data sheets, manuals, presentations, telephone calls.",
            },
            "outcomes": [
                _outcome("S1", "skill", "Technische Texte auf B2 verstehen und zusammenfassen",
                         "Understand and summarise technical texts at B2"),
            ],
            "assessments": [_assessment("presentation", {"de": "Vortrag, 15 Minuten", "en": "Talk, 15 minutes"},
                                        "verständlicher Vortrag auf B2", "an understandable talk at B2")],
            "credits": Decimal(3), "hours": Decimal(90), "workload": _work(30, 60), "eqf_level": 5,
            "isced_f": "0231", "languages": ["en"], "mode": Mode.ONLINE, "duration_terms": 1,
            "frequency": {"de": "jedes Semester", "en": "every term"}, "admission": "none",
        },
        (0,), 20, weekday=4, start=time(17, 30), onsite_every=99, access=Access.OPEN,
    ),
    Plan(
        "CP-PRAXIS",
        ModuleKind.PRACTICE,
        {
            "title": {"de": "Praxisphase", "en": "Work Placement"},
            "aim": {
                "de": "Sie arbeiten in einem Betrieb in Berlin oder Brandenburg an einer eigenen Aufgabe.",
                "en": "You work on a task of your own in a company in Berlin or Brandenburg.",
            },
            "outcomes": [
                _outcome("C1", "competence", "Eine Aufgabe im Betrieb selbständig planen und abschließen",
                         "Plan and finish a task in a company independently"),
            ],
            "assessments": [_assessment("confirmation",
                                        {"de": "Bestätigung des Betriebs und Reflexion im Portfolio",
                                         "en": "Confirmation by the company and a reflection in the portfolio"},
                                        "bestätigte Stunden und Reflexion von mindestens 300 Wörtern",
                                        "confirmed hours and a reflection of at least 300 words", "unsupervised")],
            "credits": Decimal(4), "hours": Decimal(120), "workload": [{"activity": "practice", "hours": "120"}],
            "eqf_level": 6, "isced_f": "0710", "languages": ["de"], "mode": Mode.ONSITE, "grading_scheme": "pass",
            "admission": "rules",
            "admission_text": {"de": "Vertrag mit einem Betrieb", "en": "Agreement with a company"},
            "notes": {"de": "30 Stunden je Leistungspunkt; der Umfang wird im Plan vereinbart.",
                      "en": "30 hours per credit; the amount is agreed in the plan."},
        },
        (1,), None, weeks=0,
    ),
    Plan(
        "CP-MENT",
        ModuleKind.MENTORING,
        {
            "title": {"de": "Mentoring", "en": "Mentoring"},
            "aim": {
                "de": "Eine erfahrene Person begleitet Sie durch das Semester und in den Beruf.",
                "en": "An experienced person accompanies you through the term and into work.",
            },
            "outcomes": [
                _outcome("C1", "competence", "Eigene Ziele setzen, prüfen und anpassen",
                         "Set, check and adjust goals of your own"),
            ],
            "assessments": [_assessment("confirmation",
                                        {"de": "Gesprächsnotizen", "en": "Notes of the talks"},
                                        "mindestens fünf Gespräche im Semester", "at least five talks per term",
                                        "unsupervised")],
            "credits": Decimal(0), "credit_framework": "none", "hours": Decimal(20),
            "workload": [{"activity": "contact", "hours": "20"}], "level_not_applicable": True,
            "languages": ["de", "en"], "mode": Mode.BLENDED, "grading_scheme": "pass", "admission": "none",
        },
        (0, 1), None, weeks=0,
    ),
)  # fmt: skip


def load(demo: Demo) -> None:
    """Publish the demo's catalogue and open its offerings in both terms."""
    keeper = demo.users["petersen"]
    for plan in CATALOGUE:
        version = actions.create_module(
            provider_id=demo.organisation.pk,
            by=keeper,
            code=plan.code,
            kind=plan.kind,
            programme=demo.programme,
            facts={**plan.facts, "quality_assurance": "internal", "quality_text": QUALITY},
        )
        actions.publish_version(version=version, by=keeper)
        for number in plan.terms:
            _offer(demo, plan, version, demo.terms[number])


def _offer(demo: Demo, plan: Plan, version: ModuleVersion, term: Term) -> None:
    offering = Offering.objects.create(
        version=version,
        programme=demo.programme,
        term=term,
        access=plan.access,
        mode=plan.facts["mode"],
        language=plan.facts["languages"][0],
        places=plan.places,
        place="Haus Gauß, Luxemburger Straße 10, Berlin" if plan.facts["mode"] != Mode.ONLINE else "",
        link=f"https://rooms.demo.example/{plan.code.lower()}" if plan.facts["mode"] != Mode.ONSITE else "",
    )
    actions.open_offering(offering=offering, by=demo.users["petersen"])
    # Most terms need two weeks to get going.
    first = _first_day(term.starts_on + timedelta(days=14), plan.weekday)
    Session.objects.bulk_create(_session(offering, plan, first, number) for number in range(plan.weeks))


def _first_day(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _session(offering: Offering, plan: Plan, first: date, number: int) -> Session:
    onsite = number % plan.onsite_every == 0 if plan.onsite_every < 99 else False
    starts = datetime.combine(first + timedelta(weeks=number), plan.start, tzinfo=BERLIN)
    return Session(
        offering=offering,
        starts_at=starts,
        ends_at=starts + timedelta(hours=plan.hours),
        title={"de": f"{number + 1}. Termin", "en": f"Session {number + 1}"},
        mode=Mode.ONSITE if onsite else Mode.ONLINE,
        place="Haus Gauß, Raum B 501" if onsite else "",
        link="" if onsite else offering.link,
        attendance=Attendance.COMPULSORY if onsite and plan.onsite_every > 1 else Attendance.RECOMMENDED,
    )
