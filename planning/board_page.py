"""The page of one version: its board, what this reader may do, who has signed and who is next."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from credpoints.accounts.models import User
from credpoints.audit.models import AuditEvent
from planning import letters, rules
from planning.actions import plans
from planning.board import board_of
from planning.forms import CommentForm, GoalsForm
from planning.models import Party, PlanParty, PlanVersion, PlanVersionState
from planning.workflow import PLAN


def board_page(user: User, version: PlanVersion, opened: UUID | None, **forms: Any) -> dict[str, Any]:
    """Everything the board's templates show; `opened` is the line whose buttons are out, `forms` those sent back."""
    board = board_of(version, opened=opened)
    return {
        "version": version,
        "participation": version.plan.participation,
        "board": board,
        "suggestions": any(card.item.suggested for card in board.cards),
        **_signatures(user, version, has_lines=bool(board.cards)),
        **_rights(user, version),
        "versions": list(version.plan.versions.order_by("-number")),
        "newer": newer_than(version),
        "seen": AuditEvent.objects.about(version).values_list("sequence", flat=True).last() or 0,
        "refusal": version.comments.filter(is_refusal=True).select_related("author__person").last(),
        "goals_form": GoalsForm(initial={"goals": version.goals, "occupation": version.occupation}),
        "comment_form": CommentForm(),
        **forms,
    }


def _signatures(user: User, version: PlanVersion, *, has_lines: bool) -> dict[str, Any]:
    """The parties with their signatures, and the steps that are open to this person."""
    given = {s.party: s for s in version.signatures.filter(voided_at=None).select_related("signer__person")}
    waiting = plans.waiting_parties(version) if version.is_open else []
    mine = {party.pk for party in rules.parties_of(user, version)}
    steps = {step.name: step for step in PLAN.available(version, user)}
    if not any(party.pk in mine for party in waiting):
        steps.pop("sign", None)
    if not has_lines:
        steps.pop("propose", None)
    parties = [
        {
            "party": party,
            "signature": given.get(party.party),
            "waiting": party in waiting,
            "name": _name(party, version),
        }
        for party in version.plan.parties.all()
    ]
    proposal = letters.of_proposal(version, user) if "propose" in steps else []
    return {"parties": parties, "steps": steps, "proposal_letters": proposal}


def _name(party: PlanParty, version: PlanVersion) -> str:
    """Who is expected to sign for a party: named, or known from the participation."""
    participation = version.plan.participation
    if party.party == Party.PARTICIPANT:
        return participation.person.full_name
    if party.party == Party.ADVISOR and participation.advisor and not party.name:
        return participation.advisor.name
    return party.name


def _rights(user: User, version: PlanVersion) -> dict[str, Any]:
    """What this person may do with lines and remarks."""
    advises = rules.advises(user, version.plan.participation)
    may_edit = version.can_be_edited and rules.may_edit_plan(user, version)
    may_comment = version.is_open and rules.may_comment(user, version)
    return {
        "advises": advises,
        "is_own": rules.is_participant(user, version.plan.participation),
        "may_edit": may_edit,
        "may_comment": may_comment,
        "may_begin": _may_begin(user, version),
        "may_derive": version.can_be_edited and advises,
        "open_words": _open_words(may_edit, may_comment),
        "remark_letters": letters.of_remark(version, user) if may_comment else [],
    }


def _may_begin(user: User, version: PlanVersion) -> bool:
    """Whether an agreed plan can be changed from here: one open version is enough."""
    agreed = version.state == PlanVersionState.AGREED and rules.may_edit_plan(user, version)
    return agreed and not any(other.is_open for other in version.plan.versions.all())


def _open_words(may_edit: bool, may_comment: bool) -> str:
    """What the link of every line says: the same words for all, so they are looked up once."""
    if may_edit:
        return _("Change, move, comment")
    return _("Comment") if may_comment else ""


def newer_than(version: PlanVersion) -> PlanVersion | None:
    """The newest version after this one that has not been taken back."""
    later = version.plan.versions.filter(number__gt=version.number).exclude(state=PlanVersionState.WITHDRAWN)
    return later.order_by("number").last()
