"""Deliver mails."""

from credpoints.jobs.registry import job
from credpoints.outbox import actions


@job("outbox.deliver", max_attempts=6, lease=60, on_failure=actions.give_up)
def deliver(message_id: int) -> None:
    actions.deliver(message_id)
