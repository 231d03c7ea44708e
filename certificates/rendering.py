"""The PDF of a certificate: PDF/A-3a and PDF/UA-1 in one file, with the signed credential inside.

Everything comes from the frozen content; the page fetches nothing but the files of its own folder. WeasyPrint is loaded
when the first document is made, so that a machine without its libraries still starts and says what is missing.
"""

import base64
import importlib
import io
import logging
import threading
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from certificates.content import (
    STATUS_LABELS,
    Content,
    Issuance,
    Item,
    elements,
    local,
    place_of,
    supervision,
    workload,
)
from credpoints.common.translated import text_in

DOCUMENTS = Path(settings.BASE_DIR) / "templates" / "certificates" / "documents"
PDFUA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    b"</rdf:Description>"
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of PDF/UA</pdfaProperty:description></rdf:li>"
    b"</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
# WeasyPrint's font configuration and caches belong to one thread at a time.
_one_at_a_time = threading.Lock()

KICKERS: dict[str, str | Promise] = {
    "programme_individual": gettext_lazy("Certificate"),
    "micro_credential": gettext_lazy("Micro-credential"),
    "module": gettext_lazy("Certificate"),
    "bundle": gettext_lazy("Certificate"),
    "unit": gettext_lazy("Certificate"),
    "validation": gettext_lazy("Certificate of validated learning"),
    "attendance": gettext_lazy("Confirmation of attendance"),
    "transcript": gettext_lazy("Transcript of records"),
}
DEEDS: dict[str, str | Promise] = {
    "programme_individual": gettext_lazy("has completed the individual qualification programme"),
    "micro_credential": gettext_lazy("has earned the micro-credential"),
    "module": gettext_lazy("has passed the module"),
    "bundle": gettext_lazy("has completed the combination of modules"),
    "unit": gettext_lazy("has achieved the unit of learning outcomes"),
    "validation": gettext_lazy("has shown, acquired outside formal education and assessed, the learning outcomes of"),
    "attendance": gettext_lazy("has attended"),
    "transcript": gettext_lazy("has achieved the results on the following page in"),
}


class CannotRender(Exception):
    """The document would not be whole (a missing character, a missing library); the message says what and where."""


@dataclass(frozen=True)
class Part:
    """The certificate in one language: everything as it will be printed."""

    language: str
    kicker: str
    lead: str
    deed: str
    title: str
    summary: str
    workload: str
    period: str
    place_and_date: str
    issued_on: str
    issuer: str
    issuer_place: str
    funding_note: str
    signatories: list[dict[str, str]]
    elements: list[dict[str, Any]]
    further: list[tuple[str, str]]
    rows: list[dict[str, str]]
    total_credits: str
    total_hours: str
    show_credits: bool


def render_pdf(content: Content, issuance: Issuance, *, credential: str, address: str) -> bytes:
    """Make the file. `credential` is embedded byte for byte; `address` is what the QR code says."""
    html = document_html(content, issuance, address)
    issued_at = datetime.fromisoformat(issuance["issued_at"])
    with _one_at_a_time:
        return _write(html, credential, issued_at)


def document_html(content: Content, issuance: Issuance, address: str) -> str:
    """The pages as HTML, in all languages of the certificate."""
    first = content["languages"][0]
    with translation.override(first):
        context = {
            "content": content,
            "issuance": issuance,
            "lang": first,
            "parts": [part_in(content, issuance, language) for language in content["languages"]],
            "native_name": native_name(content),
            "address": address,
            "shown_address": address.split("://", 1)[-1].rstrip("/"),
            "qr": qr_code(address),
            "name_class": name_class(content["holder"]["name"]),
            "issued_at": issuance["issued_at"],
        }
        return render_to_string("certificates/documents/classic.html", context)


def part_in(content: Content, issuance: Issuance, language: str) -> Part:
    """Put the whole certificate into one language."""
    with translation.override(language):
        issued_on = write_date(issuance["issued_on"])
        return Part(
            language=language,
            kicker=str(KICKERS[content["kind"]]),
            lead=_("This is to certify that"),
            deed=str(DEEDS[content["kind"]]),
            title=text_in(content["title"], language),
            summary=text_in(content["summary"], language),
            workload=workload(content),
            period=period(content),
            place_and_date=", ".join(part for part in (content["issuer"]["city"], issued_on) if part),
            issued_on=issued_on,
            issuer=text_in(content["issuer"]["name"], language),
            issuer_place=place_of(content["issuer"]),
            funding_note=text_in(content["funding_note"], language),
            signatories=[
                {"name": one["name"], "position": text_in(one["position"], language)} for one in content["signatories"]
            ],
            elements=[dict(element) for element in elements(content, language, issued_on)],
            further=further(content, language),
            rows=[row(item, language) for item in content["items"]],
            total_credits=local(content["credits"]),
            total_hours=local(content["hours"]),
            show_credits=content["kind"] != "attendance",
        )


def row(item: Item, language: str) -> dict[str, str]:
    """One line of the table."""
    result = local(item["grade"]) or (_("passed") if item["passed"] else "")
    return {
        "code": item["code"],
        "title": text_in(item["title"], language),
        "provider": text_in(item["provider"], language),
        "credits": local(item["credits"]),
        "hours": local(item["hours"]),
        "level": str(item["level"] or ""),
        "result": result or "–",
        "status": str(STATUS_LABELS[item["status"]]),
        "date": write_date(item["date"]) if item["date"] else "",
        "note": text_in(item["note"], language),
    }


def further(content: Content, language: str) -> list[tuple[str, str]]:
    """The optional elements of the Recommendation that are known."""
    entries = (
        (_("Supervision and identity check"), supervision(content)),
        (_("Prerequisites"), text_in(content["prerequisites"], language)),
        (_("Counts towards"), text_in(content["stackable"], language)),
        (_("Valid until"), write_date(content["valid_until"]) if content["valid_until"] else ""),
    )
    return [entry for entry in entries if entry[1]]


def period(content: Content) -> str:
    if not (content["starts_on"] and content["ends_on"]):
        return ""
    return _("%(start)s to %(end)s") % {
        "start": write_date(content["starts_on"]),
        "end": write_date(content["ends_on"]),
    }


def write_date(day: str) -> str:
    """28. Juli 2028 / 28 July 2028."""
    return formats.date_format(date.fromisoformat(day), pgettext("date format", "j F Y"))


def native_name(content: Content) -> str:
    """The name in its own script, unless it is printed already."""
    native = content["holder"]["native_name"]
    return native if native and native != content["holder"]["name"] else ""


def name_class(name: str) -> str:
    """Long names get smaller letters instead of a second line in the middle of a word."""
    return "long" if len(name) > 48 else "medium" if len(name) > 28 else "short"


def qr_code(address: str) -> str:
    """The QR code as an image inside the page."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=2, scale=4, dark="#1d2430", light="#ffffff"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


class _Complaints(logging.Handler):
    """Collects what WeasyPrint only writes into its log: missing letters, missing descriptions, unloaded files."""

    SERIOUS = (".notdef", "missing", "failed to load", "no alt", "not found", "doesn't contain")

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if any(word in message.lower() for word in self.SERIOUS):
            self.messages.append(message)


def _write(html: str, credential: str, issued_at: datetime) -> bytes:
    tools = _tools()
    complaints = _Complaints()
    log = logging.getLogger("weasyprint")
    level, passed_on = log.level, log.propagate
    log.addHandler(complaints)
    # The settings silence this log; what blocks issuing must be heard all the same.
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        document = tools["HTML"](string=html, base_url=DOCUMENTS.as_uri() + "/", url_fetcher=tools["fetcher"]).render(
            stylesheets=[tools["css"]], font_config=tools["fonts"], cache=dict(tools["images"]), pdf_variant="pdf/a-3a"
        )
        attachment = tools["Attachment"](
            string=credential,
            name="credential.json",
            description="Open Badges 3.0 credential",
            created=issued_at,
            modified=issued_at,
            relationship="Source",
        )
        document.metadata.attachments = [attachment]
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", finisher=_declare_ua)
    finally:
        log.removeHandler(complaints)
        log.setLevel(level)
        log.propagate = passed_on
    if complaints.messages:
        raise CannotRender("; ".join(dict.fromkeys(complaints.messages)))
    return pdf


def _declare_ua(_document: Any, pdf: Any) -> None:
    """WeasyPrint declares one standard; the file keeps both, so the second is added to its metadata."""
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number].stream
    stream[0] = stream[0].replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>")


@cache
def _tools() -> dict[str, Any]:
    """Load WeasyPrint and what all documents of this process share: fonts and the parsed style sheet."""
    try:
        weasyprint = importlib.import_module("weasyprint")
        fonts = importlib.import_module("weasyprint.text.fonts").FontConfiguration()
        urls = importlib.import_module("weasyprint.urls")
    except OSError as error:
        raise CannotRender(
            "WeasyPrint's libraries are missing: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error

    class OwnFilesOnly(urls.URLFetcher):  # type: ignore[misc,name-defined]
        """Serves the files of the document's folder and pictures inside the page, nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not (url.startswith("data:") or url.startswith(DOCUMENTS.as_uri() + "/")) or ".." in url:
                raise ValueError(f"not a file of the template: {url[:100]}")
            return super().fetch(url, headers)

    fetcher = OwnFilesOnly(allowed_protocols=("file", "data"))
    css = weasyprint.CSS(filename=str(DOCUMENTS / "classic.css"), font_config=fonts, url_fetcher=fetcher)
    return {
        "HTML": weasyprint.HTML,
        "Attachment": weasyprint.Attachment,
        "fonts": fonts,
        "css": css,
        "fetcher": fetcher,
        "images": {},
    }


def render_preview(content: Content) -> bytes:
    """The pages of a draft: no number, no code that leads anywhere, nothing signed."""
    today = date.today().isoformat()  # noqa: DTZ011 - only shown on a preview
    issuance: Issuance = {
        "number": _("PREVIEW"),
        "uuid": "",
        "code": "",
        "issued_at": f"{today}T00:00:00Z",
        "issued_on": today,
        "status_list": 0,
        "status_index": 0,
        "replaces": "",
    }
    return render_pdf(content, issuance, credential="{}", address=f"{settings.BASE_URL}/verify/")
