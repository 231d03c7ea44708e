"""What a step of a version does beyond the words of its table: what it replaces, and who goes on with what."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credpoints.workflow import Step
from modules.models import ModuleVersion, Offering, OfferingState


def effects_of(version: ModuleVersion, step: Step) -> list[str]:
    """Everything that somebody reads before taking this step."""
    found = [str(step.consequence)] if step.consequence else []
    if step.name == "publish":
        found += _replaces(version)
    if step.name == "withdraw":
        found += _stays_open(version)
    return [*found, _("Nobody is mailed about it.")]


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
