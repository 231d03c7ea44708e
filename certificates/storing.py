"""Write a finished document once: whole or not at all, never over another one."""

import os
import uuid
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


def throw_away(path: str) -> None:
    """Forget a document that lost the race to be the one that counts."""
    default_storage.delete(path)
