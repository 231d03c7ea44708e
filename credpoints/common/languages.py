"""Names of languages in the reader's language."""

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, to_locale


def language_name(code: str) -> str:
    """Name a language for the reader, "de" → "German"; a code that nobody knows stays as it is.

    The names are those of the Unicode CLDR. Codes of a variety work too: "sr-latn" → "Serbian (Latin)".
    """
    reader = Locale.parse(to_locale(get_language() or "en"))
    if name := reader.languages.get(to_locale(code)):
        return str(name)
    try:
        return str(Locale.parse(to_locale(code)).get_display_name(reader) or code)
    except (UnknownLocaleError, ValueError):
        return code
