"""Logos on the public page of a programme: whose it is, and who pays for it."""

import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from credpoints.accounts.models import User
from credpoints.files import actions as files
from credpoints.files.models import StoredFile
from credpoints.organisations.actions import change_programme
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin

__all__ = ["LOGO", "MAX_SIZE", "add_logo", "logos_of", "remove_logo"]
LOGO = "applicants.logo"
MAX_SIZE = 2 * 1024 * 1024
MOST = 8
PIXELS = 1200
SVG = "image/svg+xml"
_DANGEROUS_TAGS = {"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"}
_LOADS = re.compile(r"url\(\s*['\"]?(?!#)")
_LOADS_IN_STYLE = re.compile(r"@import|" + _LOADS.pattern)
Logo = dict[str, Any]


def logos_of(programme: Programme) -> list[Logo]:
    """The logos in the order of the page, each with its file and its words."""
    return list(programme.room_settings("applicants").get("logos", []))


def add_logo(*, programme: Programme, upload: UploadedFile[Any], alt: dict[str, str], by: User) -> StoredFile:
    """Show a logo on the public page. Raises ValidationError in words for people."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    if not 0 < (upload.size or 0) <= MAX_SIZE:
        raise ValidationError(_("A logo has at most 2 MB. Please choose a smaller file."), code="size")
    content, media_type = _plain(upload.read())
    with transaction.atomic():
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        logos = logos_of(locked)
        if len(logos) >= MOST:
            raise ValidationError(_("There are enough logos. Please remove one first."), code="too_many")
        stored = files.store_bytes(content=content, name=upload.name or "logo", media_type=media_type, purpose=LOGO,
                                   owner=by, about=locked)  # fmt: skip
        _keep(locked, [*logos, {"uuid": str(stored.uuid), "alt": alt}], by)
    return stored


def remove_logo(*, programme: Programme, uuid: UUID, by: User) -> None:
    """Take a logo off the public page; its bytes go too."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        logos = logos_of(locked)
        kept = [logo for logo in logos if logo["uuid"] != str(uuid)]
        if len(kept) == len(logos):
            return
        _keep(locked, kept, by)
        for file in StoredFile.objects.filter(uuid=uuid, purpose=LOGO):
            files.delete_file(file=file)


def _keep(programme: Programme, logos: list[Logo], by: User) -> None:
    rules = {**programme.settings, "applicants": {**programme.room_settings("applicants"), "logos": logos}}
    change_programme(programme=programme, by=by, settings=rules)


def _plain(content: bytes) -> tuple[bytes, str]:
    """A picture without anything that runs or calls home: dots are drawn anew, drawings read to the last element."""
    if b"<svg" in content[:4096].lower():
        _check_drawing(content)
        return content, SVG
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.format not in {"PNG", "JPEG"}:
                raise ValueError(picture.format)
            picture.thumbnail((PIXELS, PIXELS))
            seen = picture.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This is no picture we can show. Possible are PNG, JPEG and SVG."), code="broken"
        ) from error
    out = io.BytesIO()
    seen.save(out, "PNG")
    return out.getvalue(), "image/png"


def _check_drawing(content: bytes) -> None:
    # Entities can blow a small file up to gigabytes, so they are refused before anything reads it.
    if re.search(rb"<!(DOCTYPE[^>]*\[|ENTITY)", content, re.IGNORECASE):
        raise ValidationError(_("This drawing contains more than a drawing. Please save it as plain SVG."), code="svg")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise ValidationError(_("This drawing cannot be read. Please save it as plain SVG."), code="broken") from error
    if not root.tag.lower().endswith("svg") or any(_dangers(root)):
        raise ValidationError(_("This drawing contains more than a drawing. Please save it as plain SVG."), code="svg")


def _dangers(root: ElementTree.Element) -> Iterator[str]:
    """What runs, or loads something from elsewhere."""
    for element in root.iter():
        tag = _plain_name(element.tag)
        if tag in _DANGEROUS_TAGS or (tag == "style" and _LOADS_IN_STYLE.search(element.text or "")):
            yield tag
        for name, value in element.attrib.items():
            if _is_dangerous(_plain_name(name), value.strip().lower()):
                yield name


def _is_dangerous(name: str, value: str) -> bool:
    if name in {"href", "src"} and not value.startswith(("#", "data:image/")):
        return True
    return name.startswith("on") or "javascript:" in value or bool(_LOADS.search(value))


def _plain_name(name: object) -> str:
    """Without the namespace, which anybody can call what they like."""
    return str(name).rpartition("}")[2].lower()
