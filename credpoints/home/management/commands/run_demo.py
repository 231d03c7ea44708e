"""Run the demo on this machine: what `script/demo` ends in."""

import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from credpoints.home import supervisor
from credpoints.home.demo_people import demo_links
from credpoints.jobs.actions import worker_answers

LOCK = "running"
KEPT = {"secret_key", LOCK}  # so that sign-in links and sessions survive `--fresh`


OTHER_TABLES = (
    "The data in {folder} was made by another version of the application, and its tables no longer fit.\n"
    "Begin anew with script/demo --fresh (what was done in the demo is forgotten), or go back to that version."
)


class Stopped(BaseException):
    """Ctrl-C or a polite kill."""


class Command(BaseCommand):
    help = (
        "Migrate, load the demo, run web server and worker until Ctrl-C. Use script/demo, which prepares the machine."
    )
    requires_system_checks: list[str] = []  # they cost a second of every start

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="forget the demo's data and begin anew")
        parser.add_argument("--check", action="store_true", help="open a page and every sign-in link, then stop")

    def handle(self, *args: Any, fresh: bool, check: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This runs the demo only: start it with script/demo.")
        self.began = float(os.environ.get("STARTED_AT", time.time()))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stopped)
        services: list[supervisor.Service] = []
        try:
            with _only_one():
                self.prepare(fresh)
                self.start(services)
                self.show()
                self.try_out(services) if check else self.watch(services)
        except Stopped:
            self.stdout.write("\nStopping …")
        except supervisor.Died as death:
            raise CommandError(str(death)) from None
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop(services)
        self.stdout.write("Everything is stopped; the data is kept for the next start.")

    def prepare(self, fresh: bool) -> None:
        """Bring the database up to date; fill it when it is new, or when an earlier start broke off half way."""
        loaded = settings.VAR_DIR / "loaded"
        if fresh or not loaded.exists():
            _empty(settings.VAR_DIR)
        elif not _fits(json.loads(loaded.read_text() or "{}")):
            raise CommandError(OTHER_TABLES.format(folder=settings.VAR_DIR))
        with self.timed("Preparing the database"):
            call_command("migrate", verbosity=0, interactive=False)
        if not loaded.exists():
            with self.timed("Loading the demo programme"):
                call_command("load_demo", stdout=_Silent())
        loaded.write_text(json.dumps(_migrations()))

    def start(self, services: list[supervisor.Service]) -> None:
        """Start both and wait until both answer: the web server a request, the worker a job."""
        connection.close()
        log = settings.VAR_DIR / "log"
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ["PORT"])
        with self.timed("Starting web server and worker"):
            services.append(
                supervisor.start("web server", supervisor.gunicorn(bind=f"{host}:{port}"), log=log / "web.log")
            )
            worker = supervisor.celery(schedule=settings.VAR_DIR / "beat-schedule")
            services.append(supervisor.start("worker", worker, log=log / "worker.log"))
            deadline = time.monotonic() + 60
            while not _answers(host, port):
                supervisor.check_alive(services)
                if time.monotonic() > deadline:
                    raise CommandError(f"The web server does not answer; see {log / 'web.log'}.")
                time.sleep(0.1)
            while not worker_answers(within=5):
                supervisor.check_alive(services)
                if time.monotonic() > deadline:
                    raise CommandError(f"The worker does not answer; see {log / 'worker.log'}.")

    def show(self) -> None:
        """Print where to look."""
        self.stdout.write(f"\nCredit Points runs after {time.time() - self.began:.1f} s:  {settings.BASE_URL}/\n")
        self.stdout.write(f"Every mail of the demo can be read at {settings.BASE_URL}/demo/mail/\n\nSign in as")
        for link in demo_links():
            self.stdout.write(f"  {link.role:<14} {link.name:<16} {link.address}")
        self.stdout.write(f"\nData and logs are in {settings.VAR_DIR}. Stop with Ctrl-C.")
        self.stdout.flush()

    def try_out(self, services: list[supervisor.Service]) -> None:
        """Open the first page and sign in as everybody; a page that fails ends with an error."""
        pages = {"first page": f"{settings.BASE_URL}/"} | {str(link.role): link.address for link in demo_links()}
        for name, address in pages.items():
            try:
                seconds = _visit(address)
            except urllib.error.URLError as error:
                raise CommandError(f"{name}: {address} fails: {error}") from None
            self.stdout.write(f"  {name:<14} opens after {seconds * 1000:.0f} ms")
        supervisor.check_alive(services)

    def watch(self, services: list[supervisor.Service]) -> NoReturn:
        while True:
            time.sleep(0.5)
            supervisor.check_alive(services)

    @contextmanager
    def timed(self, words: str) -> Iterator[None]:
        self.stdout.write(f"• {words} … ", ending="")
        self.stdout.flush()
        started = time.monotonic()
        yield
        self.stdout.write(f"done ({time.monotonic() - started:.1f} s)")
        self.stdout.flush()


class _Silent:
    def write(self, _text: str) -> None: ...


@contextmanager
def _only_one() -> Iterator[None]:
    with (settings.VAR_DIR / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError("The demo already runs from this folder.") from None
        yield


def _stopped(_number: int, _frame: object) -> NoReturn:
    raise Stopped


def _migrations() -> dict[str, str]:
    """Our migrations and their hashes."""
    files = (path for app in apps.get_app_configs() for path in Path(app.path).glob("migrations/0*.py"))
    own = (path for path in files if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts)
    return {str(path.relative_to(settings.BASE_DIR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in own}


def _fits(made_with: dict[str, str]) -> bool:
    """Whether these migrations are still what they were; new ones may have come, for those can be applied.

    Until the first release a migration is rewritten rather than followed by another; Django would not notice.
    """
    return bool(made_with) and made_with.items() <= _migrations().items()


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name not in KEPT:
            entry.unlink()


def _answers(host: str, port: int) -> bool:
    ask = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=20)  # noqa: S104
    try:
        ask.request("GET", "/health/")
        return ask.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        ask.close()


def _visit(address: str) -> float:
    """Open an address as a browser does, with cookies and redirects; return how many seconds it took."""
    started = time.monotonic()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=30) as answer:
        answer.read()
    return time.monotonic() - started
