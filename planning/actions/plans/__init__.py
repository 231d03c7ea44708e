"""Shape a plan together, propose it, sign it: every write to a plan is here."""

from planning.actions.plans.lines import (
    LineChanged,
    add_line,
    change_line,
    drop_line,
    fingerprint,
    move_line,
    take_course,
)
from planning.actions.plans.signing import (
    StaleVersion,
    name_signer,
    record_scanned_signature,
    sign,
    store_document,
    waiting_parties,
)
from planning.actions.plans.versions import (
    begin_version,
    comment,
    edit_again,
    findings_of,
    propose,
    refuse,
    resolve_comment,
    set_goals,
    withdraw_version,
)

__all__ = [
    "LineChanged", "StaleVersion", "add_line", "begin_version", "change_line", "comment", "drop_line", "edit_again",
    "findings_of", "fingerprint", "move_line", "name_signer", "propose", "record_scanned_signature", "refuse",
    "resolve_comment", "set_goals", "sign", "store_document", "take_course", "waiting_parties", "withdraw_version",
]  # fmt: skip
