"""Answer with the bytes of a private file. Whether somebody may read it is decided before."""

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse

from credpoints.files.models import StoredFile

SHOWN_IN_BROWSER = {"application/pdf", "image/jpeg", "image/png"}


def answer_with(file: StoredFile, *, as_download: bool = False) -> FileResponse:
    """The file, shown in the browser where that is safe, and kept by no cache."""
    response = FileResponse(default_storage.open(file.path), content_type=file.media_type)
    shown = "inline" if file.media_type in SHOWN_IN_BROWSER and not as_download else "attachment"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file.name)}"
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "private, no-store"
    # A document opened in the browser may run nothing and load nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response
