"""Yes-or-no questions about a person and an application."""

from allauth.account.models import EmailAddress

from applicants.models import Application, FormVersion, State
from credpoints.accounts.models import Role, User
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Programme, Stage, programme_ids
from credpoints.organisations.rules import is_admin, is_advisor_or_admin


def is_applicant(user: User | None, application: Application) -> bool:
    """Is it this person's own application?"""
    return user is not None and application.person.user_id == user.pk


def handles_any(user: User | None) -> bool:
    """Does this person handle applications anywhere?"""
    return bool(programme_ids(user, Role.ADVISOR, Role.PROGRAMME_ADMIN))


def may_review(user: User | None, application: Application) -> bool:
    """Advisors and administrators of the programme, but nobody about themselves."""
    return is_advisor_or_admin(user, application.programme_id) and not is_applicant(user, application)


def may_decide(user: User | None, application: Application) -> bool:
    """Places are given by the programme's administrators."""
    return is_admin(user, application.programme_id) and not is_applicant(user, application)


def may_accept(user: User | None, application: Application) -> bool:
    """Whoever decides; without a talk only where the programme has none."""
    talked = application.state != State.IN_REVIEW or not application.programme.has_stage(Stage.CONSULTATION)
    return talked and may_decide(user, application)


def may_invite(user: User | None, application: Application) -> bool:
    """Whoever reviews, in programmes with a consultation."""
    return application.programme.has_stage(Stage.CONSULTATION) and may_review(user, application)


def may_reopen(user: User | None, application: Application) -> bool:
    """Administrators; a draft that was withdrawn has nothing to review."""
    return application.submitted_at is not None and may_decide(user, application)


def may_record_consultation(user: User | None, application: Application) -> bool:
    """Staff, or the system when the appointment is marked as held."""
    return user is None or may_review(user, application)


def is_system(user: User | None, application: Application) -> bool:
    return user is None


def may_design(user: User | None, form: FormVersion) -> bool:
    return is_admin(user, form.programme_id)


def has_verified_address(user: User) -> bool:
    """Has this person shown that mail to the address arrives?"""
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def may_read_document(user: User | None, file: StoredFile) -> bool:
    """Staff of the programme, once the application is handed in."""
    if file.object_type != "applicants.application" or file.object_id is None:
        return False
    return Application.objects.handled_by(user).filter(pk=file.object_id).exists()


def may_see_logo(user: User | None, file: StoredFile) -> bool:
    """Whoever sees the public page."""
    return file.object_id is not None and Programme.objects.visible_to(user).filter(pk=file.object_id).exists()
