"""The badge as a picture with the credential inside: a baked PNG of Open Badges 3.0."""

import io

from PIL import Image, PngImagePlugin

from certificates.pictures import badge

KEYWORD = "openbadgecredential"


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
