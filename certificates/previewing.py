"""Pictures of pages before anything is issued: invented people in every script, and what differs between versions."""

import base64
import io
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageChops

from certificates import designs, rendering
from certificates.collecting import issuer_of
from certificates.content import Content, Item
from certificates.models import TemplateVersion
from credpoints.common.translated import TextIn

DOTS_PER_INCH = 72
MARK = (214, 120, 0)

SAMPLES: dict[str, str | Promise] = {
    "usual": _("an ordinary certificate"),
    "longest": _("the longest name and the most modules"),
    "scripts": _("names and titles in every script"),
}
# Invented people; every script that names of the programmes come in.
NAMES = (
    "Małgorzata Święcicka-Żółć",
    "Şükrüye İlğın Çağlayan",
    "Олександра Щербаківська-Їжакевич",
    "Ευαγγελία Παπαχριστοδούλου",
    "Nguyễn Thị Phương Thảo",
    "Անահիտ Հովհաննիսյան",
    "ქეთევან ჯავახიშვილი",
    "رنا الخطيب",
)
LONGEST = (
    "Maria Antonietta von Hohenberg-Schaumburg y Fernández de la Vega Villanueva-Rodríguez, geb. Wolkenstein-Trostburg"
)


@dataclass(frozen=True)
class Picture:
    """One page as a picture inside the answer; `changed` when it differs from the other version's."""

    number: int
    source: str
    changed: bool = False


def preview(version: TemplateVersion, sample: str) -> list[Picture]:
    """The pages of an invented certificate with this version's look."""
    return [Picture(number, _source(page)) for number, page in enumerate(pages_of(version, sample), start=1)]


def difference(
    before: TemplateVersion, after: TemplateVersion, sample: str
) -> list[tuple[Picture | None, Picture | None]]:
    """Page by page: the old one, and the new one with everything marked that differs."""
    old, new = pages_of(before, sample), pages_of(after, sample)
    pairs: list[tuple[Picture | None, Picture | None]] = []
    for place in range(max(len(old), len(new))):
        one = old[place] if place < len(old) else None
        other = new[place] if place < len(new) else None
        changed = one is None or other is None or _differs(one, other)
        marked = _marked(one, other) if one and other and changed else other
        number = place + 1
        pairs.append(
            (
                Picture(number, _source(one), changed) if one else None,
                Picture(number, _source(marked), changed) if marked else None,
            )
        )
    return pairs


def pages_of(version: TemplateVersion, sample: str) -> list[Image.Image]:
    """Every page as a picture."""
    content = designs.with_design(sample_content(version, sample), version)
    return pictures(rendering.render_preview(content))


def pictures(pdf: bytes, dots_per_inch: int = DOTS_PER_INCH) -> list[Image.Image]:
    """A PDF's pages as pictures."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dots_per_inch / 72).to_pil().convert("RGB") for page in document]


def sample_content(version: TemplateVersion, sample: str) -> Content:
    """An invented certificate of the template's programme and kind."""
    programme, kind = version.template.programme, version.template.kind
    items = [_item(number, sample) for number in range(14 if sample == "longest" else 8 if sample == "scripts" else 4)]
    credits_ = 0 if kind == "attendance" else 5 * len(items)
    title = {"de": "Elektrotechnik und Automatisierung", "en": "Electrical Engineering and Automation"}
    if sample == "longest":
        title = {language: f"{text}: {_LONG[language]}" for language, text in title.items()}
    return {
        "format": 1,
        "kind": kind,
        "languages": list(programme.languages or [programme.default_language]),
        "holder": {
            "uuid": "00000000-0000-4000-8000-000000000000",
            "name": LONGEST if sample == "longest" else NAMES[2] if sample == "scripts" else "Rana Al-Khatib",
            "native_name": NAMES[7] if sample != "longest" else "",
            "birth_date": "",
            "email_hash": "",
            "email_salt": "",
        },
        "title": title,
        "summary": {},
        "programme": dict(programme.title),
        "funding_note": dict(programme.funding_note),
        "issuer": issuer_of(programme.organisation),
        "items": items,
        "credit_framework": "ECTS",
        "credits": str(credits_),
        "hours": str(150 * len(items)),
        "level": 6,
        "outcomes": [],
        "assessment": ["written_exam", "project"],
        "mode": "blended",
        "quality": "institutional",
        "quality_text": {},
        "supervision": "supervised_onsite_id",
        "prerequisites": {},
        "stackable": {},
        "starts_on": "2027-10-01",
        "ends_on": "2028-07-28",
        "valid_until": "",
        "signatories": [
            {"name": "Prof. Dr. Beispiel Muster", "position": {"de": "Programmleitung", "en": "Head of programme"}}
        ],
        "grader_ids": [],
    }


_LONG: dict[str, str] = {
    "de": "Mess-, Steuerungs- und Regelungstechnik für Ingenieurinnen und Ingenieure mit ausländischem Abschluss",
    "en": "measurement, control and feedback engineering for engineers who graduated abroad",
}


def _item(number: int, sample: str) -> Item:
    title: TextIn = {"de": f"Regelungstechnik {number + 1}", "en": f"Control Engineering {number + 1}"}
    if sample == "longest":
        title = {language: f"{text}: {_LONG[language]}" for language, text in title.items()}
    if sample == "scripts":
        title = {"de": NAMES[number % len(NAMES)], "en": NAMES[number % len(NAMES)]}
    outcome = {"de": "Regelkreise entwerfen und beurteilen.", "en": "Design control loops and judge them."}
    return {
        "kind": "subject",
        "code": f"EB-{number + 1:02}",
        "title": title,
        "provider": {"de": "Berliner Beispielhochschule", "en": "Example University Berlin"},
        "country": "DE",
        "credits": "5",
        "hours": "150",
        "level": 6,
        "language": "de",
        "mode": "blended",
        "assessment": ["written_exam"],
        "outcomes": [{"text": outcome, "esco": []}],
        "isced_f": "0714",
        "grade": "1.7",
        "scheme": "1.0 to 5.0",
        "passed": True,
        "status": "own",
        "date": "2028-02-18",
        "note": {},
    }


def _differs(one: Image.Image, other: Image.Image) -> bool:
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def _marked(one: Image.Image, other: Image.Image) -> Image.Image:
    """The new page with a coloured shade on every dot that differs."""
    if one.size != other.size:
        return other
    mask: Any = ImageChops.difference(one, other).convert("L").point(lambda value: 90 if value > 24 else 0)
    return Image.composite(Image.new("RGB", other.size, MARK), other, mask)


def _source(page: Image.Image) -> str:
    out = io.BytesIO()
    page.quantize(64).save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
