"""The quick way to pages gives the bytes that WeasyPrint gives when nobody hurries it.

The quick way leans on inner names of WeasyPrint and pydyf; whoever brings a new version of them learns here whether it
still does the same.
"""

from datetime import datetime
from typing import Any

import pytest
import weasyprint

from certificates import rendering, typesetting
from certificates.content import Content, Issuance
from tests.certificates import samples

CREDENTIAL = '{"name": "Größe"}'


def unhurried(content: Content, issuance: Issuance, address: str, layout: str) -> bytes:
    """WeasyPrint alone, with everything loaded, parsed and laid out for this one document."""
    sheet = "\n".join([typesetting.font_faces(), *(typesetting._own_file(f"{name}.css") for name in ("base", layout))])

    def laid_out(html: str) -> Any:
        base = f"{typesetting.DOCUMENTS.as_uri()}/"
        style = weasyprint.CSS(string=sheet, base_url=base, font_config=fonts)
        page = weasyprint.HTML(string=html, base_url=base)
        return page.render(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3a")

    fonts = weasyprint.text.fonts.FontConfiguration()
    document = laid_out(rendering.document_html(content, issuance, address))
    legend = laid_out(rendering.legend_html(content))
    at = datetime.fromisoformat(issuance["issued_at"])
    document = document.copy([*document.pages, *legend.pages])
    document.metadata.attachments = [
        weasyprint.Attachment(
            string=CREDENTIAL,
            name="credential.json",
            description="Open Badges 3.0 credential",
            created=at,
            modified=at,
            relationship="Source",
        )
    ]
    pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a", finisher=typesetting._declare_ua)
    return pdf


@pytest.mark.parametrize("layout", typesetting.LAYOUTS)
@pytest.mark.parametrize(("script", "languages"), [("latin", ["de", "en"]), ("arabic", ["en"])])
def test_pages_are_those_of_the_unhurried_way(layout: str, script: str, languages: list[str]) -> None:
    content = samples.content(name=samples.NAMES[script], languages=languages)
    content["design"] = {"template": "A", "version": 1, "layout": layout, "texts": {}, "logos": []}
    issuance = samples.issuance()
    address = "https://certs.example.org/verify/K7Q2-M9XD-4TRW-0001/"

    quick = [rendering.render_pdf(content, issuance, credential=CREDENTIAL, address=address) for _time in range(2)]

    assert quick[0] == unhurried(content, issuance, address, layout)
    assert quick[1] == quick[0]
