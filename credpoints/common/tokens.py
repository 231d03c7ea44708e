"""Secret links: the token goes into one mail, only its hash stays in the database."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return an unguessable token for a link (256 bits, safe in addresses)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what the database keeps of a token; a plain hash is enough because the token is random."""
    return hashlib.sha256(token.encode()).hexdigest()


def same_token(token: str, stored_hash: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(token_hash(token), stored_hash)


def content_hash(text: str | bytes) -> str:
    """Return the SHA-256 of a document or text, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
