"""Signing keys: files with mode 0600 behind a small interface, key ids, and what a DID document says about them.

Private parts never enter the database. A KMS or a PKCS#11 token would be another `Signer`.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from certificates.proofs import base58, from_base58

ED25519 = "Ed25519"
P256 = "P-256"
MULTICODEC_ED25519 = b"\xed\x01"
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


class KeyUnavailable(Exception):
    """The private part of a registered key cannot be read; the message says which file is missing."""


class Signer(Protocol):
    """Signs with one key: raw 64 bytes, for Ed25519 as for ES256."""

    key_id: str

    def sign(self, data: bytes) -> bytes: ...


class FileSigner:
    """A key in a PEM file of `settings.SIGNING_KEYS_DIR`."""

    def __init__(self, key_id: str, path: Path) -> None:
        self.key_id = key_id
        self.private = read_key(path)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def credentials_base() -> str:
    """The https address that credentials name. Off the internet (the demo) it is an example host, never a port."""
    base: str = settings.CREDENTIALS_BASE_URL
    return base


def did_of(issuer_slug: str, base: str = "") -> str:
    """The identity of an awarding body: did:web:HOST:issuers:SLUG."""
    host = quote(urlsplit(base or credentials_base()).netloc, safe="")
    return f"did:web:{host}:issuers:{issuer_slug}"


def key_path(issuer_slug: str, fragment: str) -> Path:
    return Path(settings.SIGNING_KEYS_DIR) / issuer_slug / f"{fragment}.pem"


def read_key(path: Path) -> PrivateKey:
    """The private key in a file. Raises KeyUnavailable, naming the file."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyUnavailable(f"the signing key {path} cannot be read ({error.strerror})") from error
    except (ValueError, TypeError) as error:  # TypeError: it has a password
        raise KeyUnavailable(f"{path} is no signing key that can be read: {error}") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnavailable(f"{path} holds a key of another kind")
    return key


def make_key(path: Path, algorithm: str) -> PrivateKey:
    """Make a key, or read the one that a former run has left in this file. Mode 0600 from the first byte."""
    if path.exists():
        return read_key(path)
    key: PrivateKey = (
        ed25519.Ed25519PrivateKey.generate() if algorithm == ED25519 else ec.generate_private_key(ec.SECP256R1())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)  # never replaces a key that somebody else made in this moment
    except FileExistsError:
        return read_key(path)
    finally:
        unfinished.unlink()
    return key


def public_text(key: PrivateKey) -> str:
    """The public part as the register keeps it: a Multikey for Ed25519, a JWK for P-256."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return "z" + base58(MULTICODEC_ED25519 + raw)
    numbers = key.public_key().public_numbers()
    jwk = {
        "crv": "P-256",
        "kty": "EC",
        "x": _b64(numbers.x.to_bytes(32, "big")),
        "y": _b64(numbers.y.to_bytes(32, "big")),
    }
    return json.dumps(jwk, sort_keys=True)


def raw_ed25519(multikey: str) -> bytes:
    """The 32 bytes of a Multikey."""
    decoded = from_base58(multikey.removeprefix("z"))
    if decoded[:2] != MULTICODEC_ED25519 or len(decoded) != 34:
        raise ValueError("not an Ed25519 Multikey")
    return decoded[2:]


def method(did: str, fragment: str, algorithm: str, public: str) -> dict[str, Any]:
    """One entry of `verificationMethod`."""
    entry: dict[str, Any] = {"id": f"{did}#{fragment}", "controller": did}
    if algorithm == ED25519:
        return {**entry, "type": "Multikey", "publicKeyMultibase": public}
    return {**entry, "type": "JsonWebKey", "publicKeyJwk": json.loads(public)}


def did_document(did: str, methods: list[dict[str, Any]], trusted: list[str]) -> dict[str, Any]:
    """The document behind a did:web identity; `trusted` are the ids whose signatures still count."""
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": trusted,
    }


def jwt_head(key_id: str) -> str:
    """The first part of every token that this key signs, by which one finds them again."""
    return _b64(json.dumps({"alg": "ES256", "typ": "JWT", "kid": key_id}, separators=(",", ":")).encode())


def jwt_es256(claims: dict[str, Any], signer: Signer) -> str:
    """The JWT form of a credential."""
    body = _b64(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    signed = f"{jwt_head(signer.key_id)}.{body}"
    return f"{signed}.{_b64(signer.sign(signed.encode()))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
