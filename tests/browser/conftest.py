"""A real browser for every room: open a page as somebody, in a language, a theme and a width.

    def test_something(open_page, world, axe):
        page = open_page("/profile/", user=world.rana, language="de", theme="dark", width=360)
        page.get_by_role("button", name="Speichern").click()
        axe(page)

Every page is watched: a message about the Content-Security-Policy or an error in a script fails the test at its end.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from credpoints.accounts.models import User
from credpoints.jobs import actions as jobs
from credpoints.outbox.models import OutboxMessage
from tests.thoroughness import Theme

HERE = Path(__file__).resolve().parent
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESKTOP = 360, 1280
LOCALES = {"de": "de-DE", "en": "en-GB"}
PATIENCE = 30_000  # a busy machine is slow, and no fault
T = TypeVar("T")
AXE_OPTIONS = {"resultTypes": ["violations"]}

OpenPage = Callable[..., Page]


def as_a_worker(call: Callable[[], T]) -> T:
    """Do something in a thread of its own: the browser runs a loop in this one, and sealing a PDF needs its own."""

    def work() -> T:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(work).result()


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Do everything that waits, as a worker would."""
    return lambda: as_a_worker(jobs.run_waiting)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    found = os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.fail(
            "Chromium is missing. Install it with: apt-get install --no-install-recommends chromium-headless-shell"
        )
    expect.set_options(timeout=20_000)  # as for the pages below
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def worth_reporting(message: ConsoleMessage) -> bool:
    """An answer such as 404 or 422 is noted by the browser and no fault; everything else that is an error is."""
    return message.type == "error" and not message.text.startswith("Failed to load resource: the server responded")


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained about so far; must be empty when a test ends."""
    return []


@pytest.fixture
def open_context(
    chromium: Browser, live_server, settings, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """A fresh browser window of one person: `open_context(user=…, language=…, theme=…, width=…, javascript=…)`."""
    settings.BASE_URL = live_server.url
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text) if worth_reporting(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def open_one(
        user: User | None = None,
        language: str = "de",
        theme: str = "light",
        width: int = DESKTOP,
        javascript: bool = True,
        **options: Any,
    ) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale=LOCALES.get(language, language),
            java_script_enabled=javascript,
            color_scheme="light",
            reduced_motion="reduce",  # colours in the middle of a transition are nobody's
            **options,
        )
        context.set_default_timeout(PATIENCE)
        cookies = {django_settings.LANGUAGE_COOKIE_NAME: language, "theme": theme}
        if user is not None:
            cookies[django_settings.SESSION_COOKIE_NAME] = session_of(user)
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        context.on("page", watch)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == [], "the browser complained"


@pytest.fixture
def read_page(kept_windows: "KeptWindows", complaints: list[str], settings, live_server) -> Iterator[OpenPage]:
    """A page as one person reads it: `read_page("/", user=world.rana, language="en")`; for many, one after another.

    The window is kept for the whole run, because a new one costs more than the page. Nothing else of a person stays:
    cookies and what scripts keep are cleared each time. Who types or clicks opens a window of their own.
    """
    settings.BASE_URL = live_server.url

    def read(address: str, *, user: User | None, language: str, theme: Theme = "light") -> Page:
        page = kept_windows.page(language)
        page.emulate_media(color_scheme=theme)
        page.context.clear_cookies()
        cookies = {django_settings.LANGUAGE_COOKIE_NAME: language, "theme": "auto"}
        if user is not None:
            cookies[django_settings.SESSION_COOKIE_NAME] = session_of(user)
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page.goto(address)
        return page

    kept_windows.complaints = complaints
    yield read
    kept_windows.leave()
    kept_windows.complaints = []
    assert complaints == [], "the browser complained"


class KeptWindows:
    """A browser window for each language; axe is compiled once in each."""

    def __init__(self, chromium: Browser, base_url: str) -> None:
        self.chromium, self.base_url = chromium, base_url
        self.pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    def leave(self) -> None:
        """Leave every page while its rows are still there: one that asks for news would complain in the next test."""
        for page in self.pages.values():
            page.goto("about:blank")

    def page(self, language: str) -> Page:
        if language not in self.pages:
            context = self.chromium.new_context(
                base_url=self.base_url,
                viewport={"width": DESKTOP, "height": 900},
                locale=LOCALES.get(language, language),
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE)
            # A page without an origin, such as a blank one, has no storage and refuses the question.
            context.add_init_script("try { localStorage.clear(); } catch { }")
            context.add_init_script(Axe().axe_script)
            page = context.new_page()
            page.on("console", lambda message: worth_reporting(message) and self.complaints.append(message.text))
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            self.pages[language] = page
        return self.pages[language]


@pytest.fixture(scope="session")
def kept_windows(chromium: Browser, live_server) -> KeptWindows:
    return KeptWindows(chromium, live_server.url)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> OpenPage:
    """A page as one person sees it: `open_page("/", user=world.rana, language="en", theme="dark", width=360)`."""

    def open_one(address: str = "", **who: Any) -> Page:
        page = open_context(**who).new_page()
        if address:
            page.goto(address)
        return page

    return open_one


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Fail on any fault that axe finds: `axe(page)`."""
    script = Axe().axe_script

    def check(page: Page) -> None:
        if page.evaluate("typeof window.axe") == "undefined":  # half a megabyte; once per page is enough
            page.evaluate(script)
        found = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)["violations"]
        faults = [
            f"{fault['id']}: {fault['help']} — {node['html'][:200]} ({' '.join(map(str, node['target']))}) "
            f"{node.get('failureSummary', '')[:300]}"
            for fault in found
            for node in fault["nodes"][:5]
        ]
        assert faults == [], f"axe on {page.url}"

    return check


@pytest.fixture(scope="session")
def no_sideways_scrolling() -> Callable[..., None]:
    """Fail when the page is wider than its window, at 320 px or another width."""

    def check(page: Page, width: int = 320) -> None:
        before = page.viewport_size or {"width": DESKTOP, "height": 900}
        page.set_viewport_size({"width": width, "height": before["height"]})
        wide = page.evaluate(TOO_WIDE)
        page.set_viewport_size(before)
        assert wide == [], f"{page.url} at {width} px"

    return check


TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 150));
  return [root.scrollWidth + " px", ...wide.slice(0, 5)];
}"""


@pytest.fixture
def last_mail() -> Callable[[str], OutboxMessage]:
    """The newest mail to an address."""

    def find(address: str) -> OutboxMessage:
        return OutboxMessage.objects.filter(to__iexact=address).latest("created_at", "pk")

    return find
