"""Who may prepare, approve, issue and withdraw a certificate."""

from certificates.models import Certificate, IssueRun, RunState, State, TemplateVersion
from credpoints.accounts.models import Role, User
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Programme, programme_ids
from credpoints.organisations.rules import is_admin, is_advisor_or_admin


def is_holder(user: User, certificate: Certificate) -> bool:
    """Is it the person's own certificate? Nobody prepares, approves or withdraws that."""
    return bool(certificate.person and certificate.person.user_id == user.pk)


def may_prepare(user: User | None, certificate: Certificate) -> bool:
    """Advisors and administrators of the programme."""
    if user is None:
        return False
    return is_advisor_or_admin(user, certificate.programme_id) and not is_holder(user, certificate)


def may_approve_first(user: User | None, certificate: Certificate) -> bool:
    """The first of two approvals."""
    return certificate.approvals_needed == 2 and may_prepare(user, certificate)


def may_approve_last(user: User | None, certificate: Certificate) -> bool:
    """The approval after which the certificate is issued: another person, and never graders alone."""
    if user is None or not may_prepare(user, certificate):
        return False
    approvers = {user.pk}
    if certificate.approvals_needed == 2:
        if certificate.state != State.HALF_APPROVED or certificate.first_approver_id in (None, user.pk):
            return False
        approvers.add(certificate.first_approver_id)
    elif certificate.state != State.FROZEN:
        return False
    return not approvers <= set(certificate.content.get("grader_ids", []))


def may_issue(user: User | None, certificate: Certificate) -> bool:
    """Administrators of the programme."""
    if user is None:
        return False
    return is_admin(user, certificate.programme_id) and not is_holder(user, certificate)


def keeps_register(user: User | None) -> bool:
    """Does the person advise or administer any programme?"""
    return bool(programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))


def administers_any(user: User | None) -> bool:
    """Does the person administer any programme?"""
    return bool(programme_ids(user, Role.PROGRAMME_ADMIN))


def is_visitor(user: User | None) -> bool:
    """Nobody has signed in: for them the check of a certificate stands in the menu."""
    return user is None


def only_system(user: User | None, _certificate: Certificate) -> bool:
    """Steps that follow from others; no person takes them."""
    return user is None


def may_issue_or_system(user: User | None, certificate: Certificate) -> bool:
    """Issuing follows from the last approval, or a person does it where the programme issues in runs."""
    return user is None or may_issue(user, certificate)


def may_manage_keys(user: User | None, issuer_id: int) -> bool:
    """Administrators of every programme of the awarding body that issues with its keys."""
    administered = programme_ids(user, Role.PROGRAMME_ADMIN)
    return Programme.objects.filter(pk__in=administered, organisation_id=issuer_id).exists()


def may_read_file(user: User | None, file: StoredFile) -> bool:
    """Files of a certificate: whoever may see the certificate."""
    if user is None or not user.is_authenticated:
        return False
    return Certificate.objects.visible_to(user).filter(pdf=file).exists()


def may_design(user: User | None, version: TemplateVersion) -> bool:
    """Administrators of the programme decide what its certificates look like."""
    return user is not None and is_admin(user, version.programme_id)


def may_design_somewhere(user: User | None) -> bool:
    """Does the person decide for any programme what its certificates look like?"""
    return bool(programme_ids(user, Role.PROGRAMME_ADMIN))


def may_prepare_run(user: User | None, run: IssueRun) -> bool:
    """Advisors and administrators of the programme."""
    return user is not None and is_advisor_or_admin(user, run.programme_id)


def may_start_run(user: User | None, run: IssueRun) -> bool:
    """Administrators of the programme, as with a single certificate."""
    return user is not None and is_admin(user, run.programme_id)


def may_approve_run_first(user: User | None, run: IssueRun) -> bool:
    """The first of two approvals."""
    return run.approvals_needed == 2 and may_approve_run(user, run)


def may_approve_run_last(user: User | None, run: IssueRun) -> bool:
    """Another person than the first; whoever examined alone is refused certificate by certificate."""
    if run.approvals_needed == 2 and (run.state != RunState.HALF_APPROVED or user is None):
        return False
    return may_approve_run(user, run) and user is not None and run.first_approver_id != user.pk


def may_approve_run(user: User | None, run: IssueRun) -> bool:
    """Staff of the programme, and nobody who is among the holders."""
    if user is None or not may_prepare_run(user, run):
        return False
    return not run.items.filter(certificate__person__user=user, outcome__in=["open", "ready"]).exists()


def may_read_logo(user: User | None, _file: StoredFile) -> bool:
    """Whoever designs certificates."""
    return may_design_somewhere(user)
