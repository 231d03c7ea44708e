"""Make certificates, clear away what died half made, and warn before the seal or a key comes to its end."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from certificates import actions
from certificates.actions import lasting, runs, tidying
from credpoints.jobs.registry import job


def give_up(certificate_id: int, error: str) -> None:
    actions.give_up_rendering(certificate_id=certificate_id, error=error)


@job("certificates.render", max_attempts=3, lease=60, on_failure=give_up)
def render(certificate_id: int) -> None:
    actions.render_certificate(certificate_id=certificate_id)


@job("certificates.work_on_run", max_attempts=5, lease=15)
def work_on_run(run_id: int, turn: int, lane: int = 0, lanes: int = 1, portion: int = 1) -> None:
    runs.work_on_run(run_id=run_id, turn=turn, lane=lane, lanes=lanes, portion=portion)


@job("certificates.sign_again", max_attempts=5, lease=60)
def sign_again(certificate_id: int) -> None:
    actions.sign_again(certificate_id=certificate_id)


@job("certificates.remind")
def remind(certificate_id: int) -> None:
    actions.remind_of_expiry(certificate_id=certificate_id)


@job("certificates.expire")
def expire(certificate_id: int) -> None:
    actions.expire_certificate(certificate_id=certificate_id)


@shared_task(name="certificates.throw_away_leftovers")  # type: ignore[untyped-decorator]
def throw_away_leftovers() -> None:
    tidying.throw_away_leftovers()


@shared_task(name="certificates.warn_before_the_end")  # type: ignore[untyped-decorator]
def warn_before_the_end() -> None:
    lasting.warn_before_the_end()


@worker_ready.connect  # type: ignore[untyped-decorator]
def look_at_once(**_kwargs: Any) -> None:
    """Whoever has put a new seal in place starts the workers again and wants to see it."""
    warn_before_the_end.delay()
