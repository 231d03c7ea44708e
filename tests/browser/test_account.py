"""Signing in as people do it: with a mailed code, by keyboard alone, with an app, with a passkey."""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from credpoints.accounts.actions import open_account
from credpoints.outbox.models import OutboxMessage
from tests.thoroughness import LOOKS

pytestmark = pytest.mark.usefixtures("world")


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_in(mail: OutboxMessage) -> str:
    """The code stands alone on an indented line."""
    found = re.search(r"^ {4}(\S+)$", mail.body, re.MULTILINE)
    assert found, mail.body
    return found[1]


def present_number(secret: str) -> str:
    """What the authenticator app would show now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


@pytest.fixture
def half_a_minute_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that the app shows is good for half a minute; one read at its last moment comes too late."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


def sign_in_by_code(page: Page, address: str, last_mail: Callable[[str], OutboxMessage]) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-Mail-Adresse").fill(address)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Code").fill(code_in(last_mail(address)))
    page.get_by_role("button", name="Bestätigen").click()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_account_pages_are_accessible(world, read_page, axe, no_sideways_scrolling, language, theme) -> None:
    visitor = ("login/", "login/code/", "signup/", "password/reset/", "password/reset/done/", "inactive/")
    own = ("email/", "logout/", "password/set/", "2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/totp/activate/")
    for user, addresses in ((None, visitor), (world.rana, own)):
        for address in addresses:
            page = read_page(f"/accounts/{address}", user=user, language=language, theme=theme)

            assert page.url.endswith(f"/accounts/{address}")
            assert page.locator("html").get_attribute("lang") == language
            axe(page)
            no_sideways_scrolling(page, 320)


def test_sign_in_by_keyboard_alone(world, open_page, last_mail) -> None:
    page = open_page("/")
    keyboard = page.keyboard

    def tab_to(name: str) -> None:
        for _attempt in range(40):
            keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText || document.activeElement.name") == name:
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"no visible focus on {name}"
                return
        pytest.fail(f"{name} is not reached with the tab key")

    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Zum Inhalt springen"
    tab_to("Anmelden")
    keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    tab_to("login")
    keyboard.type("rana@example.org")
    keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    tab_to("code")
    keyboard.type(code_in(last_mail("rana@example.org")))
    keyboard.press("Enter")

    page.wait_for_url("**/my-path/")
    assert page.get_by_role("link", name="Rana Al-Khatib").is_visible()


def test_sign_in_without_javascript(world, open_page, last_mail) -> None:
    page = open_page(javascript=False)

    sign_in_by_code(page, "rana@example.org", last_mail)

    assert page.url.endswith("/my-path/")


def test_somebody_invited_signs_in_with_one_code(world, open_page, last_mail) -> None:
    open_account(email="invited@example.org", language="de")
    page = open_page()

    sign_in_by_code(page, "invited@example.org", last_mail)

    assert page.url.endswith("/my-path/")
    assert OutboxMessage.objects.filter(to="invited@example.org").count() == 1


def test_new_person_opens_an_account(world, open_page, last_mail) -> None:
    page = open_page("/accounts/signup/", language="en")

    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_role("button", name="Continue").click()
    mail = last_mail("new@example.org")
    page.get_by_label("Code").fill(code_in(mail))
    page.get_by_role("button", name="Confirm").click()

    page.wait_for_url("**/my-path/")
    assert (mail.language, mail.secret) == ("en", True)


def test_another_address_is_added_made_the_main_one_and_the_old_one_removed(
    world, open_page, last_mail, axe, no_sideways_scrolling
) -> None:
    page = open_page("/accounts/email/", user=world.rana, language="en", theme="dark", width=360)
    main = page.locator("main")
    assert [button.inner_text() for button in main.get_by_role("button").all()] == ["Add the address"]

    page.get_by_label("E-mail").fill("rana@new.example")
    page.get_by_role("button", name="Add the address").click()
    page.get_by_label("Code").fill(code_in(last_mail("rana@new.example")))
    page.get_by_role("button", name="Confirm").click()
    page.goto("/accounts/email/")
    axe(page)
    no_sideways_scrolling(page, 320)
    page.get_by_role("button", name=re.compile("^Make it the main address")).click()
    page.get_by_role("button", name=re.compile("^Remove.*rana@example.org")).click()

    expect(main.locator(".task-list__item")).to_have_count(1)
    expect(main.locator(".task-list__item")).to_contain_text("rana@new.example")
    world.rana.refresh_from_db()
    assert world.rana.email == "rana@new.example"


def test_wrong_code_is_refused_and_the_address_stays(world, open_page, last_mail, axe) -> None:
    page = open_page("/accounts/login/")
    page.get_by_label("E-Mail-Adresse").fill("rana@example.org")
    page.get_by_role("button", name="Weiter").click()

    page.get_by_label("Code").fill("WRONG1")
    page.get_by_role("button", name="Bestätigen").click()

    expect(page.get_by_role("alert")).to_contain_text("Bitte korrigieren Sie das")
    expect(page.locator("main")).to_contain_text("rana@example.org")
    axe(page)
    page.get_by_label("Code").fill(code_in(last_mail("rana@example.org")))
    page.get_by_role("button", name="Bestätigen").click()
    page.wait_for_url("**/my-path/")


def test_five_wrong_codes_end_the_attempt(world, open_page, last_mail) -> None:
    page = open_page("/accounts/login/")
    page.get_by_label("E-Mail-Adresse").fill("rana@example.org")
    page.get_by_role("button", name="Weiter").click()

    for _attempt in range(django_settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS):
        page.get_by_label("Code").fill("WRONG1")
        page.get_by_role("button", name="Bestätigen").click()

    page.wait_for_url("**/accounts/login/**")
    page.goto("/my-path/")
    assert "/accounts/login/" in page.url


def test_codes_are_not_mailed_without_end(world, open_page) -> None:
    for _attempt in range(5):
        page = open_page("/accounts/login/code/")
        page.get_by_label("E-Mail-Adresse").fill("rana@example.org")
        page.get_by_role("button", name="Code schicken").click()

    expect(page.get_by_role("alert")).to_contain_text("Zu viele erfolglose Versuche")
    assert OutboxMessage.objects.filter(to="rana@example.org").count() == 3


def test_unknown_address_looks_the_same_and_gets_a_mail(world, open_page, last_mail) -> None:
    def answer(address: str) -> str:
        page = open_page("/accounts/login/")
        page.get_by_label("E-Mail-Adresse").fill(address)
        page.get_by_role("button", name="Weiter").click()
        return page.locator("main").inner_text().replace(address, "X")

    known, unknown = answer("rana@example.org"), answer("stranger@example.org")

    assert known == unknown
    assert last_mail("stranger@example.org").subject == "Zu dieser Adresse gibt es kein Konto"


@pytest.mark.usefixtures("half_a_minute_stands_still")
def test_staff_set_up_a_second_factor_before_anything_else(world, open_page, last_mail, settings, axe) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    page = open_page()
    sign_in_by_code(page, "petersen@bht.example", last_mail)

    assert page.url.endswith("/accounts/2fa/")
    page.get_by_role("link", name="App einrichten").click()
    secret = page.locator("#authenticator_secret").input_value()
    axe(page)
    page.get_by_label("Code aus der Authenticator-App").fill(present_number(secret))
    page.get_by_role("button", name="Aktivieren").click()
    page.wait_for_url("**/reauthenticate/**")
    page.get_by_label("Code").fill(present_number(secret))
    page.get_by_role("button", name="Bestätigen").click()
    page.wait_for_url("**/recovery-codes/**")
    axe(page)
    codes = page.locator("#recovery_codes").input_value().split()
    page.goto("/today/")

    assert len(codes) == 10
    assert page.url.endswith("/today/")


@pytest.mark.usefixtures("half_a_minute_stands_still")
def test_second_factor_is_asked_for(world, open_page, last_mail, axe) -> None:
    TOTP.activate(world.petersen, SECRET)
    page = open_page()

    sign_in_by_code(page, "petersen@bht.example", last_mail)
    assert page.url.endswith("/accounts/2fa/authenticate/")
    axe(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Code").fill(present_number(SECRET))
    page.get_by_role("button", name="Anmelden").click()

    page.wait_for_url("**/today/")


def test_recovery_code_helps_once(world, open_page, last_mail) -> None:
    TOTP.activate(world.petersen, SECRET)
    code = RecoveryCodes.activate(world.petersen).get_unused_codes()[0]
    seen = []

    for _attempt in range(2):
        page = open_page()
        sign_in_by_code(page, "petersen@bht.example", last_mail)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_load_state()
        seen.append(page.url.split("/", 3)[3])

    assert seen == ["today/", "accounts/2fa/authenticate/"]


def add_virtual_key(page: Page) -> None:
    """A key such as a telephone or laptop has, inside the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_is_set_up_and_signs_in(world, open_page, last_mail, axe) -> None:
    page = open_page()
    add_virtual_key(page)
    sign_in_by_code(page, "petersen@bht.example", last_mail)

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Passkey hinzufügen").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Hinzufügen").click()
    page.wait_for_url("**/reauthenticate/**")
    page.get_by_role("link", name="Mit Passkey oder Schlüssel bestätigen").click()
    page.get_by_role("button", name="Mit Passkey oder Schlüssel bestätigen").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("rowheader")).to_contain_text("Laptop")
    axe(page)
    page.get_by_role("button", name="Abmelden").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()

    page.wait_for_url("**/today/")
    assert Authenticator.objects.filter(user=world.petersen, type=Authenticator.Type.WEBAUTHN).count() == 1


def test_passkey_that_is_not_there_is_explained(world, open_page, axe) -> None:
    page = open_page("/accounts/login/")
    add_virtual_key(page)

    page.get_by_role("button", name="Mit einem Passkey anmelden").click()

    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")
    axe(page)


def test_password_is_a_second_way_in(world, open_page) -> None:
    world.rana.set_password("ein sehr langes Passwort")
    world.rana.save()
    page = open_page("/accounts/login/")

    page.get_by_label("E-Mail-Adresse").fill("rana@example.org")
    page.get_by_text("Ich habe ein Passwort").click()
    page.get_by_label("Passwort", exact=True).fill("ein sehr langes Passwort")
    page.get_by_role("button", name="Weiter").click()

    page.wait_for_url("**/my-path/")
