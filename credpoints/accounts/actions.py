"""Every write about accounts, persons and roles."""

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from credpoints.accounts.models import Person, Role, RoleAssignment, ScopeKind, User, new_session_salt, role_day


def open_account(*, email: str, language: str, time_zone: str = "Europe/Berlin") -> User:
    """Return the account of this address, made with an empty person when it is new."""
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            user = User.objects.create_user(email, language=language, time_zone=time_zone)
            # Not proven yet; with this row the code of the first sign-in proves it, and no second one is asked for.
            EmailAddress.objects.create(user=user, email=user.email, primary=True)
        Person.objects.get_or_create(user=user, defaults={"email": user.email})
    return user


def grant_role(
    *, user: User, role: Role, scope_kind: ScopeKind, scope_id: int, by: User | None, starts_on: date | None = None
) -> RoleAssignment:
    """Give a role in one scope; giving it twice changes nothing."""
    assignment, _created = RoleAssignment.objects.get_or_create(
        user=user,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        ends_on=None,
        defaults={"granted_by": by, "starts_on": starts_on or role_day()},
    )
    forget_cached_roles(user)
    return assignment


def end_other_sessions(*, user: User) -> None:
    """Sign every session of this account out; the caller keeps its own by `update_session_auth_hash`."""
    user.session_salt = new_session_salt()
    user.save(update_fields=["session_salt"])


def forget_ways_in(*, user: User) -> None:
    """End all sessions and drop password and further addresses: a stranger may have made them in this person's name.

    Called when mail to the address is known to arrive for the first time.
    """
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    user.session_salt = new_session_salt()
    user.set_unusable_password()
    user.save(update_fields=["session_salt", "password"])


def change_preferences(*, user: User, language: str, time_zone: str) -> None:
    """Read in another language or time zone from now on; mails follow."""
    user.language, user.time_zone = language, time_zone
    user.full_clean()
    user.save(update_fields=["language", "time_zone"])


def change_name(
    *, person: Person, given_name: str, family_name: str, native_name: str = "", name_on_certificate: str = ""
) -> None:
    """Take another name; certificates already issued keep theirs."""
    person.given_name, person.family_name = given_name.strip(), family_name.strip()
    person.native_name, person.name_on_certificate = native_name.strip(), name_on_certificate.strip()
    person.save(update_fields=["given_name", "family_name", "native_name", "name_on_certificate"])


def change_residence(*, person: Person, country: str) -> None:
    """Note the country somebody lives in now."""
    person.country_of_residence = country[:2].upper()
    person.save(update_fields=["country_of_residence"])


def forget_person(*, person: Person) -> None:
    """Take away name, addresses and the way in; the empty rows stay because registers and history point at them."""
    with transaction.atomic():
        for name in ("email", "given_name", "family_name", "native_name", "name_on_certificate", "phone",
                     "country_of_residence"):  # fmt: skip
            setattr(person, name, "")
        person.birth_date = None
        person.save()
        user = person.user
        if user is None:
            return
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        user.email, user.is_active = f"deleted-{person.uuid}@deleted.invalid", False
        user.session_salt = new_session_salt()
        user.set_unusable_password()
        user.save()


def forget_cached_roles(user: User) -> None:
    """Drop what rules remembered about this user object, after its roles have changed."""
    user.__dict__.pop("_assignments", None)
    user.__dict__.pop("_programme_ids", None)
