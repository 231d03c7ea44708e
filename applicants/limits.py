"""Rate limits for pages that work without an account."""

from django.core.cache import cache
from django.http import HttpRequest

from credpoints.http.visitors import visitor_address


def too_many(request: HttpRequest, what: str, *, key: str = "", limit: int, seconds: int) -> bool:
    """Count one try; true after more than `limit` in `seconds` for this key (default: the visitor's address)."""
    name = f"applicants.limit:{what}:{key or visitor_address(request)}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) > limit
    except ValueError:  # it ran out between the two calls
        return False
