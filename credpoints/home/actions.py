"""Writes that touch several floors of the ground at once."""

from django.db import transaction

from credpoints.accounts.actions import open_account
from credpoints.accounts.models import Role, User
from credpoints.organisations import actions as organisations
from credpoints.organisations.models import Programme
from credpoints.outbox import actions as outbox


def invite_colleague(*, programme: Programme, email: str, role: Role, language: str, by: User) -> User:
    """Give a role to the person with this address and mail them the way in; the account is made when it is new."""
    with transaction.atomic():
        user = open_account(email=email, language=language)
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
