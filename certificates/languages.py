"""In which languages a certificate can be printed, and what they are called."""

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, to_locale

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


def language_name(code: str) -> str:
    """The name of a language for the reader; its code where nobody knows a name."""
    try:
        return str(Locale.parse(to_locale(code)).get_display_name(to_locale(get_language() or "en")) or code)
    except (UnknownLocaleError, ValueError):
        return code
