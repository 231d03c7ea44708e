"""What a stranger is told: genuine or not, valid or not, and the whole content, in plain words."""

import base64
import importlib
import io
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from certificates import baking, proofs, rendering, sealing, signing
from certificates.codes import read_code
from certificates.models import PUBLISHED, Certificate, FormerEdition, NumberRegister, RegisterStatus, ShareLink, State
from certificates.rendering import Part
from certificates.sealing import SealAnswer
from credpoints.common.tokens import content_hash
from credpoints.common.translated import text_in


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
    def issuer(self) -> str:
        """Who issued it, by the name of that day: in the reader's language as long as the content is kept."""
        names = self.certificate.content.get("issuer", {}).get("name", {}) if self.certificate else {}
        return text_in(names) or (self.register.issuer_name if self.register else "")

    @property
    def tone(self) -> str:
        return {"valid": "good", "erased": "good", "expired": "warning", "unknown": "neutral"}.get(self.result, "bad")

    @property
    def shows_content(self) -> bool:
        """A replaced certificate no longer shows what it said: it may carry a former name."""
        return self.certificate is not None and self.result in {"valid", "revoked", "expired"}

    @property
    def shown(self) -> Certificate | None:
        """The certificate, when its content may be shown."""
        return self.certificate if self.shows_content else None


def by_code(typed: str) -> Answer:
    """Look a code up. Wrong codes and certificates that are not issued yet get the same neutral answer."""
    code = read_code(typed)
    entry = NumberRegister.objects.filter(code=code).first() if code else None
    return about(entry)


def by_file(data: bytes) -> tuple[str, Answer]:
    """Check a dropped file and say of which kind it is: the stored hash first, then seal, credential and status."""
    if data.startswith(b"%PDF"):
        return "pdf", _by_pdf(data)
    if data.startswith(b"\x89PNG"):
        badge = baking.credential_in(data)
        return "png", _by_credential(badge) if badge else Answer("unknown")
    text = data.strip()
    if text.startswith(b"{"):
        return "json", _by_credential(data)
    if text.count(b".") == 2 and len(text) < 200_000:
        return "jwt", _by_jwt(text.decode("ascii", "replace"))
    return "other", Answer("unknown")


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


def chosen(part: Part, link: ShareLink) -> Part:
    """What a link of the holder shows of the content: with or without grades, with or without the parts."""
    if not link.shows_parts:
        return replace(part, rows=[])
    if not link.shows_grades:
        return replace(part, rows=[{**row, "result": ""} for row in part.rows])
    return part


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


def _by_pdf(data: bytes) -> Answer:
    digest = content_hash(data)
    entry = NumberRegister.objects.filter(pdf_sha256=digest).first()
    if entry:
        return about(entry, [Finding(True, _("Byte for byte the file that was issued."))])
    former = FormerEdition.objects.filter(pdf_sha256=digest).select_related("certificate__register_entry").first()
    if former:
        return _about_former(former)
    sealed = sealing.check_seal(data)
    claimed = _claimed_by(embedded_credential(data))
    # Whoever brings something else of their own has altered nothing of ours.
    is_of_others = claimed is None and sealed.status in {"missing", "foreign", "unreadable", "unchecked"}
    findings = [Finding(False, _seal_in_words(sealed, is_claimed=claimed is not None))]
    return Answer("unknown" if is_of_others else "altered", register=claimed, findings=findings)


def _seal_in_words(seal: SealAnswer, *, is_claimed: bool) -> str:
    """What the seal tells of a file that is not in the register."""
    named = {"name": seal.name, "day": _day(seal.ran_out_at)}
    return {
        "whole": _("The seal is whole, but this file is not in our register."),
        "expired": _(
            "The seal is ours and whole, but its certificate ran out on %(day)s, and no time stamp shows that it was "
            "made before. This file is not in our register."
        )
        % named,
        "withdrawn": _(
            "The seal was made with a certificate of ours that has been withdrawn. This file is not in our register."
        ),
        "broken": _("The seal is broken: something was changed or added after the file was issued."),
        "missing": _("The seal is missing.")
        if is_claimed
        else _("The file carries no seal and no credential of ours."),
        "foreign": _("The seal is not ours. It names: %(name)s") % named,
        "unchecked": _("This file is not in our register, and its seal cannot be checked just now."),
        "unreadable": _("The file is damaged and cannot be read."),
    }[seal.status]


def _about_former(former: FormerEdition) -> Answer:
    """A file that we have issued, whose key was withdrawn later: true for us, and refused by strangers' software."""
    words = _(
        "We have issued this file, and its content is true. It was signed with a key that was withdrawn on %(day)s, so "
        "other software refuses it. The holder can download the present file."
    ) % {"day": _day(former.ended_at)}
    return about(former.certificate.register_entry, [Finding(True, words)])


def _by_credential(data: bytes) -> Answer:
    """An Open Badge: exactly the stored text, or the same facts written differently with a signature that holds."""
    entry = NumberRegister.objects.filter(credential_sha256=content_hash(data)).first()
    if entry:
        return about(entry, [Finding(True, _("Exactly the credential that was issued."))])
    former = FormerEdition.objects.filter(credential_sha256=content_hash(data))
    found = former.select_related("certificate__register_entry").first()
    if found:
        return _about_former(found)
    claimed = _claimed_by(data)
    if claimed is None:
        return Answer("unknown")
    try:
        document = json.loads(data)
        proofs.check(document, public_key=signing.public_key)
    except (ValueError, proofs.NotGenuine, RecursionError, OverflowError):
        return Answer("altered", register=claimed, findings=[Finding(False, _("The signature does not hold."))])
    certificate = claimed.certificate
    if certificate is None or document != json.loads(certificate.credential):
        return Answer("altered", register=claimed, findings=[Finding(False, _("We have not issued these facts."))])
    return about(claimed, [Finding(True, _("The signature holds."))])


def _by_jwt(token: str) -> Answer:
    try:
        claims = json.loads(_from_base64(token.split(".")[1]))
    except (ValueError, RecursionError):
        return Answer("unknown")
    claimed = _claimed_by(json.dumps(claims).encode())
    if claimed is None:
        return Answer("unknown")
    if claimed.certificate is None:
        return Answer("unknown")
    former = claimed.certificate.former_editions.filter(jwt=token).select_related("certificate__register_entry").first()
    if former:
        return _about_former(former)
    if claimed.certificate.jwt != token:
        return Answer("altered", register=claimed, findings=[Finding(False, _("The signature does not hold."))])
    return about(claimed, [Finding(True, _("Exactly the credential that was issued."))])


def embedded_credential(data: bytes) -> bytes:
    """The credential inside a PDF, or nothing when there is none or the file is damaged."""
    pypdf = importlib.import_module("pypdf")  # loaded for the first dropped PDF, not at the start of every process
    try:
        files = pypdf.PdfReader(io.BytesIO(data)).attachments.get("credential.json", [])
    except Exception:  # strangers' files are damaged in every possible way
        return b""
    return files[0] if files else b""


def _claimed_by(data: bytes) -> NumberRegister | None:
    """The entry of the register that a credential says it is: its id names the certificate."""
    try:
        address = str(json.loads(data)["id"])
        place = UUID(address.rstrip("/").rpartition("/")[2])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    found = NumberRegister.objects.select_related("certificate").filter(certificate__uuid=place)
    return found.filter(certificate__state__in=PUBLISHED).first()


def _day(moment: datetime | None) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


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
    if certificate.state != State.ISSUED:
        return "unknown"
    return "expired" if certificate.has_run_out(timezone.now()) else "valid"
