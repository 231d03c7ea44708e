"""Yes-or-no questions about a person and a thing of the catalogue. The system itself is `None`."""

from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.accounts.rules import assignments, scope_ids
from credpoints.organisations.models import programme_ids
from modules.models import Enrolment, Module, ModuleVersion, Offering, Result, catalogue_organisations


def keeps_catalogue(user: User | None, organisation_id: int) -> bool:
    """Does the person keep the catalogue of this organisation?"""
    return organisation_id in catalogue_organisations(user)


def keeps_a_catalogue(user: User | None) -> bool:
    """Does the person keep the catalogue of any organisation?"""
    return bool(catalogue_organisations(user))


def can_edit_module(user: User | None, module: Module) -> bool:
    return keeps_catalogue(user, module.provider_id)


def can_edit_version(user: User | None, version: ModuleVersion) -> bool:
    return keeps_catalogue(user, version.module.provider_id)


def can_edit_version_or_system(user: User | None, version: ModuleVersion) -> bool:
    """Keepers of the catalogue; and the system, for imports."""
    return user is None or can_edit_version(user, version)


def teaches_by_name(user: User, offering: Offering) -> bool:
    """Named teacher of this very offering."""
    return offering.pk in scope_ids(user, ScopeKind.OFFERING, Role.TEACHER)


def teaches(user: User | None, offering: Offering) -> bool:
    """Named teacher of the offering, or teacher of its whole programme."""
    return offering.pk in scope_ids(user, ScopeKind.OFFERING, Role.TEACHER) or offering.programme_id in programme_ids(
        user, Role.TEACHER
    )


def runs_offering(user: User | None, offering: Offering) -> bool:
    """Administrator of its programme, or keeper of the provider's catalogue."""
    return offering.programme_id in programme_ids(user, Role.PROGRAMME_ADMIN) or keeps_catalogue(
        user, offering.version.module.provider_id
    )


def teaches_or_runs(user: User | None, offering: Offering) -> bool:
    return teaches(user, offering) or runs_offering(user, offering)


def is_system(user: User | None, thing: object) -> bool:
    """Only the application itself takes this step, as part of another one."""
    return user is None


def is_own_enrolment(user: User | None, enrolment: Enrolment) -> bool:
    return user is not None and user.is_authenticated and enrolment.person.user_id == user.pk


def advises(user: User | None, enrolment: Enrolment) -> bool:
    return enrolment.programme_id in programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)


def runs_enrolment(user: User | None, enrolment: Enrolment) -> bool:
    """Staff who decide about places: the offering's administrators, never about themselves."""
    return not is_own_enrolment(user, enrolment) and runs_offering(user, enrolment.offering)


def runs_enrolment_or_system(user: User | None, enrolment: Enrolment) -> bool:
    return user is None or runs_enrolment(user, enrolment)


def can_withdraw(user: User | None, enrolment: Enrolment) -> bool:
    """The person, the advisor or administrator of the programme, and plan changes (the system)."""
    return user is None or is_own_enrolment(user, enrolment) or advises(user, enrolment)


def teaches_enrolment(user: User | None, enrolment: Enrolment) -> bool:
    return not is_own_enrolment(user, enrolment) and teaches(user, enrolment.offering)


def can_record(user: User | None, enrolment: Enrolment) -> bool:
    """Results come from teachers of the offering; nobody marks the own work."""
    return teaches_enrolment(user, enrolment)


def can_finalise(user: User | None, result: Result) -> bool:
    return can_record(user, result.enrolment)


def can_correct(user: User | None, result: Result) -> bool:
    """Teachers and the programme's administrators correct a final result, always with a reason."""
    return can_record(user, result.enrolment) or runs_enrolment(user, result.enrolment)


def can_mark_attendance(user: User | None, offering: Offering) -> bool:
    return teaches(user, offering)


def has_groups(user: User | None) -> bool:
    """Does the person teach anything or run offerings? Decides about an entry of the menu only."""
    return any(held.role in {Role.TEACHER, Role.PROGRAMME_ADMIN, Role.COORDINATOR} for held in assignments(user))
