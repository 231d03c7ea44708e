"""The badge as a picture with the credential inside: a baked PNG of Open Badges 3.0."""

import io

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

KEYWORD = "openbadgecredential"
INK, PAPER, BLUE, GOLD = "#1d2430", "#fbfaf7", "#1f4e79", "#d8bd8a"
SIZE = 600
# Packages that bring a serif; the last resort is Pillow's own small letters.
FONTS = ("EBGaramond12-Regular.otf", "LinLibertine_R.otf", "DejaVuSerif.ttf")


def bake(*, title: str, issuer: str, number: str, credential: str) -> bytes:
    """Draw the badge and put the signed credential into it."""
    picture = badge(title=title, issuer=issuer, number=number)
    chunk = PngImagePlugin.PngInfo()
    chunk.add_itxt(KEYWORD, credential)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=chunk, optimize=True)
    return out.getvalue()


def credential_in(png: bytes) -> bytes:
    """The credential baked into a picture, or nothing."""
    try:
        with Image.open(io.BytesIO(png)) as picture:
            picture.load()
            text = getattr(picture, "text", {}).get(KEYWORD, "")
    except Exception:  # strangers' pictures are damaged in every possible way
        return b""
    return str(text).encode()


def badge(*, title: str, issuer: str, number: str) -> Image.Image:
    """The crest above title, issuer and number."""
    picture = Image.new("RGB", (SIZE, SIZE), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((14, 14, SIZE - 15, SIZE - 15), outline=BLUE, width=4)
    draw.rectangle((26, 26, SIZE - 27, SIZE - 27), outline=GOLD, width=1)
    draw.polygon([(230, 70), (370, 70), (370, 160), (350, 210), (300, 240), (250, 210), (230, 160)], fill=BLUE)
    for place in range(6):
        radius = 8 if place == 5 else 5
        x = 255 + place * 18
        draw.ellipse((x - radius, 105 - radius, x + radius, 105 + radius), fill=GOLD)
    _lines(draw, title, top=275, size=38, colour=BLUE)
    _lines(draw, issuer, top=450, size=22, colour=INK)
    _lines(draw, number, top=530, size=20, colour=INK)
    return picture


def _lines(draw: ImageDraw.ImageDraw, text: str, *, top: int, size: int, colour: str) -> None:
    """Write a text centred, broken between words."""
    font = _font(size)
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= SIZE - 110:
            lines[-1] = longer
        else:
            lines.append(word)
    for place, line in enumerate(lines[:4]):
        width = draw.textlength(line, font=font)
        draw.text(((SIZE - width) / 2, top + place * size * 1.15), line, font=font, fill=colour)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
