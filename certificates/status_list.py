"""The Bitstring Status List: one bit per certificate that says whether it was withdrawn."""

import base64
import gzip
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from certificates.credentials import VC_CONTEXT, Document

SIZE = 131_072  # shorter lists are rejected: they would tell too much about one person
FULL_AT = 100_000  # a random free place is found quickly until here


class Unreadable(ValueError):
    """A status list that is cut, forged or no list at all."""


def encode(withdrawn: Iterable[int], size: int = SIZE) -> str:
    """Write the bits, index 0 in the highest bit of the first byte, as multibase of a gzip stream."""
    bits = bytearray(size // 8)
    for index in withdrawn:
        if not 0 <= index < size:
            raise ValueError(f"index {index} is outside the list")
        bits[index >> 3] |= 0x80 >> (index & 7)
    # Without the time in its head the same list gives the same bytes.
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def bit(encoded: str, index: int) -> bool:
    """Whether this certificate was withdrawn."""
    bits = _unpacked(encoded)
    if not 0 <= index < len(bits) * 8:
        raise Unreadable("the index is outside the list")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


def same(encoded: str, withdrawn: Iterable[int]) -> bool:
    """Whether a list says exactly this."""
    return _unpacked(encoded) == _unpacked(encode(withdrawn))


def _unpacked(encoded: str) -> bytes:
    if not encoded.startswith("u"):
        raise Unreadable("not multibase base64url")
    try:
        packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        bits = gzip.decompress(packed)
    except (ValueError, OSError, EOFError) as error:
        raise Unreadable("the list cannot be unpacked") from error
    if len(bits) * 8 < SIZE:
        raise Unreadable("the list is too short")
    return bits


def random_index() -> int:
    return secrets.randbelow(SIZE)


def document(address: str, *, did: str, withdrawn: Iterable[int], now: datetime) -> Document:
    """The unsigned credential that carries the list; no `validUntil`, so that old certificates stay checkable."""
    written: dict[str, Any] = {
        "@context": [VC_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(withdrawn),
        },
    }
    return written
