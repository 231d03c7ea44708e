"""What another room or another house may hand over as plain data, to be certified.

A handed-over whole looks like this; what is not marked as needed may be left out:

    {
      "key": "unit:7d2f…",                       # needed: the same whole is certified once
      "title": {"de": "…", "en": "…"},           # needed
      "languages": ["sr", "en"],                 # of the certificate; otherwise those of the programme
      "summary": {…}, "prerequisites": {…}, "stackable": {…},
      "credits": "10",                           # of the whole; the parts have to add up to it
      "hours": "120", "level": 4, "credit_framework": "ECVET", "mode": "blended",
      "assessment": ["practical"], "supervision": "supervised_onsite_id",
      "starts_on": "2028-02-01", "ends_on": "2028-06-20", "valid_until": "2033-06-30",
      "outcomes": [{"code": "K1", "text": {…}, "esco": ["http://…"], "met": true}],
      "parts": [{"module": {…}, "status": "own", "grade": "13/20", "scheme": "0-20", "passed": true,
                 "credits": "6", "date": "2028-08-28", "source": {"en": "credit certificate, 2025"},
                 "mobility": {"kind": "virtual", "host": "IT"}}],
      "recognitions": [{"country": "RS", "state": "recognised", "reference": "2027-114", "until": "2030-12-31"}],
      "assessors": [{"name": "Dragan Ilić", "user": 12}]
    }

`module` is a snapshot as the catalogue writes it.
"""

from certificates import content as contents
from certificates.collecting import parts, shapes
from certificates.collecting.shapes import ListOf, Table
from certificates.vocabularies import ASSESSMENTS, CREDITS, MODES, SUPERVISION

MOBILITY = ("virtual", "physical", "blended")
ESCO = ListOf(shapes.text)
MODULE = Table(
    {
        "code": shapes.text,
        "title": shapes.title,
        "provider": Table({"name": shapes.words, "country": shapes.country}, open=True),
        "credits": shapes.amount,
        "hours": shapes.amount,
        "level": shapes.level,
        "language": ListOf(shapes.text),
        "mode": shapes.one_of(MODES),
        "isced_f": shapes.text,
        "credit_framework": shapes.one_of([*CREDITS, *map(str.lower, CREDITS), "none"]),
        "outcomes": ListOf(Table({"text": shapes.words, "esco": ESCO}, open=True)),
        "assessment": ListOf(
            Table(
                {"type": shapes.one_of(parts.ASSESSMENTS), "supervision": shapes.one_of(parts.SUPERVISION)}, open=True
            )
        ),
        "quality_assurance": Table({"type": shapes.one_of(parts.QUALITY), "text": shapes.words}, open=True),
    },
    needed=("title",),
    open=True,
)
PART = Table(
    {
        "module": MODULE,
        "status": shapes.one_of(contents.STATUS_LABELS),
        "grade": shapes.text,
        "scheme": shapes.text,
        "passed": shapes.yes_or_no,
        "credits": shapes.amount,
        "date": shapes.day,
        "source": shapes.words,
        "mobility": Table({"kind": shapes.one_of(MOBILITY), "host": shapes.country}, needed=("kind", "host")),
    },
    needed=("module",),
)
WHOLE = Table(
    {
        "key": shapes.text,
        "title": shapes.title,
        "languages": ListOf(shapes.language),
        "summary": shapes.words,
        "prerequisites": shapes.words,
        "stackable": shapes.words,
        "credits": shapes.amount,
        "hours": shapes.amount,
        "level": shapes.level,
        "credit_framework": shapes.one_of(CREDITS),
        "mode": shapes.one_of(MODES),
        "assessment": ListOf(shapes.one_of(ASSESSMENTS)),
        "supervision": shapes.one_of(SUPERVISION),
        "starts_on": shapes.day,
        "ends_on": shapes.day,
        "valid_until": shapes.day,
        "code": shapes.text,
        "isced_f": shapes.text,
        "provider": Table({"name": shapes.words, "country": shapes.country}, open=True),
        "outcomes": ListOf(
            Table({"code": shapes.text, "text": shapes.title, "esco": ESCO, "met": shapes.yes_or_no}, needed=("text",))
        ),
        "parts": ListOf(PART),
        "recognitions": ListOf(
            Table({"country": shapes.country, "state": shapes.text, "reference": shapes.text, "until": shapes.day})
        ),
        "assessors": ListOf(Table({"name": shapes.text, "user": shapes.number}, needed=("name",))),
    },
    needed=("key", "title"),
)
