"""Filters for words, numbers and moments, available in every template without loading."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format

from credpoints.common.moments import write_moment
from credpoints.common.translated import text_in

register = template.Library()


@register.filter
def tr(value: Any) -> str:
    """Write a text that exists in several languages in the reader's language."""
    return text_in(value)


@register.filter
def moment(value: datetime | None, place_zone: str = "Europe/Berlin") -> str:
    """Write a moment with its zone; see `write_moment`."""
    return write_moment(value, place_zone) if value else ""


@register.filter
def plain_number(value: Decimal | float | int | None) -> str:
    """Write a number in local form without needless zeros: 5, 2,5 / 2.5."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value)).normalize()
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return number_format(number, decimal_pos=places)
