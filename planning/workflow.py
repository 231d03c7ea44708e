"""The four tables of this room: talks, versions of a plan, participations, practice in companies."""

from django.utils.translation import gettext_lazy as _

from credpoints.workflow import Step, Workflow
from planning import rules
from planning.models import (
    Appointment,
    AppointmentState,
    Participation,
    ParticipationState,
    Placement,
    PlacementState,
    PlanVersion,
    PlanVersionState,
)

A, C, P, V = AppointmentState, PlacementState, ParticipationState, PlanVersionState
HELD_OR_LAPSED = frozenset({A.HELD, A.LAPSED})
SIGNABLE = frozenset({V.PROPOSED, V.PARTLY_SIGNED})

APPOINTMENT = Workflow(
    "appointment",
    Appointment,
    A,
    [
        Step("book", _("Book this talk"), HELD_OR_LAPSED, A.BOOKED, rules.may_book,
             consequence=_("You get a mail with a calendar entry, and so does the advisor.")),
        Step("request", _("Ask for this talk"), HELD_OR_LAPSED, A.REQUESTED, rules.may_request,
             consequence=_("The time is kept for you until the advisor answers.")),
        Step("confirm", _("Confirm"), frozenset({A.REQUESTED}), A.BOOKED, rules.arranges_talk,
             consequence=_("The person gets a mail with a calendar entry.")),
        Step("decline", _("Decline"), frozenset({A.REQUESTED}), A.DECLINED, rules.arranges_talk,
             consequence=_("The time becomes free again; the person gets a mail with your reason."),
             needs_reason=True, danger=True),
        Step("reschedule", _("Move to another time"), frozenset({A.BOOKED}), A.BOOKED, rules.may_arrange,
             consequence=_("The old time becomes free; the calendar entry moves by mail.")),
        Step("substitute", _("Let another advisor take over"), frozenset({A.BOOKED}), A.BOOKED, rules.arranges_talk,
             consequence=_("Day and time stay; the person and both advisors are told.")),
        Step("cancel", _("Cancel the talk"), frozenset({A.REQUESTED, A.BOOKED}), A.CANCELLED, rules.may_cancel,
             consequence=_("The time becomes free again; the calendar entry disappears by mail."),
             needs_reason=True, danger=True),
        Step("complete", _("The talk took place"), frozenset({A.BOOKED}), A.COMPLETED, rules.advises_talk,
             consequence=_("The application moves on to “consulted”. No mail is sent.")),
        Step("no_show_person", _("The person did not come"), frozenset({A.BOOKED}), A.NO_SHOW_PERSON,
             rules.advises_talk, consequence=_("The person can book another time and gets a mail that says so.")),
        Step("no_show_advisor", _("The advisor did not come"), frozenset({A.BOOKED}), A.NO_SHOW_ADVISOR,
             rules.may_arrange, consequence=_("A new time can be booked at once; the programme is told.")),
        Step("lapse", _("Give the held time back"), frozenset({A.HELD}), A.LAPSED, rules.is_visitor_or_system),
    ],
)  # fmt: skip

PLAN = Workflow(
    "plan_version",
    PlanVersion,
    V,
    [
        Step("propose", _("Propose this version"), frozenset({V.DRAFT}), V.PROPOSED, rules.may_edit_plan,
             consequence=_("The content is fixed; everybody who has to sign is asked to.")),
        Step("edit_again", _("Change the proposal"), frozenset({V.PROPOSED, V.PARTLY_SIGNED, V.CHANGES_REQUESTED}),
             V.DRAFT, rules.may_edit_plan,
             consequence=_("Signatures given so far no longer count, because the content changes.")),
        Step("refuse", _("Ask for changes"), SIGNABLE, V.CHANGES_REQUESTED, rules.may_refuse,
             consequence=_("Everybody reads your text; nobody can sign until the plan is proposed again."),
             needs_reason=True),
        Step("sign", _("Sign this version"), SIGNABLE, V.PARTLY_SIGNED, rules.may_sign,
             consequence=_("You sign exactly what stands here. With the last signature the plan is in force, "
                           "the enrolments are made, and everybody gets a mail.")),
        Step("sign_on_paper", _("Keep a signature on paper"), SIGNABLE, V.PARTLY_SIGNED, rules.may_keep_scan,
             consequence=_("The scan is shown as such for ever.")),
        Step("agree", _("All parties have signed"), frozenset({V.PARTLY_SIGNED}), V.AGREED, rules.is_system),
        Step("withdraw", _("Withdraw this version"), frozenset({V.DRAFT, *SIGNABLE, V.CHANGES_REQUESTED}),
             V.WITHDRAWN, rules.may_take_back,
             consequence=_("This version is given up; an agreed earlier version stays in force."), danger=True),
        Step("supersede", _("Replaced by a newer version"), frozenset({V.AGREED}), V.SUPERSEDED, rules.is_system),
    ],
)  # fmt: skip

PARTICIPATION = Workflow(
    "participation",
    Participation,
    P,
    [
        Step("pause", _("Pause"), frozenset({P.ACTIVE}), P.PAUSED, rules.runs,
             consequence=_("The place stays; nothing is due while the participation rests."), needs_reason=True),
        Step("resume", _("Go on"), frozenset({P.PAUSED}), P.ACTIVE, rules.runs),
        Step("complete", _("Complete the participation"), frozenset({P.ACTIVE}), P.COMPLETED, rules.may_complete,
             consequence=_("Plan and results are closed.")),
        Step("withdraw", _("Leave the programme"), frozenset({P.ACTIVE, P.PAUSED}), P.WITHDRAWN,
             rules.may_withdraw_participation,
             consequence=_("The place becomes free. What was achieved so far is kept."), needs_reason=True,
             danger=True),
        Step("exclude", _("End the participation"), frozenset({P.ACTIVE, P.PAUSED}), P.EXCLUDED, rules.administers,
             consequence=_("The place becomes free; the person gets your reason."), needs_reason=True, danger=True),
    ],
)  # fmt: skip

PLACEMENT = Workflow(
    "placement",
    Placement,
    C,
    [
        Step("ask", _("Ask the company to confirm"), frozenset({C.ARRANGED, C.ASKED}), C.ASKED,
             rules.vouches_for_practice,
             consequence=_("The supervisor gets a mail with a link that works without an account. "
                           "A link that was sent before stops working.")),
        Step("take_back", _("Change it again"), frozenset({C.ASKED}), C.ARRANGED, rules.arranges_practice,
             consequence=_("The link in the mail to the company stops working. No mail is sent.")),
        Step("confirm", _("The company has confirmed"), frozenset({C.ASKED}), C.CONFIRMED, rules.is_system,
             history=_("Confirmed by the company: %(company)s")),
        Step("object", _("The company says that something is not right"), frozenset({C.ASKED}), C.ARRANGED,
             rules.is_system),
        Step("confirm_on_paper", _("Keep a confirmation on paper"), frozenset({C.ARRANGED, C.ASKED}), C.CONFIRMED,
             rules.vouches_for_practice,
             consequence=_("The practice counts as confirmed, and the portfolio shows it. A link that was sent to the "
                           "company stops working. The scan is kept. The participant gets a mail."),
             history=_("Confirmed by the company on paper: %(company)s")),
        Step("cancel", _("It does not take place"), frozenset({C.ARRANGED, C.ASKED}), C.CANCELLED,
             rules.arranges_practice,
             consequence=_("A link that was sent to the company stops working. Another company can be named. "
                           "No mail is sent."),
             needs_reason=True, danger=True),
        Step("set_aside", _("Set the confirmation aside"), frozenset({C.CONFIRMED}), C.SET_ASIDE,
             rules.vouches_for_practice,
             consequence=_("The proof in the portfolio goes to its archive; the practice can be arranged and confirmed "
                           "anew. Certificates that were issued stay as they are. No mail is sent."),
             needs_reason=True, danger=True),
    ],
)  # fmt: skip
