"""Writes that touch several floors of the ground at once."""

from allauth.account.models import EmailAddress
from django.db import transaction

from credpoints.accounts import actions as accounts
from credpoints.accounts.models import Role, User
from credpoints.organisations import actions as organisations
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox


def note_proven_address(*, address: EmailAddress) -> bool:
    """Mail to an address arrives. Returns whether the account had no proven one: then nothing made before counts.

    Proven instead of the address that the account began with, it takes its place: that one was mistyped, or a
    stranger's.
    """
    user = address.user
    with transaction.atomic():
        if address.email.lower() != user.email.lower():
            if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
                return False
            address.set_as_primary()
        accounts.forget_ways_in(user=user)
    return True


def invite_colleague(*, programme: Programme, email: str, role: Role, language: str, by: User) -> User:
    """Give a role to the person with this address and mail them the way in; the account is made when it is new."""
    with transaction.atomic():
        user = accounts.open_account(email=email, language=language)
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            accounts.forget_ways_in(user=user)  # whoever has begun an application with this address gets no role
        assignment = organisations.give_role(programme=programme, user=user, role=role, by=by)
        outbox.queue(
            "home/email/role_given",
            to=user,
            key=f"role_given:{assignment.pk}",
            programme_id=programme.pk,
            programme=programme,
            role=role,
            by=by,
        )
    return user
