"""Who may take which step of an application and of a form, from which state."""

from django.utils.translation import gettext_lazy as _

from applicants import rules
from applicants.models import Application, FormState, FormVersion, State
from credpoints.workflow import Step, Workflow

OPEN = frozenset(
    {State.SUBMITTED, State.IN_REVIEW, State.NEEDS_INFORMATION, State.INVITED, State.CONSULTED, State.WAITLISTED}
)

APPLICATION: Workflow[Application] = Workflow(
    "application",
    Application,
    State,
    [
        Step(
            "submit",
            _("Send the application"),
            frozenset({State.DRAFT}),
            State.SUBMITTED,
            rules.is_applicant,
            _("Your answers are handed in. You get a number and a mail; you can still withdraw."),
            history=_("Application sent"),
        ),
        Step(
            "start_review",
            _("Start the review"),
            frozenset({State.SUBMITTED}),
            State.IN_REVIEW,
            rules.may_review,
            _("The applicant sees that somebody is reading. No mail is sent."),
            history=_("Review started"),
        ),
        Step(
            "ask",
            _("Ask for missing information"),
            frozenset({State.IN_REVIEW}),
            State.NEEDS_INFORMATION,
            rules.may_review,
            _("The applicant gets a mail and can change exactly the named answers."),
            history=_("Asked for missing information"),
        ),
        Step(
            "answer",
            _("Hand the information in"),
            frozenset({State.NEEDS_INFORMATION}),
            State.IN_REVIEW,
            rules.is_applicant,
            _("Your changed answers go to the advisors and the rules are checked again."),
            history=_("Missing information handed in"),
        ),
        Step(
            "invite",
            _("Invite to a consultation"),
            frozenset({State.IN_REVIEW}),
            State.INVITED,
            rules.may_invite,
            _("The applicant gets a mail and can choose a date."),
            history=_("Invited to a consultation"),
        ),
        Step(
            "mark_consulted",
            _("Mark the consultation as held"),
            frozenset({State.INVITED}),
            State.CONSULTED,
            rules.may_record_consultation,
            _("The applicant sees that a decision comes next. No mail is sent."),
            history=_("Consultation held"),
        ),
        Step(
            "accept",
            _("Accept"),
            frozenset({State.IN_REVIEW, State.CONSULTED, State.WAITLISTED}),
            State.ACCEPTED,
            rules.may_accept,
            _("A place is taken, the participation begins and the applicant gets a mail."),
            history=_("Accepted"),
        ),
        Step(
            "waitlist",
            _("Put on the waiting list"),
            frozenset({State.IN_REVIEW, State.CONSULTED}),
            State.WAITLISTED,
            rules.may_accept,
            _("The applicant gets the next rank and a mail."),
            history=_("Put on the waiting list"),
        ),
        Step(
            "reject",
            _("Reject"),
            OPEN - {State.NEEDS_INFORMATION},
            State.REJECTED,
            rules.may_review,
            _("The applicant gets a mail with the reason. The documents are deleted after the retention time."),
            needs_reason=True,
            danger=True,
            history=_("Rejected"),
        ),
        Step(
            "withdraw",
            _("Withdraw the application"),
            OPEN | {State.DRAFT},
            State.WITHDRAWN,
            rules.is_applicant,
            _("Your application ends. You can begin a new one while applications are open."),
            danger=True,
            history=_("Withdrawn by the applicant"),
        ),
        Step(
            "revert",
            _("Take the step back"),
            frozenset({State.NEEDS_INFORMATION, State.INVITED, State.WAITLISTED}),
            State.IN_REVIEW,
            rules.may_review,
            _("The application goes back into review. No mail is sent; tell the applicant yourself."),
            needs_reason=True,
            history=_("Step taken back"),
        ),
        Step(
            "reopen",
            _("Open again"),
            frozenset({State.REJECTED, State.WITHDRAWN}),
            State.IN_REVIEW,
            rules.may_reopen,
            _("The application goes back into review. No mail is sent; tell the applicant yourself."),
            needs_reason=True,
            history=_("Opened again"),
        ),
        Step(
            "expire",
            _("Let an unsent draft end"),
            frozenset({State.DRAFT}),
            State.EXPIRED,
            rules.is_system,
            _("The draft can no longer be sent."),
            history=_("Ended without being sent"),
        ),
    ],
)

FORM: Workflow[FormVersion] = Workflow(
    "form",
    FormVersion,
    FormState,
    [
        Step(
            "publish",
            _("Publish the survey"),
            frozenset({FormState.DRAFT}),
            FormState.PUBLISHED,
            rules.may_design,
            _("New applications use this version from now on; running ones keep theirs. It can no longer be changed."),
            history=_("Survey published"),
        ),
        Step(
            "retire",
            _("Replace the survey"),
            frozenset({FormState.PUBLISHED}),
            FormState.RETIRED,
            rules.may_design,
            _("No new application begins on this version."),
            history=_("Survey replaced by a newer version"),
        ),
    ],
)
