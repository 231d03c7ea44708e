"""The seal on the PDF: a PAdES signature of the awarding body over the whole file, which allows no change.

Backends: none, pem (certificate and key in two files), pkcs12 (one file with a password). Without a
time-stamp server the level is B-B; where one is configured B-LT. Invisible, because a visible stamp breaks PDF/UA.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

FIELD = "Seal"


class CannotSeal(Exception):
    """The seal is configured and cannot be made; nothing is issued without it."""


@dataclass(frozen=True)
class SealAnswer:
    """What the seal of a file says: `missing`, `whole` or `broken`, and by whom."""

    status: str
    name: str = ""


def certificate_path() -> Path:
    return Path(settings.SEAL_CERTIFICATE or Path(settings.SIGNING_KEYS_DIR) / "seal" / "seal.pem")


def key_path() -> Path:
    return Path(settings.SEAL_KEY or Path(settings.SIGNING_KEYS_DIR) / "seal" / "seal.key")


def seal(pdf: bytes, *, number: str) -> bytes:
    """Seal the file as the settings say; unchanged where there is no seal."""
    signer = _signer()
    if signer is None:
        return pdf
    stamper = HTTPTimeStamper(settings.SEAL_TIMESTAMP_URL) if settings.SEAL_TIMESTAMP_URL else None
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=number,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=stamper is not None,
        validation_context=_trust() if stamper else None,
    )
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signers.PdfSigner(metadata, signer=signer, timestamper=stamper).sign_pdf(writer, output=out)
    except (SigningError, UnacceptableSignerError, PdfError, OSError) as error:
        raise CannotSeal(f"the PDF could not be sealed: {error}") from error
    return out.getvalue()


def check_seal(pdf: bytes) -> SealAnswer:
    """Whether the seal covers the whole file, unchanged, and was made with our certificate."""
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not found:
            return SealAnswer("missing")
        signature = found[0]
        status = validate_pdf_signature(signature, signer_validation_context=_trust())
    except Exception:  # a damaged file breaks the reader in many ways, and every one of them means: not whole
        return SealAnswer("broken")
    whole = (
        len(found) == 1
        and status.intact
        and status.valid
        and status.trusted
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.docmdp_ok
    )
    return SealAnswer("whole" if whole else "broken", str(signature.signer_cert.subject.human_friendly))


@cache
def _signer() -> Any:
    """The signer of this process, built once: loading an RSA key takes as long as ten seals."""
    try:
        return BACKENDS[settings.SEAL_BACKEND]()
    except KeyError:
        raise CannotSeal(f"SEAL_BACKEND {settings.SEAL_BACKEND!r} is none of {', '.join(BACKENDS)}") from None


def _none() -> None:
    return None


def _pem() -> Any:
    certificate, key = certificate_path(), key_path()
    if not settings.PRODUCTION and not settings.SEAL_CERTIFICATE and not certificate.exists():
        _make_development_seal(certificate.parent)
    signer = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(key), str(certificate), key_passphrase=settings.SEAL_PASSWORD.encode() if settings.SEAL_PASSWORD else None
    )
    return _loaded(signer, certificate)


def _pkcs12() -> Any:
    path = certificate_path()
    password = settings.SEAL_PASSWORD.encode() if settings.SEAL_PASSWORD else None
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=password)  # type: ignore[no-untyped-call]
    return _loaded(signer, path)


def _loaded(signer: Any, path: Path) -> Any:
    if signer is None:
        raise CannotSeal(f"the seal in {path} cannot be read (wrong password or another format)")
    return signer


BACKENDS: dict[str, Callable[[], Any]] = {"none": _none, "pem": _pem, "pkcs12": _pkcs12}


@cache
def _trust() -> Any:
    """Whom we believe when we check seals: our own certificate and those that followed it."""
    roots = []
    for path in [certificate_path(), *sorted(certificate_path().parent.glob("former-*.pem"))]:
        if path.suffix == ".pem" and path.exists():
            roots.append(load_cert_from_pemder(str(path)))  # type: ignore[no-untyped-call]
    signer = _signer()
    if signer is not None:
        roots.append(signer.signing_cert)
    return ValidationContext(trust_roots=roots, allow_fetching=bool(settings.SEAL_TIMESTAMP_URL))


def _make_development_seal(folder: Path) -> None:
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
