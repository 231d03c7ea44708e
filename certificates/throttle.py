"""A brake on guessing codes: a counter per visitor's address that forgets by itself and is never stored."""

import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from credpoints.http.visitors import visitor_address

WRONG_ANSWERS = 20
WINDOW = 600  # seconds


def too_many(request: HttpRequest) -> bool:
    """Has this address been wrong too often in the last minutes?"""
    return int(cache.get(_key(request), 0)) >= WRONG_ANSWERS


def count_wrong(request: HttpRequest) -> None:
    """Note one wrong answer of this address."""
    key = _key(request)
    cache.add(key, 0, WINDOW)
    try:
        cache.incr(key)
    except ValueError:  # it ran out in this very moment
        cache.set(key, 1, WINDOW)


def _key(request: HttpRequest) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), visitor_address(request).encode(), "sha256").hexdigest()
    return f"certificates.verify.{digest[:32]}"
