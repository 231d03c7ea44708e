"""The holder decides what a reader sees, and for how long."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from certificates import actions, throttle
from certificates.models import Certificate, ShareLink, VerificationLog
from tests.certificates import makers
from tests.people import World


@pytest.fixture
def certificate(world: World) -> Certificate:
    return makers.issued(world)


def page(token: str, language: str = "de") -> str:
    return Client().get(f"/shown/{token}/", HTTP_ACCEPT_LANGUAGE=language).content.decode()


@pytest.mark.parametrize(
    ("choice", "parts", "grades"),
    [
        ({"shows_parts": True, "shows_grades": True}, True, True),
        ({"shows_parts": True, "shows_grades": False}, True, False),
        ({"shows_parts": False, "shows_grades": False}, False, False),
        ({"shows_parts": False, "shows_grades": True}, False, False),  # grades stand with the parts
    ],
)
def test_a_link_shows_what_the_holder_chose(certificate: Certificate, choice: dict, parts: bool, grades: bool) -> None:
    text = page(makers.shared(certificate, **choice))

    assert "Dieses Zertifikat ist echt und gültig." in text
    assert certificate.holder_name in text
    assert ("Programmieren in Python" in text) is parts
    assert ("1,7" in text) is grades
    assert certificate.code not in text  # the code would show everything


def test_a_link_is_counted_and_nobody_is_noted(certificate: Certificate) -> None:
    token = makers.shared(certificate)

    page(token)
    page(token)

    assert ShareLink.objects.get().opens == 2
    assert list(VerificationLog.objects.values_list("way", "result")) == [("link", "valid")] * 2


def test_a_withdrawn_certificate_is_withdrawn_on_its_links_too(world: World, certificate: Certificate) -> None:
    token = makers.shared(certificate, shows_grades=False)
    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtum.", internal_reason="intern"
    )

    text = page(token)

    assert "widerrufen" in text
    assert "Irrtum." in text
    assert "1,7" not in text


def test_a_closed_link_and_one_that_has_run_out_show_nothing(world: World, certificate: Certificate) -> None:
    closed, old = makers.shared(certificate), makers.shared(certificate, days=7)
    actions.withdraw_link(link=ShareLink.objects.earliest("pk"), by=world.rana)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        answers = [Client().get(f"/shown/{token}/") for token in (closed, old, "invented")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not any(certificate.holder_name in answer.content.decode() for answer in answers)


def test_guessing_links_is_slowed_down(certificate: Certificate) -> None:
    token = makers.shared(certificate)

    for _guess in range(throttle.WRONG_ANSWERS):
        Client().get("/shown/invented/")

    assert Client().get(f"/shown/{token}/").status_code == 429


def test_only_the_holder_makes_and_closes_links(world: World, certificate: Certificate) -> None:
    makers.shared(certificate)

    with pytest.raises(PermissionDenied):
        actions.share_certificate(
            certificate=certificate,
            by=world.petersen,
            label="x",
            days=7,
            shows_parts=True,
            shows_grades=True,
            link_uuid=uuid.uuid4(),
        )
    with pytest.raises(PermissionDenied):
        actions.withdraw_link(link=ShareLink.objects.get(), by=world.petersen)


def test_the_form_sent_twice_makes_one_link_and_tells_its_address_once(
    world: World, sign_in, certificate: Certificate
) -> None:
    client = sign_in(world.rana)
    facts = {"link_uuid": str(uuid.uuid4()), "label": "Stromwerk", "days": "30", "shows_parts": "on"}

    client.post(f"/certificates/{certificate.uuid}/links/", facts)
    first = client.get(certificate.get_absolute_url()).content.decode()
    client.post(f"/certificates/{certificate.uuid}/links/", facts)
    second = client.get(certificate.get_absolute_url()).content.decode()

    link = ShareLink.objects.get()
    assert (link.shows_parts, link.shows_grades) == (True, False)
    assert "/shown/" in first
    assert "/shown/" not in second
    assert "Stromwerk" in second


def test_a_form_with_a_mistake_keeps_what_was_typed(world: World, sign_in, certificate: Certificate) -> None:
    facts = {"link_uuid": str(uuid.uuid4()), "label": "Stromwerk Brandenburg", "days": "9999"}

    response = sign_in(world.rana).post(f"/certificates/{certificate.uuid}/links/", facts)

    assert response.status_code == 422
    assert "Stromwerk Brandenburg" in response.content.decode()
    assert not ShareLink.objects.exists()
