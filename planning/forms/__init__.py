"""Forms of the planning room."""

from planning.forms.participations import ConstraintsForm, MentoringForm, PeopleForm, WorkloadForm
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
    "BookForm",
    "CancelForm",
    "CatalogueForm",
    "ChooseForm",
    "CommentForm",
    "ConfirmSummaryForm",
    "ConstraintsForm",
    "CourseForm",
    "DropForm",
    "FindingForm",
    "FollowUpForm",
    "GoalsForm",
    "LineForm",
    "MentoringForm",
    "NewVersionForm",
    "PeopleForm",
    "PlanRulesForm",
    "ReasonForm",
    "RecordForm",
    "ScanForm",
    "SignerForm",
    "WorkloadForm",
    "reason_field",
]  # fmt: skip
