"""Names of countries and languages in the reader's language, and the order people expect."""

from functools import cache

from babel import Locale
from django.utils.translation import get_language

# Languages people name in applications; any other can be written as text.
LANGUAGE_CODES = (
    "ar sq am hy az eu be bn bs bg my ca zh hr cs da nl en et fi fr ka de el gu ha he hi hu is ig id ga it ja kn kk km "
    "ko ku ky lo lv lt mk ms ml mr mn ne no ps fa pl pt pa ro ru sr si sk sl so es sw sv tg ta te th ti tr tk uk ur "
    "uz vi yo zu"
)
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}


def _locale() -> Locale:
    return _locale_of((get_language() or "en").split("-")[0])


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = _locale_of(language).territories
    found = [(c, n) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES]
    return sorted(found, key=lambda pair: _sorting(pair[1]))


@cache
def _languages(language: str) -> list[tuple[str, str]]:
    names = _locale_of(language).languages
    found = ((code, names[code]) for code in LANGUAGE_CODES.split() if code in names)
    return sorted(found, key=lambda pair: _sorting(pair[1]))


def _sorting(name: str) -> str:
    for letter, plain in (("Ä", "A"), ("Ö", "O"), ("Ü", "U"), ("Å", "A"), ("Ø", "O")):
        name = name.replace(letter, plain)
    return name.casefold()


def countries() -> list[tuple[str, str]]:
    """All countries as (code, name), sorted as the reader expects."""
    return _countries((get_language() or "en").split("-")[0])


def languages() -> list[tuple[str, str]]:
    return _languages((get_language() or "en").split("-")[0])


def country_name(code: str) -> str:
    return str(_locale().territories.get(code, code))
