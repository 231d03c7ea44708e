"""Numbers as they stand in addresses and forms, where anybody writes anything."""

MOST_DIGITS = 9


def whole_number(text: str) -> int | None:
    """The number, or None for what cannot be one of ours: “²” is a digit for Python and no number, and so on."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
