"""Somebody begins with an address that is not theirs: whoever reads its mail gets the account, and nobody else."""

import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from applicants.models import Application
from credpoints.accounts.models import Role, User
from credpoints.home.actions import invite_colleague
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import make_draft, make_form
from tests.people import World

MAYA, STRANGER = "maya@example.org", "stranger@elsewhere.example"
PASSWORD = "correct horse battery staple"
PROFILE = "/profile/"


def begin_as_maya(world: World) -> Client:
    """Begin an application, which signs in at once: so far nobody knows whose address it is."""
    make_form(world.programme)
    stranger = Client()
    stranger.post(reverse("applicants:begin", args=[world.programme.slug]), {"email": MAYA})
    return stranger


def newest_mail(to: str, template: str = "") -> str:
    return OutboxMessage.objects.filter(to=to, template__contains=template).latest("pk").body


def come_by_link(maya: Client) -> None:
    token = re.search(r"/applications/continue/([^/\s]+)/", newest_mail(MAYA, "resume")).group(1)
    maya.post(reverse("applicants:resume_link", args=[token]))


def come_by_code(maya: Client) -> None:
    maya.post(reverse("account_login"), {"login": MAYA})
    maya.post(reverse("account_confirm_login_code"), {"code": code_in(newest_mail(MAYA))})


def code_in(mail: str) -> str:
    return re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail).group()


@pytest.mark.parametrize("come", [come_by_link, come_by_code])
def test_whoever_reads_the_mail_ends_the_strangers_session_and_password(world: World, come) -> None:
    stranger, maya = begin_as_maya(world), Client()
    stranger.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    before = (stranger.get(PROFILE).status_code, User.objects.get(email=MAYA).check_password(PASSWORD))

    come(maya)

    assert before == (200, True)
    assert (stranger.get(PROFILE).status_code, maya.get(PROFILE).status_code) == (302, 200)
    assert User.objects.get(email=MAYA).check_password(PASSWORD) is False


def test_a_link_no_longer_opens_an_account_that_has_taken_another_address(world: World) -> None:
    stranger, maya = begin_as_maya(world), Client()
    stranger.post(reverse("account_email"), {"action_add": "", "email": STRANGER})
    stranger.post(reverse("account_email_verification_sent"), {"code": code_in(newest_mail(STRANGER))})

    come_by_link(maya)

    assert list(EmailAddress.objects.filter(user__email=STRANGER).values_list("email", "verified")) == [
        (STRANGER, True)
    ]
    assert stranger.get(PROFILE).status_code == 200
    assert maya.get(PROFILE).status_code == 302


def test_a_mistyped_address_is_put_right_without_losing_the_session(world: World) -> None:
    rana = begin_as_maya(world)
    rana.post(reverse("account_email"), {"action_add": "", "email": STRANGER})
    rana.post(reverse("account_email_verification_sent"), {"code": code_in(newest_mail(STRANGER))})

    user = User.objects.get(email=STRANGER)
    assert Application.objects.get(person__user=user).is_draft
    assert rana.get(PROFILE).status_code == 200


def test_a_second_address_of_a_proven_account_changes_nothing_else(world: World, sign_in) -> None:
    here, there = sign_in(world.rana), sign_in(world.rana)
    here.post(reverse("account_email"), {"action_add": "", "email": STRANGER})
    here.post(reverse("account_email_verification_sent"), {"code": code_in(newest_mail(STRANGER))})

    world.rana.refresh_from_db()
    assert EmailAddress.objects.filter(user=world.rana, verified=True).count() == 2
    assert (world.rana.email, there.get(PROFILE).status_code) == ("rana@example.org", 200)


def test_a_role_given_to_an_address_does_not_fall_to_whoever_has_begun_with_it(world: World) -> None:
    stranger = begin_as_maya(world)

    invite_colleague(programme=world.programme, email=MAYA, role=Role.ADVISOR, language="de", by=world.petersen)

    assert stranger.get(reverse("applicants:applications", args=[world.programme.slug])).status_code == 302


def test_what_is_sent_without_a_session_is_kept_for_applications_that_exist_only(world: World) -> None:
    draft, nothing = make_draft(world).uuid, uuid4()

    kept = {}
    for uuid in (draft, nothing):
        visitor = Client()
        answer = visitor.post(reverse("applicants:section", args=[uuid, "person"]), {"goal": "x", "was:goal": ""})
        kept[uuid] = (answer.url == reverse("applicants:resume", args=[uuid]), list(visitor.session.get("kept", {})))

    assert kept == {draft: (True, [str(draft)]), nothing: (True, [])}
