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
    add_session,
    assign_teacher,
    cancel_offering,
    cancel_session,
    change_offering,
    change_places,
    change_session,
    complete_offering,
    create_offering,
    end_teacher,
    name_teacher,
    open_offering,
    pause_offering,
)
from modules.actions.results import correct_result, finalise_result, mark_attendance, next_attempt, record_result
from modules.actions.seats import EnrolmentRefused, lock_offering
from modules.actions.versions import (
    OUTCOME,
    CodeTaken,
    DraftChanged,
    NotReady,
    add_version,
    approve_version,
    begin_version,
    change_draft,
    change_identity,
    create_module,
    discard_draft,
    hears_outcome,
    publish_version,
    return_version,
    submit_version,
    withdraw_version,
)

__all__ = [
    "OUTCOME", "CodeTaken", "DraftChanged", "EnrolmentRefused", "NotReady", "accept_place", "add_session",
    "add_version", "approve_version", "assign_teacher", "begin_version", "cancel_enrolment", "cancel_offering",
    "cancel_session", "change_draft", "change_identity", "change_offering", "change_places", "change_session",
    "complete_offering", "confirm_enrolment", "correct_result", "create_module", "create_offering", "discard_draft",
    "end_teacher", "enrol", "enrol_in_all", "exempt", "finalise_result", "hears_outcome", "lapse_offer",
    "leave_incomplete", "lock_offering", "mark_attendance", "name_teacher", "next_attempt", "open_offering",
    "pause_offering", "publish_version", "record_result", "refuse_enrolment", "return_version", "submit_version",
    "withdraw", "withdraw_version",
]  # fmt: skip
