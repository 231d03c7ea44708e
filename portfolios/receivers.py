"""What portfolios hear from below."""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credpoints.common.templatetags.words import plain_number
from credpoints.common.translated import text_in
from modules.models import Result
from modules.signals import result_final
from planning.models import Placement
from planning.signals import practice_confirmed, practice_set_aside
from portfolios import actions
from portfolios.models import EntryKind


@receiver(result_final, dispatch_uid="portfolios.result_final")
def keep_result(*, result: Result, **_rest: Any) -> None:
    """A passed final result becomes a verified entry; a correction replaces the earlier one."""
    earlier = f"result:{result.supersedes.uuid}" if result.supersedes else ""
    if not result.passed:
        actions.retire_verified_entry(person=result.enrolment.person, source_key=earlier)
        return
    snapshot = result.snapshot()
    person = result.enrolment.person
    with translation.override(person.language):
        title = text_in(snapshot["module"]["title"])
        body = _("Result: %(result)s. Credits: %(credits)s. Provider: %(provider)s.") % {
            "result": result.written,
            "credits": result.credits_written,
            "provider": text_in(snapshot["module"]["provider"]["name"]),
        }
    actions.add_verified_entry(
        person=person,
        kind=EntryKind.ACHIEVEMENT,
        title=title,
        body=body,
        source={"kind": "result", "id": str(result.uuid), **snapshot},
        language=person.language,
        occurred_on=date.fromisoformat(snapshot["date"]),
        replaces=earlier,
    )


@receiver(practice_confirmed, dispatch_uid="portfolios.practice_confirmed")
def keep_practice(*, placement: Placement, **_rest: Any) -> None:
    """What a company has confirmed becomes a verified entry, in the words of the reader's language."""
    person = placement.participation.person
    with translation.override(person.language):
        body = "\n\n".join(_lines_of(placement))
    actions.add_verified_entry(
        person=person,
        kind=EntryKind.EXPERIENCE,
        title=f"{placement.title}, {placement.company}",
        body=body,
        source={"kind": "practice", "id": str(placement.uuid), "company": placement.company},
        language=person.language,
        occurred_on=placement.ends_on,
    )


def _lines_of(placement: Placement) -> list[str]:
    """Where, when, how long and what; then who has confirmed it and what they say."""
    days = {"first": date_format(placement.starts_on), "last": date_format(placement.ends_on)}
    said_by = ", ".join(filter(None, (placement.confirmed_by, placement.confirmed_position)))
    facts = {**days, "place": placement.place, "hours": plain_number(placement.confirmed_hours)}
    lines = [_("%(place)s, %(first)s to %(last)s, %(hours)s hours.") % facts, placement.tasks]
    lines.append(_("Confirmed by %(name)s.") % {"name": said_by})
    return [*lines, placement.evaluation] if placement.evaluation else lines


@receiver(practice_set_aside, dispatch_uid="portfolios.practice_set_aside")
def retire_practice(*, placement: Placement, **_rest: Any) -> None:
    """A confirmation that was set aside proves nothing any more."""
    actions.retire_verified_entry(person=placement.participation.person, source_key=f"practice:{placement.uuid}")
