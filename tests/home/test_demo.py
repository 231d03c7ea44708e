"""The demonstration loads, and its people are in the middle of their work."""

from io import StringIO

import pytest
from django.core.management import call_command

from applicants.models import Application
from certificates.models import Certificate
from credpoints.jobs.models import Job
from credpoints.outbox.models import MessageState, OutboxMessage
from planning.models import Participation
from portfolios.models import Entry


@pytest.mark.django_db
def test_the_demo_loads_once_with_everybody_at_work() -> None:
    for _time in range(2):
        call_command("load_demo", stdout=StringIO())

    assert Application.objects.filter(submitted_at__isnull=False).count() > 10
    assert Participation.objects.running().count() == 1
    assert Certificate.objects.filter(completed_at__isnull=False).count() == 1
    assert Entry.objects.filter(portfolio__person__user__email="rana@demo.example").count() == 5
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert not Job.objects.filter(state="failed").exists()
