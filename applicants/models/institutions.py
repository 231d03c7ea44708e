"""The importable list of universities and schools."""

import unicodedata

from django.db import models

# Letters that are no letter with a mark, and that people write without thinking.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
FEWEST_LETTERS = 3
MOST_WORDS = 10


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Searches in the list."""

    def suggested(self, typed: str, *, limit: int = 10) -> list["Institution"]:
        """What somebody may mean: first names that begin so, then those with all these words in any order."""
        words = Institution.fold(typed)
        if len(words) < FEWEST_LETTERS:
            return []
        begin = list(self.filter(searched__startswith=words)[:limit])
        others = self.exclude(searched__startswith=words)
        for word in words.split()[:MOST_WORDS]:
            others = others.filter(searched__contains=word)
        return begin + list(others[: limit - len(begin)])


class Institution(models.Model):
    """A university or school of the importable list; applicants may always write another name."""

    name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    domains = models.JSONField(default=list)
    website = models.URLField(max_length=300, blank=True)
    searched = models.CharField(max_length=320, db_index=True)  # the name folded: no case, no accents

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["name", "country"], name="one_institution_per_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    @staticmethod
    def fold(text: str) -> str:
        """Without case, accents and double spaces: how names are searched."""
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return " ".join(plain.casefold().translate(PLAIN).split())[:320]
