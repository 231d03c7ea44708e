"""Where mail goes when no mail server is configured."""

from collections.abc import Sequence
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend


class KeptInOutbox(BaseEmailBackend):
    """Sends nothing: the mail stays readable in the outbox, which is what one machine and the demo want."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        return len(email_messages)
