"""Withdrawal of many, and certificates that expire."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from certificates import actions, signing, verifying
from certificates.models import Certificate, NumberRegister, State, StatusList
from credpoints.jobs.models import Job
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers
from tests.people import World


def withdraw(client, numbers: str, **changes):
    facts = {"numbers": numbers, "public_reason": "Fehler im Modul.", "internal_reason": "Akte 7", "mail": "on"}
    return client.post("/certificates/revoke/", {**facts, **changes})


def test_a_rule_of_the_programme_ends_certificates_in_time(world: World, sign_in) -> None:
    address = f"/certificates/rules/{world.programme.slug}/"
    client = sign_in(world.petersen)
    refused = client.post(address, {"attendance_share": "75", "valid_months": "0"})
    client.post(address, {"attendance_share": "75", "valid_months": "6"})
    world.programme.refresh_from_db()

    with time_machine.travel("2027-08-31 10:00+02:00", tick=False):
        limited = makers.issued(world)
        sign_in(world.petersen).post(address, {"attendance_share": "75", "valid_months": ""})
        world.programme.refresh_from_db()
        endless = makers.issued(world)

    assert refused.status_code == 422
    assert limited.valid_until == date(2028, 2, 29)
    assert '"validUntil": "2028-02-29T23:59:59Z"' in limited.credential
    assert (endless.valid_until, endless.content["valid_until"]) == (None, "")


def test_many_are_withdrawn_for_one_reason_after_one_look(world: World, sign_in) -> None:
    first, second, third = (makers.issued(world) for _place in range(3))
    client = sign_in(world.petersen)
    numbers = f"{first.number}\n{second.number.lower()}, CERT-1999-00001"

    look = withdraw(client, numbers)
    assert Certificate.objects.filter(state=State.REVOKED).count() == 0
    text = look.content.decode()
    done = withdraw(client, numbers, shown=look.context["plan"].fingerprint)

    states = [Certificate.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert (look.status_code, done.status_code) == (200, 302)
    assert "CERT-1999-00001" in text
    assert "Fehler im Modul." in text  # the mail, as it will be written
    assert states == [State.REVOKED, State.REVOKED, State.ISSUED]
    assert NumberRegister.objects.filter(status="revoked").count() == 2
    assert OutboxMessage.objects.filter(template="certificates/email/revoked").count() == 2
    assert signing.is_sound(StatusList.objects.get())


def test_only_what_was_shown_is_withdrawn(world: World, sign_in) -> None:
    first, second = makers.issued(world), makers.issued(world)
    client = sign_in(world.petersen)
    look = withdraw(client, first.number)

    answer = withdraw(client, f"{first.number} {second.number}", shown=look.context["plan"].fingerprint)

    assert answer.status_code == 200
    assert not Certificate.objects.filter(state=State.REVOKED).exists()


def test_all_or_none(world: World) -> None:
    valid, ended = makers.issued(world), makers.issued(world)
    actions.revoke_certificate(certificate=ended, by=world.petersen, public_reason="x", internal_reason="y")

    with pytest.raises(NoLongerPossible):
        actions.revoke_certificates(
            certificates=[valid, ended], by=world.petersen, public_reason="x", internal_reason="y"
        )

    valid.refresh_from_db()
    assert valid.state == State.ISSUED
    assert OutboxMessage.objects.filter(template="certificates/email/revoked").count() == 1


def test_foreign_numbers_are_left_alone(world: World, sign_in) -> None:
    certificate = makers.issued(world)

    answer = withdraw(sign_in(world.other_admin), certificate.number)

    assert answer.context["plan"].left_alone == [certificate.number]
    with pytest.raises(NotAllowed):
        actions.revoke_certificates(certificates=[certificate], by=world.vogel, public_reason="x", internal_reason="y")


def test_without_mail_nobody_is_mailed(world: World) -> None:
    certificate = makers.issued(world)

    actions.revoke_certificates(
        certificates=[certificate], by=world.petersen, public_reason="x", internal_reason="y", mail=False
    )

    assert not OutboxMessage.objects.filter(template="certificates/email/revoked").exists()


def test_the_holder_is_reminded_and_then_it_expires(world: World, run_jobs) -> None:
    last = timezone.localdate() + timedelta(days=90)
    certificate = makers.issued(world, valid_until=last.isoformat())

    run_jobs()
    assert not OutboxMessage.objects.filter(template="certificates/email/expires").exists()
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        run_jobs()
        run_jobs()
    certificate.refresh_from_db()
    assert certificate.state == State.ISSUED
    mail = OutboxMessage.objects.get(template="certificates/email/expires")
    assert str(last.year) in mail.body
    with time_machine.travel(timezone.now() + timedelta(days=92)):
        run_jobs()
        answer = verifying.by_code(certificate.code)

    certificate.refresh_from_db()
    assert certificate.state == State.EXPIRED
    assert answer.result == "expired"
    assert answer.shows_content


def test_the_last_day_is_a_valid_day(world: World) -> None:
    certificate = makers.issued(world, valid_until=date(2037, 3, 28).isoformat())

    with time_machine.travel("2037-03-28 22:30:00+00:00", tick=False):  # 23:30 in Berlin
        actions.expire_certificate(certificate_id=certificate.pk)
        certificate.refresh_from_db()
        on_the_day = certificate.state
    with time_machine.travel("2037-03-28 23:30:00+00:00", tick=False):  # half past midnight there
        actions.expire_certificate(certificate_id=certificate.pk)
        actions.expire_certificate(certificate_id=certificate.pk)
        certificate.refresh_from_db()

    assert (on_the_day, certificate.state) == (State.ISSUED, State.EXPIRED)


@pytest.mark.parametrize("the_job_has_run", [False, True])
def test_the_page_says_until_which_day_it_is_or_was_valid(
    client: Client, world: World, *, the_job_has_run: bool
) -> None:
    certificate = makers.issued(world, valid_until=date(2037, 3, 28).isoformat())
    before = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    with time_machine.travel("2037-03-30 10:00:00+00:00", tick=False):
        if the_job_has_run:
            actions.expire_certificate(certificate_id=certificate.pk)
        after = client.get(certificate.verify_path, HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert "It is valid until 28 March 2037." in before
    assert "Dieses Zertifikat ist echt, aber abgelaufen." in after
    assert "Es war gültig bis zum 28. März 2037." in after
    assert "30. März" not in after


def test_what_was_withdrawn_is_not_reminded_of_its_end(world: World, run_jobs) -> None:
    certificate = makers.issued(world, valid_until=(timezone.localdate() + timedelta(days=90)).isoformat())
    actions.revoke_certificate(certificate=certificate, by=world.petersen, public_reason="x", internal_reason="y")

    with time_machine.travel(timezone.now() + timedelta(days=95)):
        run_jobs()

    certificate.refresh_from_db()
    assert certificate.state == State.REVOKED
    assert not OutboxMessage.objects.filter(template="certificates/email/expires").exists()


def test_a_certificate_without_end_plans_nothing(world: World) -> None:
    makers.issued(world)

    assert not Job.objects.filter(name__in=["certificates.expire", "certificates.remind"]).exists()
