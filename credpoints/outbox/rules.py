"""Who may send a mail again."""

from credpoints.accounts.models import User
from credpoints.organisations.rules import is_advisor_or_admin
from credpoints.outbox.models import OutboxMessage


def may_resend(user: User | None, message: OutboxMessage) -> bool:
    """Staff of the mail's programme, but never for mails that carry a code."""
    return bool(message.programme_id and is_advisor_or_admin(user, message.programme_id)) and not message.secret


def may_read_body(user: User | None, message: OutboxMessage) -> bool:
    """The recipient reads everything, staff everything but secrets."""
    return bool(user) and (message.recipient == user or not message.secret)
