"""Pages speak to who reads them: the participant reads “your”, staff read about somebody."""

import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from planning.actions import plans
from tests.people import World
from tests.planning.makers import NOW, make_participation, make_talk, make_version, proposed_version


@pytest.fixture
def read(world: World, sign_in):
    """The words of a page as somebody reads it in English, white space put together."""

    def page(user, address: str) -> str:
        client: Client = sign_in(user)
        client.cookies["django_language"] = "en"
        return " ".join(client.get(address).content.decode().split())

    return page


def test_conditions_are_my_own_or_those_of_somebody(world: World, read) -> None:
    address = make_participation(world).get_absolute_url()

    own, advising = read(world.rana, address), read(world.vogel, address)

    assert "What limits my time" in own
    assert "Only you and the advisors of the programme read this." in own
    assert "What limits my time" not in advising
    assert "Only Rana Al-Khatib and the advisors of the programme read this." in advising


def test_hours_are_compared_with_my_choice_or_with_that_of_somebody(world: World, read) -> None:
    version = make_version(world)
    world.programme.settings = {"planning": {"minimum_credits": {"german": 4}}}
    world.programme.save()
    address = version.get_absolute_url()

    own, advising = read(world.rana, address), read(world.vogel, address)

    assert ("within your choice" in own, "You decide." in own) == (True, True)
    assert ("your choice" in advising, "your own choice" in advising, "You decide." in advising) == (False,) * 3
    assert ("within the choice" in advising, "The participant decides." in advising) == (True, True)


@pytest.mark.parametrize("step", ["move", "cancel"])
def test_staff_read_whose_talk_they_move_or_cancel(world: World, read, step: str) -> None:
    with time_machine.travel(NOW, tick=False):
        talk = make_talk(world)
        address = reverse(f"planning:{step}", args=[talk.uuid])

        own, advising = read(world.rana, address), read(world.vogel, address)

    assert "Rana Al-Khatib" in advising.partition("<h1>")[2]
    assert "Rana Al-Khatib" not in own.partition("<h1>")[2]
    assert "Your present time stays yours" not in advising


def test_who_leaves_says_so_and_staff_note_it(world: World, read) -> None:
    address = make_participation(world).get_absolute_url()

    own, administering = read(world.rana, address), read(world.petersen, address)
    asked = read(world.petersen, f"{address}step/withdraw/")

    assert ("Leave the programme" in own, "Leave the programme" in administering) == (True, False)
    assert "The person leaves the programme" in administering
    assert "<h1>The person leaves the programme</h1>" in asked


def test_people_who_work_together_find_each_others_address(world: World, read) -> None:
    address = make_participation(world).get_absolute_url()

    assert "mailto:vogel@bht.example" in read(world.rana, address)
    assert "mailto:rana@example.org" in read(world.vogel, address)


def test_signatures_name_who_is_expected_and_nobody_is_named_for_the_participant(world: World, read, sign_in) -> None:
    version = make_version(world)
    own, advisor = (version.plan.parties.get(party=name) for name in ("participant", "advisor"))
    address = {party: reverse("planning:signer", args=[version.uuid, party.pk]) for party in (own, advisor)}

    page = read(world.vogel, version.get_absolute_url())
    asked = [sign_in(world.vogel).get(address[party]).status_code for party in (own, advisor)]

    assert re.findall(r"<strong>(\w+)</strong> · ([\w -]+?) *<", page) == [
        ("participant", "Rana Al-Khatib"), ("advisor", "Katrin Vogel"),
    ]  # fmt: skip
    assert (address[own] in page, address[advisor] in page, asked) == (False, True, [404, 200])
    with pytest.raises(PermissionDenied):  # whoever is named reads the plan
        plans.name_signer(party=own, by=world.vogel, signer=world.yusuf, name="Yusuf", role_name="")


def test_an_agreed_plan_leads_those_who_may_to_its_change_and_asks_for_a_chosen_reason(world: World, read, sign_in):
    version = proposed_version(world)
    for signer in (world.rana, world.vogel):
        plans.sign(version=version, by=signer, seen_hash=version.content_hash)
    participation = version.plan.participation
    begin = reverse("planning:begin_plan", args=[participation.uuid])

    pages = [read(user, version.get_absolute_url()) for user in (world.rana, world.vogel, world.petersen)]
    refused = sign_in(world.rana).post(begin, {"reason": "Kinderbetreuung"})
    sign_in(world.rana).post(begin, {"reason": "Kinderbetreuung", "reason_code": "circumstances"})
    pages.append(read(world.rana, version.get_absolute_url()))  # one version to work on is enough

    assert [f"{participation.get_absolute_url()}#plan" in page for page in pages] == [True, True, False, False]
    assert (refused.status_code, "Kinderbetreuung" in refused.content.decode()) == (422, True)
    assert version.plan.versions.count() == 2


def test_empty_pages_say_what_is_missing_and_offer_nothing_that_is_refused(world: World, read) -> None:
    world.programme.terms.all().delete()
    participation = make_participation(world)
    version = plans.begin_version(plan=participation.plan, by=world.vogel)

    board, person = (read(world.vogel, thing.get_absolute_url()) for thing in (version, participation))
    filtered = read(world.vogel, f"{reverse('planning:participations')}?q=nobody")

    missing = "The programme has no terms yet"
    assert (missing in board, missing in person, "Save the hours" in person) == (True, True, False)
    assert "The plan can be proposed as soon as it has a line." in board
    assert "Propose this version" not in board
    assert ("Nobody matches this filter" in filtered, "Nobody here yet" in filtered) == (True, False)


def test_setting_up_talks_is_a_tab_of_the_programme_for_those_who_have_the_others(world: World, read) -> None:
    address = reverse("planning:setup", args=[world.programme.slug])
    tab = f'<a class="nav-link active" href="{address}" aria-current="page">'

    assert [tab in read(user, address) for user in (world.petersen, world.vogel)] == [True, False]


def test_a_single_version_has_nothing_to_be_compared_with(world: World, read) -> None:
    page = read(world.vogel, f"{make_version(world).get_absolute_url()}compare/")

    assert "There is no other version to compare with yet." in page
