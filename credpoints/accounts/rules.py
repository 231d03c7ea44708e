"""Who holds which role where. Every rule about a role starts here."""

from credpoints.accounts.models import Role, RoleAssignment, ScopeKind, User, role_day

STAFF_ROLES = frozenset(Role)


def assignments(user: User | None) -> list[RoleAssignment]:
    """Return the assignments in force today, read once per user object (so once per request)."""
    if user is None or not user.is_authenticated:
        return []
    cached: list[RoleAssignment] | None = user.__dict__.get("_assignments")
    if cached is None:
        cached = list(RoleAssignment.objects.in_force(role_day()).filter(user=user))
        user.__dict__["_assignments"] = cached
    return cached


def scope_ids(user: User | None, kind: ScopeKind, *roles: Role) -> list[int]:
    """Return the numbers of the programmes, organisations or offerings where the user holds one of the roles."""
    return [a.scope_id for a in assignments(user) if a.scope_kind == kind and a.role in roles]


def is_staff(user: User | None) -> bool:
    """Does the user hold any role that opens other people's data (and so needs a second factor)?"""
    return bool(assignments(user)) or bool(user and user.is_authenticated and user.is_staff)
