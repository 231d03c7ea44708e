"""The plan on paper."""

import io
from decimal import Decimal

import pypdf

from planning.actions import plans
from planning.printing import plan_pdf
from tests.planning.makers import agree, make_version, proposed_version


def test_a_usual_plan_and_its_signatures_print_on_one_page(world) -> None:
    version = make_version(world)
    why = "Gespräch: Das berufsbezogene Deutsch soll für den Alltag im Betrieb sicherer werden"
    for term in (world.winter, world.summer):
        for kind in ("german", "practice"):
            plans.add_line(version=version, by=world.vogel, title="Berufsbezogenes Deutsch C1", kind=kind, term=term,
                           hours=Decimal(120), rationale=why)  # fmt: skip
    plans.set_goals(version=version, by=world.vogel, occupation="Elektroingenieurin", goals=why)
    plans.propose(version=version, by=world.vogel)
    agree(world, version)

    pages = pypdf.PdfReader(io.BytesIO(plan_pdf(version))).pages

    assert len(pages) == 1
    assert "Katrin Vogel" in pages[0].extract_text()


def test_printing_twice_keeps_the_first_print(world, run_jobs) -> None:
    version = agree(world, proposed_version(world))
    run_jobs()
    version.refresh_from_db()
    first = version.document_id

    plans.store_document(version=version, pdf=b"%PDF-1.7 another")
    version.refresh_from_db()

    assert version.document_id == first
