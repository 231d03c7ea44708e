"""The private calendar address of one person."""

from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.common.tokens import new_token, token_hash
from planning.models import CalendarFeed


def new_address(*, user: User) -> str:
    """Make a fresh calendar address; it is shown once, and an earlier one is dead from now on."""
    token = new_token()
    CalendarFeed.objects.update_or_create(
        user=user, defaults={"token_hash": token_hash(token), "created_at": timezone.now()}
    )
    return token
