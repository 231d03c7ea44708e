"""Broad fields of ISCED-F 2013, by their first two digits."""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BROAD: dict[str, str | Promise] = {
    "00": _("Generic programmes and qualifications"),
    "01": _("Education"),
    "02": _("Arts and humanities"),
    "03": _("Social sciences, journalism and information"),
    "04": _("Business, administration and law"),
    "05": _("Natural sciences, mathematics and statistics"),
    "06": _("Information and communication technologies"),
    "07": _("Engineering, manufacturing and construction"),
    "08": _("Agriculture, forestry, fisheries and veterinary"),
    "09": _("Health and welfare"),
    "10": _("Services"),
}


def broad_fields(language: str) -> list[tuple[str, str]]:
    """Code and name of every broad field, in one language."""
    with translation.override(language):
        return [(code, str(name)) for code, name in BROAD.items()]


def field_name(code: str, language: str) -> str:
    """A field as a line: its code and the name of the broad field that it belongs to."""
    if not code:
        return ""
    with translation.override(language):
        name = BROAD.get(code[:2])
        return f"{code} · {name}" if name else code
