"""Second opinions: for staff only, asked of a colleague, given once."""

import pytest
from django.urls import reverse

from applicants.actions.opinions import ask_opinion, give_opinion
from applicants.queries import todos
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.applicants.make import make_in_review
from tests.people import World

pytestmark = pytest.mark.django_db


def test_a_colleague_is_asked_and_answers_and_the_applicant_sees_nothing(world: World, sign_in) -> None:
    application = make_in_review(world)
    asker, colleague = sign_in(world.vogel), sign_in(world.aydin)

    asked = asker.post(
        reverse("applicants:opinion_ask", args=[application.uuid]),
        {"colleague_pk": str(world.aydin.pk), "question": "Reicht die Berufserfahrung?"},
    )
    assert asked.status_code == 302, asked.content.decode()
    mail = OutboxMessage.objects.get(recipient=world.aydin)
    assert "Reicht die Berufserfahrung?" in mail.body
    assert [todo.url for todo in todos(world.aydin)][-1] == f"{application.dossier_url}#opinions"
    incomplete = colleague.post(reverse("applicants:opinion_give", args=[application.uuid]), {"text": "Ja."})
    assert incomplete.status_code == 422
    colleague.post(
        reverse("applicants:opinion_give", args=[application.uuid]),
        {"recommendation": "yes", "text": "Auf jeden Fall einladen."},
    )

    assert "Auf jeden Fall einladen." in asker.get(application.dossier_url).content.decode()
    own = sign_in(world.rana).get(application.get_absolute_url()).content.decode()
    assert ("Auf jeden Fall" in own, "Reicht die Berufserfahrung" in own) == (False, False)
    assert f"{application.dossier_url}#opinions" not in [todo.url for todo in todos(world.aydin)]
    again = colleague.post(
        reverse("applicants:opinion_give", args=[application.uuid]), {"recommendation": "no", "text": "Doch nicht."}
    )
    assert again.status_code == 404


def test_nobody_but_the_colleague_gives_the_opinion_and_nobody_from_outside_is_asked(world: World, sign_in) -> None:
    application = make_in_review(world)
    opinion = ask_opinion(application=application, colleague=world.aydin, question="", by=world.vogel)

    for person in (world.vogel, world.petersen, world.rana, world.other_advisor):
        with pytest.raises(NotAllowed):
            give_opinion(opinion=opinion, recommendation="yes", text="x", by=person)
    for colleague in (world.vogel, world.rana, world.other_advisor):
        with pytest.raises(NotAllowed):
            ask_opinion(application=application, colleague=colleague, question="", by=world.vogel)
    with pytest.raises(NoLongerPossible):
        ask_opinion(application=application, colleague=world.aydin, question="?", by=world.petersen)
    forged = sign_in(world.vogel).post(
        reverse("applicants:opinion_ask", args=[application.uuid]), {"colleague_pk": str(world.other_advisor.pk)}
    )

    assert forged.status_code == 422
    assert application.opinions.count() == 1
