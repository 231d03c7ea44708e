"""Story 6.1, end of step 13, steps 16 to 18: mentor, enrolments and dates, mentoring and a first text, results."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from credpoints.outbox.models import OutboxMessage
from modules.models import Enrolment, Offering, Result
from planning.actions import plans
from planning.models import PlanVersion
from portfolios.models import Entry
from tests.browser.walker import Walker
from tests.modules.factories import make_offering, make_session
from tests.modules.factories import make_version as make_module
from tests.people import build_world
from tests.planning.makers import make_participation

PHONE = {"width": 360, "javascript": False}
# The longest of these runs in both ways; in the others, one side of the table has the phone and the other the desk.
WAYS = [pytest.param("de", {}, id="german"), pytest.param("en", PHONE, id="english-phone-without-javascript")]
# The first text of a learner, with two passages that a mentor would say differently.
BEGINNING = (
    "Diese Woche habe ich viel gelernt. Ich habe gemacht eine Übung am Motor. Der Regler war zu schnell eingestellt."
)
TEXT = " ".join(
    [
        BEGINNING,
        *(["Dann habe ich noch einmal gemessen und gerechnet."] * 14),
        "Das war gut für mich.",
        "Morgen übe ich noch einmal allein.",
    ]
)


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.fixture
def walker(open_page):
    def open_one(user, language: str = "de", **how) -> Walker:
        return Walker(open_page(user=user, language=language, **how), language)

    return open_one


@pytest.fixture
def courses(world) -> list[Offering]:
    """Control engineering with a date online and one on campus; Python with thirty places."""
    control = make_offering(world, places=12)
    python = make_module(world, code="IB09-PY", title={"de": "Programmieren in Python", "en": "Programming in Python"})
    summer = make_offering(world, version=python, places=30)
    Offering.objects.filter(pk=summer.pk).update(term=world.summer)
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
    make_session(control, soon, mode="online", title={"de": "Einführung", "en": "Introduction"})
    make_session(control, soon + timedelta(days=7), mode="onsite", place="Haus Gauß, B 101", attendance="compulsory")
    return [control, summer]


def proposed(world, courses: list[Offering]) -> PlanVersion:
    version = plans.begin_version(plan=make_participation(world).plan, by=world.vogel)
    for offering in courses:
        plans.add_line(version=version, by=world.vogel, offering=offering, kind="subject")
    plans.propose(version=version, by=world.vogel, tell=False)
    return version


def agreed(world, courses: list[Offering]) -> PlanVersion:
    version = proposed(world, courses)
    for user in (world.rana, world.vogel):
        plans.sign(version=version, by=user, seen_hash=version.content_hash)
    return version


def test_the_last_signature_enrols_and_every_date_says_where_it_is(world, courses, walker) -> None:
    version = proposed(world, courses)
    control, python = courses
    rana, vogel, visitor = walker(world.rana, "en", **PHONE), walker(world.vogel), walker(None, "en", **PHONE)
    visitor.go(python.get_absolute_url())
    visitor.sees("%(free)s of %(places)s free", free=30, places=30)
    for signer in (rana, vogel):
        signer.go(version.get_absolute_url())
        signer.press("Sign this version")
    vogel.sees("Everybody has signed: the plan is agreed.")

    rana.go("/my-modules/")
    rows = rana.page.locator("tbody tr")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row).to_contain_text(rana.words("enrolled"))
    dates = rana.page.locator(".task-list__item")
    expect(dates.first).to_contain_text(rana.words("online"))
    expect(dates.nth(1)).to_contain_text(rana.words("on campus"))
    expect(dates.nth(1)).to_contain_text("Haus Gauß, B 101")
    visitor.go(python.get_absolute_url())
    visitor.sees("%(free)s of %(places)s free", free=29, places=30)
    visitor.go(control.get_absolute_url())
    visitor.sees("attendance compulsory")


@pytest.mark.parametrize(("language", "how"), WAYS)
def test_mentor_is_assigned_logs_a_meeting_and_gives_feedback_on_a_text(
    world, courses, walker, last_mail, language, how
) -> None:
    participation = agreed(world, courses).plan.participation
    rana, jan, heike = (walker(user, language, **how) for user in (world.rana, world.petersen, world.lorenz))
    jan.go(participation.get_absolute_url())
    jan.pick("Mentor", str(world.lorenz.pk))
    jan.activate(jan.page.locator('form[action$="/people/"] button[type=submit]'))
    jan.reads(world.rana.email)  # both mails are read before anything is assigned
    jan.reads(world.lorenz.email)
    jan.press("Assign the mentor")
    assert {last_mail(one.email).template for one in (world.rana, world.lorenz)} == {"planning/email/mentor_assigned"}

    heike.go(participation.get_absolute_url())
    heike.page.locator("summary", has_text=heike.words("Log a meeting")).click()
    heike.pick("Kind", "career")
    heike.fill_date(heike.field("Date"), f"{timezone.localdate():%Y-%m-%d}")
    heike.fill_in(heike.page.locator("[name=minutes]"), "40")
    heike.fill_in(heike.page.locator("[name=topic]"), "Kennenlernen")
    heike.press("Log the meeting")
    rana.go(participation.get_absolute_url())
    rana.sees("%(minutes)s minutes", minutes=40)
    rana.reads("Kennenlernen")

    assert len(TEXT.split()) == 142
    rana.go("/portfolio/")
    rana.press("Write an entry")
    rana.fill("Title", "Meine erste Woche")
    rana.pick("Language of the text", "de")
    rana.fill("Text", TEXT)
    rana.press("Save")
    rana.reads("142")
    rana.pick("Ask somebody for feedback", str(world.lorenz.pk))
    rana.press("Ask")

    heike.go("/feedback/")
    heike.activate(heike.page.get_by_role("link", name="Meine erste Woche"))
    for passage, better in (("Ich habe gemacht eine Übung", "Ich habe eine Übung gemacht"),
                            ("zu schnell eingestellt", "falsch eingestellt")):  # fmt: skip
        heike.fill("Passage", passage)
        heike.fill("Better", better)
        heike.press("Add the suggestion")
        expect(heike.page.locator("ins", has_text=better)).to_be_visible()
    heike.press("My feedback is complete")

    entry = Entry.objects.get(title="Meine erste Woche")
    rana.go(entry.get_absolute_url())
    rana.activate(rana.page.locator(".suggestion", has_text="gemacht").get_by_role("button").first)
    rana.activate(rana.page.locator(".suggestion", has_text="falsch").get_by_role("button").last)
    rana.reads("Ich habe eine Übung gemacht am Motor")
    entry.refresh_from_db()
    bodies = [version.body for version in entry.versions.order_by("pk")]
    assert (entry.language, bodies[0], bodies[-1]) == ("de", TEXT, entry.body)
    assert "zu schnell eingestellt" in entry.body  # Rana kept her own words
    rana.page.locator("summary", has_text="2").first.click()
    for text in ("Ich habe gemacht eine Übung", "Ich habe eine Übung gemacht"):
        expect(rana.page.locator("details", has_text=text).first).to_be_visible()


def test_failed_and_passed_attempt_become_a_verified_entry_that_nobody_edits(world, courses, walker) -> None:
    agreed(world, courses)
    control = courses[0]
    teacher, rana = walker(world.teacher, "en", **PHONE), walker(world.rana)
    for grade in ("5,0", "1,7"):
        teacher.go(f"/groups/{control.uuid}/")
        teacher.activate(teacher.page.locator('main a[href^="/groups/results/"]').first)
        teacher.fill("Grade", grade)
        teacher.fill_date(teacher.field("Date of the examination"), f"{timezone.localdate():%Y-%m-%d}")
        teacher.press("Save and make final")

    enrolment = Enrolment.objects.get(person=world.rana.person, offering=control)
    found = Result.objects.filter(enrolment=enrolment).order_by("attempt")
    assert [(r.attempt, r.passed, r.is_final, r.credits) for r in found] == [(1, False, True, 0), (2, True, True, 5)]
    entry = Entry.objects.get(portfolio__person=world.rana.person, verified=True)
    rana.go(entry.get_absolute_url())
    rana.sees("verified")
    rana.reads("1,7")  # in the language of the portfolio
    expect(rana.control("Edit")).to_have_count(0)

    teacher.go(f"/groups/{control.uuid}/")
    expect(teacher.page.locator('main a[href^="/groups/results/"]')).to_have_count(0)
    teacher.go(f"/groups/results/{found[1].uuid}/correct/")
    teacher.fill("Grade", "1,3")
    teacher.press("Correct the result")
    expect(teacher.page.locator(".error-summary, .invalid-feedback").first).to_be_visible()
    assert not Result.objects.filter(enrolment=enrolment).exclude(supersedes=None).exists()
    teacher.fill("Reason of the correction", "Punkte falsch zusammengezählt")
    teacher.press("Correct the result")
    teacher.reads("Punkte falsch zusammengezählt")
    assert OutboxMessage.objects.filter(template__startswith="modules/", to=world.rana.email).exists()
