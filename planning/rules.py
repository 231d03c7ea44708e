"""Yes-or-no questions about a person and a talk, a participation or a plan. `user=None` is the system."""

from credpoints.accounts.models import Role, User
from credpoints.files.models import StoredFile
from credpoints.organisations.rules import holds, is_admin, is_advisor, is_advisor_or_admin, is_mentor
from planning.models import Appointment, Participation, Party, Placement, PlanParty, PlanVersion


def is_system(user: User | None, thing: object) -> bool:
    """Only code takes this step."""
    return user is None


def is_visitor(user: User | None, talk: Appointment) -> bool:
    """The person the talk is for."""
    return user is not None and talk.person.user_id == user.pk


def is_visitor_or_system(user: User | None, talk: Appointment) -> bool:
    return user is None or is_visitor(user, talk)


def advises_talk(user: User | None, talk: Appointment) -> bool:
    """Advisors of the programme stand in for each other."""
    return is_advisor(user, talk.programme_id)


def arranges_talk(user: User | None, talk: Appointment) -> bool:
    """Those who may move talks for others: advisors and administrators of the programme."""
    return is_advisor_or_admin(user, talk.programme_id)


def may_book(user: User | None, talk: Appointment) -> bool:
    """The person alone when the type needs no confirmation; staff always."""
    return (is_visitor(user, talk) and not talk.type.needs_confirmation) or arranges_talk(user, talk)


def may_request(user: User | None, talk: Appointment) -> bool:
    return is_visitor(user, talk) and talk.type.needs_confirmation


def may_arrange(user: User | None, talk: Appointment) -> bool:
    """Move or cancel: the person (in time, which the action checks) and staff."""
    return is_visitor(user, talk) or arranges_talk(user, talk)


def may_cancel(user: User | None, talk: Appointment) -> bool:
    """As for moving; the system cancels when the application ends."""
    return user is None or may_arrange(user, talk)


def is_participant(user: User | None, participation: Participation) -> bool:
    return user is not None and participation.person.user_id == user.pk


def advises(user: User | None, participation: Participation) -> bool:
    return is_advisor(user, participation.programme_id)


def runs(user: User | None, participation: Participation) -> bool:
    """Advisors and administrators arrange mentor, advisor and pauses."""
    return is_advisor_or_admin(user, participation.programme_id)


def may_withdraw_participation(user: User | None, participation: Participation) -> bool:
    return is_participant(user, participation) or is_admin(user, participation.programme_id)


def may_complete(user: User | None, participation: Participation) -> bool:
    """Administrators complete; the system does when the certificate is issued."""
    return user is None or is_admin(user, participation.programme_id)


def administers(user: User | None, participation: Participation) -> bool:
    return is_admin(user, participation.programme_id)


def mentors(user: User | None, participation: Participation) -> bool:
    """The assigned mentor, as long as the role lasts."""
    return user is not None and participation.mentor_id == user.pk and is_mentor(user, participation.programme_id)


def may_log_mentoring(user: User | None, participation: Participation) -> bool:
    """The assigned mentor and the advisors."""
    return mentors(user, participation) or advises(user, participation)


def may_read_private_note(user: User | None, participation: Participation) -> bool:
    """What limits somebody's time is read by that person and the programme's advisors only."""
    return is_participant(user, participation) or advises(user, participation)


def arranges_practice(user: User | None, placement: Placement) -> bool:
    """Say where the practice takes place: the participant, the advisors and the administrators."""
    participation = placement.participation
    return is_participant(user, participation) or runs(user, participation)


def vouches_for_practice(user: User | None, placement: Placement) -> bool:
    """Ask the company, keep its paper, set its word aside: staff only, so that nobody confirms the own practice."""
    participation = placement.participation
    return runs(user, participation) and not is_participant(user, participation)


def may_edit_plan(user: User | None, version: PlanVersion) -> bool:
    """Both sides shape the plan: the participant and the advisors."""
    participation = version.plan.participation
    return participation.is_running and (is_participant(user, participation) or advises(user, participation))


def may_comment(user: User | None, version: PlanVersion) -> bool:
    """Everybody who works on or signs the plan, and the mentor."""
    return may_edit_plan(user, version) or mentors(user, version.plan.participation) or bool(parties_of(user, version))


def may_sign(user: User | None, version: PlanVersion) -> bool:
    """Whoever is one of the parties."""
    return version.plan.participation.is_running and bool(parties_of(user, version))


def may_keep_scan(user: User | None, version: PlanVersion) -> bool:
    """Advisors keep what a party without an account has signed, also where no advisor has to sign."""
    participation = version.plan.participation
    return participation.is_running and advises(user, participation) and not is_participant(user, participation)


def may_refuse(user: User | None, version: PlanVersion) -> bool:
    return may_sign(user, version)


def may_take_back(user: User | None, version: PlanVersion) -> bool:
    """Whoever proposed takes the proposal back; before that, whoever may edit drops a draft."""
    if user is None:
        return False
    if version.proposed_by_id:
        return version.proposed_by_id == user.pk
    return may_edit_plan(user, version)


def parties_of(user: User | None, version: PlanVersion) -> list[PlanParty]:
    """The parties for which this person may sign."""
    if user is None:
        return []
    return [party for party in version.plan.parties.all() if stands_for(user, party, version)]


def stands_for(user: User, party: PlanParty, version: PlanVersion) -> bool:
    """Whether this person may sign for the party; advisors sign for each other and are named as who they are."""
    participation = version.plan.participation
    if party.party == Party.PARTICIPANT:
        return is_participant(user, participation)
    if is_participant(user, participation):
        return False  # nobody signs for two sides
    if party.party == Party.ADVISOR:
        return advises(user, participation)
    if party.signer_id:
        return party.signer_id == user.pk
    is_partner = party.party in {Party.HOME, Party.HOST} and holds(user, participation.programme_id, Role.COORDINATOR)
    return is_partner and not signed_for_another(user, party, version)


def signed_for_another(user: User, party: PlanParty, version: PlanVersion) -> bool:
    """Whether this person has signed the version for another side: home and host are two people."""
    return version.signatures.filter(signer=user, voided_at=None).exclude(party=party.party).exists()


def may_read_plan_file(user: User | None, file: StoredFile) -> bool:
    """Whoever may see the plan may read its print and its scanned signatures."""
    if file.object_type != "planning.planversion" or file.object_id is None:
        return False
    return PlanVersion.objects.visible_to(user).filter(pk=file.object_id).exists()


def may_read_practice_file(user: User | None, file: StoredFile) -> bool:
    """Whoever may see the practice may read its agreement and what the company confirmed on paper."""
    if file.object_type != "planning.placement" or file.object_id is None:
        return False
    return Placement.objects.visible_to(user).filter(pk=file.object_id).exists()
