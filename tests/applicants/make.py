"""Makes what tests of this room need: a published survey, rules, filled-in answers, applications in any state."""

from datetime import datetime
from zoneinfo import ZoneInfo

from applicants import actions
from applicants.default_form import default_form, default_rules
from applicants.models import Application, EligibilityRule, FormState, FormVersion
from credpoints.accounts.models import User
from credpoints.organisations.models import Programme
from tests.people import World

NOW = datetime(2027, 5, 10, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
ANSWERS = {
    "given_name": "Rana",
    "family_name": "Al-Khatib",
    "native_name": "رنا الخطيب",
    "residence": "DE",
    "education.n1.institution": "University of Aleppo (SY)",
    "education.n1.institution_country": "SY",
    "education.n1.degree_kind": "bachelor",
    "education.n1.degree_title": "بكالوريوس في الهندسة الكهربائية",
    "education.n1.degree_translated": "Bachelor Elektrotechnik",
    "education.n1.study_field": "0713",
    "education.n1.study_from": "09/2005",
    "education.n1.study_to": "07/2010",
    "education.n1.grade": "71,3",
    "education.n1.grade_best": "100",
    "education.n1.grade_pass": "60",
    "languages.n1.language": "de",
    "languages.n1.first_language": "no",
    "languages.n1.levels.listening": "B2",
    "languages.n1.levels.reading": "B2",
    "languages.n1.levels.interaction": "B2",
    "languages.n1.levels.production": "B1",
    "languages.n1.levels.writing": "B1",
    "motives": ["other_occupation"],
    "goal": "als Elektroingenieurin arbeiten",
    "weekly_hours": "15",
    "agree_data": "yes",
    "agree_true": "yes",
}


def make_form(programme: Programme) -> FormVersion:
    """The default survey, published, with the default rules."""
    form, _created = FormVersion.objects.get_or_create(
        programme=programme, number=1,
        defaults={"content": default_form(), "state": FormState.PUBLISHED, "published_at": NOW},
    )  # fmt: skip
    for position, rule in enumerate(default_rules()):
        EligibilityRule.objects.get_or_create(
            programme=programme, key=rule["key"], defaults={**rule, "position": position}
        )
    return form


def make_draft(world: World, user: User | None = None, **changes: object) -> Application:
    """A draft with every needed answer, or with the changes given; None leaves an answer out."""
    user = user or world.rana
    make_form(world.programme)
    application = actions.begin_application(person=user.person, programme=world.programme, by=user, now=NOW)
    typed = {key: value for key, value in {**ANSWERS, **changes}.items() if value is not None}
    actions.save_answers(application=application, typed=typed, by=user, now=NOW)
    return application


def make_submitted(world: World, user: User | None = None, **changes: object) -> Application:
    """An application that has been handed in."""
    user = user or world.rana
    application = make_draft(world, user, **changes)
    actions.submit_application(application=application, by=user, now=NOW)
    return application


def make_in_review(world: World, user: User | None = None, **changes: object) -> Application:
    application = make_submitted(world, user, **changes)
    actions.start_review(application=application, by=world.vogel, now=NOW)
    return application


def make_invited(world: World, user: User | None = None, **changes: object) -> Application:
    application = make_in_review(world, user, **changes)
    actions.invite_application(application=application, by=world.vogel, now=NOW)
    return application


def make_consulted(world: World, user: User | None = None, **changes: object) -> Application:
    application = make_invited(world, user, **changes)
    actions.mark_consulted(application=application, by=world.vogel, now=NOW)
    return application
