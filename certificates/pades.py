"""Seal and check PDFs with pyHanko (PAdES B-B, B-LT with a time-stamp server). Loaded by `certificates.sealing`."""

import asyncio
import importlib
import io
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, ValidationInfoReadingError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import seal_writer
from certificates.seal_form import SealForm
from certificates.sealing import CannotSeal, PresentSeal, SealAnswer, certificate_path, key_path, make_development_seal

log = logging.getLogger(__name__)
FIELD = "Seal"
# Certificates and revocation lists go into the sealed part: one revision, so that the seal covers the file to its end.
TOGETHER = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
TROUBLES = (
    SigningError,
    UnacceptableSignerError,
    TimestampRequestError,
    ValidationInfoReadingError,
    PathError,
    PdfError,
    OSError,
)


class AddsOnlyTheSeal(IncrementalPdfFileWriter):
    """Leaves the metadata as they are: they name the moment of issue, the same in both of their places."""

    def _update_meta(self) -> None:
        """Change nothing."""


def seal(pdf: bytes, *, number: str) -> bytes:
    """Seal the file as the settings say; unchanged where there is no seal."""
    signer = _signer()
    if signer is None:
        return pdf
    ends = signer.signing_cert.not_valid_after
    if ends < datetime.now(UTC):
        raise CannotSeal(f"the certificate of the seal ran out on {ends:%Y-%m-%d}")
    try:
        if settings.SEAL_TIMESTAMP_URL:
            return _by_pyhanko(pdf, number, signer, HTTPTimeStamper(settings.SEAL_TIMESTAMP_URL))
        try:
            return _by_ourselves(pdf, number, _form(signer))
        except seal_writer.AnotherForm:
            return _by_pyhanko(pdf, number, _form(signer), None)
    except TROUBLES as error:
        raise CannotSeal(f"the PDF could not be sealed: {error}") from error


def _by_ourselves(pdf: bytes, number: str, form: SealForm) -> bytes:
    """One of our own files, of which everything is known."""
    return seal_writer.seal(
        pdf,
        field_name=FIELD,
        reason=number,
        elliptic=form.is_elliptic,
        room=form.room,
        sign=lambda digest: asyncio.run(form.signature_of(digest, "sha256")),
    )


def _by_pyhanko(pdf: bytes, number: str, signer: Any, stamper: HTTPTimeStamper | None) -> bytes:
    """With a time stamp, or in a file of any other form."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=number,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=stamper is not None,
        validation_context=_trust() if stamper else None,
        dss_settings=TOGETHER,
    )
    out = io.BytesIO()
    room = {} if stamper else {"bytes_reserved": signer.room}
    maker = signers.PdfSigner(metadata, signer=signer, timestamper=stamper)
    maker.sign_pdf(AddsOnlyTheSeal(io.BytesIO(pdf)), output=out, **room)
    return out.getvalue()


def present() -> PresentSeal | None:
    """The certificate that seals in this process."""
    signer = _signer()
    if signer is None:
        return None
    certificate = signer.signing_cert
    return PresentSeal(certificate.sha256.hex(), _short_name(certificate)[:300], certificate.not_valid_after)


def check(pdf: bytes) -> SealAnswer:
    """Whose seal it is, whether it covers the whole file unchanged, and whether its certificate counted in time."""
    # A damaged file breaks the reader in many ways, and every one of them means: not whole.
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except Exception:
        return SealAnswer("unreadable")
    if not found:
        return SealAnswer("missing")
    try:
        return _judged(found[0], is_alone=len(found) == 1)
    except CannotSeal:
        log.exception("no seal can be checked")
        return SealAnswer("unchecked")
    except Exception:
        return SealAnswer("broken")


def _judged(signature: Any, *, is_alone: bool) -> SealAnswer:
    """What we say of a seal. Whose it is comes first: a stranger's file is never called a broken one of ours."""
    status = validate_pdf_signature(signature, signer_validation_context=_trust())
    name = _short_name(signature.signer_cert)
    if not _bears_our_name(signature.signer_cert) or not (status.trusted or _was_trusted(signature)):
        return SealAnswer("foreign", name)
    if not _holds(status) or not _covers_all(status, is_alone):
        return SealAnswer("broken", name)
    stamp = status.timestamp_validity
    sealed_at = stamp.timestamp if stamp and stamp.trusted else None
    if status.trusted or _counted_at(sealed_at, signature):
        return SealAnswer("whole", name, sealed_at)
    ends = signature.signer_cert.not_valid_after
    if ends >= datetime.now(UTC):
        return SealAnswer("withdrawn", name, sealed_at)
    return SealAnswer("expired", name, sealed_at, ends)


def _holds(status: Any) -> bool:
    """Whether the seal, and its time stamp if it has one, are what was signed."""
    return all(one.intact and one.valid for one in (status, status.timestamp_validity) if one)


def _covers_all(status: Any, is_alone: bool) -> bool:
    """Whether nothing was added to the file after the seal."""
    return bool(is_alone and status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.docmdp_ok)


def _bears_our_name(certificate: Any) -> bool:
    """One authority gives seals to many houses. Where we have no seal ourselves, its word has to do."""
    names = {one.subject.hashable for one in _own()}
    return not names or certificate.subject.hashable in names


def _was_trusted(signature: Any) -> bool:
    """Whether the seal's certificate was trusted as long as it counted."""
    ends = signature.signer_cert.not_valid_after
    return _counts_in(ValidationContext(trust_roots=_roots(), moment=ends), signature)


def _counted_at(moment: datetime | None, signature: Any) -> bool:
    """Whether the seal's certificate has run out by now, but counted then, by what was put into the file itself."""
    if moment is None or signature.signer_cert.not_valid_after >= datetime.now(UTC):
        return False  # what still runs and is not believed was withdrawn: an older time stamp does not mend that
    known: dict[str, Any] = {"trust_roots": _roots(), "moment": moment, "retroactive_revinfo": True}
    try:
        context = DocumentSecurityStore.read_dss(signature.reader).as_validation_context(known)
    except NoDSSFoundError:
        context = ValidationContext(**known)
    return _counts_in(context, signature)


def _counts_in(context: ValidationContext, signature: Any) -> bool:
    validator = CertificateValidator(signature.signer_cert, signature.other_embedded_certs, context)
    try:
        asyncio.run(validator.async_validate_usage({"non_repudiation"}))  # type: ignore[no-untyped-call]
    except (PathError, ValidationError):
        return False
    return True


def _short_name(certificate: Any) -> str:
    """Who sealed, as people call them: the organisation, or whatever else the certificate names."""
    named = certificate.subject.native
    return str(named.get("organization_name") or named.get("common_name") or certificate.subject.human_friendly)


@cache
def _signer() -> Any:
    """The signer of this process, built once: loading an RSA key takes as long as ten seals."""
    try:
        backend = BACKENDS[settings.SEAL_BACKEND]
    except KeyError:
        raise CannotSeal(f"SEAL_BACKEND {settings.SEAL_BACKEND!r} is none of {', '.join(BACKENDS)}") from None
    return backend()


@cache
def _form(signer: Any) -> SealForm:
    return SealForm(signer)


def _none() -> None:
    return None


def _pem() -> Any:
    certificate, key = certificate_path(), key_path()
    if not settings.PRODUCTION and not settings.SEAL_CERTIFICATE and not certificate.exists():
        make_development_seal(certificate.parent)
    try:
        chain = _certificates_in(certificate)
        private = load_private_key_from_pemder(str(key), passphrase=_password())
    except (OSError, ValueError, TypeError) as error:
        raise CannotSeal(f"the seal in {certificate} and {key} cannot be read: {error}") from error
    others = SimpleCertificateStore.from_certs(chain[1:])  # type: ignore[no-untyped-call]
    return signers.SimpleSigner(signing_cert=chain[0], signing_key=private, cert_registry=others)


def _pkcs12() -> Any:
    path = certificate_path()
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=_password())  # type: ignore[no-untyped-call]
    if signer is None:
        raise CannotSeal(f"the seal in {path} cannot be read (wrong password or another format)")
    return signer


def _pkcs11() -> Any:
    """A key that never leaves its token: SEAL_PKCS11_MODULE is the driver, SEAL_PASSWORD the token's PIN."""
    try:  # an optional package: only houses with a token install it
        driver = importlib.import_module("pkcs11")
        tokens = importlib.import_module("pyhanko.config.pkcs11")
        pkcs11 = importlib.import_module("pyhanko.sign.pkcs11")
    except ImportError as error:
        raise CannotSeal("SEAL_BACKEND=pkcs11 needs a package: pip install 'pyhanko[pkcs11]'") from error
    chain = _certificates_in(certificate_path()) if settings.SEAL_CERTIFICATE else []
    session: Any = None
    try:
        session = pkcs11.open_pkcs11_session(
            settings.SEAL_PKCS11_MODULE,
            token_criteria=tokens.TokenCriteria(label=settings.SEAL_PKCS11_TOKEN),
            user_pin=settings.SEAL_PASSWORD or None,
        )
        signer = pkcs11.PKCS11Signer(
            session,
            key_label=settings.SEAL_PKCS11_KEY,
            cert_label=None if chain else settings.SEAL_PKCS11_KEY,
            signing_cert=chain[0] if chain else None,
            ca_chain=chain[1:],
        )
        # Read now, so that a wrong label is told before the first certificate.
        is_elliptic = signer.signing_cert.public_key.algorithm == "ec"
        able_to = session.token.slot.get_mechanisms()
    except (driver.PKCS11Error, OSError) as error:
        if session:
            session.close()  # a token takes one login at a time, and somebody will try again
        raise CannotSeal(f"the token {settings.SEAL_PKCS11_TOKEN!r} cannot be used: {error!r}") from error
    # Many tokens sign with elliptic curves only what was hashed outside.
    signer.use_raw_mechanism = is_elliptic and driver.Mechanism.ECDSA_SHA256 not in able_to
    return signer


BACKENDS: dict[str, Callable[[], Any]] = {"none": _none, "pem": _pem, "pkcs12": _pkcs12, "pkcs11": _pkcs11}


def _trust() -> Any:
    """Whom we believe now. It keeps the revocation lists that it has fetched, so it lives for an hour only."""
    return _trust_of(int(time.time()) // 3600)


@lru_cache(maxsize=1)
def _trust_of(_hour: int) -> Any:
    return ValidationContext(trust_roots=_roots(), allow_fetching=bool(settings.SEAL_TIMESTAMP_URL))


def _roots() -> list[Any]:
    """Whom we believe when we check seals: our own certificate, those it followed, and the roots of the settings.

    SEAL_TRUSTED_ROOTS is a PEM file with the roots of the seal's and the time-stamp server's certificates.
    """
    if settings.SEAL_TRUSTED_ROOTS:
        return _former() + _certificates_in(Path(settings.SEAL_TRUSTED_ROOTS))
    return _own()


def _own() -> list[Any]:
    """Our own certificate and those it followed."""
    signer = _signer()
    return _former() if signer is None else [*_former(), signer.signing_cert]


def _former() -> list[Any]:
    found = sorted(certificate_path().parent.glob("former-*.pem"))
    return [certificate for path in found for certificate in _certificates_in(path)[:1]]


def _certificates_in(path: Path) -> list[Any]:
    try:
        return list(load_certs_from_pemder([str(path)]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CannotSeal(f"the certificates in {path} cannot be read: {error}") from error


def _password() -> bytes | None:
    return settings.SEAL_PASSWORD.encode() if settings.SEAL_PASSWORD else None
