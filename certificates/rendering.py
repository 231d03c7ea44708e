"""The pages of a certificate: what stands on them, in which language, and the file that is made of them.

Everything comes from the frozen content: pages can be made again and again, and always say the same.
"""

import base64
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from certificates import designs, typesetting
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
from certificates.typesetting import Attachment, CannotRender
from credpoints.common.translated import text_in

__all__ = ["CannotRender", "Part", "part_in", "render_pdf", "render_preview"]

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

WHAT: dict[str, str | Promise] = {
    "programme_individual": gettext_lazy(
        "It documents what one person has achieved in an individually agreed programme: the modules, the practice and "
        "what was recognised. It does not stand for completed university studies."
    ),
    "micro_credential": gettext_lazy(
        "It documents the learning outcomes of a small volume of learning, assessed against published standards. "
        "It does not stand for completed university studies."
    ),
    "module": gettext_lazy(
        "It documents one module that was examined and passed. It does not stand for completed university studies."
    ),
    "bundle": gettext_lazy(
        "It documents several modules that belong together. Each was examined on its own. It does not stand for "
        "completed university studies."
    ),
    "unit": gettext_lazy(
        "It documents one unit of learning outcomes, which can count towards a qualification together with others."
    ),
    "validation": gettext_lazy(
        "It documents learning outcomes that were acquired outside formal education, then identified, documented and "
        "assessed. It does not stand for completed university studies."
    ),
    "attendance": gettext_lazy("It confirms presence. There was no examination, and no credits were awarded."),
    "transcript": gettext_lazy(
        "It lists all results of one person in this programme up to the day of issue. It is only a list of results."
    ),
}


@dataclass(frozen=True)
class Part:
    """The certificate in one language: everything as it will be printed."""

    language: str
    kicker: str
    lead: str
    deed: str
    title: str
    summary: str
    statement: str
    note: str
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
    issued_at = datetime.fromisoformat(issuance["issued_at"])
    return typesetting.set_pdf(
        document_html(content, issuance, address),
        layout=designs.design_of(content)["layout"],
        legend=legend_html(content),
        attachment=Attachment(credential, "credential.json", "Open Badges 3.0 credential", issued_at),
    )


def document_html(content: Content, issuance: Issuance, address: str) -> str:
    """The pages that are this person's, as HTML, in all languages of the certificate."""
    first = content["languages"][0]
    with translation.override(first):
        parts = [part_in(content, issuance, language) for language in content["languages"]]
        context = {
            "content": content,
            "issuance": issuance,
            "lang": first,
            "parts": parts,
            "native_name": native_name(content),
            "shown_address": address.split("://", 1)[-1].rstrip("/"),
            "qr": qr_code(address),
            "name_class": name_class(content["holder"]["name"]),
            "title_class": title_class(parts[0].title),
            "signing_class": "three" if len(content["signatories"]) > 2 else "two",
            "head_logo": next(iter(logos_at("head", content, first)), None),
        }
        return _without_indent(render_to_string("certificates/documents/document.html", context))


def legend_html(content: Content) -> str:
    """The pages that explain: the same for everybody with this template, so they are set once."""
    first = content["languages"][0]
    texts = designs.design_of(content)["texts"]
    pages = []
    for language in content["languages"]:
        with translation.override(language):
            page = {
                "language": language,
                "what": str(WHAT.get(content["kind"], WHAT["programme_individual"])),
                "shows_credits": content["kind"] != "attendance",
                "legend": text_in(texts.get("legend", {}), language),
                "funding": text_in(content["funding_note"], language),
            }
        pages.append(page)
    with translation.override(first):
        context = {"lang": first, "pages": pages, "logos": logos_at("foot", content, first)}
        return _without_indent(render_to_string("certificates/documents/legend.html", context))


def part_in(content: Content, issuance: Issuance, language: str) -> Part:
    """Put the whole certificate into one language."""
    texts = designs.design_of(content)["texts"]

    def words(slot: str, otherwise: str) -> str:
        return text_in(texts.get(slot, {}), language) or otherwise

    with translation.override(language):
        issued_on = write_date(issuance["issued_on"])
        return Part(
            language=language,
            kicker=words("heading", str(KICKERS[content["kind"]])),
            lead=words("lead", _("This is to certify that")),
            deed=words("deed", str(DEEDS[content["kind"]])),
            title=text_in(content["title"], language),
            summary=text_in(content["summary"], language),
            statement=words("statement", ""),
            note=words("note", ""),
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


def logos_at(place: str, content: Content, language: str) -> list[dict[str, str]]:
    """The template's pictures for one place of the pages, each with its words for those who cannot see it."""
    return [
        {"source": designs.picture(logo), "alt": text_in(logo["alt"], language)}
        for logo in designs.design_of(content)["logos"]
        if logo["place"] == place
    ]


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
    """From when to when; empty unless both days are known."""
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
    return _size(len(name), (30, "short"), (40, "medium"), (110, "long"), (9999, "longest"))


def title_class(title: str) -> str:
    """Long titles get smaller letters, so that they do not push what follows off the page."""
    return _size(len(title), (60, "short"), (110, "medium"), (9999, "long"))


def _size(length: int, *steps: tuple[int, str]) -> str:
    return next(name for most, name in steps if length <= most)


def _without_indent(html: str) -> str:
    """Leave out what stands between lines: every blank would become a box to lay out."""
    return re.sub(r">\s*\n\s*<", "><", html)


def qr_code(address: str) -> str:
    """The QR code as an image inside the page: dots at four times their size print sharply and are set quickly."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="png", border=2, scale=4, dark="#1d2430", light="#ffffff"
    )
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def render_preview(content: Content) -> bytes:
    """The pages of a draft: no number, no code that leads anywhere, nothing signed."""
    return render_pdf(content, preview_issuance(), credential="{}", address=f"{settings.BASE_URL}/verify/")


def preview_issuance() -> Issuance:
    """What stands where the number will be, before there is one."""
    today = date.today().isoformat()  # noqa: DTZ011 - only shown on a preview
    return {
        "number": _("PREVIEW"),
        "uuid": "",
        "code": "",
        "issued_at": f"{today}T00:00:00Z",
        "issued_on": today,
        "status_list": 0,
        "status_index": 0,
        "replaces": "",
    }
