"""Every write of the catalogue, of enrolments and of results."""

from modules.actions.enrolments import (
    accept_place,
    cancel_enrolment,
    confirm_enrolment,
    enrol,
    enrol_in_all,
    exempt,
    lapse_offer,
    leave_incomplete,
    refuse_enrolment,
    withdraw,
)
from modules.actions.offerings import (
    assign_teacher,
    cancel_offering,
    change_places,
    complete_offering,
    open_offering,
    pause_offering,
)
from modules.actions.results import correct_result, finalise_result, mark_attendance, next_attempt, record_result
from modules.actions.seats import EnrolmentRefused, lock_offering
from modules.actions.versions import (
    NotReady,
    add_version,
    approve_version,
    change_draft,
    create_module,
    publish_version,
    return_version,
    submit_version,
    withdraw_version,
)

__all__ = [
    "EnrolmentRefused", "NotReady", "accept_place", "add_version", "approve_version", "assign_teacher",
    "cancel_enrolment", "cancel_offering", "change_draft", "change_places", "complete_offering",
    "confirm_enrolment", "correct_result", "create_module", "enrol", "enrol_in_all", "exempt", "finalise_result",
    "lapse_offer", "leave_incomplete", "lock_offering", "mark_attendance", "next_attempt", "open_offering",
    "pause_offering", "publish_version", "record_result", "refuse_enrolment", "return_version", "submit_version",
    "withdraw", "withdraw_version",
]  # fmt: skip
