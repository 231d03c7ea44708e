"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The theme, the languages and whether this is the demo."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in {"light", "dark", "auto"} else "auto",
        "languages": settings.LANGUAGES,
        "is_demo": settings.DEMO,
        "base_url": settings.BASE_URL,
    }
