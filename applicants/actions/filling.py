"""Beginning, filling in, sending and withdrawing an application: what the applicant does."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.actions.checking import check_rules, fill_person
from applicants.actions.keeping import plan_draft, plan_erasure
from applicants.fingerprints import fingerprint
from applicants.models import (
    Answer,
    AnswerRevision,
    Application,
    FormVersion,
    InformationRequest,
    State,
)
from applicants.rules import has_verified_address, is_applicant, may_review
from applicants.signals import application_submitted, application_withdrawn
from applicants.survey import Field, Problem, Section, clean_value
from applicants.workflow import APPLICATION
from credpoints.accounts.models import Person, User
from credpoints.audit import actions as audit
from credpoints.audit.words import describe
from credpoints.common.tokens import content_hash
from credpoints.numbers.actions import next_number, write_number
from credpoints.organisations.models import ApplicationWindow, Programme, ProgrammeState
from credpoints.outbox import actions as outbox
from credpoints.workflow import NoLongerPossible, NotAllowed

# Saves of one person within this time share one revision; a second window always gets its own.
SITTING = timedelta(minutes=3)
describe({"application.begun": gettext_lazy("Application begun")})


class SurveyIncomplete(Exception):
    """The survey cannot be sent yet; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class UnverifiedAddress(Exception):
    """The applicant has not shown yet that mail arrives."""


@dataclass
class Conflict:
    """Two windows disagreed: the later edit stands, and this is what stood there before."""

    address: str
    label: str
    before: Any
    at: datetime


@dataclass
class Saved:
    """What saving did."""

    at: datetime
    changed: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def begin_application(*, person: Person, programme: Programme, by: User, now: datetime | None = None) -> Application:
    """Begin an application, or return the one that runs already. Only while applications are open."""
    now = now or timezone.now()
    with transaction.atomic():
        # The person's row is the lock: two clicks begin one application.
        Person.objects.select_for_update().get(pk=person.pk)
        running = Application.objects.running().filter(person=person, programme=programme).first()
        if running:
            return running
        form = FormVersion.objects.published().filter(programme=programme).first()
        if form is None or programme.state != ProgrammeState.OPEN or programme.window(now) != ApplicationWindow.OPEN:
            raise NoLongerPossible(_("Applications to this programme are not open at the moment."), programme)
        application = Application.objects.create(
            person=person, programme=programme, form_version=form, begun_at=now, moved_at=now
        )
        audit.record("application.begun", application, by=by)
        plan_draft(application)
    return application


def save_answers(
    *,
    application: Application,
    typed: Mapping[str, Any],
    by: User,
    was: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Saved:
    """Keep what was typed, valid or not. `was` holds the fingerprints of what the page showed.

    A field that this page did not change is left alone, so an old tab overwrites nothing by accident. When both
    changed, the later edit stands, is reported, and the earlier text stays in the revisions.
    """
    saved = Saved(now or timezone.now())
    with transaction.atomic():
        locked = open_for(application, by)
        places = _places(locked, typed, saved)
        known = {a.address: a for a in locked.answers.filter(address__in=list(places)).select_related("application")}
        for address, place in places.items():
            answer = known.get(address) or Answer(application=locked, address=address)
            value = clean_value(place.question, typed[address])
            _save_one(place, value, answer, was=(was or {}).get(address), by=by, saved=saved)
        if saved.changed:
            Application.objects.filter(pk=locked.pk).update(saved_at=saved.at)
    application.saved_at = saved.at if saved.changed else locked.saved_at
    return saved


def note_answers(*, application: Application, typed: Mapping[str, Any], by: User) -> None:
    """Answer the questions that only staff answer; applicants never see them."""
    now = timezone.now()
    with transaction.atomic():
        locked = (
            Application.objects.select_for_update(of=("self",))
            .select_related("form_version", "person", "programme")
            .get(pk=application.pk)
        )
        if not may_review(by, locked):
            raise NotAllowed(APPLICATION.steps["start_review"])
        for address, value in typed.items():
            place = locked.form_version.survey.field(address)
            answer = answer_at(locked, address)
            if place and place.question.staff_only and fingerprint(value) != fingerprint(answer.value):
                write_answer(answer, clean_value(place.question, value), by=by, at=now, own_row=True)


def change_group(*, application: Application, section: str, change: str, item: str, by: User) -> str:
    """Add, remove or move an entry of a repeatable section; a removed one's texts stay in the revisions.

    Returns the item to show next.
    """
    with transaction.atomic():
        locked = open_for(application, by)
        survey = locked.form_version.survey
        place = survey.section(section)
        if place is None or not place.repeatable or locked.state != State.DRAFT:
            return ""
        answers = {a.address: a.value for a in locked.answers.filter(address=section)}
        items = survey.items(place, answers)
        shown = _CHANGES[change](items, item, place) if change in _CHANGES else ""
        write_answer(answer_at(locked, section), items, by=by, at=timezone.now(), own_row=True)
        Application.objects.filter(pk=locked.pk).update(saved_at=timezone.now())
    return shown


def _add(items: list[str], item: str, place: Section) -> str:
    if len(items) < place.max_items:
        items.append(_new_item())
    return items[-1] if items else ""


def _remove(items: list[str], item: str, place: Section) -> str:
    if item in items:
        items.remove(item)
    while len(items) < place.min_items:
        items.append(_new_item())
    return ""


def _move_up(items: list[str], item: str, place: Section) -> str:
    at = items.index(item) if item in items else 0
    if at > 0:
        items[at - 1], items[at] = items[at], items[at - 1]
    return item


def _move_down(items: list[str], item: str, place: Section) -> str:
    at = items.index(item) if item in items else len(items)
    if at < len(items) - 1:
        items[at + 1], items[at] = items[at], items[at + 1]
    return item


_CHANGES = {"add": _add, "remove": _remove, "up": _move_up, "down": _move_down}


def _new_item() -> str:
    return f"i{secrets.token_hex(4)}"


def remember_place(*, application: Application, section: str) -> None:
    """Note which page of the survey is open, so that another device begins there."""
    Application.objects.filter(pk=application.pk).exclude(last_section=section).update(last_section=section)
    application.last_section = section


def submit_application(*, application: Application, by: User, now: datetime | None = None) -> None:
    """Hand the application in: it gets its number, the rules are checked, the applicant gets a receipt by mail.

    Raises SurveyIncomplete, UnverifiedAddress or, after the deadline, NoLongerPossible; nothing is lost by either.
    """
    now = now or timezone.now()
    with APPLICATION.take("submit", application, by=by) as locked:
        if locked.programme.window(now) != ApplicationWindow.OPEN:
            raise NoLongerPossible(
                _("The deadline has passed. What you typed is kept, but it can no longer be sent."), locked
            )
        if not has_verified_address(by):
            raise UnverifiedAddress
        answers = answers_of(locked)
        problems = locked.form_version.survey.problems(answers, on=timezone.localdate(now))
        if problems:
            raise SurveyIncomplete(problems)
        year = timezone.localtime(now).year
        locked.number = write_number("APP", year, next_number(series=f"APP-{year}"))
        locked.submitted_at = locked.moved_at = now
        _freeze(locked, answers)
        fill_person(locked)
        check_rules(locked, now=now)
        outbox.queue("applicants/email/submitted", to=by, about=locked, application=locked, programme=locked.programme)
        application_submitted.send(sender=Application, application=locked, by=by)


def answer_request(*, application: Application, by: User, now: datetime | None = None) -> None:
    """Hand the missing information in; the rules are checked again and the review goes on."""
    now = now or timezone.now()
    with APPLICATION.take("answer", application, by=by) as locked:
        answers = answers_of(locked)
        problems = locked.form_version.survey.problems(answers, on=timezone.localdate(now))
        if problems:
            raise SurveyIncomplete(problems)
        locked.moved_at = now
        InformationRequest.objects.filter(application=locked, answered_at=None).update(answered_at=now)
        _freeze(locked, answers)
        fill_person(locked)
        check_rules(locked, now=now)


def withdraw_application(*, application: Application, by: User, reason: str = "", now: datetime | None = None) -> None:
    """Take the application back. Whoever reviews it is told; a booked talk falls free (rooms above listen)."""
    with APPLICATION.take("withdraw", application, by=by, reason=reason) as locked:
        locked.decided_at = locked.moved_at = now or timezone.now()
        locked.waiting_rank = None
        plan_erasure(locked, now=locked.moved_at)
        locked.decisions.filter(released_at=None).delete()
        InformationRequest.objects.filter(application=locked, answered_at=None).update(answered_at=locked.moved_at)
        if locked.advisor and locked.submitted_at:
            outbox.queue("applicants/email/withdrawn", to=locked.advisor, about=locked, application=locked,
                         programme=locked.programme, reason=reason)  # fmt: skip
        application_withdrawn.send(sender=Application, application=locked, by=by)


def answers_of(application: Application) -> dict[str, Any]:
    """All answers by address, hidden ones too (one query)."""
    return dict(application.answers.values_list("address", "value"))


def editable_addresses(application: Application) -> set[str] | None:
    """What the applicant may change now: None means everything, an empty set nothing."""
    if application.state == State.DRAFT:
        return None
    if application.state != State.NEEDS_INFORMATION:
        return set()
    request = application.information_requests.filter(answered_at=None).first()
    return set(request.addresses) if request else set()


def open_for(application: Application, by: User, address: str = "") -> Application:
    """Lock the application and refuse whoever may not fill it in now."""
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("form_version", "person", "programme")
        .get(pk=application.pk)
    )
    if not is_applicant(by, locked):
        raise NotAllowed(APPLICATION.steps["submit"])
    open_now = editable_addresses(locked)
    if open_now is not None and (not open_now or (address and address not in open_now)):
        raise NoLongerPossible(APPLICATION.refusal(locked), locked)
    return locked


def _places(application: Application, typed: Mapping[str, Any], saved: Saved) -> dict[str, Field]:
    """The fields behind the typed addresses; forged, staff-only and closed ones are refused."""
    survey = application.form_version.survey
    open_now = editable_addresses(application)
    places = {}
    for address in typed:
        place = survey.field(address)
        if (
            place is None
            or place.question.staff_only
            or place.question.type == "file"
            or (open_now is not None and address not in open_now)
        ):
            saved.refused.append(address)
        else:
            places[address] = place
    return places


def _save_one(place: Field, value: Any, answer: Answer, *, was: str | None, by: User, saved: Saved) -> None:
    current = answer.value
    if fingerprint(value) in {fingerprint(current), was}:
        return
    in_conflict = was is not None and fingerprint(current) != was
    if in_conflict and answer.pk:
        saved.conflicts.append(Conflict(place.address, str(place.question.key), current, answer.changed_at))
    write_answer(answer, value, by=by, at=saved.at, own_row=in_conflict)
    saved.changed.append(place.address)


def answer_at(application: Application, address: str) -> Answer:
    """The answer at a place, or an empty one that is not stored yet."""
    found = application.answers.filter(address=address).first()
    return found or Answer(application=application, address=address)


def write_answer(answer: Answer, value: Any, *, by: User, at: datetime, own_row: bool) -> None:
    """Write an answer and its revision; keystrokes of one sitting share a revision unless `own_row`."""
    is_new = answer.pk is None
    answer.value, answer.changed_at = value, at
    answer.save()
    last = None if is_new or own_row else answer.revisions.order_by("pk").last()
    if last and last.by_id == by.pk and last.at > at - SITTING and answer.application.is_draft:
        last.value, last.at = value, at
        last.save(update_fields=["value", "at"])
        return
    AnswerRevision.objects.create(answer=answer, value=value, at=at, by=by)


def _freeze(application: Application, answers: Mapping[str, Any]) -> None:
    """Keep what was handed in, with a hash: later disputes are settled by it."""
    application.snapshot = application.form_version.survey.submitted(answers)
    application.snapshot_hash = content_hash(json.dumps(application.snapshot, sort_keys=True, ensure_ascii=False))
