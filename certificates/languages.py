"""In which languages a certificate can be printed."""

from django.conf import settings

from certificates.content import kept_in_order
from certificates.models import Certificate
from credpoints.organisations.models import Programme


def languages_of(programme: Programme) -> list[str]:
    """Those in which the words of its templates are written."""
    return kept_in_order([*(code for code, _name in settings.LANGUAGES), *programme.languages])


def printable_languages(certificate: Certificate) -> list[str]:
    """Those of the programme, of the house, and those in which somebody has written its title."""
    written = [code for code, text in certificate.data["title"].items() if text.strip()]
    now = certificate.data["languages"]
    # A title in "sr" serves "sr-latn" too; whoever has chosen one of them does not choose the other.
    known = {code.split("-")[0] for code in now}
    own = languages_of(certificate.programme)
    return kept_in_order([*now, *own, *(code for code in written if code not in known)])
