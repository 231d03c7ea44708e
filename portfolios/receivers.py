"""What portfolios hear from below."""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _

from credpoints.common.translated import text_in
from modules.models import Result
from modules.signals import result_final
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
