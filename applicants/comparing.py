"""What changed between the revisions of an answer."""

from dataclasses import dataclass
from typing import Any

from applicants.models import AnswerRevision, Application
from applicants.pages import in_words
from applicants.survey import label_of
from credpoints.common.pieces import Piece, compare


@dataclass(frozen=True)
class Change:
    """One later revision of an answer against the one before it."""

    label: str
    at: Any
    who: str
    pieces: list[Piece]


def changes_since_submission(application: Application) -> list[Change]:
    """Every change of an answer after it was handed in first, newest first (one query)."""
    if application.submitted_at is None:
        return []
    revisions = (
        AnswerRevision.objects.filter(answer__application=application)
        .select_related("answer", "by__person")
        .order_by("answer_id", "pk")
    )
    survey = application.form_version.survey
    changes: list[Change] = []
    before: dict[int, str] = {}
    for revision in revisions:
        place = survey.field(revision.answer.address)
        if place is None:
            continue
        text = in_words(place.question, revision.value)
        if revision.at > application.submitted_at:
            who = revision.by.name if revision.by else ""
            old = before.get(revision.answer_id, "")
            changes.append(Change(label_of(place), revision.at, who, compare(old, text)))
        before[revision.answer_id] = text
    return sorted(changes, key=lambda change: change.at, reverse=True)
