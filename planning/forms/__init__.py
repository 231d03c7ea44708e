"""Forms of the planning room."""

from planning.forms.participations import ConstraintsForm, MentoringForm, PeopleForm, WorkloadForm
from planning.forms.plans import (
    CatalogueForm,
    CommentForm,
    DropForm,
    GoalsForm,
    LineForm,
    NewVersionForm,
    ScanForm,
    SignerForm,
    offerings_for,
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
    "BookForm", "CancelForm", "CatalogueForm", "ChooseForm", "CommentForm", "ConfirmSummaryForm", "ConstraintsForm",
    "DropForm", "FindingForm", "FollowUpForm", "GoalsForm", "LineForm", "MentoringForm", "NewVersionForm",
    "PeopleForm", "PlanRulesForm", "ReasonForm", "RecordForm", "ScanForm", "SignerForm", "WorkloadForm",
    "offerings_for", "reason_field",
]  # fmt: skip
