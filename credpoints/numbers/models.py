"""Numbers without gaps: application, certificate and receipt numbers."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a series such as CERT-2028."""

    key = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
