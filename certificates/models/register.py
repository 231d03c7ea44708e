"""What remains of every number, and that certificates are checked."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.models.certificates import Certificate
from credpoints.accounts.models import Role, User
from credpoints.organisations.models import Organisation, Programme, programme_ids


class RegisterStatus(models.TextChoices):
    GIVEN = "given", _("number given")
    ISSUED = "issued", _("valid")
    REVOKED = "revoked", pgettext_lazy("certificate", "withdrawn")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired")
    VOID = "void", _("number void")


class NumberRegisterQuerySet(models.QuerySet["NumberRegister"]):
    def erased_of(self, user: User | None) -> "NumberRegisterQuerySet":
        """Numbers whose certificate is gone, of the awarding bodies where the person advises or administers."""
        staffed = programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN)
        issuers = Programme.objects.filter(pk__in=staffed).values("organisation")
        return self.filter(certificate=None, issuer__in=issuers)


class NumberRegister(models.Model):
    """One row per number ever given: what remains when a person or programme is erased. Never deleted."""

    number = models.CharField(max_length=30, unique=True)
    series = models.CharField(max_length=20)
    place = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=RegisterStatus.choices, default=RegisterStatus.GIVEN)
    code = models.CharField(max_length=30, unique=True)
    # Staff of its programmes still see the number when the certificate itself is erased.
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issuer_name = models.CharField(max_length=300)
    content_hash = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    credential_sha256 = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    issued_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    certificate = models.OneToOneField(
        Certificate, on_delete=models.SET_NULL, null=True, blank=True, related_name="register_entry"
    )

    objects = NumberRegisterQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "place"], name="number_given_once")]

    def __str__(self) -> str:
        return self.number

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("the register of numbers is never deleted")


class VerificationLog(models.Model):
    """That somebody has checked a certificate, and the answer; nothing about the visitor."""

    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=10)  # code, pdf, json, jwt, png
    result = models.CharField(max_length=20)
    certificate = models.ForeignKey(Certificate, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.result}"
