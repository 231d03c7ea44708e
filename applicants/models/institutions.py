"""The importable list of universities and schools."""

import unicodedata

from django.db import models


class Institution(models.Model):
    """A university or school of the importable list; applicants may always write another name."""

    name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    domains = models.JSONField(default=list)
    website = models.URLField(max_length=300, blank=True)
    searched = models.CharField(max_length=320, db_index=True)  # the name folded: no case, no accents

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="one_institution_per_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    @staticmethod
    def fold(text: str) -> str:
        """Without case, accents and double spaces: how names are searched."""
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return " ".join(plain.casefold().split())[:320]
