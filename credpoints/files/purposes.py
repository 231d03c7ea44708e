"""What files are for: each app registers its purposes with limits and with who may read."""

from collections.abc import Callable
from dataclasses import dataclass

from credpoints.accounts.models import User
from credpoints.files.models import StoredFile

MEGABYTE = 1024 * 1024
DOCUMENTS = frozenset({"application/pdf", "image/jpeg", "image/png"})


@dataclass(frozen=True)
class Purpose:
    """Limits of one kind of file. `may_read` decides about everybody but the owner; sizes are bytes."""

    key: str
    may_read: Callable[[User | None, StoredFile], bool]
    media_types: frozenset[str] = DOCUMENTS
    max_size: int = 10 * MEGABYTE
    may_upload: bool = True
    note_reading: Callable[[User, StoredFile], None] | None = None  # told when somebody else than the owner reads


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Make a purpose known; called in an app's `ready`."""
    _purposes[purpose.key] = purpose


def get(key: str) -> Purpose | None:
    return _purposes.get(key)


def may_read(user: User | None, file: StoredFile) -> bool:
    """May this person read the file? The owner always, others as the purpose says."""
    if user and user.is_authenticated and file.owner == user:
        return True
    purpose = get(file.purpose)
    return bool(purpose and purpose.may_read(user, file))


def note_reading(user: User | None, file: StoredFile) -> None:
    """Tell the room that a file belongs to who has opened it; the owner's own reading is nobody's business."""
    purpose = get(file.purpose)
    if user and file.owner_id != user.pk and purpose and purpose.note_reading:
        purpose.note_reading(user, file)
