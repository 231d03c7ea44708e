"""A living intake for the demo: a published survey, its rules, and invented people in every state."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from applicants import actions
from applicants.default_form import default_form, default_rules
from applicants.models import Application, EligibilityRule, FormState, FormVersion
from credpoints.accounts.actions import open_account
from credpoints.accounts.models import User
from credpoints.organisations.demo import Demo


@dataclass(frozen=True)
class Someone:
    """An invented applicant."""

    given_name: str
    family_name: str
    language: str
    country: str
    university: str
    title: str
    kind: str
    study_field: str
    german: str
    reaches: str
    goal: str
    grade: tuple[str, str, str] = ("", "", "")
    native_name: str = ""
    residence: str = "DE"
    more: dict[str, Any] = field(default_factory=dict)


PEOPLE = (
    Someone("Oleksandr", "Bondarenko", "de", "UA", "Technische Universität am Dnipro", "Магістр енергетики", "master",
            "0713", "A2", "in_review", "Wieder im Netzbetrieb arbeiten.", ("88", "100", "60"), "Олександр Бондаренко"),
    Someone("Maria", "Schneider", "de", "DE", "Technische Hochschule am Rand", "Bachelor Maschinenbau", "bachelor",
            "0715", "native", "submitted", "Nach der Elternzeit zurück in die Konstruktion."),
    Someone("Tariq", "Rahimi", "en", "AF", "University of the Valley", "Diploma in Business", "diploma", "041", "B2",
            "submitted", "Work with data in an engineering company."),
    Someone("Leyla", "Hosseini", "de", "IR", "Universität der Salzwüste", "کارشناسی معماری", "bachelor", "0731", "C1",
            "consulted", "Als Architektin im Bestand planen.", ("15,2", "20", "10"), "لیلا حسینی"),
    Someone("Amina", "Diallo", "en", "SN", "Institut du Littoral", "Licence en génie civil", "bachelor", "0732", "B2",
            "invited", "Plan bridges again.", ("14", "20", "10")),
    Someone("Dmytro", "Koval", "en", "UA", "Polytechnic of the Steppe", "Спеціаліст комп'ютерних систем", "diploma",
            "0613", "B2", "waitlisted", "Develop software for machines.", ("4,2", "5", "3"), "Дмитро Коваль"),
    Someone("Priya", "Nair", "en", "IN", "Coastal College of Engineering", "B.Tech. Electronics", "bachelor", "0714",
            "B2", "needs_information", "Work in medical technology.", ("7,85", "10", "4")),
    Someone("Mehmet", "Yıldız", "de", "TR", "Universität am Marmarameer", "Lisans, Makine Mühendisliği", "bachelor",
            "0715", "B2", "rejected", "Im Maschinenbau arbeiten.", ("3,1", "4", "2"), residence="AT"),
    Someone("Olena", "Marchenko", "de", "UA", "Universität der Künste und Bauten", "Бакалавр архітектури", "bachelor",
            "0731", "B2", "draft", "", native_name="Олена Марченко"),
    Someone("Samuel", "Tesfaye", "en", "ET", "Highland University", "BSc Civil Engineering", "bachelor", "0732", "B2",
            "withdrawn", "Build roads."),
)  # fmt: skip
RANA = Someone("Rana", "Al-Khatib", "de", "SY", "University of Aleppo (SY)", "بكالوريوس في الهندسة الكهربائية",
               "bachelor", "0713", "B2", "accepted", "Als Elektroingenieurin arbeiten.", ("71,3", "100", "60"),
               "رنا الخطيب")  # fmt: skip
YUSUF = Someone("Yusuf", "Demir", "en", "TR", "Bosphorus Institute of Engineering", "Lisans, Elektrik Mühendisliği",
                "bachelor", "0713", "B2", "invited", "Return to power engineering.", ("3,1", "4", "2"))  # fmt: skip


def load(demo: Demo) -> None:
    """Publish the survey with its rules and let a dozen people apply."""
    publish_form(demo)
    at = demo.now - timedelta(days=20)
    _apply(demo, demo.users["rana"], RANA, at)
    _apply(demo, demo.users["yusuf"], YUSUF, at + timedelta(hours=5))
    for number, someone in enumerate(PEOPLE, start=1):
        email = f"{someone.given_name}.{someone.family_name}@demo.example".lower().replace("ı", "i")
        user = open_account(email=email, language=someone.language)
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        _apply(demo, user, someone, at + timedelta(days=number))


def publish_form(demo: Demo) -> FormVersion:
    """The default survey and its rules for the demo programme."""
    for position, rule in enumerate(default_rules()):
        EligibilityRule.objects.create(programme=demo.programme, position=position, **rule)
    return FormVersion.objects.create(
        programme=demo.programme, number=1, content=default_form(), state=FormState.PUBLISHED, published_at=demo.now
    )


def _apply(demo: Demo, user: User, someone: Someone, at: datetime) -> None:
    application = actions.begin_application(person=user.person, programme=demo.programme, by=user, now=at)
    actions.save_answers(application=application, typed=_answers(someone), by=user, now=at)
    if someone.reaches != "draft":
        actions.submit_application(application=application, by=user, now=at)
        _move(demo, application, someone.reaches, at)


def _answers(someone: Someone) -> dict[str, Any]:
    """Plausible answers, complete unless the person has not come that far."""
    native = someone.german == "native"
    skills = ("listening", "reading", "interaction", "production", "writing")
    answers: dict[str, Any] = {
        "given_name": someone.given_name,
        "family_name": someone.family_name,
        "native_name": someone.native_name,
        "residence": someone.residence,
        "education.n1.institution": someone.university,
        "education.n1.institution_country": someone.country,
        "education.n1.degree_kind": someone.kind,
        "education.n1.degree_title": someone.title,
        "education.n1.study_field": someone.study_field,
        "education.n1.study_from": "09/2006",
        "education.n1.study_to": "07/2011",
        "education.n1.grade": someone.grade[0],
        "education.n1.grade_best": someone.grade[1],
        "education.n1.grade_pass": someone.grade[2],
        "education.n1.recognition": "not_sought",
        "work": ["n1"],
        "work.n1.work_kind": "job",
        "work.n1.work_title": "Verkauf" if someone.language == "de" else "Sales",
        "work.n1.work_organisation": "Markthalle Nord",
        "work.n1.work_country": "DE",
        "work.n1.work_from": "03/2019",
        "languages.n1.language": "de",
        "languages.n1.first_language": "yes" if native else "no",
        **({} if native else {f"languages.n1.levels.{skill}": someone.german for skill in skills}),
    }
    if someone.goal:
        answers |= {
            "motives": ["other_occupation", "no_recognition"],
            "goal": someone.goal,
            "weekly_hours": "15",
            "constraints": "Kinderbetreuung bis 15 Uhr" if someone.language == "de" else "Child care until 3 pm",
            "agree_data": "yes",
            "agree_true": "yes",
        }
    return answers | someone.more


def _move(demo: Demo, application: Application, state: str, at: datetime) -> None:
    """Take the steps that lead to the state, with the people who take them in real life."""
    vogel, petersen = demo.users["vogel"], demo.users["petersen"]
    applicant = application.person.user
    assert applicant is not None  # noqa: S101 - narrows the type
    day = timedelta(days=1)
    if state == "submitted":
        return
    if state == "withdrawn":
        actions.withdraw_application(application=application, by=applicant, reason="Neue Stelle.", now=at + day)
        return
    actions.start_review(application=application, by=vogel, now=at + day)
    if state == "needs_information":
        actions.ask_for_information(
            application=application, addresses=["education.n1.degree_documents", "education.n1.degree_translated"],
            text="Please add a photo of your diploma and its title in English.", due_on=None, by=vogel, now=at + day,
        )  # fmt: skip
    elif state == "rejected":
        actions.reject_application(
            application=application, by=vogel, now=at + 2 * day,
            reason="Das Programm richtet sich an Menschen, die in Deutschland wohnen.",
        )  # fmt: skip
    elif state in {"invited", "consulted", "accepted", "waitlisted"}:
        actions.invite_application(application=application, by=vogel, now=at + 2 * day)
        if state != "invited":
            actions.mark_consulted(application=application, by=vogel, now=at + 5 * day)
        if state == "accepted":
            actions.accept_application(application=application, by=petersen, now=at + 6 * day)
        if state == "waitlisted":
            actions.waitlist_application(application=application, by=petersen, now=at + 6 * day)
