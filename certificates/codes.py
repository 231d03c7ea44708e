"""The code on a certificate: short enough to type, long enough never to be guessed (80 bits)."""

import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that can be mistaken for something else
LENGTH = 16


def new_code() -> str:
    """A code by chance, for a certificate that gets its number now."""
    return written("".join(secrets.choice(LETTERS) for _place in range(LENGTH)))


def read_code(typed: str) -> str:
    """Forgive small letters, spaces, missing hyphens, and O for 0, I or L for 1. Empty when it cannot be a code."""
    letters = typed.upper().translate(str.maketrans("OIL", "011", "- "))
    if len(letters) != LENGTH or any(letter not in LETTERS for letter in letters):
        return ""
    return written(letters)


def written(letters: str) -> str:
    """In groups of four, as people read it out."""
    return "-".join(letters[start : start + 4] for start in range(0, LENGTH, 4))
