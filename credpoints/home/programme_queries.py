"""What the administrator's pages read."""

from credpoints.accounts.models import RoleAssignment, RoleAssignmentQuerySet, ScopeKind
from credpoints.organisations.models import Programme


def assignments(programme: Programme) -> RoleAssignmentQuerySet:
    """Everybody who works or worked in the programme, open roles first."""
    found = RoleAssignment.objects.filter(scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk)
    return found.select_related("user__person", "granted_by__person").order_by("-ends_on", "role", "pk")


def funnel(programme: Programme) -> list[tuple[str, int]]:
    """How many people stand at each station."""
    return []
