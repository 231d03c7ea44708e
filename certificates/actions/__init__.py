"""Every write of the room: from the first draft to the register."""

from certificates.actions.approving import (
    approve_certificate,
    discard_certificate,
    freeze_certificate,
    reopen_certificate,
)
from certificates.actions.counting import log_verification
from certificates.actions.ending import (
    begin_replacement,
    expire_certificate,
    plan_the_end,
    remind_of_expiry,
    replace_certificate,
    revoke_certificate,
    revoke_certificates,
)
from certificates.actions.erasing import erase_certificates
from certificates.actions.issuing import (
    give_up_rendering,
    number_certificate,
    render_certificate,
    retry_rendering,
    void_certificate,
)
from certificates.actions.preparing import (
    as_printed,
    change_draft,
    checks_of,
    choose_languages,
    collect_anew,
    collect_certificate,
    collect_when_ready,
    confirm_lines,
    draft_certificate,
    refresh_drafts,
    settle_fee,
)
from certificates.actions.rules import change_rules
from certificates.actions.sharing import note_opening, share_certificate, withdraw_link
from certificates.actions.signing_keys import distrust_key, rotate_key, sign_again
from certificates.actions.sources import (
    prepare_all_handed,
    prepare_for_course,
    prepare_handed,
    prepare_transcript,
)

__all__ = [
    "approve_certificate",
    "as_printed",
    "begin_replacement",
    "change_draft",
    "change_rules",
    "checks_of",
    "choose_languages",
    "collect_anew",
    "collect_certificate",
    "collect_when_ready",
    "confirm_lines",
    "discard_certificate",
    "distrust_key",
    "draft_certificate",
    "erase_certificates",
    "expire_certificate",
    "freeze_certificate",
    "give_up_rendering",
    "log_verification",
    "note_opening",
    "number_certificate",
    "plan_the_end",
    "prepare_all_handed",
    "prepare_for_course",
    "prepare_handed",
    "prepare_transcript",
    "refresh_drafts",
    "remind_of_expiry",
    "render_certificate",
    "reopen_certificate",
    "replace_certificate",
    "retry_rendering",
    "revoke_certificate",
    "revoke_certificates",
    "rotate_key",
    "settle_fee",
    "share_certificate",
    "sign_again",
    "void_certificate",
    "withdraw_link",
]
