"""Templates: begin, change the draft, put it into use."""

import io
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from certificates.content import Logo
from certificates.models import CertificateTemplate, TemplateVersion, VersionState
from certificates.workflow import TEMPLATE_VERSION
from credpoints.accounts.models import User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.files import actions as files
from credpoints.files import purposes
from credpoints.organisations.models import Programme
from credpoints.organisations.rules import is_admin
from credpoints.workflow import NoLongerPossible

LOGO = "certificates.logo"
LOGO_PIXELS = 1200  # the longer side: 300 dots per inch at ten centimetres
CHANGEABLE = ("layout", "languages", "texts", "signatories", "funding_note", "logos")

describe(
    {
        "template.begun": gettext_lazy("Template begun"),
        "template.version_begun": gettext_lazy("Version %(number)s begun"),
        "template.changed": gettext_lazy("Draft of version %(number)s changed"),
        "template.released": gettext_lazy("Version %(number)s put in use"),
    }
)


def begin_template(*, programme: Programme, kind: str, by: User) -> CertificateTemplate:
    """Begin the template of one kind with an empty draft; the one that is there already stays the only one."""
    if not is_admin(by, programme.pk):
        raise PermissionDenied
    with transaction.atomic():
        template, is_new = CertificateTemplate.objects.get_or_create(programme=programme, kind=kind)
        if is_new:
            TemplateVersion.objects.create(template=template, number=1, created_by=by)
            audit.record("template.begun", template, by=by)
    return template


def begin_version(*, template: CertificateTemplate, by: User) -> TemplateVersion:
    """Begin the next version as a copy of the last; the draft that is there already stays the only one."""
    if not is_admin(by, template.programme_id):
        raise PermissionDenied
    with transaction.atomic():
        CertificateTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        last = TemplateVersion.objects.filter(template=template).order_by("number").last()
        if last and last.state == VersionState.DRAFT:
            return last
        copied = {name: getattr(last, name) for name in CHANGEABLE} if last else {}
        version = TemplateVersion.objects.create(
            template=template, number=last.number + 1 if last else 1, created_by=by, **copied
        )
        audit.record("template.version_begun", template, by=by, number=version.number)
    return version


def change_version(*, version: TemplateVersion, by: User, **changes: Any) -> None:
    """Write the draft anew. A version in use refuses, here and in the database."""
    if not is_admin(by, version.programme_id):
        raise PermissionDenied
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"not part of a version: {unknown}")
    with transaction.atomic():
        locked = TemplateVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if locked.state != VersionState.DRAFT:
            raise NoLongerPossible(_("This version is in use and cannot be changed. Begin a new version."), locked)
        for name, value in changes.items():
            setattr(locked, name, value)
            setattr(version, name, value)
        locked.save(update_fields=list(changes))
        audit.record("template.changed", locked.template, by=by, number=locked.number)


def release_version(*, version: TemplateVersion, by: User) -> None:
    """From now on certificates look like this; the version before stays for those that were made with it."""
    with transaction.atomic():
        CertificateTemplate.objects.select_for_update(of=("self",)).get(pk=version.template_id)
        before = TemplateVersion.objects.filter(template=version.template_id, state=VersionState.IN_USE).first()
        if before and TEMPLATE_VERSION.may("release", version, by):
            with TEMPLATE_VERSION.take("supersede", before, by=None):
                pass
        with TEMPLATE_VERSION.take("release", version, by=by) as locked:
            locked.released_by, locked.released_at = by, timezone.now()
        # The step is told about the version; people look for it in the history of the template.
        audit.record("template.released", version.template, by=by, number=version.number)


def add_logo(*, version: TemplateVersion, upload: UploadedFile[Any], place: str, alt: dict[str, str], by: User) -> None:
    """Keep a logo as a plain picture: what a file may carry beside its dots could break the archive format."""
    rules = purposes.get(LOGO)
    if rules is None or place not in {"head", "foot"}:
        raise ValueError(place)
    files.check_size(upload.size or 0, rules)
    upload.seek(0)
    files.check_type(upload.read(8192), rules)
    upload.seek(0)
    content = _plain_picture(upload)
    stored = files.store_bytes(
        content=content,
        name=f"{upload.name}.png",
        media_type="image/png",
        purpose=LOGO,
        owner=by,
        about=version.template,
    )
    logo: Logo = {"file": stored.pk, "sha256": stored.sha256, "alt": alt, "place": place}
    kept = [one for one in version.logos if place == "foot" or one["place"] != "head"]
    change_version(version=version, by=by, logos=[*kept, logo])


def remove_logo(*, version: TemplateVersion, position: int, by: User) -> None:
    """Take a logo out of the draft."""
    change_version(version=version, by=by, logos=[one for at, one in enumerate(version.logos) if at != position])


def _plain_picture(upload: UploadedFile[Any]) -> bytes:
    try:
        with Image.open(upload) as picture:
            picture.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
            seen = picture.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This picture cannot be read. Please choose another file."), code="broken") from error
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()
