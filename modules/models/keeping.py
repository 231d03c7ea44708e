"""Who keeps whose catalogue."""

from django.db.models import OuterRef, Q
from django.utils import timezone

from credpoints.accounts.models import Role, RoleAssignment, RoleAssignmentQuerySet, ScopeKind, User
from credpoints.accounts.rules import assignments, scope_ids
from credpoints.organisations.models import Programme


def catalogue_organisations(user: User | None) -> list[int]:
    """The organisations whose catalogue this person keeps: coordinators, and administrators of their programmes."""
    held = assignments(user)
    if user is None or not held:
        return []
    # Remembered together with the list of roles it was read from, so that a newly granted role counts at once.
    remembered = user.__dict__.get("_catalogue_organisations")
    if remembered is None or remembered[0] is not held:
        own = scope_ids(user, ScopeKind.ORGANISATION, Role.COORDINATOR, Role.PROGRAMME_ADMIN)
        programmes = scope_ids(user, ScopeKind.PROGRAMME, Role.PROGRAMME_ADMIN)
        if programmes:
            own += list(Programme.objects.filter(pk__in=programmes).values_list("organisation_id", flat=True))
        remembered = (held, sorted(set(own)))
        user.__dict__["_catalogue_organisations"] = remembered
    return list(remembered[1])


def keeping_roles(organisation: OuterRef) -> RoleAssignmentQuerySet:
    """The roles in force that make somebody keep the catalogue of an organisation, for use inside another query."""
    of_organisation = Q(
        scope_kind=ScopeKind.ORGANISATION, scope_id=organisation, role__in=(Role.COORDINATOR, Role.PROGRAMME_ADMIN)
    )
    programmes = Programme.objects.filter(organisation=OuterRef(organisation)).values("pk")
    of_programme = Q(scope_kind=ScopeKind.PROGRAMME, scope_id__in=programmes, role=Role.PROGRAMME_ADMIN)
    return RoleAssignment.objects.in_force(timezone.localdate()).filter(of_organisation | of_programme)
