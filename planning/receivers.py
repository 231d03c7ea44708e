"""What this room hears from the applicants' room: one action each."""

from typing import Any

from django.dispatch import receiver

from applicants.models import Application
from applicants.signals import application_accepted, application_withdrawn
from credpoints.accounts.models import User
from planning.actions import consultations, participations


@receiver(application_accepted)
def open_participation(application: Application, by: User | None, **_rest: Any) -> None:
    """An accepted applicant takes part."""
    participations.open_participation(application=application, by=by)


@receiver(application_withdrawn)
def free_talks(application: Application, by: User | None, **_rest: Any) -> None:
    """Booked consultations of a withdrawn application fall free."""
    consultations.withdraw_talks(application=application, by=by)
