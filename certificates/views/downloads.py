"""What the holder takes away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from certificates.downloads import FORMS
from certificates.views.loading import visible
from credpoints.http.requests import SignedInRequest


@require_GET
@login_required
def download(request: SignedInRequest, uuid: Any, form: str) -> HttpResponse:
    """The signed credential exactly as it was issued (JSON, JWT, inside a picture), or the file for Europass."""
    one = visible(request, uuid)
    if form not in FORMS or not one.is_published:
        raise Http404
    media_type, ending, make = FORMS[form]
    response = HttpResponse(make(one), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{one.number}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
