"""What the catalogue does later."""

from credpoints.jobs.registry import job
from modules import actions


@job("modules.lapse_offer")
def lapse_offer(enrolment_id: int) -> None:
    """Let a freed place that nobody took in time go to the next person."""
    actions.lapse_offer(enrolment_id=enrolment_id)
