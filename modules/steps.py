"""Which action stands behind which step that people take by a button."""

from collections.abc import Callable
from typing import Any

from credpoints.accounts.models import User
from modules import actions
from modules.models import Enrolment, ModuleVersion, Offering

Take = Callable[..., None]


def _plain(action: Callable[..., None], name: str) -> Take:
    def take(thing: Any, *, by: User, reason: str) -> None:
        action(**{name: thing}, by=by)

    return take


def _with_reason(action: Callable[..., None], name: str) -> Take:
    def take(thing: Any, *, by: User, reason: str) -> None:
        action(**{name: thing}, by=by, reason=reason)

    return take


ENROLMENT_STEPS: dict[str, Take] = {
    "accept": _plain(actions.accept_place, "enrolment"),
    "confirm": _plain(actions.confirm_enrolment, "enrolment"),
    "refuse": _with_reason(actions.refuse_enrolment, "enrolment"),
    "withdraw": _with_reason(actions.withdraw, "enrolment"),
    "cancel": _with_reason(actions.cancel_enrolment, "enrolment"),
    "exempt": _with_reason(actions.exempt, "enrolment"),
    "leave_incomplete": _with_reason(actions.leave_incomplete, "enrolment"),
}
OFFERING_STEPS: dict[str, Take] = {
    "open": _plain(actions.open_offering, "offering"),
    "pause": _plain(actions.pause_offering, "offering"),
    "cancel": _with_reason(actions.cancel_offering, "offering"),
    "complete": _plain(actions.complete_offering, "offering"),
}
VERSION_STEPS: dict[str, Take] = {
    "submit": _plain(actions.submit_version, "version"),
    "return": _with_reason(actions.return_version, "version"),
    "approve": _plain(actions.approve_version, "version"),
    "publish": _plain(actions.publish_version, "version"),
    "withdraw": _with_reason(actions.withdraw_version, "version"),
}
TABLES: dict[type, dict[str, Take]] = {
    Enrolment: ENROLMENT_STEPS,
    Offering: OFFERING_STEPS,
    ModuleVersion: VERSION_STEPS,
}
