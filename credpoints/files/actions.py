"""Take files in, whole or in pieces, and keep them unchanged."""

import hashlib
import os
import re
import tempfile
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.files import purposes
from credpoints.files.models import StoredFile, Upload

PIECE = 1024 * 1024
MOST_ON_THE_WAY = 20  # files of one person that have not arrived yet
GIVEN_UP_AFTER = timedelta(days=7)  # whoever goes on with a file does so within days


def check_size(size: int, purpose: purposes.Purpose) -> None:
    """Refuse empty and too large files with the limit in words."""
    if size <= 0:
        raise ValidationError(_("This file is empty. Please choose another one."), code="empty")
    if size > purpose.max_size:
        raise ValidationError(
            _("This file has %(size)s; at most %(limit)s are possible. Your other answers are kept."),
            code="too_large",
            params={"size": filesizeformat(size), "limit": filesizeformat(purpose.max_size)},
        )


def sniff(head: bytes) -> str:
    """Tell the media type from the first bytes; what a name or a browser claims counts for nothing."""
    kind = filetype.guess(head)
    return str(kind.mime) if kind else "application/octet-stream"


def check_type(head: bytes, purpose: purposes.Purpose) -> str:
    """Return the sniffed type or refuse it, naming what is possible."""
    media_type = sniff(head)
    if media_type not in purpose.media_types:
        raise ValidationError(
            _("This is not a file of a type we can open. Possible are: %(types)s. Your other answers are kept."),
            code="wrong_type",
            params={"types": ", ".join(sorted(t.split("/")[-1].upper() for t in purpose.media_types))},
        )
    return media_type


def clean_name(name: str) -> str:
    """Make a file name harmless and keep it readable."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:200]}{dot}{suffix[:20]}" or "file"


def store_upload(*, upload: UploadedFile[Any], purpose: str, by: User, about: models.Model | None = None) -> StoredFile:
    """Keep a file that came with a form. Raises ValidationError in words for people."""
    rules = _rules(purpose)
    check_size(upload.size or 0, rules)
    upload.seek(0)
    media_type = check_type(upload.read(8192), rules)
    upload.seek(0)
    return _keep(
        upload.chunks(), name=upload.name or "file", media_type=media_type, purpose=purpose, owner=by, about=about
    )


def store_bytes(
    *, content: bytes, name: str, media_type: str, purpose: str, owner: User | None, about: models.Model | None = None
) -> StoredFile:
    """Keep a file that the application itself has made."""
    return _keep([content], name=name, media_type=media_type, purpose=purpose, owner=owner, about=about)


def begin_upload(*, name: str, size: int, purpose: str, by: User) -> Upload:
    """Begin a file that comes in pieces."""
    check_size(size, _rules(purpose))
    if Upload.objects.filter(owner=by, stored_file=None).count() >= MOST_ON_THE_WAY:
        raise ValidationError(
            _("Too many of your files have not arrived yet. Finish one of them, or try again in some days."),
            code="many",
        )
    return Upload.objects.create(owner=by, purpose=purpose, name=clean_name(name), size=size)


def add_piece(*, upload: Upload, offset: int, content: bytes) -> Upload:
    """Add the next piece. A piece that was already received is ignored, so a client may send it again."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if offset != locked.received or locked.stored_file_id:
            return locked
        if offset == 0:
            check_type(content[:8192], _rules(locked.purpose))
        if locked.received + len(content) > locked.size:
            raise ValidationError(_("More was sent than announced. Please choose the file again."), code="too_much")
        path = _pieces_path(locked)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.seek(offset)
            file.write(content)
            file.truncate()
        locked.received += len(content)
        locked.save(update_fields=["received"])
    return locked


def finish_upload(*, upload: Upload, about: models.Model | None = None) -> StoredFile:
    """Turn a complete upload into a stored file; finishing twice gives the same file."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if locked.stored_file_id:
            return StoredFile.objects.get(pk=locked.stored_file_id)
        if locked.received != locked.size:
            raise ValidationError(_("The file has not arrived completely yet."), code="incomplete")
        path = _pieces_path(locked)
        with path.open("rb") as file:
            media_type = check_type(file.read(8192), _rules(locked.purpose))
            file.seek(0)
            stored = _keep(
                iter(lambda: file.read(PIECE), b""),
                name=locked.name,
                media_type=media_type,
                purpose=locked.purpose,
                owner=locked.owner,
                about=about,
            )
        locked.stored_file = stored
        locked.save(update_fields=["stored_file"])
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return stored


def throw_away_given_up(now: datetime | None = None) -> int:
    """Forget uploads that nobody has gone on with, with the pieces that arrived. Returns how many."""
    old = Upload.objects.filter(created_at__lt=(now or timezone.now()) - GIVEN_UP_AFTER)
    count = 0
    for upload in old.order_by("pk").iterator(chunk_size=200):
        _pieces_path(upload).unlink(missing_ok=True)
        upload.delete()  # the row last: whoever dies in between finds it again
        count += 1
    return count


def delete_file(*, file: StoredFile) -> None:
    """Forget a file and its bytes (a person replaced it, or its time is over)."""
    path = file.path
    with transaction.atomic():
        file.delete()
        transaction.on_commit(lambda: default_storage.delete(path))


def _keep(
    chunks: Iterable[bytes], *, name: str, media_type: str, purpose: str, owner: User | None, about: models.Model | None
) -> StoredFile:
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as spool:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        spool.seek(0)
        key = uuid.uuid4()
        path = default_storage.save(f"{purpose.replace('.', '/')}/{key.hex[:2]}/{key}", File(spool))
    return StoredFile.objects.create(
        uuid=key,
        owner=owner,
        purpose=purpose,
        name=clean_name(name),
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        path=path,
        object_type=about._meta.label_lower if about else "",
        object_id=about.pk if about else None,
    )


def _rules(purpose: str) -> purposes.Purpose:
    rules = purposes.get(purpose)
    if rules is None or not rules.may_upload:
        raise ValidationError(_("Files of this kind cannot be handed in here."), code="purpose")
    return rules


def _pieces_path(upload: Upload) -> Path:
    return Path(settings.PRIVATE_FILES_ROOT) / "pieces" / os.path.basename(upload.token)
