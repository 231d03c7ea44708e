"""Set HTML as PDF/A-3a and PDF/UA-1 in one file: fonts, style sheets, attachments, and what blocks a document.

WeasyPrint is loaded when the first document is made, so that a machine without its libraries still starts and says what
is missing. What is the same in every document of a process is made once: fonts, style sheets, pictures, legend pages.
"""

import gc
import importlib
import importlib.util
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.utils.html import escape

DOCUMENTS = Path(settings.BASE_DIR) / "templates" / "certificates" / "documents"
LAYOUTS = ("classic", "modern", "plain")
# Static fonts from a package, so that pages look the same on every machine; variable fonts break PDF/A.
FACES = (("Regular", 400, "normal"), ("Semibold", 600, "normal"), ("It", 400, "italic"))
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
# What no XML file may hold, and no font prints.
NOT_WRITTEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# WeasyPrint's font configuration and caches belong to one thread at a time.
_one_at_a_time = threading.Lock()


class CannotRender(Exception):
    """The document would not be whole (a missing character, a missing library); the message says what and where."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the document; `made_at` keeps the bytes the same whenever they are made."""

    content: str
    name: str
    description: str
    made_at: datetime


@dataclass(frozen=True)
class Tools:
    """What all documents of this process share."""

    weasyprint: Any
    fonts: Any
    fetcher: Any
    page: Any  # the class that reads HTML
    images: dict[str, Any] = field(default_factory=dict)
    styles: dict[str, Any] = field(default_factory=dict)

    def style(self, layout: str) -> Any:
        """The parsed style sheet of a layout."""
        if layout not in self.styles:
            text = "\n".join((font_faces(), _own_file("base.css"), _own_file(f"{layout}.css")))
            self.styles[layout] = self.weasyprint.CSS(
                string=text, base_url=f"{DOCUMENTS.as_uri()}/", font_config=self.fonts, url_fetcher=self.fetcher
            )
        return self.styles[layout]

    def keep(self, images: dict[str, Any]) -> None:
        """Keep the layouts' own pictures for the next document, and nothing of this one's, such as its QR code."""
        own = f"{DOCUMENTS.as_uri()}/"
        self.images.update({url: image for url, image in images.items() if url.startswith(own)})


def set_pdf(html: str, *, layout: str, attachment: Attachment, legend: str = "") -> bytes:
    """Set the pages, add the legend's, and attach the file. Raises CannotRender when a letter or picture is missing.

    `legend` is the HTML of pages that are the same in many documents: they are set once per process and shared.
    """
    with _one_at_a_time, _complaints() as complaints, collecting_later():
        tools = _tools()
        document = _lay_out(tools, html, layout)
        if legend:
            document = document.copy([*document.pages, *_legend_pages(layout, legend)])
        document.metadata.attachments = [
            tools.weasyprint.Attachment(
                string=attachment.content,
                name=attachment.name,
                description=attachment.description,
                created=attachment.made_at,
                modified=attachment.made_at,
                relationship="Source",
            )
        ]
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", finisher=_finish)
    if complaints:
        raise CannotRender("; ".join(dict.fromkeys(complaints)))
    return pdf


def missing_letters(text: str) -> bool:
    """Try it: does any font of this machine print all of this text?"""
    with _one_at_a_time, _complaints() as complaints:
        tools = _tools()
        _lay_out(tools, f"<html><body><p>{escape(text)}</p></body></html>", "plain").write_pdf()
    return bool(complaints)


def font_folder() -> Path:
    """Where the package with the certificate's fonts is."""
    spec = importlib.util.find_spec("font_source_serif_pro")
    if spec is None or not spec.submodule_search_locations:
        raise CannotRender("the package font-source-serif-pro is missing: pip install -r requirements.lock")
    return Path(spec.submodule_search_locations[0]) / "files"


def font_faces() -> str:
    """The rules that bring the fonts into a style sheet."""
    folder = font_folder().as_uri()
    return "\n".join(
        f'@font-face {{ font-family: "Certificate Serif"; src: url("{folder}/SourceSerifPro-{name}.ttf"); '
        f"font-weight: {weight}; font-style: {style}; }}"
        for name, weight, style in FACES
    )


def _lay_out(tools: Tools, html: str, layout: str) -> Any:
    images = dict(tools.images)
    document = tools.page(html).render(
        stylesheets=[tools.style(layout)], font_config=tools.fonts, cache=images, pdf_variant="pdf/a-3a"
    )
    tools.keep(images)
    return document


@lru_cache(maxsize=32)
def _legend_pages(layout: str, html: str) -> tuple[Any, ...]:
    return tuple(_lay_out(_tools(), html, layout).pages)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Hold back Python's search for rings of garbage: a document is a hundred thousand objects that all live as long
    as it does, and looking through them again and again takes a fifth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Hear what blocks issuing, although the settings silence this log."""
    handler, log = _Complaints(), logging.getLogger("weasyprint")
    level, passed_on = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        yield handler.messages
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = passed_on


def _declare_ua(_document: Any, pdf: Any) -> None:
    """WeasyPrint declares one standard; the file keeps both, so the second is added to its metadata."""
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number].stream
    stream[0] = stream[0].replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>")


def _finish(document: Any, pdf: Any) -> None:
    """What is done between the last page and the file."""
    _declare_ua(document, pdf)
    importlib.import_module("certificates.pdf_objects").write_once(pdf)


def _own_file(name: str) -> str:
    return (DOCUMENTS / name).read_text(encoding="utf-8")


@cache
def _tools() -> Tools:
    weasyprint = _library("weasyprint")
    fetcher = _fetcher()
    fonts = _library("weasyprint.text.fonts").FontConfiguration()
    return Tools(weasyprint, fonts, fetcher, _page(weasyprint, fetcher))


def _library(name: str) -> Any:
    """A module that is loaded by whoever sets the first page, because it takes half a second."""
    try:
        return importlib.import_module(name)
    except OSError as error:
        raise CannotRender(
            "WeasyPrint's libraries are missing: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from error


def _fetcher() -> Any:
    """Brings the documents what they name, from their own folder only."""
    fetcher = _library("weasyprint.urls").URLFetcher
    folders = (f"{DOCUMENTS.as_uri()}/", f"{font_folder().as_uri()}/")

    class OwnFilesOnly(fetcher):  # type: ignore[misc,valid-type]
        """Serves the files of the document's folder, the fonts, and pictures inside the page; nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(("data:", *folders)) or ".." in url:
                raise ValueError(f"not a file of the template: {url[:100]}")
            return super().fetch(url, headers)

    return OwnFilesOnly(allowed_protocols=("file", "data"))


def _page(weasyprint: Any, fetcher: Any) -> Any:
    """The class that reads the HTML of our pages."""
    selectors = _library("cssselect2")
    # What the few elements of our pages mean. WeasyPrint's own sheet speaks of all of HTML and asks each element
    # whether it has a marker, two kinds of footnotes and a text direction.
    elements = weasyprint.CSS(string=_own_file("elements.css"))

    class Page(weasyprint.HTML):  # type: ignore[misc]
        """A page whose HTML is well-formed XML, as our templates are: read thirty times as quickly."""

        def __init__(self, html: str) -> None:
            root = ElementTree.fromstring(NOT_WRITTEN.sub("", html.strip()))  # noqa: S314 - our own templates wrote it
            self.base_url, self.url_fetcher, self.media_type = f"{DOCUMENTS.as_uri()}/", fetcher, "print"
            self.wrapper_element = selectors.ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = root

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return [elements]

    return Page
