"""What kinds of certificates there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PROGRAMME_INDIVIDUAL = "programme_individual", _("individual programme certificate")
    MICRO_CREDENTIAL = "micro_credential", _("micro-credential")
    MODULE = "module", _("module certificate")
    BUNDLE = "bundle", _("certificate of a bundle")
    UNIT = "unit", _("certificate of a unit of learning outcomes")
    VALIDATION = "validation", _("certificate of validated learning")
    ATTENDANCE = "attendance", _("confirmation of attendance")
    TRANSCRIPT = "transcript", _("transcript of records")
