"""What the holder takes away."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from certificates import baking
from certificates.models import Certificate
from certificates.views.loading import visible
from credpoints.common.translated import text_in
from credpoints.http.requests import SignedInRequest


@require_GET
@login_required
def download(request: SignedInRequest, uuid: Any, form: str) -> HttpResponse:
    """The signed credential, exactly as it was issued: as JSON, as JWT, or inside a picture."""
    one = visible(request, uuid)
    makers: dict[str, tuple[str, Callable[[Certificate], bytes]]] = {
        "json": ("application/json", lambda it: it.credential.encode()),
        "jwt": ("application/jwt", lambda it: it.jwt.encode()),
        "png": ("image/png", _baked),
    }
    if form not in makers or not one.is_published:
        raise Http404
    media_type, maker = makers[form]
    response = HttpResponse(maker(one), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{one.number}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _baked(one: Certificate) -> bytes:
    language = one.data["languages"][0]
    return baking.bake(
        title=text_in(one.data["title"], language),
        issuer=text_in(one.data["issuer"]["name"], language),
        number=one.number or "",
        credential=one.credential,
    )
