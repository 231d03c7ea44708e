"""What the Celery worker knows: run one job row, and sweep for lost ones."""

from celery import shared_task

from credpoints.jobs import actions
from credpoints.jobs.registry import job


@shared_task(name="credpoints.jobs.run")  # type: ignore[untyped-decorator]
def run(job_id: int) -> None:
    actions.run(job_id)


@shared_task(name="credpoints.jobs.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    actions.sweep()


@job("jobs.answer", max_attempts=1)
def answer() -> None:
    """Do nothing: that it was done shows that a worker runs and hears the broker."""
