"""Every step of a certificate: who may take it, from where, to where."""

from django.utils.translation import gettext_lazy as _

from certificates import rules
from certificates.models import Certificate, IssueRun, RunState, State, TemplateVersion, VersionState
from credpoints.workflow import Step, Workflow

CERTIFICATE: Workflow[Certificate] = Workflow(
    "certificate",
    Certificate,
    State,
    [
        Step(
            "freeze",
            _("Submit for approval"),
            frozenset({State.DRAFT}),
            State.FROZEN,
            rules.may_prepare,
            consequence=_("The content is frozen; nobody can change it while it waits for approval."),
        ),
        Step(
            "approve_first",
            _("Approve as the first of two"),
            frozenset({State.FROZEN}),
            State.HALF_APPROVED,
            rules.may_approve_first,
            consequence=_("You approve exactly this content. A second person has to approve it too."),
        ),
        Step(
            "approve",
            _("Approve"),
            frozenset({State.FROZEN, State.HALF_APPROVED}),
            State.APPROVED,
            rules.may_approve_last,
            consequence=_(
                "You approve exactly this content. It gets its number and is made and signed; "
                "the holder gets a mail as soon as it is ready."
            ),
        ),
        Step(
            "reopen",
            _("Open again for changes"),
            frozenset({State.FROZEN, State.HALF_APPROVED, State.APPROVED}),
            State.DRAFT,
            rules.may_prepare,
            consequence=_("Approvals given so far no longer count."),
            needs_reason=True,
        ),
        Step(
            "discard",
            _("Discard"),
            frozenset({State.DRAFT, State.FROZEN, State.HALF_APPROVED, State.APPROVED}),
            State.DISCARDED,
            rules.may_prepare,
            consequence=_("No number was given, so nothing else happens. Nobody is mailed."),
            needs_reason=True,
            danger=True,
        ),
        Step(
            "number",
            _("Give the number and issue"),
            frozenset({State.APPROVED}),
            State.NUMBERED,
            rules.may_issue_or_system,
            consequence=_("It gets its number and is made and signed; the holder gets a mail as soon as it is ready."),
        ),
        Step(
            "begin_rendering",
            _("Make the files"),
            frozenset({State.NUMBERED, State.RENDERING, State.RENDER_FAILED}),
            State.RENDERING,
            rules.only_system,
        ),
        Step(
            "issue",
            _("Issued: PDF and credential are stored"),
            frozenset({State.RENDERING}),
            State.ISSUED,
            rules.only_system,
        ),
        Step(
            "fail",
            _("The files could not be made"),
            frozenset({State.NUMBERED, State.RENDERING}),
            State.RENDER_FAILED,
            rules.only_system,
        ),
        Step(
            "retry",
            _("Try again"),
            frozenset({State.RENDER_FAILED}),
            State.NUMBERED,
            rules.may_issue,
            consequence=_("The number stays the same. The holder gets a mail as soon as it is ready."),
        ),
        Step(
            "void",
            _("Make the number void"),
            frozenset({State.NUMBERED, State.RENDER_FAILED}),
            State.VOID,
            rules.may_issue,
            consequence=_("The number stays in the register as void and is never given again. Nobody is mailed."),
            needs_reason=True,
            danger=True,
        ),
        Step(
            "revoke",
            _("Withdraw the certificate"),
            frozenset({State.ISSUED}),
            State.REVOKED,
            rules.may_issue,
            consequence=_(
                "Everybody who checks the certificate sees at once that it is withdrawn, "
                "with the reason for the public. The holder gets a mail. This cannot be undone."
            ),
            danger=True,
        ),
        Step(
            "replace",
            _("Replaced by a new certificate"),
            frozenset({State.ISSUED}),
            State.REPLACED,
            rules.only_system,
        ),
        Step("expire", _("Expired"), frozenset({State.ISSUED}), State.EXPIRED, rules.only_system),
    ],
)

TEMPLATE_VERSION: Workflow[TemplateVersion] = Workflow(
    "template_version",
    TemplateVersion,
    VersionState,
    [
        Step(
            "release",
            _("Put this version into use"),
            frozenset({VersionState.DRAFT}),
            VersionState.IN_USE,
            rules.may_design,
            consequence=_(
                "From now on certificates look like this. This version can never be changed again; changes are a new "
                "version. What is approved or issued keeps the look it has. Nobody is mailed."
            ),
        ),
        Step(
            "supersede",
            _("Followed by a newer version"),
            frozenset({VersionState.IN_USE}),
            VersionState.SUPERSEDED,
            rules.only_system,
        ),
    ],
)

ISSUE_RUN: Workflow[IssueRun] = Workflow(
    "issue_run",
    IssueRun,
    RunState,
    [
        Step(
            "check",
            _("All certificates checked"),
            frozenset({RunState.CHECKING}),
            RunState.WAITING,
            rules.only_system,
        ),
        Step(
            "check_again",
            _("Check again what was held back"),
            frozenset({RunState.WAITING, RunState.HALF_APPROVED}),
            RunState.CHECKING,
            rules.may_prepare_run,
            consequence=_("Approvals of this run given so far no longer count. Nobody is mailed."),
        ),
        Step(
            "approve_first",
            _("Approve all as the first of two"),
            frozenset({RunState.WAITING}),
            RunState.HALF_APPROVED,
            rules.may_approve_run_first,
            consequence=_("You approve exactly these certificates. A second person has to approve them too."),
        ),
        Step(
            "approve",
            _("Approve all"),
            frozenset({RunState.WAITING, RunState.HALF_APPROVED}),
            RunState.APPROVED,
            rules.may_approve_run_last,
            consequence=_(
                "You approve exactly these certificates. Nothing is issued and nobody is mailed "
                "before the run is started."
            ),
        ),
        Step(
            "start",
            _("Start issuing"),
            frozenset({RunState.APPROVED}),
            RunState.RUNNING,
            rules.may_start_run,
            consequence=_(
                "Each certificate gets its number and is made and signed. Numbers are never given again. "
                "You can pause at any time; what has a number is finished."
            ),
        ),
        Step(
            "pause",
            _("Pause"),
            frozenset({RunState.RUNNING}),
            RunState.PAUSED,
            rules.may_start_run,
            consequence=_("No further numbers are given; what has one is finished."),
        ),
        Step(
            "resume",
            _("Go on"),
            frozenset({RunState.PAUSED}),
            RunState.RUNNING,
            rules.may_start_run,
            consequence=_("The run goes on where it stopped."),
        ),
        Step("finish", _("Finished"), frozenset({RunState.RUNNING}), RunState.FINISHED, rules.only_system),
        Step(
            "discard",
            _("Give up this run"),
            frozenset({RunState.CHECKING, RunState.WAITING, RunState.HALF_APPROVED, RunState.APPROVED}),
            RunState.DISCARDED,
            rules.may_prepare_run,
            consequence=_("No number was given. The certificates stay as they are and can go into another run."),
            danger=True,
        ),
    ],
)
