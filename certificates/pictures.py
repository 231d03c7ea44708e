"""Pictures of a certificate for software that shows pictures only: the badge, and its first page."""

import importlib
import io
from collections.abc import Iterable
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from certificates.rendering import Part

INK, PAPER, BLUE, GOLD = "#1d2430", "#fbfaf7", "#1f4e79", "#d8bd8a"
BADGE = 600
PAGE = (794, 1123)  # A4 at 96 dots to the inch
# The first that has all letters of a text is taken; the last one brings Arabic, Armenian and Georgian.
FONTS = ("EBGaramond12-Regular.otf", "LinLibertine_R.otf", "DejaVuSerif.ttf", "DejaVuSans.ttf")


def badge(*, title: str, issuer: str, number: str) -> Image.Image:
    """The crest above title, issuer and number."""
    picture = Image.new("RGB", (BADGE, BADGE), PAPER)
    draw = _framed(picture)
    _crest(draw, middle=300, top=70)
    _lines(draw, title, top=275, size=38, colour=BLUE)
    _lines(draw, issuer, top=450, size=22)
    _lines(draw, number, top=530, size=20)
    return picture


def page(part: Part, *, name: str, number: str) -> bytes:
    """The face of the certificate in one language, as PNG: what a viewer of European Digital Credentials shows."""
    picture = Image.new("RGB", PAGE, PAPER)
    draw = _framed(picture)
    _crest(draw, middle=PAGE[0] // 2, top=90)
    below = _lines(draw, part.issuer, top=300, size=26)
    below = _lines(draw, part.kicker, top=below + 30, size=44, colour=BLUE)
    below = _lines(draw, part.lead, top=below + 40, size=22)
    below = _lines(draw, name, top=below + 12, size=40, colour=BLUE)
    below = _lines(draw, part.deed, top=below + 16, size=22)
    below = _lines(draw, part.title, top=below + 12, size=34)
    below = _lines(draw, part.workload, top=below + 24, size=22)
    _lines(draw, part.period, top=below + 8, size=20)
    _lines(draw, part.place_and_date, top=PAGE[1] - 130, size=20)
    _lines(draw, number, top=PAGE[1] - 90, size=20)
    out = io.BytesIO()
    # The few colours of a certificate fit into a palette, which makes the file a tenth.
    picture.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _framed(picture: Image.Image) -> ImageDraw.ImageDraw:
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    draw.rectangle((14, 14, width - 15, height - 15), outline=BLUE, width=4)
    draw.rectangle((26, 26, width - 27, height - 27), outline=GOLD, width=1)
    return draw


def _crest(draw: ImageDraw.ImageDraw, *, middle: int, top: int) -> None:
    corners = [(-70, 0), (70, 0), (70, 90), (50, 140), (0, 170), (-50, 140), (-70, 90)]
    draw.polygon([(middle + x, top + y) for x, y in corners], fill=BLUE)
    for place in range(6):
        radius = 8 if place == 5 else 5
        x, y = middle - 45 + place * 18, top + 35
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=GOLD)


def _lines(draw: ImageDraw.ImageDraw, text: str, *, top: float, size: int, colour: str = INK) -> float:
    """Write a text centred, broken between words. Returns where the next one may begin."""
    font = _font(text, size)
    whole = draw.im.size[0] if draw.im else BADGE
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= whole - 110:
            lines[-1] = longer
        else:
            lines.append(word)
    for place, line in enumerate(lines[:4]):
        width = draw.textlength(line, font=font)
        draw.text(((whole - width) / 2, top + place * size * 1.15), line, font=font, fill=colour)
    return top + len(lines[:4]) * size * 1.15


def _font(text: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    letters = {ord(letter) for letter in text if not letter.isspace()}
    known = [name for name in FONTS if _letters_of(name)]
    best = next((name for name in known if letters <= _letters_of(name)), known[-1] if known else None)
    return ImageFont.truetype(best, size) if best else ImageFont.load_default(size)


@cache
def _letters_of(name: str) -> frozenset[int]:
    """The letters of a font of this system; none when it is not installed."""
    try:
        path = ImageFont.truetype(name, 10).path
    except OSError:
        return frozenset()
    tables = importlib.import_module("fontTools.ttLib")  # needed for pictures only, not at the start
    codes: Iterable[int] = tables.TTFont(path, lazy=True).getBestCmap() or ()
    return frozenset(codes)
