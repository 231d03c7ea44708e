"""What changed between two texts, word by word."""

import difflib
import re
from dataclasses import dataclass

MOST_WORDS = 3000  # comparing takes the square of it at worst; longer texts stand whole beside each other


@dataclass(frozen=True)
class Piece:
    """Some words: "same", "added" or "removed"."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Compare word by word; joined, the pieces give both texts back, spaces included."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(old) + len(new) > 2 * MOST_WORDS:
        whole = [Piece("removed", before), Piece("added", after)]
        return [Piece("same", before)] if before == after else [piece for piece in whole if piece.text]
    pieces: list[Piece] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("removed", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("added", "".join(new[k:m])))
    return pieces
