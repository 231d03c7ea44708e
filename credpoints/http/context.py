"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi

from credpoints.accounts.rules import is_staff
from credpoints.http.navigation import menu
from credpoints.http.requests import user_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The menu, the theme, the languages and whether this is the demo."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "menu": SimpleLazyObject(lambda: menu(request)),
        "theme": theme if theme in {"light", "dark", "auto"} else "auto",
        "languages": settings.LANGUAGES,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "reads_from_right": get_language_bidi(),
        "is_demo": settings.DEMO,
        "has_search": SimpleLazyObject(lambda: is_staff(user_of(request))),
        "keys_are_on": request.COOKIES.get("keys") != "off",
        "base_url": settings.BASE_URL,
    }
