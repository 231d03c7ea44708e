"""What a stranger is told: genuine or not, valid or not, and the whole content, in plain words."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from certificates import rendering
from certificates.codes import read_code
from certificates.models import Certificate, NumberRegister, RegisterStatus, State
from certificates.rendering import Part


@dataclass(frozen=True)
class Finding:
    """One check that was made, in words."""

    ok: bool
    text: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question: is this certificate genuine, and does it count today?"""

    result: str  # valid, revoked, replaced, expired, erased, altered or unknown
    certificate: Certificate | None = None
    register: NumberRegister | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        return self.register is not None

    @property
    def is_valid(self) -> bool:
        return self.result == "valid"

    @property
    def tone(self) -> str:
        return {"valid": "good", "unknown": "neutral", "erased": "good"}.get(self.result, "bad")

    @property
    def shows_content(self) -> bool:
        """A replaced certificate no longer shows what it said: it may carry a former name."""
        return self.certificate is not None and self.result in {"valid", "revoked", "expired"}


def by_code(typed: str) -> Answer:
    """Look a code up. Wrong codes and certificates that are not issued yet get the same neutral answer."""
    code = read_code(typed)
    entry = NumberRegister.objects.filter(code=code).first() if code else None
    return about(entry)


def about(entry: NumberRegister | None, findings: list[Finding] | None = None) -> Answer:
    """The answer about one entry of the register."""
    shown = {*RegisterStatus.values} - {RegisterStatus.GIVEN, RegisterStatus.VOID}
    if entry is None or entry.status not in shown:
        return Answer("unknown", findings=findings or [])
    certificate = None
    if entry.certificate_id:
        certificate = Certificate.objects.for_pages().filter(pk=entry.certificate_id).first()
    return Answer(_result(entry, certificate), certificate, entry, findings or [])


def part_for_reader(certificate: Certificate) -> Part:
    """The content in the reader's language when the certificate has it, else in its own first language."""
    languages = certificate.data["languages"]
    wanted = (translation.get_language() or "en").split("-")[0]
    return rendering.part_in(certificate.data, certificate.issuance(), wanted if wanted in languages else languages[0])


def headline(answer: Answer) -> str:
    """The answer in one sentence."""
    return {
        "valid": _("This certificate is genuine and valid."),
        "revoked": _("This certificate has been withdrawn. It is no longer valid."),
        "replaced": _("This certificate has been replaced by a newer one. It is no longer valid."),
        "expired": _("This certificate is genuine, but it has expired."),
        "erased": _("This certificate is genuine. Its content has been erased at the holder's wish."),
        "altered": _("This file is not what we have issued."),
        "unknown": _("We do not know a certificate like this."),
    }[answer.result]


def machine_answer(answer: Answer) -> dict[str, Any]:
    """The same answer for software."""
    written: dict[str, Any] = {"result": answer.result, "valid": answer.is_valid}
    if answer.register:
        written |= {
            "number": answer.register.number,
            "issuer": answer.register.issuer_name,
            "issued_on": answer.register.issued_on.isoformat(),
            "ended_at": answer.register.ended_at.isoformat() if answer.register.ended_at else None,
        }
    if answer.shows_content and answer.certificate:
        written |= {
            "public_reason": answer.certificate.public_reason,
            "content": public_content(answer.certificate),
            "pdf_sha256": answer.certificate.pdf_sha256,
            "credential_sha256": answer.certificate.credential_sha256,
        }
    return written


def public_content(certificate: Certificate) -> dict[str, Any]:
    """The frozen content without what only the house needs."""
    content = dict(certificate.content)
    content.pop("grader_ids", None)
    content["holder"] = {"name": certificate.holder_name, "native_name": content["holder"]["native_name"]}
    return content


def _result(entry: NumberRegister, certificate: Certificate | None) -> str:
    ended = {
        RegisterStatus.REVOKED: "revoked",
        RegisterStatus.REPLACED: "replaced",
        RegisterStatus.EXPIRED: "expired",
    }.get(RegisterStatus(entry.status))
    if ended:
        return ended
    if certificate is None:
        return "erased"
    return "valid" if certificate.state == State.ISSUED else "unknown"
