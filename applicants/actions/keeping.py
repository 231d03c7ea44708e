"""Keeping house: reminders for unsent drafts, drafts that end, and the day on which an application is deleted."""

from datetime import datetime, timedelta

from django.utils import timezone

from applicants.models import Application, State
from applicants.workflow import APPLICATION
from credpoints.jobs import actions as jobs
from credpoints.outbox import actions as outbox

REMIND_BEFORE = timedelta(days=3)
KEEP_DRAFTS = timedelta(days=30)
RETENTION_DAYS = 180


def plan_draft(application: Application) -> None:
    """Ring when a draft should be reminded and when it ends; programmes without deadline do neither."""
    close = application.programme.applications_close_at
    if close is None:
        return
    for name, due in (("remind", close - REMIND_BEFORE), ("expire", close + KEEP_DRAFTS)):
        jobs.enqueue(f"applicants.{name}", key=f"applicants.{name}:{application.pk}:{due:%Y%m%d%H%M}", at=due,
                     application_id=application.pk)  # fmt: skip


def draft_ends(application: Application) -> datetime | None:
    """When a draft that is never sent ends; None in programmes without deadline."""
    close = application.programme.applications_close_at
    return close + KEEP_DRAFTS if close else None


def plan_erasure(application: Application, *, now: datetime) -> None:
    """Set the day on which an ended application is deleted, and ring on it. Call inside the step that ends it."""
    days = int(application.programme.room_settings("applicants").get("retention_days", RETENTION_DAYS))
    application.delete_after = timezone.localdate(now) + timedelta(days=days)
    jobs.enqueue("applicants.erase", key=f"applicants.erase:{application.pk}:{application.delete_after}",
                 at=now + timedelta(days=days + 1), application_id=application.pk)  # fmt: skip


def remind_draft(*, application: Application, now: datetime) -> None:
    """Write once to somebody whose draft is not sent shortly before the deadline; a moved deadline moves this too."""
    close = application.programme.applications_close_at
    if application.state != State.DRAFT or close is None or now >= close:
        return
    if now < close - REMIND_BEFORE:
        plan_draft(application)
        return
    outbox.queue(
        "applicants/email/reminder",
        to=application.person,
        about=application,
        application=application,
        programme=application.programme,
        key=f"applicants.reminder:{application.pk}:{close:%Y%m%d}",
    )


def expire_draft(*, application: Application, now: datetime) -> None:
    """End a draft long after the deadline; its answers go after the retention time."""
    close = application.programme.applications_close_at
    if application.state != State.DRAFT or close is None:
        return
    if now < close + KEEP_DRAFTS:
        plan_draft(application)
        return
    with APPLICATION.take("expire", application, by=None) as locked:
        locked.moved_at = now
        plan_erasure(locked, now=now)
