"""Hold, book, move, cancel and end talks: every write to a talk is here."""

from planning.actions.consultations.booking import (
    HOLD,
    book_for,
    book_talk,
    check_has_none,
    confirm_talk,
    decline_talk,
    draft_talk,
    hold_time,
)
from planning.actions.consultations.changing import (
    accept_earlier,
    cancel_talk,
    reschedule_talk,
    substitute_advisor,
    withdraw_talks,
)
from planning.actions.consultations.claims import TimeTaken, TooLate, give_back
from planning.actions.consultations.earlier import forget_wish, lapse_earlier, offer_again, wish_earlier
from planning.actions.consultations.outcomes import (
    DID_NOT_HAPPEN,
    address_of_times,
    check_may_invite,
    complete_talk,
    invite_again,
    miss_talk,
)
from planning.actions.consultations.telling import new_link, remind

__all__ = [
    "DID_NOT_HAPPEN", "HOLD", "TimeTaken", "TooLate", "accept_earlier", "address_of_times", "book_for", "book_talk",
    "cancel_talk", "check_has_none", "check_may_invite", "complete_talk", "confirm_talk", "decline_talk",
    "draft_talk", "forget_wish", "give_back", "hold_time", "invite_again", "lapse_earlier", "miss_talk", "new_link",
    "offer_again", "remind", "reschedule_talk", "substitute_advisor", "wish_earlier", "withdraw_talks",
]  # fmt: skip
