"""Work of this room that is done later."""

from django.utils import timezone

from applicants.actions import bulk, erasing, keeping
from applicants.models import Application
from credpoints.jobs.registry import job


def _application(application_id: int) -> Application | None:
    return Application.objects.select_related("programme", "person__user").filter(pk=application_id).first()


@job("applicants.remind")
def remind(application_id: int) -> None:
    application = _application(application_id)
    if application:
        keeping.remind_draft(application=application, now=timezone.now())


@job("applicants.expire")
def expire(application_id: int) -> None:
    application = _application(application_id)
    if application:
        keeping.expire_draft(application=application, now=timezone.now())


@job("applicants.erase")
def erase(application_id: int) -> None:
    application = _application(application_id)
    if application:
        erasing.erase_application(application=application, now=timezone.now())


@job("applicants.work_on_bulk_run")
def work_on_bulk_run(run_id: int) -> None:
    bulk.work_on_bulk_run(run_id=run_id, now=timezone.now())
