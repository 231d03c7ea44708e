"""Our catalogue stands before those of the libraries: a word of ours must not change what their pages say."""

from pathlib import Path

import allauth
import polib
from django.conf import settings

OURS = Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / "django.po"
THEIRS = Path(allauth.__path__[0]) / "locale" / "de" / "LC_MESSAGES" / "django.po"
# Looked at by hand: the same meaning on their pages, or on pages that are not in use here.
SAME_MEANING = {"Continue", "sent", "Remove", "Recovery codes", "Sessions", "Note", "Change", "Name"}


def plain_words(path: Path) -> dict[str, str]:
    return {e.msgid: e.msgstr for e in polib.pofile(str(path)) if not e.obsolete and e.msgctxt is None and e.msgstr}


def test_our_german_does_not_replace_the_words_of_the_sign_in_pages() -> None:
    theirs = plain_words(THEIRS)

    replaced = {word for word, german in plain_words(OURS).items() if theirs.get(word, german) != german}

    assert replaced - SAME_MEANING == set(), "give our word a context: pgettext, or translate … context …"
