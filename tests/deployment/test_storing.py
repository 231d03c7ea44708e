"""Who may read what the application writes to the disk."""

from pathlib import Path
from stat import S_IMODE

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def test_static_files_are_for_every_user_of_the_machine_and_private_ones_for_one(tmp_path: Path) -> None:
    static = StaticFilesStorage(location=tmp_path)

    public = tmp_path / static.save("list.json", ContentFile(b"{}"))
    private = Path(default_storage.path(default_storage.save("letter.pdf", ContentFile(b"%PDF"))))

    assert (S_IMODE(public.stat().st_mode), S_IMODE(private.stat().st_mode)) == (0o644, 0o600)
