"""One plan in several browsers (story 6.1, steps 14 to 19), and an agreement of three parties (story 6.2, 8 and 10)."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from planning.actions import plans
from planning.models import PlanVersion
from tests.browser.walker import Walker
from tests.modules.factories import make_offering
from tests.modules.factories import make_version as make_module
from tests.people import build_world
from tests.planning.makers import make_participation, make_version


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.fixture
def walker(open_page):
    def open_one(user, language: str = "de", **how) -> Walker:
        return Walker(open_page(user=user, language=language, **how), language)

    return open_one


def fill_as_in_the_story(world, version: PlanVersion) -> None:
    """Beside the two modules: German, mentoring, practice; 290 hours in each term."""
    for term, title, kind, hours, credits in (
        (world.winter, "Deutsch C1", "german", 120, 4), (world.winter, "Mentoring", "mentoring", 20, 0),
        (world.summer, "Praxisphase", "practice", 120, 4), (world.summer, "Mentoring", "mentoring", 20, 0),
    ):  # fmt: skip
        plans.add_line(version=version, by=world.vogel, title=title, kind=kind, term=term, hours=Decimal(hours),
                       credits=Decimal(credits))  # fmt: skip


def line(walker: Walker, title: str):
    """The card of a line on the board."""
    return walker.page.locator(".line").filter(has=walker.page.get_by_role("heading", name=title, exact=True)).first


def open_line(walker: Walker, title: str):
    card = line(walker, title)
    card.locator(".line__open").click()
    expect(line(walker, title).locator(".line__opened")).to_be_visible()
    return line(walker, title)


@pytest.mark.parametrize("javascript", [True, False])
def test_workload_follows_every_move_of_a_line(world, walker, javascript: bool) -> None:
    version = make_version(world)
    fill_as_in_the_story(world, version)
    vogel = walker(world.vogel, "en", javascript=javascript, width=1280 if javascript else 360)
    vogel.go(version.get_absolute_url())
    vogel.reads("18 ECTS")
    expect(vogel.page.locator(".sums tbody tr").first).to_contain_text("14.5")
    expect(vogel.page.locator(".sums tbody tr").first).to_contain_text("within the choice")

    vogel.press("Add a line in %(term)s", term="WS 2027/28")
    vogel.pick("Kind", "english")
    vogel.fill("Title", "Technical English")
    vogel.fill_in(vogel.page.locator("[name=hours]"), "90")
    vogel.fill_in(vogel.page.locator("[name=credits]"), "3")
    vogel.press("Add the line")
    expect(vogel.page.locator(".sums tbody tr").first).to_contain_text("19")
    vogel.sees("%(hours)s h above the choice", hours="4")

    card = open_line(vogel, "Technical English")
    card.get_by_role("button", name=vogel.words("Move to %(term)s", term="SS 2028"), exact=True).click()
    expect(vogel.page.locator(".sums tbody tr").nth(1)).to_contain_text("above the choice")
    expect(line(vogel, "Technical English").locator(".line__opened")).to_be_visible()
    line(vogel, "Technical English").get_by_role("button", name=vogel.words("Take out"), exact=True).click()
    expect(line(vogel, "Technical English")).to_have_count(0)
    vogel.reads("18 ECTS")


def test_a_press_that_is_refused_or_lost_says_so_and_keeps_what_was_typed(
    world, walker, settings, axe, no_sideways_scrolling, complaints
) -> None:
    version = make_version(world)
    fill_as_in_the_story(world, version)
    vogel = walker(world.vogel, "en", width=360)
    vogel.go(version.get_absolute_url())
    note = vogel.page.locator("[data-not-arrived]")
    card = open_line(vogel, "Praxisphase")
    comment = card.get_by_label(vogel.words("Comment on this line"))
    comment.fill("from May on")
    move = card.get_by_role("button", name=vogel.words("Move to %(term)s", term="WS 2027/28"), exact=True)

    vogel.page.context.set_offline(True)
    move.click()
    expect(note).to_contain_text("no connection")
    vogel.page.context.set_offline(False)

    # The draft was proposed in another window meanwhile.
    plans.propose(version=version, by=world.vogel)
    move.click()
    expect(note).to_contain_text("This has changed in the meantime")
    expect(note.get_by_role("link", name="See how it stands now")).to_be_visible()
    expect(comment).to_have_value("from May on")
    axe(vogel.page)
    no_sideways_scrolling(vogel.page, 320)

    # Signed out meanwhile: looking for news leaves the page as it is, pressing leads to the page for signing in.
    vogel.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with vogel.page.expect_response("**/news/**"):
        vogel.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(vogel.page.locator("#news")).to_be_empty()
    move.click()
    expect(vogel.page).to_have_url(re.compile("/accounts/login"))
    complaints.clear()  # the browser notes that it was offline


def test_each_side_sees_what_the_other_changes_and_nobody_signs_what_was_not_read(world, walker) -> None:
    version = make_version(world)
    fill_as_in_the_story(world, version)
    plans.propose(version=version, by=world.vogel)
    rana, old_tab, vogel = walker(world.rana), walker(world.rana, width=360), walker(world.vogel, "en")
    for one in (rana, old_tab, vogel):
        one.go(version.get_absolute_url())

    # Rana comments on the practice; Dr. Vogel hears of it without loading the page again.
    card = open_line(rana, "Praxisphase")
    card.get_by_label(rana.words("Comment on this line")).fill("bitte ab Mai")
    card.get_by_role("button", name=rana.words("Comment"), exact=True).click()
    expect(line(rana, "Praxisphase")).to_contain_text("bitte ab Mai")
    vogel.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(vogel.page.locator("#news")).to_contain_text("Rana Al-Khatib")
    rana.press("Sign this version")

    # Dr. Vogel opens the proposal again: the signature is void, the fingerprint another one.
    vogel.press("Show the plan as it is now")
    vogel.press("Change the proposal")
    open_line(vogel, "Praxisphase").get_by_role("link", name=vogel.words("Change"), exact=True).click()
    vogel.fill_in(vogel.page.locator("[name=hours]"), "90")
    vogel.press("Save the line")
    vogel.press("Propose this version")
    rana.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(rana.page.locator("#news")).to_contain_text("Praxisphase")

    # The old tab signs what it shows: refused, with the difference.
    old_tab.press("Sign this version")
    old_tab.sees("A newer version exists")
    expect(old_tab.page.locator("del", has_text="120")).to_be_visible()
    expect(old_tab.page.locator("ins", has_text="90")).to_be_visible()
    assert version.signatures.filter(voided_at=None).count() == 0
    old_tab.press("Open the plan as it is now")
    old_tab.press("Sign this version")
    vogel.go(version.get_absolute_url())
    vogel.press("Sign this version")
    version.refresh_from_db()

    assert version.state == "agreed"
    vogel.reads(version.content_hash)


def test_agreed_plan_changes_as_a_second_version_with_a_reason(world, walker) -> None:
    version = make_version(world)
    fill_as_in_the_story(world, version)
    plans.propose(version=version, by=world.vogel)
    for signer in (world.rana, world.vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)
    rana, vogel = walker(world.rana), walker(world.vogel)
    rana.go(version.plan.participation.get_absolute_url())
    rana.page.get_by_text(rana.words("Change the agreed plan")).click()
    rana.pick("Reason", "circumstances")
    rana.fill("In your own words", "Kinderbetreuung ab Mai")
    rana.press("Begin a new version")
    open_line(rana, "Praxisphase").get_by_role("link", name=rana.words("Change"), exact=True).click()
    rana.fill_in(rana.page.locator("[name=hours]"), "90")
    rana.fill_in(rana.page.locator("[name=credits]"), "3")
    rana.pick("Reason of the change", "circumstances")
    rana.press("Save the line")
    rana.reads("17 ECTS")
    expect(rana.page.locator(".sums tbody tr").nth(1)).to_contain_text("13")
    rana.press("Propose this version")
    rana.press("Sign this version")
    second = PlanVersion.objects.get(number=2)
    vogel.go(second.get_absolute_url())
    vogel.press("Compare with other versions")
    vogel.reads("Kinderbetreuung ab Mai")
    vogel.go(second.get_absolute_url())
    vogel.press("Sign this version")
    version.refresh_from_db()

    assert version.state == "superseded"
    rana.go(version.get_absolute_url())
    rana.sees("replaced by a newer version")
    rana.reads("18 ECTS")


def test_three_parties_sign_in_their_order_and_a_refusal_is_read_by_all(world, walker) -> None:
    """Jonas (Rana here), Silke for the home university, Giulia for the host."""
    world.programme.settings = {"planning": {"parties": ["participant", "home", "host"], "signing_order": "fixed"}}
    world.programme.save()
    version = plans.begin_version(plan=make_participation(world).plan, by=world.vogel)
    plans.add_line(
        version=version, by=world.rana, offering=make_offering(world), kind="subject",
        recognised_as="Interdisziplinäres Wahlmodul", recognised_credits=Decimal(5),
    )  # fmt: skip
    vogel, jonas = walker(world.vogel), walker(world.rana)
    silke, giulia = walker(world.other_admin), walker(world.other_advisor, "en")
    for party, user in (("home", world.other_admin), ("host", world.other_advisor)):
        row = version.plan.parties.get(party=party)
        vogel.go(f"/plans/{version.uuid}/signer/{row.pk}/")
        vogel.fill("Name", user.name)
        vogel.fill("Position", "Koordination")
        vogel.fill("E-mail address, if the person signs here", user.email)
        vogel.press("Save")
    jonas.go(version.get_absolute_url())
    jonas.reads("Interdisziplinäres Wahlmodul")
    jonas.press("Propose this version")
    giulia.go(version.get_absolute_url())
    expect(giulia.control("Sign this version")).to_have_count(0)  # the others sign first
    jonas.press("Sign this version")
    silke.go(version.get_absolute_url())
    silke.press("Sign this version")

    giulia.go(version.get_absolute_url())
    giulia.press("Ask for changes")
    giulia.press("Ask for changes")
    giulia.page.get_by_role("textbox").first.fill("exam date moved")
    giulia.press("Ask for changes")
    for one in (jonas, silke, giulia):
        one.go(version.get_absolute_url())
        one.reads("exam date moved")
    jonas.press("Change the proposal")
    jonas.press("Propose this version")
    for one in (jonas, silke, giulia):
        one.go(version.get_absolute_url())
        one.press("Sign this version")
    version.refresh_from_db()
    assert version.state == "agreed"

    # October: the course clashes with the timetable. It goes, another one comes, and Jonas takes it all back in time.
    other = make_offering(world, version=make_module(world, code="509699", title={"de": "Wissenschaftskommunikation"}))
    jonas.go(version.plan.participation.get_absolute_url())
    jonas.page.get_by_text(jonas.words("Change the agreed plan")).click()
    jonas.pick("Reason", "timetable-conflict")
    jonas.fill("In your own words", "Klausur am selben Tag")
    jonas.press("Begin a new version")
    open_line(jonas, "Regelungstechnik 1").get_by_role("button", name=jonas.words("Take out"), exact=True).click()
    jonas.pick("Reason of the change", "timetable-conflict")
    jonas.press("Take out")
    jonas.press("Add a line")
    jonas.pick("Course", str(other.pk))
    jonas.pick("Reason of the change", "substituting-deleted")
    jonas.press("Add the course")
    jonas.press("Propose this version")
    second = PlanVersion.objects.get(plan=version.plan, number=2)
    silke.go(f"{second.get_absolute_url()}compare/")
    silke.sees("it clashes with the timetable")
    silke.reads("Wissenschaftskommunikation")
    jonas.press("Withdraw this version")
    version.refresh_from_db()
    second.refresh_from_db()
    assert (version.state, second.state) == ("agreed", "withdrawn")
    silke.go(version.get_absolute_url())
    silke.reads("Interdisziplinäres Wahlmodul")
