"""The certificate as one writes it who has only WeasyPrint's first page of documentation: part of `certificates`.

The same words, the same number of pages and the same standard as the product's, in the style of everyday web pages:
flexible boxes, columns, tables that find their own widths, "page 1 of 3", and nothing shared between two documents.
"""

from html import escape
from typing import Any

import segno

STYLE = """
@page { size: A4; margin: 20mm;
  @bottom-center { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
@page :first { margin: 15mm }
body { font-family: "DejaVu Serif", serif; font-size: 9pt; line-height: 1.3; color: #1d2430; margin: 0 }
.face { display: flex; flex-direction: column; align-items: center; justify-content: space-between; height: 240mm;
  border: 1mm solid #1f4e79; padding: 4mm; text-align: center; page-break-after: always }
.face .inner { border: 0.3mm solid #b08d57; width: 100%; flex: 1; display: flex; flex-direction: column;
  align-items: center; justify-content: center }
h1 { font-size: 34pt; color: #1f4e79; font-weight: normal; margin: 0 0 8mm }
.name { font-size: 26pt; font-weight: bold; margin: 4mm }
.title { font-size: 18pt; color: #1f4e79; margin: 4mm }
.foot { display: flex; width: 100%; justify-content: space-between; align-items: flex-end }
.signatures { display: flex; gap: 10mm } .signatures div { border-top: 0.2mm solid #000; padding-top: 1mm; width: 45mm }
.qr { width: 30mm; height: 30mm }
h2 { color: #1f4e79; font-size: 18pt; font-weight: normal } h3 { color: #1f4e79; font-weight: normal }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt }
td, th { border-bottom: 0.2mm solid #ccc; padding: 0.8mm 2mm 0.8mm 0; text-align: left; vertical-align: top }
.legend { page-break-before: always } .columns { columns: 2; column-gap: 8mm }
"""


def naive_html(part: Any, name: str, number: str, address: str, legend: list[tuple[str, str]]) -> str:
    """One page of ceremony, one of content, one of explanation."""
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)
    signatures = "".join(f"<div>{escape(s['name'])}<br>{escape(s['position'])}</div>" for s in part.signatories)
    rows = "".join(
        f"<tr><th scope='row'>{escape(row['title'])} ({escape(row['code'])})<br>{escape(row['provider'])}</th>"
        f"<td>{row['credits']}</td><td>{row['hours']}</td><td>{row['level']}</td><td>{escape(row['result'])}</td>"
        f"<td>{escape(row['status'])}, {escape(row['date'])}</td></tr>"
        for row in part.rows
    )
    facts = "".join(
        f"<tr><th scope='row'>{element['number']}. {escape(element['label'])}</th>"
        f"<td>{escape(element['text'])}</td></tr>"
        for element in part.elements
    )
    facts += "".join(f"<tr><th scope='row'>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in part.further)
    words = "".join(f"<h3>{escape(head)}</h3><p>{escape(text)}</p>" for head, text in legend)
    return f"""<!doctype html><html lang="{part.language}"><head><meta charset="utf-8">
<title>{escape(part.kicker)} {number}</title><meta name="author" content="{escape(part.issuer)}">
<meta name="description" content="{escape(part.title)}"><style>{STYLE}</style></head><body>
<div class="face"><p>{escape(part.issuer)}</p><div class="inner"><h1>{escape(part.kicker)}</h1>
<p>{escape(part.lead)}</p>
<p class="name">{escape(name)}</p><p>{escape(part.deed)}</p><p class="title">{escape(part.title)}</p>
<p>{escape(part.workload)}</p><p>{escape(part.period)}</p></div><p>{escape(part.place_and_date)}</p>
<div class="foot"><div class="signatures">{signatures}</div><p>{number}<br>{escape(address)}</p>
<img class="qr" src="{picture}" alt="QR code with the address of the verification page"></div></div>
<h2>Supplement</h2><table><thead><tr><th scope="col">Part</th><th scope="col">ECTS</th><th scope="col">Hours</th>
<th scope="col">EQF</th><th scope="col">Result</th><th scope="col">Mark</th></tr></thead><tbody>{rows}
<tr><th scope="row">Sum</th><td>{part.total_credits}</td><td>{part.total_hours}</td><td></td><td></td><td></td></tr>
</tbody></table><h3>Elements</h3><table><tbody>{facts}</tbody></table>
<div class="legend"><h2>Legend</h2><div class="columns">{words}</div></div></body></html>"""
