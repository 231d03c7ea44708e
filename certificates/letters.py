"""Whether the pages can print a text: letters that no font has, and names too long for their line."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from certificates.typesetting import font_folder, missing_letters

NAME_POINTS = 13.5  # the smallest letters that a name gets
NAME_LINE = 160.0  # millimetres
NAME_LINES = 2
MILLIMETRES_PER_POINT = 25.4 / 72
UNKNOWN_WIDTH = 0.7  # em, of a letter that another font will print


def unprintable(text: str) -> str:
    """The letters of this text that no font of this machine has; empty when all can be printed."""
    unsure = "".join(sorted({letter for letter in text if ord(letter) not in _known() and not letter.isspace()}))
    return _never_printed(unsure) if unsure else ""


def name_fits(name: str) -> bool:
    """Does the name fit into two lines of the smallest size, without a break inside a word?"""
    widths = [_width(word) for word in name.split()]
    lines, used = 1, 0.0
    for width in widths:
        if width > NAME_LINE:
            return False
        if used and used + width > NAME_LINE:
            lines, used = lines + 1, 0.0
        used += width
    return lines <= NAME_LINES


def _width(word: str) -> float:
    """Millimetres of a word and the blank behind it."""
    em = NAME_POINTS * MILLIMETRES_PER_POINT
    return em * sum(_advances().get(ord(letter), UNKNOWN_WIDTH) for letter in f"{word} ")


@cache
def _font() -> TTFont:
    return TTFont(Path(font_folder()) / "SourceSerifPro-Semibold.ttf", lazy=True)


@cache
def _known() -> frozenset[int]:
    return frozenset(_font().getBestCmap())


@cache
def _advances() -> dict[int, float]:
    """Widths in em by character."""
    font = _font()
    metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@cache
def _never_printed(letters: str) -> str:
    """One after the other only where not all of them can be printed."""
    return "".join(letter for letter in letters if missing_letters(letter)) if missing_letters(letters) else ""
