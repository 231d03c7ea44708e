"""Clear away what a worker left behind that died between the file and its row."""

import logging
from datetime import timedelta

from django.utils import timezone

from certificates import storing
from credpoints.files.models import StoredFile

log = logging.getLogger(__name__)
# Whoever writes a document names it in a row within seconds.
LEFT_ALONE_FOR = timedelta(hours=1)


def throw_away_leftovers() -> int:
    """Delete documents that no row names. Returns how many."""
    count = 0
    for paths in storing.written_before(timezone.now() - LEFT_ALONE_FOR):
        for path in paths - set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True)):
            storing.throw_away(path)
            count += 1
    if count:
        log.info("%s documents without a row were thrown away", count)
    return count
