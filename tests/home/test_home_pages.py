"""My path, Today, the programme's page and the search: what people find there, and what it costs."""

from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from applicants.models import Application, State
from credpoints.home import days, programme_queries
from credpoints.home.explain import TITLES
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import all_workflows
from planning.actions import plans
from planning.models import Appointment
from tests.home.test_pages import queue_mail
from tests.modules.factories import make_enrolment, make_offering, make_session
from tests.people import World, make_user
from tests.planning.makers import make_application, make_participation, make_talk, proposed_version


def text(client: Client, name: str, *args: object, **query: str) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def move_to(talk: Appointment, begins: datetime) -> None:
    """Put a talk where no working hours are."""
    ends = begins + timedelta(minutes=45)
    Appointment.objects.filter(pk=talk.pk).update(starts_at=begins, ends_at=ends, claim_begins=begins, claim_ends=ends)


def test_today_shows_the_talk_with_its_dossier_to_its_advisor_alone(world: World, sign_in) -> None:
    talk = make_talk(world)
    move_to(talk, timezone.now())
    dossier = reverse("planning:consultation", args=[talk.uuid])

    assert dossier in text(sign_in(world.vogel), "home:today")
    assert dossier not in text(sign_in(world.aydin), "home:today")


def test_a_day_without_talks_and_sessions_names_what_comes_next(world: World, sign_in) -> None:
    move_to(make_talk(world), timezone.now() + timedelta(days=3))
    offering = make_offering(world)
    for days_later, facts in ((2, {"cancelled_at": timezone.now()}), (5, {}), (4, {})):
        session = make_session(offering, timezone.now() + timedelta(days=days_later), **facts)

    pages = {name: text(sign_in(world.user(name)), "home:today") for name in ("vogel", "teacher")}

    assert "· Rana Al-Khatib</a>" in pages["vogel"]
    assert "Regelungstechnik 1</a>" in pages["teacher"]
    assert reverse("modules:attendance", args=[session.uuid]) in pages["teacher"]


def test_today_leads_to_own_cases_and_own_times(world: World, sign_in) -> None:
    make_participation(world)

    page = text(sign_in(world.vogel), "home:today")

    assert reverse("planning:participations") + "?mine=1" in page
    assert reverse("planning:availability", args=[world.programme.slug]) in page
    assert days.cases_of(world.vogel).participations == 1
    assert days.cases_of(world.other_advisor).participations == 0


def test_my_path_holds_the_coming_week_documents_and_messages(world: World, sign_in) -> None:
    make_participation(world)
    offering = make_offering(world)
    make_enrolment(world, offering=offering)
    soon = make_session(offering, timezone.now() + timedelta(days=2), place="Haus Gauß")
    make_session(offering, timezone.now() + timedelta(days=20), place="Haus Beuth")
    queue_mail(world, world.rana)
    queue_mail(world, world.yusuf)
    queue_mail(world, world.rana, secret=True)

    page = text(sign_in(world.rana), "home:my_path")

    assert [meeting.begins for meeting in days.week_of(world.rana)] == [soon.starts_at]
    assert "Haus Gauß" in page
    assert "Haus Beuth" not in page
    assert f"Ihre Bewerbung APP-{world.rana.pk}" in page
    own = OutboxMessage.objects.filter(recipient=world.rana, secret=False)
    assert [letter.pk for letter in days.letters_to(world.rana)] == [*own.order_by("-pk").values_list("pk", flat=True)]


def test_hours_stand_on_my_path_from_the_agreement_on(world: World, sign_in) -> None:
    version = proposed_version(world)
    assert days.hours_of(world.rana, world.programme) == []

    for signer in (world.rana, world.vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)
    version.refresh_from_db()
    assert version.state == "agreed"

    columns = days.hours_of(world.rana, world.programme)
    assert [(column.term.code, str(column.load.weekly)) for column in columns if column.term and column.load] == [
        (world.winter.code, "7.5"),
        (world.summer.code, "7.5"),
    ]
    assert "Wochenstunden in Ihrem Plan" in text(sign_in(world.rana), "home:my_path")


def test_home_pages_cost_the_same_with_more_rows(world: World, sign_in) -> None:
    make_participation(world)
    offering = make_offering(world)
    make_enrolment(world, offering=offering)
    learner, advisor = sign_in(world.rana), sign_in(world.vogel)

    def queries(client: Client, name: str, **query: str) -> int:
        with CaptureQueriesContext(connection) as used:
            text(client, name, **query)
        return len(used)

    def costs() -> list[int]:
        make_session(offering, timezone.now() + timedelta(hours=1))
        queue_mail(world, world.rana)
        make_application(make_user(f"applicant{Application.objects.count()}@example.org", "Ana", "Novak"),
                         world.programme, state="submitted")  # fmt: skip
        return [
            queries(learner, "home:my_path"),
            queries(advisor, "home:today"),
            queries(advisor, "home:search", q="novak"),
        ]

    costs()  # the first pages read what is kept afterwards
    one = costs()
    costs()
    assert costs() == one


def test_the_programme_page_says_what_is_stuck_and_why(world: World, sign_in) -> None:
    waiting = make_application(world.yusuf, world.programme, state="submitted")
    make_participation(world)
    assert "Neue Bewerbungen" not in text(sign_in(world.petersen), "home:programme", world.programme.slug)

    Application.objects.filter(pk=waiting.pk).update(moved_at=timezone.now() - timedelta(days=8))
    OutboxMessage.objects.filter(pk=queue_mail(world, world.rana).pk).update(state="failed")

    with translation.override("en"):
        stuck = {line.reason: line.count for line in programme_queries.stuck(world.programme, timezone.now())}
    page = text(sign_in(world.petersen), "home:programme", world.programme.slug)
    assert stuck["Participants without an advisor or a mentor"] == 1
    assert stuck["New applications that nobody has opened for a week"] == 1
    assert stuck["Mails that could not be sent"] == 1
    assert "Neue Bewerbungen, die seit einer Woche niemand geöffnet hat" in page


def test_the_programme_page_counts_people_and_not_rows(world: World) -> None:
    make_participation(world)
    offering = make_offering(world)
    make_enrolment(world, offering=offering)
    make_application(world.yusuf, world.programme, state="waitlisted", waiting_rank=1)

    with translation.override("en"):
        reached = {station.label: station.people for station in programme_queries.reached(world.programme)}
    places = programme_queries.places(world.programme)

    assert (reached["Application"], reached["Learning"], reached["Certificate"]) == (2, 1, 0)
    assert (places.taken, places.waiting) == (1, 1)


def found(client: Client, words: str) -> str:
    return text(client, "home:search", q=words)


def test_search_finds_people_cases_modules_and_pages(world: World, sign_in) -> None:
    participation = make_participation(world)
    application = Application.objects.get(person=world.rana.person)
    module = make_offering(world).version
    client = sign_in(world.vogel)

    assert participation.get_absolute_url() in found(client, "khatib rana")
    assert reverse("applicants:dossier", args=[application.uuid]) in found(client, application.number or "")
    assert module.get_absolute_url() in found(client, "REGELUNGS")
    assert reverse("planning:talks") in found(client, "gespräche")
    assert "Nichts passt" in found(client, "rana nobody")


def test_search_shows_nobody_what_they_may_not_open(world: World, sign_in) -> None:
    make_participation(world)
    draft = make_application(world.yusuf, world.programme, state="submitted")
    Application.objects.filter(pk=draft.pk).update(state=State.DRAFT, submitted_at=None, number=None)

    assert "Al-Khatib" not in found(sign_in(world.other_advisor), "khatib")
    assert sign_in(world.rana).get(reverse("home:search"), {"q": "khatib"}).status_code == 404
    assert world.yusuf.person.family_name not in found(sign_in(world.vogel), world.yusuf.person.given_name)


def test_search_bears_anything_typed(world: World, sign_in) -> None:
    client = sign_in(world.vogel)

    for typed in ("\x00", "%", "_" * 5000, "'; --", "  ", "\u202eRana", "🎓" * 200):
        assert client.get(reverse("home:search"), {"q": typed}).status_code == 200


def test_single_keys_can_be_switched_off(world: World, sign_in) -> None:
    client = sign_in(world.vogel)
    assert 'data-key="/"' in text(client, "home:today")

    client.post(reverse("home:change_keys"), {"keys": "off"})

    assert 'data-key="/"' not in text(client, "home:today")
    client.post(reverse("home:change_keys"), {"keys": "nonsense"})
    assert 'data-key="/"' in text(client, "home:today")


def test_every_table_of_steps_has_a_name_in_the_readers_language(world: World, sign_in) -> None:
    assert set(TITLES) == {name for name in all_workflows() if not name.startswith("tests")}

    page = sign_in(world.rana).get(reverse("home:how_it_works")).content.decode()

    assert "Fragebogen und seine Fassungen" in page
    assert "Vorlage für Zertifikate" in page


def test_a_teacher_who_learns_too_finds_the_own_path_from_today(world: World, sign_in) -> None:
    without = text(sign_in(world.teacher), "home:today")
    make_enrolment(world, user=world.teacher)

    learning = text(sign_in(world.teacher), "home:today")

    assert (reverse("home:my_path") in without, reverse("home:my_path") in learning) == (False, True)
    assert sign_in(world.teacher).get(reverse("home:my_path")).status_code == 200
