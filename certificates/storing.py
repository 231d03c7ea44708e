"""Write a finished document once: whole or not at all, never over another one."""

import os
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

FOLDER = "certificates"


def write_once(content: bytes) -> str:
    """Store the bytes under a name of their own and return it. The file survives a power cut after this returns."""
    name = uuid.uuid4().hex
    path = f"{FOLDER}/{name[:2]}/{name}"
    if not isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]
        return default_storage.save(path, ContentFile(content))
    target = Path(default_storage.path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path


def is_there(path: str) -> bool:
    """Whether the document is still stored; what was half made is cleared away after some time."""
    return default_storage.exists(path)


def written_before(moment: datetime) -> Iterator[set[str]]:
    """The documents, finished or not, that were last written before this moment; one folder at a time."""
    folders = default_storage.listdir(FOLDER)[0] if default_storage.exists(FOLDER) else []
    for folder in sorted(name for name in folders if re.fullmatch(r"[0-9a-f]{2}", name)):
        names = default_storage.listdir(f"{FOLDER}/{folder}")[1]
        paths = {f"{FOLDER}/{folder}/{name}" for name in names if re.match(r"[0-9a-f]{32}", name)}
        yield {path for path in paths if default_storage.get_modified_time(path) < moment}


def throw_away(path: str) -> None:
    """Forget a document that lost the race to be the one that counts."""
    default_storage.delete(path)
