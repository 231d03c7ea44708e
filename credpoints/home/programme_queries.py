"""What the administrator's pages read."""

from django.db.models import Count
from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.models import State as ApplicationState
from certificates.models import Certificate
from certificates.models import State as CertificateState
from credpoints.accounts.models import RoleAssignment, RoleAssignmentQuerySet, ScopeKind
from credpoints.organisations.models import Programme
from planning.models import Participation, ParticipationState


def assignments(programme: Programme) -> RoleAssignmentQuerySet:
    """Everybody who works or worked in the programme, open roles first."""
    found = RoleAssignment.objects.filter(scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk)
    return found.select_related("user__person", "granted_by__person").order_by("-ends_on", "role", "pk")


def funnel(programme: Programme) -> list[tuple[str, int]]:
    """How many people stand at each station, in staff words; what nobody has reached is left out."""
    applications = Application.objects.filter(programme=programme).values_list("state")
    taking_part = Participation.objects.filter(programme=programme).values_list("state")
    certified = Certificate.objects.filter(programme=programme).values_list("state")
    told: list[tuple[str, int]] = []
    for station, found, states in (
        (_("Application"), applications, ApplicationState),
        (_("Participation"), taking_part, ParticipationState),
        (_("Certificate"), certified, CertificateState),
    ):
        counts = dict(found.annotate(people=Count("pk")).order_by())
        told += [(f"{station}: {state.label}", counts[state.value]) for state in states if counts.get(state.value)]
    return told
