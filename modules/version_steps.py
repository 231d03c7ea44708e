"""What a step of a version does beyond the words of its table: what it replaces, and who hears of it or goes on."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credpoints.accounts.models import User
from credpoints.outbox import actions as outbox
from credpoints.outbox.actions import Letter
from credpoints.workflow import Step
from modules.actions import OUTCOME, hears_outcome
from modules.models import ModuleVersion, Offering, OfferingState

OUTCOMES = frozenset({"return", "approve", "publish"})


def effects_of(version: ModuleVersion, step: Step, by: User) -> list[str]:
    """Everything that somebody reads before taking this step."""
    found = [str(step.consequence)] if step.consequence else []
    if step.name == "publish":
        found += _replaces(version)
    if step.name == "withdraw":
        found += _stays_open(version)
    return [*found, _who_is_mailed(version, step, by)]


def _who_is_mailed(version: ModuleVersion, step: Step, by: User) -> str:
    reader = hears_outcome(version, by) if step.name in OUTCOMES else None
    return _("%(name)s gets a mail about it.") % {"name": reader.name} if reader else _("Nobody is mailed about it.")


def letter_of(version: ModuleVersion, step: Step, by: User) -> Letter | None:
    """The mail that the step will send to whoever handed the version in, written for the state that it leads to."""
    reader = hears_outcome(version, by) if step.name in OUTCOMES else None
    if reader is None:
        return None
    after = ModuleVersion(module=version.module, number=version.number, title=version.title, state=step.target)
    return outbox.write(OUTCOME, to=reader, version=after, reason="…" if step.needs_reason else "")


def _replaces(version: ModuleVersion) -> list[str]:
    earlier = ModuleVersion.objects.published().filter(module=version.module_id).first()
    if earlier is None:
        return []
    facts = {"number": earlier.number}
    found = [_("Version %(number)s is replaced. Signed plans and certificates keep what they took from it.") % facts]
    running = _open_offerings(earlier)
    if running:
        found.append(
            ngettext(
                "%(count)s offering goes on with version %(number)s. New offerings are made from the new version.",
                "%(count)s offerings go on with version %(number)s. New offerings are made from the new version.",
                running,
            )
            % {**facts, "count": running}
        )
    return found


def _stays_open(version: ModuleVersion) -> list[str]:
    running = _open_offerings(version)
    if not running:
        return []
    sentence = ngettext(
        "%(count)s offering of it is not over and stays as it is: pause or cancel it if nobody should enrol any more.",
        "%(count)s offerings of it are not over and stay as they are: pause or cancel them if nobody should enrol any "
        "more.",
        running,
    )
    return [sentence % {"count": running}]


def _open_offerings(version: ModuleVersion) -> int:
    over = (OfferingState.CANCELLED, OfferingState.COMPLETED)
    return Offering.objects.filter(version=version).exclude(state__in=over).count()
