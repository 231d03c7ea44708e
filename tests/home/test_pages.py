"""Language, theme, profile, history, mails: what belongs to no single room."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from credpoints.accounts.models import User
from credpoints.home.sign_in import demo_token
from credpoints.outbox import actions as outbox
from credpoints.outbox.models import OutboxMessage
from tests.people import World


def queue_mail(world: World, to: User, secret: bool = False) -> OutboxMessage:
    letter = outbox.Letter(to=to.email, language="de", subject="Ein Betreff", body="Der Code ist 4711.\n")
    with transaction.atomic():
        return outbox.queue("test", to=to, letter=letter, programme_id=world.programme.pk, secret=secret)


def test_language_of_visitors_follows_the_browser_then_the_choice(client, db) -> None:
    german = client.get("/", headers={"accept-language": "de"})
    client.post(reverse("home:change_language"), {"language": "en", "next": "/"})
    english = client.get("/", headers={"accept-language": "de"})

    assert german.headers["Content-Language"] == "de"
    assert english.headers["Content-Language"] == "en"


def test_choosing_a_language_changes_the_mails_too(world: World, sign_in) -> None:
    sign_in(world.rana).post(reverse("home:change_language"), {"language": "en", "next": "/profile/"})

    world.rana.refresh_from_db()
    assert world.rana.language == "en"


def test_a_forged_language_or_target_changes_nothing(world: World, sign_in) -> None:
    response = sign_in(world.rana).post(
        reverse("home:change_language"), {"language": "xx", "next": "https://evil.example/"}
    )

    world.rana.refresh_from_db()
    assert (response.url, world.rana.language) == ("/", "de")


@pytest.mark.parametrize("address", ["home:change_language", "home:change_theme"])
@pytest.mark.parametrize("target", ["abc", "a:b", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"])
def test_a_target_that_is_no_address_of_ours_leads_to_the_front_door(client, db, address: str, target: str) -> None:
    assert client.post(reverse(address), {"language": "de", "next": target}).url == "/"


def test_profile_keeps_what_was_typed_when_something_is_wrong(world: World, sign_in) -> None:
    response = sign_in(world.rana).post(
        reverse("home:profile"),
        {"given_name": "Rana Maria", "family_name": "Al-Khatib", "language": "de", "time_zone": "Mars/Olympus"},
    )

    assert response.status_code == 422
    assert "Rana Maria" in response.content.decode()
    world.rana.person.refresh_from_db()
    assert world.rana.person.given_name == "Rana"


def test_profile_saves_name_language_and_zone(world: World, sign_in) -> None:
    sign_in(world.rana).post(
        reverse("home:profile"),
        {
            "given_name": "Rana Maria",
            "family_name": "Al-Khatib",
            "native_name": "رنا الخطيب",
            "language": "en",
            "time_zone": "Asia/Damascus",
        },
    )

    user = User.objects.get(pk=world.rana.pk)
    assert (user.name, user.person.native_name, user.language, user.time_zone) == (
        "Rana Maria Al-Khatib", "رنا الخطيب", "en", "Asia/Damascus",
    )  # fmt: skip


def test_staff_read_and_resend_mails_of_their_programme_but_never_secrets(world: World, sign_in, run_jobs) -> None:
    plain, secret = queue_mail(world, world.rana), queue_mail(world, world.rana, secret=True)
    run_jobs()
    client = sign_in(world.vogel)

    page = client.get(reverse("home:outbox_message", args=[plain.pk])).content.decode()
    hidden = client.get(reverse("home:outbox_message", args=[secret.pk])).content.decode()
    resent = client.post(reverse("home:outbox_resend", args=[plain.pk]))
    refused = client.post(reverse("home:outbox_resend", args=[secret.pk]))

    assert "4711" in page
    assert "4711" not in hidden
    assert (resent.status_code, refused.status_code) == (302, 403)


def test_mails_of_others_do_not_exist(world: World, sign_in) -> None:
    mail = queue_mail(world, world.rana)
    address = reverse("home:outbox_message", args=[mail.pk])

    found = {
        name: sign_in(world.user(name)).get(address).status_code
        for name in ("rana", "yusuf", "vogel", "petersen", "other_admin")
    }

    assert found == {"rana": 200, "yusuf": 404, "vogel": 200, "petersen": 200, "other_admin": 404}


def test_mail_list_takes_the_same_queries_for_one_and_three(world: World, sign_in, django_assert_num_queries) -> None:
    client = sign_in(world.petersen)
    queue_mail(world, world.rana)
    client.get(reverse("home:outbox"))
    with django_assert_num_queries(6):
        client.get(reverse("home:outbox"))

    for _more in range(2):
        queue_mail(world, world.rana)

    with django_assert_num_queries(6):
        client.get(reverse("home:outbox"))


def test_sign_in_by_code_needs_no_password(world: World, client, run_jobs) -> None:
    client.post(reverse("account_request_login_code"), {"email": world.rana.email})
    mail = OutboxMessage.objects.get(to=world.rana.email)
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.body).group()

    response = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(world.rana.pk)
    assert mail.secret


def test_a_wrong_code_signs_nobody_in(world: World, client) -> None:
    client.post(reverse("account_request_login_code"), {"email": world.rana.email})

    response = client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_gets_the_same_page(world: World, client) -> None:
    known = client.post(reverse("account_request_login_code"), {"email": world.rana.email})
    unknown = client.post(reverse("account_request_login_code"), {"email": "nobody@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_demo_links_open_nothing_outside_the_demo(world: World, client, settings) -> None:
    address = reverse("home:demo_sign_in", args=[demo_token(world.vogel)])

    settings.DEMO = False
    refused = client.get(address)
    settings.DEMO = True
    accepted = client.get(address)

    assert (refused.status_code, accepted.status_code) == (404, 302)


def test_staff_without_second_factor_are_sent_to_set_one_up(world: World, sign_in, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True

    staff = sign_in(world.vogel).get(reverse("home:today"))
    learner = sign_in(world.rana).get(reverse("home:my_path"))

    assert (staff.status_code, staff.url) == (302, reverse("mfa_index"))
    assert learner.status_code == 200
