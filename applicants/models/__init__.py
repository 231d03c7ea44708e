"""Applications, the survey they answer, and what is decided about them."""

from applicants.models.answers import Answer, AnswerRevision, ResumeLink
from applicants.models.applications import ENDED, FINAL, FOR_APPLICANTS, Application, Overall, State
from applicants.models.bulk import BulkItem, BulkOutcome, BulkRun, BulkStep
from applicants.models.checks import CheckResult, EligibilityCheck, EligibilityRule, Severity
from applicants.models.forms import FormState, FormVersion
from applicants.models.institutions import Institution
from applicants.models.reviewing import (
    Comment,
    CommentVisibility,
    Decision,
    DecisionKind,
    InformationRequest,
    Recommendation,
    SavedSearch,
    SecondOpinion,
)

__all__ = [
    "ENDED",
    "FINAL",
    "FOR_APPLICANTS",
    "Answer",
    "AnswerRevision",
    "Application",
    "BulkItem",
    "BulkOutcome",
    "BulkRun",
    "BulkStep",
    "CheckResult",
    "Comment",
    "CommentVisibility",
    "Decision",
    "DecisionKind",
    "EligibilityCheck",
    "EligibilityRule",
    "FormState",
    "FormVersion",
    "InformationRequest",
    "Institution",
    "Overall",
    "Recommendation",
    "ResumeLink",
    "SavedSearch",
    "SecondOpinion",
    "Severity",
    "State",
]
