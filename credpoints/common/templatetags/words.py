"""Filters for words, numbers and moments, available in every template without loading."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format

from credpoints.common import languages
from credpoints.common.moments import write_moment, write_span
from credpoints.common.translated import text_in

register = template.Library()


@register.filter
def tr(value: Any) -> str:
    """Write a text that exists in several languages in the reader's language."""
    return text_in(value)


@register.filter
def language_name(code: str) -> str:
    """Name a language in the reader's language: de → German."""
    return languages.language_name(code)


@register.filter
def moment(value: datetime | None, place_zone: str = "Europe/Berlin") -> str:
    """Write a moment with its zone; see `write_moment`."""
    return write_moment(value, place_zone) if value else ""


@register.simple_tag
def span(begins: datetime, ends: datetime | None, place_zone: str = "Europe/Berlin") -> str:
    """Write from when to when with the zone: `{% span session.starts_at session.ends_at session.time_zone %}`."""
    return write_span(begins, ends, place_zone)


@register.filter
def day(value: datetime | date | None) -> str:
    """Write a day in the reader's language and zone: 12 July 2027 / 12. Juli 2027."""
    if not value:
        return ""
    return date_format(timezone.localtime(value) if isinstance(value, datetime) else value, "DATE_FORMAT")


@register.filter
def plain_number(value: Decimal | float | int | None) -> str:
    """Write a number in local form without needless zeros: 5, 2,5 / 2.5."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value)).normalize()
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return number_format(number, decimal_pos=places)
