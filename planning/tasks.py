"""What happens later: reminders and the printed plan."""

from credpoints.jobs.registry import job
from planning.actions import consultations, plans
from planning.models import PlanVersion
from planning.printing import plan_pdf


@job("planning.remind")
def remind(talk_id: int, sequence: int, hours: int = 24) -> None:
    """Remind somebody of a talk so many hours before, once, if it still stands."""
    consultations.remind(talk_id, sequence, hours)


@job("planning.lapse_earlier")
def lapse_earlier(wish_id: int, starts_at: str) -> None:
    """Ask the next person when an offer of an earlier time was not answered."""
    consultations.lapse_earlier(wish_id, starts_at)


@job("planning.offer_earlier")
def offer_earlier(talk_id: int, advisor_id: int, starts_at: str) -> None:
    """Offer a freed time that somebody else kept for ten minutes and did not book."""
    consultations.offer_again(talk_id=talk_id, advisor_id=advisor_id, starts_at=starts_at)


@job("planning.print_plan", lease=120)
def print_plan(version_id: int) -> None:
    """Print an agreed plan; the first print is kept for ever."""
    version = PlanVersion.objects.for_pages().get(pk=version_id)
    if version.document_id is None:
        plans.store_document(version=version, pdf=plan_pdf(version))
