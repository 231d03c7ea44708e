"""The request as views see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from credpoints.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: its user is a `User`."""

    user: User
    htmx: HtmxDetails


def user_of(request: HttpRequest) -> User | None:
    """The signed-in user of a page that is open to everybody, or None."""
    return request.user if isinstance(request.user, User) else None
