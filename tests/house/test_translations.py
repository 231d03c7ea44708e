"""House test 4: German is complete, with the same placeholders, and nothing on a page is left untranslated."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def test_german_is_complete() -> None:
    catalogue = polib.pofile(str(CATALOGUE))

    unfinished = [entry.msgid for entry in catalogue if not entry.obsolete and (not entry.translated() or entry.fuzzy)]

    assert unfinished == []


def test_german_keeps_every_placeholder() -> None:
    wrong = []
    for entry in polib.pofile(str(CATALOGUE)):
        if entry.obsolete or entry.msgid_plural:
            continue
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            wrong.append(entry.msgid)

    assert wrong == []


def test_every_word_is_in_the_catalogue(tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("var", ".venv", ".git", "*.mo", "node_modules"))
    known = {(e.msgctxt, e.msgid) for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}

    command = [sys.executable, "manage.py", "makemessages", "-l", "de", "--no-location", "--no-wrap"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)

    fresh = polib.pofile(str(copy / CATALOGUE.relative_to(ROOT)))
    assert {(e.msgctxt, e.msgid) for e in fresh if not e.obsolete} - known == set()


def test_words_are_marked_by_names_that_are_collected() -> None:
    """Under another name (`gettext as _now`) nobody finds them, and they stay English on German pages."""
    renamed = re.compile(r"\bn?p?gettext(?:_lazy)? as (?!_\b)\w+")
    rooms = ("credpoints", "applicants", "planning", "modules", "portfolios", "certificates")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]

    assert [str(path.relative_to(ROOT)) for path in files if renamed.search(path.read_text())] == []
