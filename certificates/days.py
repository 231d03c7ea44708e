"""The day that a moment falls on, where a programme is: what is printed as a date must be the date of that place."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from credpoints.organisations.models import Programme


def day_at(programme: Programme, moment: datetime) -> date:
    """The date on the calendar of the programme."""
    return moment.astimezone(ZoneInfo(programme.time_zone)).date()
