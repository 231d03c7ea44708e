"""The steps of versions, offerings, enrolments and results: who may take which, from where to where."""

from django.utils.translation import gettext_lazy as _

from credpoints.workflow import Step, Workflow
from modules import rules
from modules.models import (
    Enrolment,
    EnrolmentState,
    ModuleVersion,
    Offering,
    OfferingState,
    Result,
    ResultState,
    VersionState,
)

VERSION = Workflow(
    "module_version",
    ModuleVersion,
    VersionState,
    [
        Step(
            "submit",
            _("Hand in for review"),
            frozenset({VersionState.DRAFT}),
            VersionState.IN_REVIEW,
            rules.can_edit_version,
            consequence=_(
                "Nobody can edit it while it is in review. Whoever else keeps the catalogue finds it on Today, and "
                "approves or returns it."
            ),
        ),
        Step(
            "return",
            _("Return to the author"),
            frozenset({VersionState.IN_REVIEW, VersionState.APPROVED}),
            VersionState.DRAFT,
            rules.can_edit_version,
            needs_reason=True,
            consequence=_("It becomes a draft again and can be edited. The reason stays in the history."),
        ),
        Step(
            "approve",
            _("Approve"),
            frozenset({VersionState.IN_REVIEW}),
            VersionState.APPROVED,
            rules.can_edit_version,
            consequence=_("It can be published as it stands. Whoever wants to change it returns it first."),
        ),
        Step(
            "publish",
            _("Publish"),
            frozenset({VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED}),
            VersionState.PUBLISHED,
            rules.can_edit_version_or_system,
            consequence=_("Everybody can read it from now on, and it can no longer be changed, only replaced."),
        ),
        Step(
            "supersede",
            _("Replaced by a newer version"),
            frozenset({VersionState.PUBLISHED}),
            VersionState.SUPERSEDED,
            rules.can_edit_version_or_system,
        ),
        Step(
            "withdraw",
            _("Withdraw from the catalogue"),
            frozenset({VersionState.PUBLISHED}),
            VersionState.WITHDRAWN,
            rules.can_edit_version,
            needs_reason=True,
            danger=True,
            consequence=_("It disappears from the catalogue. Running offerings and certificates keep it."),
        ),
    ],
)

OFFERING = Workflow(
    "offering",
    Offering,
    OfferingState,
    [
        Step(
            "open",
            _("Open for enrolment"),
            frozenset({OfferingState.CONCEPT, OfferingState.INACTIVE}),
            OfferingState.ACTIVE,
            rules.runs_offering,
            consequence=_("Everybody sees it in the catalogue; people can enrol within the enrolment period."),
        ),
        Step(
            "pause",
            _("Pause enrolment"),
            frozenset({OfferingState.ACTIVE}),
            OfferingState.INACTIVE,
            rules.runs_offering,
            consequence=_("Nobody new can enrol; those enrolled stay."),
        ),
        Step(
            "cancel",
            _("Cancel the offering"),
            frozenset({OfferingState.CONCEPT, OfferingState.ACTIVE, OfferingState.INACTIVE}),
            OfferingState.CANCELLED,
            rules.runs_offering,
            needs_reason=True,
            danger=True,
            consequence=_("All enrolments are cancelled and each person gets a mail with the reason."),
        ),
        Step(
            "complete",
            _("Finish the offering"),
            frozenset({OfferingState.ACTIVE, OfferingState.INACTIVE}),
            OfferingState.COMPLETED,
            rules.runs_offering,
            consequence=_("The waiting list is closed. Results can still be entered."),
        ),
    ],
)

_BEFORE_START = frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED, EnrolmentState.OFFERED})
_RUNNING = frozenset({EnrolmentState.ENROLLED, EnrolmentState.ACTIVE})

ENROLMENT = Workflow(
    "enrolment",
    Enrolment,
    EnrolmentState,
    [
        Step(
            "confirm",
            _("Confirm the enrolment"),
            frozenset({EnrolmentState.REQUESTED}),
            EnrolmentState.ENROLLED,
            rules.runs_enrolment,
            consequence=_("A place is taken and the person gets a mail."),
        ),
        Step(
            "queue",
            _("Put on the waiting list"),
            frozenset({EnrolmentState.REQUESTED}),
            EnrolmentState.WAITLISTED,
            rules.runs_enrolment,
        ),
        Step(
            "refuse",
            _("Refuse"),
            frozenset({EnrolmentState.REQUESTED}),
            EnrolmentState.REFUSED,
            rules.runs_enrolment,
            needs_reason=True,
            danger=True,
            consequence=_("The person gets a mail with the reason."),
        ),
        Step(
            "offer",
            _("Offer the freed place"),
            frozenset({EnrolmentState.WAITLISTED}),
            EnrolmentState.OFFERED,
            rules.is_system,
        ),
        Step(
            "accept",
            _("Take the place"),
            frozenset({EnrolmentState.OFFERED}),
            EnrolmentState.ENROLLED,
            rules.is_own_enrolment,
        ),
        Step(
            "lapse",
            _("The offer of a place lapsed"),
            frozenset({EnrolmentState.OFFERED}),
            EnrolmentState.LAPSED,
            rules.is_system,
        ),
        Step(
            "begin",
            _("Taking part"),
            frozenset({EnrolmentState.ENROLLED}),
            EnrolmentState.ACTIVE,
            rules.is_system,
        ),
        Step(
            "pass",
            _("Completed, passed"),
            _RUNNING | {EnrolmentState.COMPLETED_FAILED, EnrolmentState.NOT_COMPLETED},
            EnrolmentState.COMPLETED_PASSED,
            rules.is_system,
        ),
        Step(
            "fail",
            _("Completed, not passed"),
            _RUNNING | {EnrolmentState.COMPLETED_PASSED},
            EnrolmentState.COMPLETED_FAILED,
            rules.is_system,
        ),
        Step(
            "reopen",
            _("Open again after a correction"),
            frozenset({EnrolmentState.COMPLETED_PASSED, EnrolmentState.COMPLETED_FAILED}),
            EnrolmentState.ACTIVE,
            rules.is_system,
        ),
        Step(
            "leave_incomplete",
            _("End without result"),
            _RUNNING,
            EnrolmentState.NOT_COMPLETED,
            rules.teaches_enrolment,
            needs_reason=True,
        ),
        Step(
            "withdraw",
            _("Withdraw"),
            _BEFORE_START | _RUNNING,
            EnrolmentState.WITHDRAWN,
            rules.can_withdraw,
            danger=True,
            consequence=_("The place becomes free; the next person on the waiting list is offered it."),
        ),
        Step(
            "cancel",
            _("Cancel the enrolment"),
            _BEFORE_START | _RUNNING,
            EnrolmentState.CANCELLED,
            rules.runs_enrolment_or_system,
            needs_reason=True,
            danger=True,
            consequence=_("The place becomes free and the person gets a mail with the reason."),
        ),
        Step(
            "exempt",
            _("Exempt"),
            frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED}) | _RUNNING,
            EnrolmentState.EXEMPTED,
            rules.runs_enrolment,
            needs_reason=True,
        ),
    ],
)

RESULT = Workflow(
    "result",
    Result,
    ResultState,
    [
        Step(
            "finalise",
            _("Make final"),
            frozenset({ResultState.PROVISIONAL}),
            ResultState.FINAL,
            rules.can_finalise,
            consequence=_(
                "The result can no longer be changed, only corrected with a reason. The person gets a mail, and a "
                "passed result becomes a verified entry of the portfolio."
            ),
        ),
        Step(
            "supersede",
            _("Correct"),
            frozenset({ResultState.FINAL}),
            ResultState.SUPERSEDED,
            rules.can_correct,
            needs_reason=True,
            danger=True,
            consequence=_("The earlier result stays in the history. The person gets a mail with the reason."),
        ),
    ],
)
