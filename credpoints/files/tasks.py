"""Clear away files that never arrived."""

from celery import shared_task

from credpoints.files import actions


@shared_task(name="files.throw_away_given_up")  # type: ignore[untyped-decorator]
def throw_away_given_up() -> None:
    actions.throw_away_given_up()
