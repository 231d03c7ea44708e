"""A plain page as PDF, for the applicant's own copy."""

import importlib
from typing import Any

STYLE = """
@page { size: A4; margin: 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
body { font: 10pt/1.4 "Noto Sans", "DejaVu Sans", sans-serif; color: #1d2430; }
h1 { font-size: 16pt; } h2 { font-size: 12pt; margin: 12pt 0 4pt; break-after: avoid; }
dl { margin: 0; } dt { font-weight: 600; margin-top: 4pt; break-after: avoid; } dd { margin: 0 0 2pt; }
.small { font-size: 7pt; color: #555; margin-top: 16pt; }
"""


def pdf_of(html: str) -> bytes:
    """Draw a page; nothing is loaded from anywhere."""
    # Loaded on first use: the library needs system libraries that a machine without documents does not have.
    weasyprint: Any = importlib.import_module("weasyprint")
    page = weasyprint.HTML(string=html, url_fetcher=_nothing)
    return bytes(page.write_pdf(stylesheets=[weasyprint.CSS(string=STYLE)]))


def _nothing(url: str, *_args: Any, **_options: Any) -> dict[str, Any]:
    raise ValueError(f"documents load nothing: {url}")
