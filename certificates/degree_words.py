"""Words that promise an academic degree, in the languages that certificates are printed in.

A kind of certificate that is none must not look like one. Found are plurals and compounds ("Ingenieurdiplome",
"Diplom-Zeugnis"), whatever accents, capitals, soft hyphens or invisible letters somebody has typed between.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from certificates.content import Content
from credpoints.common.translated import TextIn

# Written without accents and in small letters, as `_plain` leaves them. Most stand anywhere in a word, because German,
# Dutch and the Slavic languages join words; diplomats and their trade are left in peace.
STEMS = (
    r"d[iy]plom(?!at|ac[jy]|az)",  # diploma, Diplom, diplome, diplomi, dyplom
    r"diplomat[oaie]\b",  # Italian: whoever has one
    r"\bdipl\.",
    r"degree",
    r"akademische[nmrs]? grad(e|es|en)?\b",
    r"(?:hochschul|universitats|bachelor|master|magister|doktor|studien)grad(e|es|en)?\b",
    r"\blaure[ae]\b",  # Italian
    r"\b(?:titol[oi]|grad[oi]) (?:accademic[oi]|universitari[oi])\b",
    r"\b(?:titulos?|grados?) (?:academicos?|universitarios?)\b",  # Spanish
    r"\bgrades? (?:universitaires?|academiques?)\b",  # French
    r"\bacademische gra(?:ad|den)\b",  # Dutch
    r"диплом(?!ат)",  # Bulgarian, Macedonian, Russian, Serbian, Ukrainian
    r"διπλωμα(?!τι)",  # Greek
    r"πτυχι",
    r"დიპლომ(?!ატ)",  # Georgian
    r"դիպլոմ(?!ատ)",  # Armenian
    r"دبلوم(?!اس)",  # Arabic
)
FOUND = re.compile("|".join(STEMS))
# What is measured in degrees is no degree.
INNOCENT = re.compile(r"\bdegrees? (?:of freedom|celsius|fahrenheit)\b")


def in_own_words(content: Content) -> list[str]:
    """The words of degrees in what a certificate says about itself.

    What the holder brought along (a recognised part), what was asked for before, and what the legend explains may name
    degrees: "This certificate is not a degree".
    """
    return _found(_own_words(content))


def in_whole_document(content: Content) -> list[str]:
    """The same in everything that is printed: for programmes that promise their funder that no such word stands there.

    "Degrees of freedom" count too.
    """
    return _found(_everything(content), innocent=False)


def in_texts(texts: Iterable[str]) -> list[str]:
    """The words of degrees in some texts, as they were typed."""
    return _found(texts)


def _found(texts: Iterable[str], *, innocent: bool = True) -> list[str]:
    words: dict[str, None] = {}
    for text in texts:
        plain = _plain(text)
        if innocent:
            plain = INNOCENT.sub(" ", plain)
        for hit in FOUND.finditer(plain):
            words[_whole_word(plain, hit)] = None
    return sorted(words)


def _whole_word(text: str, hit: re.Match[str]) -> str:
    """The whole word around a hit, so that a reader finds it again."""
    before = re.search(r"[\w-]*$", text[: hit.start()])
    after = re.match(r"[\w-]*", text[hit.end() :])
    return f"{before.group() if before else ''}{hit.group()}{after.group() if after else ''}"


def _plain(text: str) -> str:
    """Small letters without accents, soft hyphens and letters that nobody sees."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in letters if unicodedata.category(letter) not in {"Mn", "Cf"})
    return re.sub(r"[\s\u2010-\u2015]+", lambda gap: "-" if not gap.group().isspace() else " ", "".join(kept))


def _own_words(content: Content) -> Iterator[str]:
    yield from _texts(content["title"], content["summary"], content["programme"])
    for outcome in content["outcomes"]:
        yield from _texts(outcome["text"])
    for item in content["items"]:
        if item["status"] == "own":
            yield from _texts(item["title"], item["note"], *(outcome["text"] for outcome in item["outcomes"]))
    design = content.get("design")
    for slot in ("heading", "lead", "deed", "statement"):
        yield from _texts(design["texts"].get(slot, {}) if design else {})


def _everything(content: Content) -> Iterator[str]:
    """Every text of the content, however deep, but no names: a university may be called Diploma."""
    items = [{**item, "provider": {}} for item in content["items"]]
    yield from _strings({**content, "items": items, "holder": {}, "issuer": {}})


def _strings(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from _strings(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _strings(value)


def _texts(*texts: TextIn) -> Iterator[str]:
    for text in texts:
        yield from text.values()
