"""Certificates reach a page only through here."""

from typing import Any

from django.shortcuts import get_object_or_404

from certificates.models import Certificate
from credpoints.http.requests import SignedInRequest


def visible(request: SignedInRequest, uuid: Any) -> Certificate:
    """The certificate of the address, if the person may see it; strangers get 404."""
    return get_object_or_404(Certificate.objects.visible_to(request.user).for_pages(), uuid=uuid)
