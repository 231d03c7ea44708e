"""The seal on the PDF: a PAdES signature of the awarding body over the whole file, which allows no change.

Backends: none, pem (certificate and key in two files), pkcs12 (one file with a password), pkcs11 (a token or a hardware
module). Without a time-stamp server the level is B-B; where one is configured B-LT. Invisible, because a visible stamp
breaks PDF/UA. The work itself is done by `certificates.pades`.
"""

import asyncio
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings


class CannotSeal(Exception):
    """The seal is configured and cannot be made; nothing is issued without it."""


@dataclass(frozen=True)
class SealAnswer:
    """What the seal of a file says, and by whom it was made.

    `missing`; `unreadable`, when the file itself is; `unchecked`, when our own seal is not at hand; `foreign`, of
    somebody we do not know; `broken`, changed since; `whole`. And whole, but of a certificate that no longer counts:
    `expired`, when no time stamp shows that it was made in time, or `withdrawn` by the authority.
    """

    status: str
    name: str = ""
    sealed_at: datetime | None = None  # as a time-stamp server says whom we believe; None without one
    ran_out_at: datetime | None = None  # of an expired seal: when its certificate ended


@dataclass(frozen=True)
class PresentSeal:
    """The certificate that seals at present: by what it is known, whom it names, and its last moment."""

    fingerprint: str
    name: str
    ends_at: datetime


def seal(pdf: bytes, *, number: str) -> bytes:
    """Seal the file as the settings say; unchanged where there is no seal. Raises CannotSeal with the reason."""
    sealed: bytes = away_from_loops(lambda: _pades().seal(pdf, number=number))
    return sealed


def check_seal(pdf: bytes) -> SealAnswer:
    """Whether the seal covers the whole file, unchanged, and was made with our certificate."""
    answer: SealAnswer = away_from_loops(lambda: _pades().check(pdf))
    return answer


def present_seal() -> PresentSeal | None:
    """What seals here; None without a seal. Raises CannotSeal when it cannot be read."""
    present: PresentSeal | None = away_from_loops(lambda: _pades().present())
    return present


def certificate_path() -> Path:
    return Path(settings.SEAL_CERTIFICATE or Path(settings.SIGNING_KEYS_DIR) / "seal" / "seal.pem")


def key_path() -> Path:
    return Path(settings.SEAL_KEY or Path(settings.SIGNING_KEYS_DIR) / "seal" / "seal.key")


def away_from_loops(call: Callable[[], Any]) -> Any:
    """Do it where pyHanko may run its event loop.

    Python refuses a second loop in a thread, so under an asynchronous server, or beside a browser that a test drives,
    the work goes to a thread of its own. It touches no database, which would be another connection there.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return call()
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(call).result()


def _pades() -> Any:
    """pyHanko is loaded by whoever seals first: a web process that only shows pages starts half a second earlier."""
    return importlib.import_module("certificates.pades")


def make_development_seal(folder: Path) -> None:
    """A self-signed certificate for the first run on one machine; readers say that they do not know it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Credit Points development seal"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Credit Points development seal"),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = Path(tempfile.mkdtemp(prefix="seal-", dir=folder.parent))
    _write_private(unfinished / "seal.key", private)
    _write_private(unfinished / "seal.pem", certificate.public_bytes(serialization.Encoding.PEM))
    try:
        unfinished.rename(folder)  # both files at once; fails where another process was faster
    except OSError:
        shutil.rmtree(unfinished)


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
