"""Who keeps whose catalogue."""

from credpoints.accounts.models import Role, ScopeKind, User
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
