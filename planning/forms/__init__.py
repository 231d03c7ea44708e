"""Forms of the planning room."""

from planning.forms.participations import ConstraintsForm, MentoringForm, PeopleForm, WorkloadForm
from planning.forms.placements import AnswerForm, ObjectionForm, PaperForm, PlacementForm
from planning.forms.plans import (
    CatalogueForm,
    CommentForm,
    CourseForm,
    DropForm,
    GoalsForm,
    LineForm,
    NewVersionForm,
    ScanForm,
    SignerForm,
    reason_field,
)
from planning.forms.rules import PlanRulesForm
from planning.forms.talks import (
    BookForm,
    CancelForm,
    ChooseForm,
    ConfirmSummaryForm,
    FindingForm,
    FollowUpForm,
    ReasonForm,
    RecordForm,
)

__all__ = [
    "AnswerForm", "BookForm", "CancelForm", "CatalogueForm", "ChooseForm", "CommentForm", "ConfirmSummaryForm",
    "ConstraintsForm", "CourseForm", "DropForm", "FindingForm", "FollowUpForm", "GoalsForm", "LineForm",
    "MentoringForm", "NewVersionForm", "ObjectionForm", "PaperForm", "PeopleForm", "PlacementForm", "PlanRulesForm",
    "ReasonForm", "RecordForm", "ScanForm", "SignerForm", "WorkloadForm", "offerings_for", "reason_field",
]  # fmt: skip
