"""Fixtures of the whole suite."""

import contextlib
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache, caches
from django.db.models.signals import post_migrate
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as trying

from credpoints.jobs import actions as jobs
from tests.people import World, build_world

# Playwright's driver runs an event loop in the test's thread; Django would refuse its ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Django's own rows of permissions are used nowhere here, yet every test that empties the database made them anew:
# nine tenths of its time.
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)

# How long something takes on a busy machine is no question for a test.
trying.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
trying.load_profile("house")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(autouse=True)
def _own_machine(settings, tmp_path: Path) -> Iterator[None]:
    """Every test has its own private files and an empty cache, staff need no second factor unless a test says so."""
    settings.PRIVATE_FILES_ROOT = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path / "files"},
        },
    }
    settings.REQUIRE_SECOND_FACTOR = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _static_files_when_asked_for() -> None:
    """Look static files up when a page asks for one: reading all of them for each new client took most of its time."""
    django_settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _signing_keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One set of development signing keys for the whole run."""
    django_settings.SIGNING_KEYS_DIR = tmp_path_factory.mktemp("keys")


@pytest.fixture
def world(db) -> World:
    """One programme with its people."""
    return build_world()


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Client]:
    """Sign a person in: `sign_in(world.rana).get(…)`; None gives a visitor."""

    def sign(user) -> Client:
        fresh = Client()
        if user is not None:
            fresh.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return fresh

    return sign


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Do everything that waits, as a worker would."""
    return jobs.run_waiting


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data and foreign verifiers beside the checkout; CI demands it."""
    if not SHARED.exists():
        message = f"the folder {SHARED.name}/ with real data and verifiers is not beside this checkout"
        if os.environ.get("REQUIRE_SHARED"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED


@pytest.fixture(scope="session")
def verify_kit() -> Path:
    """The installed verifiers that nobody here wrote; `.ci/run` installs them and names the folder."""
    folder = os.environ.get("VERIFY_KIT")
    if folder:
        return Path(folder)
    message = "the foreign verifiers are not installed; .ci/run does that and sets VERIFY_KIT"
    if os.environ.get("REQUIRE_SHARED"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def _own_redis() -> None:
    """With Redis every process of the suite has a database of its own, because clearing a cache empties all of it."""
    if not django_settings.REDIS_URL:
        return
    address, _slash, number = django_settings.REDIS_URL.rpartition("/")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    django_settings.REDIS_URL = f"{address}/{int(number) + worker}"
    django_settings.CACHES["default"]["LOCATION"] = django_settings.REDIS_URL
    with contextlib.suppress(AttributeError):
        del caches["default"]  # a connection made while Django started still has the old address
    current_app.conf.broker_url = django_settings.REDIS_URL
