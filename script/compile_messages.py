"""Compile the translations with Babel, so that no machine needs gettext to run the application."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent

FOLDERS = ("locale", "credpoints/common/words_of_libraries")  # the settings' LOCALE_PATHS

for source in sorted(found for folder in FOLDERS for found in ROOT.glob(f"{folder}/*/LC_MESSAGES/*.po")):
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
        continue
    with source.open("rb") as words:
        catalogue = read_po(words, locale=source.parent.parent.name)
    # Written beside and renamed: a server that runs never reads half a catalogue.
    unfinished = target.with_suffix(".new")
    with unfinished.open("wb") as compiled:
        write_mo(compiled, catalogue)
    unfinished.replace(target)
