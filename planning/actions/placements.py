"""Arrange practice in a company, and let the company confirm it without an account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import new_token, token_hash
from credpoints.files import actions as files
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible
from planning import rules
from planning.models import Participation, Placement, PlanItem
from planning.models.placements import DAYS_TO_ANSWER
from planning.signals import practice_confirmed, practice_set_aside
from planning.workflow import PLACEMENT

describe(
    {
        "placement.arranged": _("Practice arranged with %(company)s"),
        "placement.agreement": _("Agreement with the company kept"),
    }
)


class PracticeChanged(Exception):
    """Somebody else has saved the practice since the form was opened; nothing was saved."""

    def __init__(self, placement: Placement) -> None:
        super().__init__("the practice was changed meanwhile")
        self.placement = placement


@dataclass(frozen=True)
class Answer:
    """What a company says of a practice: how many hours, how it went, who says so and as what."""

    hours: Decimal
    name: str
    position: str = ""
    evaluation: str = ""


def arrange(
    *, participation: Participation, line: PlanItem, by: User, facts: dict[str, Any], seen: int = 0,
    agreement: UploadedFile[Any] | None = None,
) -> Placement:  # fmt: skip
    """Say where the practice of a plan's line takes place, or change what was said before the company is asked.

    `seen` is the edition that the form showed, 0 for none. Raises PracticeChanged when somebody else was faster, and
    NoLongerPossible once the company has been asked.
    """
    draft = Placement(participation=participation, line_key=line.key, title=line.title, **facts)
    if not rules.arranges_practice(by, draft):
        raise PermissionDenied
    with transaction.atomic():
        placement = _for_change(draft, seen)
        for name, value in facts.items():
            setattr(placement, name, value)
        placement.title = line.title
        placement.edition = seen + 1
        placement.changed_at = timezone.now()
        placement.objection, placement.objected_at = "", None
        placement.save()
        audit.record("placement.arranged", placement, by=by, company=placement.company)
        if agreement:
            _keep_agreement(placement, agreement, by)
    return placement


def _for_change(draft: Placement, seen: int) -> Placement:
    """The row to change, locked; two people who begin at once queue up at the participation."""
    Participation.objects.select_for_update(of=("self",)).get(pk=draft.participation_id)
    same_line = Placement.objects.counting().filter(participation=draft.participation, line_key=draft.line_key)
    found = same_line.select_for_update(of=("self",)).first()
    if found and not found.can_be_edited:
        raise NoLongerPossible(PLACEMENT.refusal(found), found)
    if seen != (found.edition if found else 0):
        raise PracticeChanged(found or draft)
    return found or draft


def _keep_agreement(placement: Placement, upload: UploadedFile[Any], by: User) -> None:
    stored = files.store_upload(upload=upload, purpose="planning.practice", by=by, about=placement)
    placement.agreement = stored
    placement.save(update_fields=["agreement"])
    audit.record("placement.agreement", placement, by=by)


def ask_company(*, placement: Placement, by: User, tell: bool = True, now: datetime | None = None) -> str:
    """Make a link with which the company confirms without an account, and mail it to the supervisor.

    Returns the link: staff who untick the mail hand it on themselves. An earlier link stops working.
    """
    now = now or timezone.now()
    token = new_token()
    address = settings.BASE_URL + reverse("planning:confirm_practice", args=[token])
    with PLACEMENT.take("ask", placement, by=by) as locked:
        locked.token_hash = token_hash(token)
        locked.asked_at = now
        locked.asked_until = max(timezone.localdate(now), locked.ends_on) + timedelta(days=DAYS_TO_ANSWER)
        locked.objection, locked.objected_at = "", None
        if tell:
            outbox.queue(
                "planning/email/practice_ask", to=locked.supervisor_as_person(), about=locked, secret=True,
                language=locked.language, placement=locked, address=address,
            )  # fmt: skip
    return address


def placement_of_link(token: str, on: date | None = None) -> Placement | None:
    """The practice that a company's link opens today; None when the link is used, replaced, too old or wrong."""
    return Placement.objects.open_to(token_hash(token), on or timezone.localdate()).for_pages().first()


def confirm(*, placement: Placement, token: str, answer: Answer, now: datetime | None = None) -> None:
    """The company confirms by its link, which is dead from then on."""
    with transaction.atomic():
        with PLACEMENT.take("confirm", placement, by=None, company=answer.name) as locked:
            _ask_for_link(locked, token)
            _note_answer(locked, answer, now or timezone.now())
        _tell("practice_confirmed", placement, *_both_sides(placement))
        practice_confirmed.send(sender=Placement, placement=placement, by=None)


def object_to(*, placement: Placement, token: str, text: str, now: datetime | None = None) -> None:
    """The company says by its link what is not right; the practice can be changed and the company asked again."""
    with PLACEMENT.take("object", placement, by=None, reason=text) as locked:
        _ask_for_link(locked, token)
        locked.token_hash = ""
        locked.objection, locked.objected_at = text, now or timezone.now()
        _tell("practice_objection", locked, *_both_sides(locked))


def confirm_on_paper(
    *, placement: Placement, by: User, answer: Answer, scan: UploadedFile[Any], tell: bool = True,
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Staff keep what the company has signed on paper; `tell` mails the participant."""
    if not PLACEMENT.steps["confirm_on_paper"].who(by, placement):
        raise PermissionDenied
    stored = files.store_upload(upload=scan, purpose="planning.practice", by=by, about=placement)
    with transaction.atomic():
        with PLACEMENT.take("confirm_on_paper", placement, by=by, company=answer.name) as locked:
            _note_answer(locked, answer, now or timezone.now())
            locked.proof = stored
        if tell:
            _tell("practice_confirmed", placement, placement.participation.person)
        practice_confirmed.send(sender=Placement, placement=placement, by=by)


def change_placement(*, placement: Placement, step: str, by: User, reason: str = "") -> None:
    """Take the question back, cancel a practice, or set a confirmation aside."""
    with transaction.atomic():
        with PLACEMENT.take(step, placement, by=by, reason=reason) as locked:
            locked.token_hash = ""
        if step == "set_aside":
            practice_set_aside.send(sender=Placement, placement=placement, by=by)


def _ask_for_link(locked: Placement, token: str) -> None:
    """The link may have been replaced or have run out since its page was drawn."""
    in_time = locked.asked_until is not None and timezone.localdate() <= locked.asked_until
    if locked.token_hash != token_hash(token) or not in_time:
        raise NoLongerPossible(PLACEMENT.refusal(locked))


def _note_answer(locked: Placement, answer: Answer, now: datetime) -> None:
    locked.token_hash = ""
    locked.confirmed_hours, locked.evaluation = answer.hours, answer.evaluation
    locked.confirmed_by, locked.confirmed_position, locked.confirmed_at = answer.name, answer.position, now
    locked.objection, locked.objected_at = "", None


def _both_sides(placement: Placement) -> list[Person | User]:
    """The participant and the advisor hear what the company has said."""
    advisor = placement.participation.advisor
    return [placement.participation.person, *([advisor] if advisor else [])]


def _tell(letter: str, placement: Placement, *readers: Person | User) -> None:
    for reader in readers:
        outbox.queue(f"planning/email/{letter}", to=reader, about=placement, placement=placement)
