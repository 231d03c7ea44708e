"""One way to write a moment, for pages, mails and documents: place time first, then the reader's own."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def zone_name(zone: ZoneInfo) -> str:
    """Return the city of a zone as people say it: Europe/Berlin → Berlin."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def write_day(moment: datetime) -> str:
    """Write weekday and date in the reader's language: Mon 12 July 2027 / Mo, 12. Juli 2027."""
    # Translators: Django's date format; German is "D, j. F Y"
    return date_format(moment, pgettext("date format", "D j F Y"))


def write_moment(moment: datetime, place_zone: str, reader_zone: str = "") -> str:
    """Write a moment in the zone of its place, and in the reader's zone when the clocks differ.

    `Mon 12 July 2027, 10:00 (Berlin time)` or `…, 10:00 (Berlin time; 11:00 in Damascus)`; the reader's date is
    added when it is another day there. Without `reader_zone` the active time zone is the reader's.
    """
    return write_span(moment, None, place_zone, reader_zone)


def write_span(begins: datetime, ends: datetime | None, place_zone: str, reader_zone: str = "") -> str:
    """Write from when to when in the manner of `write_moment`: `Mon 12 July 2027, 10:00–11:30 (Berlin time)`."""
    place = ZoneInfo(place_zone)
    reader = ZoneInfo(reader_zone or timezone.get_current_timezone_name())
    there, here = begins.astimezone(place), begins.astimezone(reader)
    written = f"{write_day(there)}, {_clock(there, ends)}"
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return _("%(moment)s (%(city)s time)") % {"moment": written, "city": zone_name(place)}
    own_time = _clock(here, ends)
    return _("%(moment)s (%(city)s time; %(own_time)s in %(own_city)s)") % {
        "moment": written,
        "city": zone_name(place),
        "own_time": own_time if here.date() == there.date() else f"{write_day(here)}, {own_time}",
        "own_city": zone_name(reader),
    }


def _clock(begins: datetime, ends: datetime | None) -> str:
    """The hours on the clock of `begins`; the day of the end is named when it is another one."""
    if ends is None:
        return f"{begins:%H:%M}"
    ends = ends.astimezone(begins.tzinfo)
    if ends.date() == begins.date():
        return f"{begins:%H:%M}–{ends:%H:%M}"
    return f"{begins:%H:%M} – {write_day(ends)}, {ends:%H:%M}"
