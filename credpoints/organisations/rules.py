"""Yes-or-no questions about a person and a programme."""

from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.accounts.rules import scope_ids
from credpoints.organisations.models import programme_ids


def holds(user: User | None, programme_id: int, *roles: Role) -> bool:
    """Does the user hold one of these roles in this programme today?"""
    return programme_id in programme_ids(user, *roles)


def is_advisor(user: User | None, programme_id: int) -> bool:
    return holds(user, programme_id, Role.ADVISOR)


def is_admin(user: User | None, programme_id: int) -> bool:
    return holds(user, programme_id, Role.PROGRAMME_ADMIN)


def is_advisor_or_admin(user: User | None, programme_id: int) -> bool:
    return holds(user, programme_id, Role.ADVISOR, Role.PROGRAMME_ADMIN)


def begins_programmes(user: User | None) -> bool:
    """Does the user administer a whole organisation, and so may begin programmes in it?"""
    return bool(scope_ids(user, ScopeKind.ORGANISATION, Role.PROGRAMME_ADMIN))


def is_mentor(user: User | None, programme_id: int) -> bool:
    return holds(user, programme_id, Role.MENTOR)
