"""How long the seal and the signing keys still last, and when somebody is told.

A new certificate for a seal has to be ordered, approved and paid for, which takes weeks: with 90 days there is time,
with 30 the order has to go out, with 7 somebody has to telephone, and after the end nothing can be issued. A signing
key never stops working; a new one is a matter of two clicks, so one word a month before is enough.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SEAL_WARNINGS = (90, 30, 7, 0)  # days before the end; each is mailed once
KEY_WARNINGS = (30,)
KEY_SERVES = timedelta(
    days=730
)  # then it should be followed by a new one, before anybody could have guessed or lost it


@dataclass(frozen=True)
class Lasting:
    """Until when something lasts, seen from a moment, and at which days before its end people are warned."""

    until: datetime
    now: datetime
    warnings: tuple[int, ...]

    @property
    def warning(self) -> int | None:
        """The warning that holds now, by its days; None while there is time."""
        reached = [days for days in self.warnings if self.until - timedelta(days=days) < self.now]
        return min(reached, default=None)

    @property
    def warned_since(self) -> datetime:
        """When the first warning began."""
        return self.until - timedelta(days=max(self.warnings))

    @property
    def has_ended(self) -> bool:
        return self.until < self.now

    @property
    def tone(self) -> str:
        """The colour and shape of how long it lasts."""
        if self.has_ended:
            return "bad"
        return "good" if self.warning is None else "warning"

    @property
    def left(self) -> str:
        """How long that still is, in words: in days towards the end, roughly before."""
        if self.has_ended:
            return _("has run out")
        days = (timezone.localdate(self.until) - timezone.localdate(self.now)).days
        if days == 0:
            return _("ends today")
        if days <= max(self.warnings):
            return ngettext("%(count)s more day", "%(count)s more days", days) % {"count": days}
        return _("%(time)s more") % {"time": timeuntil(self.until, self.now, depth=1)}
