"""What certificates hear from below: one action each."""

from typing import Any

from django.dispatch import receiver

from certificates import actions
from modules.models import Result
from modules.signals import result_final
from planning.models import Placement
from planning.signals import practice_confirmed, practice_set_aside


@receiver(result_final, dispatch_uid="certificates.result_final")
def prepare_certificate(*, result: Result, **_rest: Any) -> None:
    """The last final result of a plan prepares the certificate."""
    enrolment = result.enrolment
    actions.collect_when_ready(person=enrolment.person, programme_id=enrolment.programme_id, by=None)


@receiver([practice_confirmed, practice_set_aside], dispatch_uid="certificates.practice")
def follow_practice(*, placement: Placement, **_rest: Any) -> None:
    """Drafts say the hours that the company has confirmed."""
    actions.refresh_drafts(participation=placement.participation)
