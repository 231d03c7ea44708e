"""Who people are, and what they may do where."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _


def check_time_zone(value: str) -> None:
    """Refuse a name that is not in the IANA time zone database."""
    if value not in available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone."), params={"zone": value})


def new_session_salt() -> str:
    return get_random_string(16)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; without a password it signs in by e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: signs in with an e-mail address and reads in one language and time zone."""

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="de")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Berlin", validators=[check_time_zone])
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the technical admin pages"), default=False)
    session_salt = models.CharField(max_length=16, default=new_session_salt, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The person's name, or the part of the address before the @ while nobody has told us."""
        person = getattr(self, "person", None)
        if person and person.full_name:
            return str(person.full_name)
        return str(_("deleted person")) if self.email.endswith("@deleted.invalid") else self.email.split("@")[0]

    def get_session_auth_hash(self) -> str:
        """Sessions end when password or salt change; `accounts.actions.end_other_sessions` changes the salt."""
        return f"{super().get_session_auth_hash()}{self.session_salt}"


class Person(models.Model):
    """Somebody the programme knows; exists without an account too, such as a company's supervisor."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    email = models.EmailField(_("e-mail address"), blank=True)
    given_name = models.CharField(_("given names"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    native_name = models.CharField(_("name in its own script"), max_length=300, blank=True)
    name_on_certificate = models.CharField(_("name on certificates"), max_length=300, blank=True)
    country_of_residence = models.CharField(_("country of residence"), max_length=2, blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)

    def __str__(self) -> str:
        return self.full_name or self.email or str(_("deleted person"))

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def certificate_name(self) -> str:
        """The name that documents print: the one chosen for them, else given and family name."""
        return self.name_on_certificate or self.full_name

    @property
    def language(self) -> str:
        return self.user.language if self.user else "de"

    @property
    def time_zone(self) -> str:
        return self.user.time_zone if self.user else "Europe/Berlin"

    @property
    def mail_address(self) -> str:
        return self.user.email if self.user else self.email


class Role(models.TextChoices):
    ADVISOR = "advisor", _("advisor")
    MENTOR = "mentor", _("mentor")
    TEACHER = "teacher", _("teacher")
    COORDINATOR = "coordinator", _("partner coordinator")
    PROGRAMME_ADMIN = "programme_admin", _("programme administrator")
    AUTHORITY = "authority", _("authority")


class ScopeKind(models.TextChoices):
    PROGRAMME = "programme", _("programme")
    ORGANISATION = "organisation", _("organisation")
    OFFERING = "offering", _("offering")


def role_day() -> date:
    """Today as roles count it: the day of the house, since everybody chooses the time zone they read in."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, on: date) -> "RoleAssignmentQuerySet":
        """Assignments that hold on this day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class RoleAssignment(models.Model):
    """A role somebody holds in one programme, organisation or offering; ended ones stay as history.

    The scope is a kind and a number and not a foreign key, because offerings live floors above this one.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=30, choices=Role.choices)
    scope_kind = models.CharField(max_length=20, choices=ScopeKind.choices)
    scope_id = models.PositiveBigIntegerField()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_kind", "scope_id"], condition=Q(ends_on=None), name="one_open_assignment"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="known_role"),
            models.CheckConstraint(condition=Q(scope_kind__in=ScopeKind.values), name="known_scope_kind"),
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_id", "role"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} ({self.scope_kind} {self.scope_id})"
