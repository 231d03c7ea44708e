"""How the certificates of a programme look: one template for each kind, in versions that use makes unchangeable."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.content import Design
from certificates.models.kinds import Kind
from credpoints.accounts.models import Role, User
from credpoints.common.translated import TranslatedField
from credpoints.organisations.models import Programme, programme_ids


class Layout(models.TextChoices):
    CLASSIC = "classic", _("framed, centred, with crest")
    MODERN = "modern", _("with a blue band, aligned left")
    PLAIN = "plain", _("plain, like a letter")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("being written")
    IN_USE = "in_use", _("in use")
    SUPERSEDED = "superseded", _("followed by a newer version")


class CertificateTemplateQuerySet(models.QuerySet["CertificateTemplate"]):
    def visible_to(self, user: User | None) -> "CertificateTemplateQuerySet":
        """Those of the programmes that somebody administers."""
        return self.filter(programme__in=programme_ids(user, Role.PROGRAMME_ADMIN))


class CertificateTemplate(models.Model):
    """What certificates of one kind look like in one programme. Its looks are in its versions."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=25, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CertificateTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="one_template_per_programme_and_kind"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="template_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("certificates:template", args=[self.uuid])


class TemplateVersion(models.Model):
    """One state of a template. Only a draft changes; the database keeps every other version as it is."""

    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    layout = models.CharField(_("layout"), max_length=10, choices=Layout.choices, default=Layout.CLASSIC)
    languages = models.JSONField(_("languages"), default=list, blank=True)  # empty: those of the programme
    texts = models.JSONField(default=dict, blank=True)  # by slot: {"deed": {"de": "…", "en": "…"}}
    signatories = models.JSONField(default=list, blank=True)  # [{"name": …, "position": {"de": …}}]
    funding_note = TranslatedField(_("funding note"))
    logos = models.JSONField(default=list, blank=True)  # as content.Logo
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_number_once"),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="draft"), name="one_draft_version_per_template"
            ),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="in_use"), name="one_version_in_use_per_template"
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="template_version_state_known"),
            models.CheckConstraint(condition=Q(layout__in=Layout.values), name="template_version_layout_known"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(released_at__isnull=False), name="released_version_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"

    def get_absolute_url(self) -> str:
        return self.template.get_absolute_url()

    @property
    def programme_id(self) -> int:
        return self.template.programme_id

    def design(self) -> Design:
        """What a certificate keeps of this version when its content is frozen."""
        texts: dict[str, Any] = {slot: dict(text) for slot, text in self.texts.items() if any(text.values())}
        return {
            "template": str(self.template.uuid),
            "version": self.number,
            "layout": self.layout,
            "texts": texts,
            "logos": list(self.logos),
        }
