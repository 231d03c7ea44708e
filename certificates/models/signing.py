"""The keys that sign, and the lists that withdraw."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from certificates.keys import did_of
from certificates.lasting import KEY_SERVES, KEY_WARNINGS, SEAL_WARNINGS, Lasting
from certificates.status_list import SIZE
from credpoints.accounts.models import Role, User
from credpoints.organisations.models import Organisation, Programme, programme_ids


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def visible_to(self, user: User | None) -> "SigningKeyQuerySet":
        """The keys of the awarding bodies whose programmes somebody administers."""
        administered = Programme.objects.filter(pk__in=programme_ids(user, Role.PROGRAMME_ADMIN))
        return self.filter(issuer__in=administered.values("organisation"))


class SigningKey(models.Model):
    """The public part of one key of an awarding body, and until when its signatures count."""

    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fragment = models.CharField(max_length=40)  # key-2026-1
    algorithm = models.CharField(max_length=10, choices=[("Ed25519", "Ed25519"), ("P-256", "P-256")])
    public = models.TextField()
    published_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)  # signs nothing new, its old signatures count
    compromised_at = models.DateTimeField(null=True, blank=True)  # its signatures count no more
    reason = models.CharField(max_length=300, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "fragment"], name="key_fragment_once_per_issuer"),
            models.UniqueConstraint(
                fields=["issuer", "algorithm"],
                condition=Q(retired_at=None, compromised_at=None),
                name="one_active_key_per_algorithm",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def key_id(self) -> str:
        return f"{did_of(self.issuer.slug)}#{self.fragment}"

    @property
    def is_trusted(self) -> bool:
        return self.compromised_at is None

    @property
    def is_active(self) -> bool:
        return self.retired_at is None and self.compromised_at is None

    def lasting(self, now: datetime) -> Lasting:
        """Until when it should have been followed by a new one."""
        return Lasting(self.published_at + KEY_SERVES, now, KEY_WARNINGS)


class SealCertificate(models.Model):
    """A certificate that seals PDFs here, or did, as the workers have found it."""

    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    ends_at = models.DateTimeField()
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_use"], condition=Q(in_use=True), name="one_seal_in_use"),
        ]

    def __str__(self) -> str:
        return self.name

    def lasting(self, now: datetime) -> Lasting:
        return Lasting(self.ends_at, now, SEAL_WARNINGS)


class StatusList(models.Model):
    """A signed list of bits, stored as it is served."""

    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    document = models.TextField(blank=True)
    etag = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "number"], name="status_list_number_once")]

    def __str__(self) -> str:
        return f"{self.issuer_id}/{self.number}"


class StatusEntry(models.Model):
    """One place in a list: random, never given twice, also when its certificate is gone."""

    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["status_list", "index"], name="status_index_given_once"),
            models.CheckConstraint(condition=Q(index__lt=SIZE), name="status_index_within_the_list"),
        ]

    def __str__(self) -> str:
        return f"{self.status_list_id}#{self.index}"
