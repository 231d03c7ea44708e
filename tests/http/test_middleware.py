"""What holds for every page: language, time zone, second factor, refusals, safe headers."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.http.middleware import RefusalMiddleware, TimeZoneMiddleware
from credpoints.workflow import NoLongerPossible
from tests.people import World


def test_language_is_the_browsers_choice_then_the_accounts(world: World, sign_in) -> None:
    client = sign_in(world.yusuf)
    as_account = client.get(reverse("home:profile"), headers={"accept-language": "de"})
    client.cookies["django_language"] = "de"
    as_chosen = client.get(reverse("home:profile"))

    assert [r.headers["Content-Language"] for r in (as_account, as_chosen)] == ["en", "de"]


def test_an_unknown_language_cookie_is_ignored(client, db) -> None:
    client.cookies["django_language"] = "../../xx"

    assert client.get("/", headers={"accept-language": "de"}).headers["Content-Language"] == "de"


def test_moments_read_in_the_accounts_zone(world: World, rf: RequestFactory) -> None:
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = rf.get("/")
    request.user = world.yusuf
    TimeZoneMiddleware(page)(request)

    assert (seen, timezone.get_current_timezone_name()) == (["Asia/Damascus"], "Europe/Berlin")


@pytest.mark.parametrize(("name", "sent_on"), [("rana", False), ("vogel", True), ("petersen", True), ("teacher", True)])
def test_staff_without_second_factor_are_sent_to_set_it_up(world: World, sign_in, settings, name, sent_on) -> None:
    settings.REQUIRE_SECOND_FACTOR = True

    answer = sign_in(world.user(name)).get(reverse("home:profile"))

    assert (answer.status_code == 302 and answer.url == reverse("mfa_index")) is sent_on


def test_staff_with_a_second_factor_walk_in(world: World, sign_in, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    Authenticator.objects.create(user=world.vogel, type=Authenticator.Type.TOTP, data={"secret": "x"})

    assert sign_in(world.vogel).get(reverse("home:profile")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(world: World, sign_in, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    Authenticator.objects.create(user=world.vogel, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})

    assert sign_in(world.vogel).get(reverse("home:profile")).status_code == 302


def test_staff_who_remove_their_second_factor_are_sent_back(world: World, sign_in, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    client = sign_in(world.vogel)
    factor = Authenticator.objects.create(user=world.vogel, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(reverse("home:profile")).status_code == 200

    factor.delete()

    assert client.get(reverse("home:profile")).status_code == 302


def test_a_step_that_came_too_late_is_a_page_with_the_present_state(world: World, rf: RequestFactory) -> None:
    refusal = RefusalMiddleware(lambda request: HttpResponse())
    request = rf.get("/")
    request.user = world.rana
    request.session = {}

    page = refusal.process_exception(request, NoLongerPossible("The present state is: withdrawn.", world.programme))
    data = refusal.process_exception(
        rf.get("/", headers={"accept": "application/json"}), NoLongerPossible("Too late.", None)
    )

    assert (page.status_code, "The present state is: withdrawn." in page.content.decode()) == (409, True)
    assert world.programme.get_absolute_url() in page.content.decode()
    assert (data.status_code, data.content) == (409, b'{"error": "Too late."}')


def test_other_errors_are_not_swallowed(rf: RequestFactory) -> None:
    assert RefusalMiddleware(lambda request: HttpResponse()).process_exception(rf.get("/"), ValueError()) is None


def test_every_page_forbids_inline_code_and_frames(client, db) -> None:
    answer = client.get("/")

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", answer.content.decode())


def test_a_form_sent_after_the_session_has_ended_leads_back_to_its_page(client, db) -> None:
    address = reverse("planning:comment", args=["0b7a7a34-9d2c-4c65-8f0e-3f4ad2f7c1aa"])  # takes forms only
    page = "http://testserver/plans/0b7a7a34-9d2c-4c65-8f0e-3f4ad2f7c1aa/?line=1"

    answers = {referer: client.post(address, headers={"referer": referer}).headers["Location"] for referer in (
        page, "https://elsewhere.example/plans/", "")}  # fmt: skip

    login = reverse("account_login")
    assert list(answers.values()) == [
        f"{login}?next=%2Fplans%2F0b7a7a34-9d2c-4c65-8f0e-3f4ad2f7c1aa%2F%3Fline%3D1",
        f"{login}?next={address}",
        f"{login}?next={address}",
    ]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/institutions/?q=a%00b", 200), ("/outbox/?q=%%0000&state=%00", 200), ("/profile/?%00=1", 200),
        ("/uploads/%00/", 404), ("/verify/%00/", 404),
    ],
)  # fmt: skip
def test_the_character_nul_never_meets_the_database(world: World, sign_in, address: str, status: int) -> None:
    answer = sign_in(world.rana).get(address)

    assert answer.status_code == status
    assert "\x00" not in "".join(answer.wsgi_request.GET.values())


def test_what_somebody_sees_signed_in_is_kept_by_no_cache_between(world: World, sign_in, client) -> None:
    assert sign_in(world.rana).get(reverse("home:profile")).headers["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in client.get(reverse("home:start")).headers


def test_the_technical_pages_have_no_door_without_a_second_factor(world: World, client) -> None:
    User.objects.create_superuser("root@bht.example", "correct horse battery staple")

    answer = client.post(
        "/technical/login/", {"username": "root@bht.example", "password": "correct horse battery staple"}
    )

    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
