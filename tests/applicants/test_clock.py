"""The promise to answer as a clock that staff see, and until when things are kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants import actions
from applicants.listing import clock
from applicants.models import Application
from tests.applicants.make import make_draft, make_in_review, make_submitted
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-10, "noch 10 Tage bis zur Antwort", ""),
        (-1, "noch 1 Tag bis zur Antwort", "warning"),
        (0, "Antwort heute fällig", "warning"),
        (2, "Antwort seit 2 Tagen überfällig", "bad"),
    ],
)
def test_the_list_and_the_dossier_show_how_the_promise_stands(
    world: World, sign_in, days: int, words: str, tone: str
) -> None:
    application = make_submitted(world)
    sent = timezone.now() - timedelta(days=application.programme.answer_within_days + days)
    Application.objects.update(submitted_at=sent)
    application.refresh_from_db()
    client = sign_in(world.vogel)

    shown = clock(application, now=timezone.now())

    assert shown is not None
    assert shown.tone == tone
    for address in (reverse("applicants:applications", args=[world.programme.slug]), application.dossier_url):
        assert words in client.get(address).content.decode()


def test_nobody_waits_for_an_answer_that_has_been_given(world: World) -> None:
    application = make_in_review(world)
    actions.reject_application(application=application, by=world.petersen, reason="Kein Platz.")
    application.refresh_from_db()

    assert clock(application, now=timezone.now()) is None


def test_both_sides_read_until_when_a_rejected_application_is_kept(world: World, sign_in) -> None:
    application = make_in_review(world)
    actions.reject_application(application=application, by=world.petersen, reason="Kein Platz.")

    for person, address in ((world.vogel, application.dossier_url), (world.rana, application.get_absolute_url())):
        assert "aufbewahrt und dann gelöscht" in sign_in(person).get(address).content.decode()


def test_a_draft_says_until_when_it_is_kept(world: World, sign_in) -> None:
    application = make_draft(world)

    page = sign_in(world.rana).get(application.get_absolute_url()).content.decode()

    assert "Nicht abgesendete Angaben bleiben bis" in page
