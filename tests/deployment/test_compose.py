"""What docker-compose, Dockerfile and .env.example say fits the settings; no Docker is needed to know it."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
ONLY_COMPOSE = {"POSTGRES_PASSWORD"}  # read by the database's container


def example() -> dict[str, str]:
    lines = (line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#"))
    return {name: value.strip("'") for name, value in (line.split("=", 1) for line in lines)}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_every_variable_is_read_and_every_read_variable_is_told() -> None:
    settings = (ROOT / "credpoints" / "settings.py").read_text()
    read = set(re.findall(r'\benv(?:_flag|_list)?\(\s*"(\w+)"', settings))

    assert set(example()) - ONLY_COMPOSE == read


def test_there_are_five_services_and_nothing_else(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == ["beat", "postgres", "redis", "web", "worker"]


def test_one_image_runs_web_worker_and_beat(compose: dict[str, Any]) -> None:
    own = [compose["services"][name] for name in ("web", "worker", "beat")]

    assert [(s["build"], s["image"], s["env_file"]) for s in own] == [(".", "credit-points", ".env")] * 3
    assert all("data:/data" in s["volumes"] for s in own)


def test_everything_that_answers_is_asked_for_its_health(compose: dict[str, Any]) -> None:
    asked = {name for name, service in compose["services"].items() if "healthcheck" in service}

    assert asked == {"web", "worker", "postgres", "redis"}


def test_addresses_of_the_example_name_the_services(compose: dict[str, Any]) -> None:
    variables = example()
    user = compose["services"]["postgres"]["environment"]["POSTGRES_USER"]
    name = compose["services"]["postgres"]["environment"]["POSTGRES_DB"]

    assert variables["DATABASE_URL"] == f"postgresql://{user}:{variables['POSTGRES_PASSWORD']}@postgres:5432/{name}"
    assert variables["REDIS_URL"] == "redis://redis:6379/0"
    assert {variables[n].split("/")[1] for n in ("VAR_DIR", "PRIVATE_FILES_ROOT", "SIGNING_KEYS_DIR")} == {"data"}


def test_named_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {v.split(":")[0] for service in compose["services"].values() for v in service["volumes"]}

    assert used == set(compose["volumes"])


def own(value: str) -> str:
    """A value of the example with something of one's own in it."""
    return value.replace("change-me", "a-secret").replace("example.org", "hochschule.example")


@pytest.mark.parametrize(("fill_in", "complaint"), [(own, ""), (str, "E060")])
def test_the_example_passes_the_deploy_check_once_it_is_filled_in(
    tmp_path: Path, fill_in: Callable[[str], str], complaint: str
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "key.pem").write_text("a key")
    filled = {
        **{name: fill_in(value) for name, value in example().items()},
        "SECRET_KEY": secrets.token_urlsafe(48),
        "VAR_DIR": str(tmp_path),
        "SIGNING_KEYS_DIR": str(tmp_path / "keys"),
    }
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env={**bare, **filled}, capture_output=True, text=True, check=False)

    assert result.returncode == (1 if complaint else 0), result.stderr
    assert complaint in result.stderr


def test_the_image_installs_what_the_commands_install() -> None:
    wanted = set(
        re.findall(r"want (lib[\w.-]+|fonts-\S+)", (ROOT / "script" / "lib.sh").read_text().split("want_for_words")[0])
    )

    image = (ROOT / "Dockerfile").read_text()

    assert wanted == {"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"}
    assert [package for package in sorted(wanted) if package not in image] == []
    assert "--require-hashes --no-deps -r requirements.lock" in image
