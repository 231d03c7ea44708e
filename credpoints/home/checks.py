"""What an installation for real people must not do without: `manage.py check --deploy` refuses it by name.

Each message carries the line that repairs it.
"""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from credpoints.home.pdf_probe import pdf_problems

FROM_THE_EXAMPLE = ("change-me", "example.org")  # what .env.example has where something of one's own belongs
MAIL_THAT_GOES_NOWHERE = ("console", "locmem", "dummy", "filebased", "KeptInOutbox")


@register(Tags.security, deploy=True)
def check_installation(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse what is right for one machine and wrong for an installation that people rely on."""
    return [*_mode(), *_servers(), *_secrets(), *_addresses(), *_mail(), *_left_from_the_example()]


@register(Tags.compatibility, deploy=True)
def check_pdf(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Try to set a page in a process of its own: a missing font would end this one with a segmentation fault."""
    return pdf_problems()


def _mode() -> Iterator[CheckMessage]:
    if not settings.PRODUCTION:
        yield _error("E001", "DEPLOYMENT is not “production”.", "Set DEPLOYMENT=production.")
    if settings.DEBUG:
        yield _error("E002", "DEBUG shows secrets to everybody who meets an error.", "Remove DEBUG.")
    if settings.DEMO or os.environ.get("DEMO"):
        yield _error("E003", "DEMO signs anybody in with a link.", "Remove DEMO.")
    if not settings.REQUIRE_SECOND_FACTOR:
        yield _error(
            "E004", "Staff may sign in without a second factor.", "Remove the change of REQUIRE_SECOND_FACTOR."
        )


def _servers() -> Iterator[CheckMessage]:
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        yield _error(
            "E010",
            "The database is not PostgreSQL; SQLite is for one machine.",
            "Set DATABASE_URL=postgresql://user:password@host/name.",
        )
    if not settings.REDIS_URL:
        yield _error(
            "E011",
            "There is no Redis: rate limits and jobs would be counted per process.",
            "Set REDIS_URL=redis://host:6379/0.",
        )
    if os.environ.get("PRIVATE_FILES_BUCKET") and find_spec("boto3") is None:
        yield _error("E012", "PRIVATE_FILES_BUCKET needs a package that is not installed.", "Run: pip install boto3")


def _secrets() -> Iterator[CheckMessage]:
    try:
        long_enough = len(settings.SECRET_KEY) >= 50
    except ImproperlyConfigured:  # what Django answers for an empty key
        long_enough = False
    if not long_enough:
        yield _error(
            "E020",
            "SECRET_KEY is missing or too short.",
            "Set SECRET_KEY to at least 50 random characters: head -c 48 /dev/urandom | base64 -w 0",
        )
    if not any(Path(settings.SIGNING_KEYS_DIR).rglob("*.pem")):
        yield _error(
            "E021",
            "There is no key to sign certificates with.",
            f"Put the issuer's key into {settings.SIGNING_KEYS_DIR} (docs/administrators.md says how to make one).",
        )


def _addresses() -> Iterator[CheckMessage]:
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _error("E030", "ALLOWED_HOSTS does not name the site.", "Set ALLOWED_HOSTS=credit-points.your.domain.")
    if not settings.BASE_URL.startswith("https://"):
        yield _error(
            "E031",
            "BASE_URL, which mails and certificates print, does not begin with https.",
            "Set BASE_URL=https://credit-points.your.domain.",
        )


def _mail() -> Iterator[CheckMessage]:
    if any(word in settings.EMAIL_BACKEND for word in MAIL_THAT_GOES_NOWHERE):
        yield _error("E040", "Mail would reach nobody.", "Remove EMAIL_BACKEND and set EMAIL_HOST to your mail server.")


def _left_from_the_example() -> Iterator[CheckMessage]:
    """Nobody notices them before the first mail, or never: credentials name BASE_URL for ever."""
    values = {
        "DATABASE_URL": settings.DATABASES["default"].get("PASSWORD", ""),
        "BASE_URL": settings.BASE_URL,
        "ALLOWED_HOSTS": " ".join(settings.ALLOWED_HOSTS),
        "EMAIL_HOST": settings.EMAIL_HOST,
        "DEFAULT_FROM_EMAIL": settings.DEFAULT_FROM_EMAIL,
    }
    left = [name for name, value in values.items() if any(word in str(value) for word in FROM_THE_EXAMPLE)]
    if left:
        yield _error("E060", f"Still as in .env.example: {', '.join(left)}.", "Put your own names and passwords there.")


def _error(number: str, words: str, hint: str) -> Error:
    return Error(words, hint=hint, id=f"credpoints.{number}")
