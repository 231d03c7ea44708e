"""The deploy checks let a good installation pass and refuse each thing that people could not rely on."""

from pathlib import Path
from typing import Any

import pytest

from credpoints.home import checks, pdf_probe

GOOD = {
    "PRODUCTION": True,
    "DEBUG": False,
    "DEMO": False,
    "REQUIRE_SECOND_FACTOR": True,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "REDIS_URL": "redis://redis:6379/0",
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": ["credit-points.example"],
    "BASE_URL": "https://credit-points.example",
    "EMAIL_HOST": "mail.credit-points.example",
    "DEFAULT_FROM_EMAIL": "noreply@credit-points.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("E001", {"PRODUCTION": False}),
    ("E002", {"DEBUG": True}),
    ("E003", {"DEMO": True}),
    ("E004", {"REQUIRE_SECOND_FACTOR": False}),
    ("E010", {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}),
    ("E011", {"REDIS_URL": ""}),
    ("E020", {"SECRET_KEY": ""}),
    ("E020", {"SECRET_KEY": "short"}),
    ("E030", {"ALLOWED_HOSTS": []}),
    ("E030", {"ALLOWED_HOSTS": ["*"]}),
    ("E031", {"BASE_URL": "http://credit-points.example"}),
    ("E040", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ("E060", {"BASE_URL": "https://credit-points.example.org"}),
    ("E060", {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "change-me"}}}),
    ("E060", {"EMAIL_HOST": "mail.example.org"}),
    ("E060", {"DEFAULT_FROM_EMAIL": "Credit Points <noreply@credit-points.example.org>"}),
    ("E040", {"EMAIL_BACKEND": "credpoints.outbox.backends.KeptInOutbox"}),
]


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An installation as it should be; returns the folder of its keys."""
    keys = tmp_path / "keys" / "bht"
    keys.mkdir(parents=True)
    (keys / "key-2027.pem").write_text("a key")
    for name, value in {**GOOD, "SIGNING_KEYS_DIR": tmp_path / "keys"}.items():
        monkeypatch.setattr(f"django.conf.settings.{name}", value)
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.delenv("PRIVATE_FILES_BUCKET", raising=False)
    return tmp_path / "keys"


def found() -> list[str]:
    return [str(message.id).removeprefix("credpoints.") for message in checks.check_installation(None)]


def test_a_good_installation_passes(good: Path) -> None:
    assert found() == []


@pytest.mark.parametrize(("number", "change"), REFUSED)
def test_each_flaw_is_refused_alone(
    good: Path, monkeypatch: pytest.MonkeyPatch, number: str, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        monkeypatch.setattr(f"django.conf.settings.{name}", value)

    assert found() == [number]


def test_a_missing_signing_key_is_refused(good: Path) -> None:
    (good / "bht" / "key-2027.pem").unlink()

    assert found() == ["E021"]


def test_the_wish_for_a_demo_is_refused_even_where_it_has_no_effect(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO", "1")

    assert found() == ["E003"]


def test_every_refusal_says_how_to_repair_it(settings) -> None:
    assert all(message.hint for message in checks.check_installation(None))


def test_this_machine_can_make_certificates() -> None:
    assert pdf_probe.pdf_problems() == []


def test_no_fonts_are_found_without_ending_this_process(tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text("<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig></fontconfig>")

    problems = pdf_probe.pdf_problems({"FONTCONFIG_FILE": str(empty)})

    assert [(p.id, p.hint) for p in problems] == [
        ("credpoints.E050", "Run: apt-get install --no-install-recommends fonts-dejavu-core")
    ]


@pytest.mark.parametrize(
    ("finding", "number"),
    [
        (pdf_probe.Finding(1, "", "OSError: cannot load library 'libpango-1.0-0'"), "E051"),
        (pdf_probe.Finding(0, '{"subset": false, "missing": []}\n', ""), "W052"),
        (pdf_probe.Finding(0, '{"subset": true, "missing": ["Georgian"]}\n', ""), "E053"),
    ],
)
def test_each_missing_piece_is_named(finding: pdf_probe.Finding, number: str) -> None:
    problems = pdf_probe.judge(finding)

    assert [p.id for p in problems] == [f"credpoints.{number}"]
    assert str(problems[0].hint).startswith("Run: apt-get install")
