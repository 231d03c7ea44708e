"""Access rows of the room applicants."""

from typing import Any
from uuid import uuid4

from applicants.actions.bulk import begin_bulk_run
from applicants.actions.designing import begin_form_draft
from applicants.models import BulkStep
from tests.access.rows import Row, codes
from tests.applicants.make import make_draft, make_form, make_in_review, make_invited, make_submitted
from tests.people import World

NOWHERE = "00000000-0000-4000-8000-000000000000"
# Only the applicant; nobody on the staff opens a draft or the applicant's own pages.
OWN = codes(404, anonymous=302, rana=200)
OWN_STEP = codes(404, anonymous=302, rana=302)
STAFF = codes(404, anonymous=302, vogel=200, aydin=200, petersen=200)
STAFF_STEP = codes(404, anonymous=302, vogel=302, aydin=302, petersen=302)
ADMIN = codes(404, anonymous=302, petersen=200)


def slug(world: World) -> list[Any]:
    make_form(world.programme)
    return [world.programme.slug]


def with_draft(world: World) -> list[Any]:
    found = slug(world)
    begin_form_draft(programme=world.programme, by=world.petersen)
    return found


def draft(world: World, *more: Any) -> list[Any]:
    return [make_draft(world).uuid, *more]


def submitted(world: World, *more: Any) -> list[Any]:
    return [make_submitted(world).uuid, *more]


def everything_new(world: World) -> dict[str, Any]:
    return {"what": "start_review", "scope": "all"}


def bulk_run(world: World) -> list[Any]:
    run = begin_bulk_run(
        programme=world.programme, step=BulkStep.START_REVIEW, pairs=[[make_submitted(world).pk, None]], left_out=0,
        query="", uuid=uuid4(), by=world.vogel,
    )  # fmt: skip
    return [world.programme.slug, run.uuid]


ROWS: list[Row] = [
    Row("applicants:programme", codes(200), slug),
    Row("applicants:quick_check", codes(200), slug),
    Row("applicants:begin", codes(200), slug),
    Row("applicants:resume_link", codes(410), lambda w: ["forged"]),
    Row("applicants:resume", codes(302, anonymous=200), draft),
    Row("applicants:application", OWN, draft),
    Row("applicants:section", OWN, lambda w: draft(w, "person")),
    Row("applicants:save", codes(404, anonymous=401, rana=200), draft, method="post"),
    Row("applicants:file_add", codes(404, anonymous=302), draft, method="post"),
    Row("applicants:review", OWN, draft),
    Row("applicants:submit", OWN_STEP, draft, method="post"),
    Row("applicants:verify", codes(404, anonymous=302, rana=422), draft, method="post"),
    Row("applicants:withdraw", OWN, draft),
    Row("applicants:request", OWN_STEP, submitted),
    Row("applicants:copy", codes(404, anonymous=302, rana=200, vogel=200, aydin=200, petersen=200), submitted),
    # One programme each: straight to its list.
    Row(
        "applicants:intake",
        codes(404, anonymous=302, vogel=302, aydin=302, petersen=302, other_advisor=302, other_admin=302),
    ),
    Row("applicants:institutions", codes(200, anonymous=302)),
    Row("applicants:applications", STAFF, slug),
    Row("applicants:search_save", STAFF_STEP, slug, method="post", data=lambda w: {"name": "mine"}),
    Row("applicants:bulk", STAFF, slug),
    Row("applicants:bulk", STAFF, lambda w: [submitted(w) and w.programme.slug], data=everything_new),
    Row("applicants:bulk", STAFF_STEP, slug, method="post", data=lambda w: {"what": "release"}),
    Row("applicants:bulk_run", STAFF, bulk_run),
    # Only who asked goes on with a run that has stopped; colleagues may read it.
    Row("applicants:bulk_run", codes(404, anonymous=302, vogel=302, aydin=403, petersen=403), bulk_run, method="post"),
    Row("applicants:export", STAFF, lambda w: [*slug(w), "csv"]),
    Row("applicants:dossier", STAFF, submitted),
    Row("applicants:staff_answers", STAFF_STEP, submitted, method="post"),
    Row("applicants:recheck", STAFF_STEP, submitted, method="post"),
    Row("applicants:form", ADMIN, slug),
    Row("applicants:form_change", codes(404, anonymous=302, petersen=302), slug, method="post"),
    Row("applicants:form_section", ADMIN, lambda w: [*with_draft(w), "person"]),
    Row("applicants:form_question", ADMIN, lambda w: [*with_draft(w), "person", "phone"]),
    Row("applicants:form_preview", ADMIN, lambda w: [*slug(w), 1, "languages"]),
    Row("applicants:form_export", ADMIN, lambda w: [*slug(w), 1]),
    Row("applicants:logos", ADMIN, slug),
    Row("applicants:rules", ADMIN, slug),
    Row("applicants:report", ADMIN, slug),
    # Everybody who may review may start; the first one does, for the others it is no longer possible.
    Row("applicants:step", STAFF, lambda w: submitted(w, "start_review")),
    Row("applicants:decision", codes(404, anonymous=302), submitted, method="post"),
    Row("applicants:comment", codes(404, anonymous=302, vogel=422, aydin=422, petersen=422), submitted, method="post"),
    Row(
        "applicants:opinion_ask",
        codes(404, anonymous=302, vogel=422, aydin=422, petersen=422),
        submitted,
        method="post",
    ),
    Row("applicants:opinion_give", codes(404, anonymous=302), submitted, method="post"),
    Row("applicants:advisor", codes(404, anonymous=302), submitted, method="post"),
    Row("applicants:rank", codes(404, anonymous=302, vogel=403, aydin=403, petersen=403), submitted, method="post"),
    Row("applicants:override", STAFF, lambda w: submitted(w, "field")),
]
__all__ = ["make_in_review", "make_invited"]
