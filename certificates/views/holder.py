"""What the holder's own page shows."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from certificates import profiles, verifying
from certificates.forms import ShareForm
from certificates.models import Certificate
from credpoints.http.requests import SignedInRequest


def holder_context(request: SignedInRequest, one: Certificate) -> dict[str, Any]:
    """The certificate, whether it is valid or what follows it, and its links; a fresh link's address is told once."""
    answer = verifying.by_code(one.code or "")
    now = timezone.now()
    fresh = request.session.pop("certificate_link", {})
    return {
        "certificate": one,
        "answer": answer,
        "headline": verifying.headline(answer),
        "part": verifying.part_for_reader(one),
        "newer": one.replacements.published().first() if answer.result == "replaced" else None,
        "base_url": settings.BASE_URL,
        "linkedin": profiles.linkedin(one) if answer.is_valid else "",
        "links": [(link, link.is_open(now)) for link in one.links.all()],
        "share_form": ShareForm(),
        "fresh_token": fresh.get("token", "") if fresh.get("certificate") == str(one.uuid) else "",
    }
