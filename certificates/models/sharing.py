"""Links of the holder: what one reader sees of a certificate, and until when."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import Certificate
from credpoints.accounts.models import User


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def visible_to(self, user: User | None) -> "ShareLinkQuerySet":
        """The holder's own links; nobody else manages them."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(certificate__person__user=user)


class ShareLink(models.Model):
    """A secret address for one reader. The code on the paper shows everything; a link shows what the holder chose."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("for whom"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    shows_parts = models.BooleanField(_("show the modules and other parts"), default=True)
    shows_grades = models.BooleanField(_("show the grades"), default=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    opens = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="certificate_link_ends_later"),
            models.CheckConstraint(
                condition=Q(shows_parts=True) | Q(shows_grades=False), name="certificate_link_grades_stand_with_parts"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def is_open(self, now: datetime) -> bool:
        """Whether the link still shows the certificate at this moment."""
        return self.withdrawn_at is None and now < self.expires_at
