"""From the draft to the issued certificate: refusals next to successes."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection

from certificates import actions, signing
from certificates.models import Certificate, NumberRegister, State, StatusList
from certificates.status_list import bit
from credpoints.audit.models import AuditEvent
from credpoints.common.tokens import content_hash
from credpoints.jobs.models import Job
from credpoints.numbers.models import NumberSeries
from credpoints.outbox.models import OutboxMessage
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers
from tests.people import World, build_world


def approve(certificate: Certificate, by) -> None:
    actions.approve_certificate(certificate=certificate, by=by, content_hash=certificate.content_hash)


def test_two_people_approve_then_it_is_issued(world: World, run_jobs) -> None:
    certificate = makers.numbered(world)

    run_jobs()

    certificate.refresh_from_db()
    entry = NumberRegister.objects.get()
    assert certificate.state == State.ISSUED
    assert certificate.number == f"CERT-{certificate.issued_on.year}-00001"
    assert entry.status == "issued"
    assert entry.pdf_sha256 == certificate.pdf_sha256 == certificate.pdf.sha256
    assert content_hash(default_storage.open(certificate.pdf.path).read()) == certificate.pdf_sha256
    assert json.loads(certificate.credential)["credentialSubject"]["identifier"][0]["identityHash"] == "Rana Al-Khatib"
    mail = OutboxMessage.objects.get(template="certificates/email/issued")
    assert mail.to == world.rana.email
    assert str(certificate.uuid) in mail.body


def test_own_second_approval_is_refused(world: World) -> None:
    certificate = makers.approved_once(world)  # by Petersen

    with pytest.raises(NotAllowed):
        approve(certificate, world.petersen)

    approve(certificate, world.vogel)
    assert certificate.state == State.NUMBERED


def test_the_learner_approves_nothing(world: World) -> None:
    actions_certificate = makers.draft(world)
    actions_certificate.person = world.vogel.person
    actions_certificate.save()

    with pytest.raises(NotAllowed):
        actions.freeze_certificate(certificate=actions_certificate, by=world.vogel)

    actions.freeze_certificate(certificate=actions_certificate, by=world.aydin)
    with pytest.raises(NotAllowed):
        approve(actions_certificate, world.vogel)


def test_graders_alone_cannot_issue(world: World) -> None:
    certificate = makers.draft(world, grader_ids=[world.vogel.pk, world.aydin.pk])
    actions.freeze_certificate(certificate=certificate, by=world.petersen)
    approve(certificate, world.vogel)

    with pytest.raises(NotAllowed):
        approve(certificate, world.aydin)

    approve(certificate, world.petersen)
    assert certificate.state == State.NUMBERED


def test_approval_is_for_the_content_that_was_shown(world: World) -> None:
    certificate = makers.draft(world)
    actions.freeze_certificate(certificate=certificate, by=world.vogel)

    with pytest.raises(NoLongerPossible):
        actions.approve_certificate(certificate=certificate, by=world.petersen, content_hash="of another content")

    assert certificate.approvals.count() == 0


def test_incomplete_content_is_not_frozen(world: World) -> None:
    certificate = makers.draft(world, signatories=[])

    with pytest.raises(ValidationError, match=r"Signatories|Unterzeichnende"):
        actions.freeze_certificate(certificate=certificate, by=world.vogel)

    certificate.refresh_from_db()
    assert certificate.state == State.DRAFT


def test_open_results_are_not_frozen(world: World) -> None:
    certificate = makers.draft(world)
    certificate.checks = [{"key": "results_final", "ok": False, "detail": "EB-RT1"}]
    certificate.save()

    with pytest.raises(ValidationError, match="EB-RT1"):
        actions.freeze_certificate(certificate=certificate, by=world.vogel)


def test_reopening_voids_the_first_approval(world: World) -> None:
    certificate = makers.approved_once(world)

    actions.reopen_certificate(certificate=certificate, by=world.vogel, reason="Tippfehler")

    assert (certificate.state, certificate.first_approver, certificate.content_hash) == (State.DRAFT, None, "")


def test_rendering_twice_makes_one_file_and_one_mail(world: World, run_jobs) -> None:
    certificate = makers.issued(world)
    before = certificate.pdf_sha256

    actions.render_certificate(certificate_id=certificate.pk)
    run_jobs()

    certificate.refresh_from_db()
    assert certificate.pdf_sha256 == before
    assert OutboxMessage.objects.filter(template="certificates/email/issued").count() == 1


def test_a_document_that_cannot_be_made_keeps_its_number(world: World, run_jobs) -> None:
    # A private letter that no font has, where the check list does not look for letters.
    certificate = makers.draft(world, prerequisites={"de": "\U0010fffd", "en": "\U0010fffd"})
    actions.freeze_certificate(certificate=certificate, by=world.vogel)
    approve(certificate, world.vogel)
    approve(certificate, world.petersen)
    Job.objects.filter(name="certificates.render").update(max_attempts=1)

    run_jobs()

    certificate.refresh_from_db()
    assert certificate.state == State.RENDER_FAILED
    assert certificate.number
    assert "U+10FFFD" in certificate.render_error


def test_void_number_stays_in_the_register_and_the_next_one_follows(world: World) -> None:
    certificate = makers.numbered(world)
    actions.void_certificate(certificate=certificate, by=world.petersen, reason="falsche Person")
    second = makers.numbered(world)

    assert [(e.place, e.status) for e in NumberRegister.objects.order_by("place")] == [(1, "void"), (2, "given")]
    assert second.number.endswith("00002")


def test_withdrawal_sets_the_bit_and_tells_the_holder(world: World) -> None:
    certificate = makers.issued(world)
    other = makers.issued(world)

    actions.revoke_certificate(
        certificate=certificate, by=world.petersen, public_reason="Irrtümlich ausgestellt.", internal_reason="intern"
    )

    encoded = json.loads(StatusList.objects.get().document)["credentialSubject"]["encodedList"]
    assert bit(encoded, certificate.status_entry.index)
    assert not bit(encoded, other.status_entry.index)
    assert NumberRegister.objects.get(number=certificate.number).status == "revoked"
    assert "Irrtümlich" in OutboxMessage.objects.get(template="certificates/email/revoked").body


def test_advisors_do_not_withdraw(world: World) -> None:
    certificate = makers.issued(world)

    with pytest.raises(NotAllowed):
        actions.revoke_certificate(certificate=certificate, by=world.vogel, public_reason="x", internal_reason="y")


def test_replacement_gets_a_new_number_and_ends_the_old_one(world: World, run_jobs) -> None:
    old = makers.issued(world)
    content = {**old.content, "holder": {**old.content["holder"], "name": "Rana Berger"}}

    new = actions.begin_replacement(certificate=old, content=content, by=world.petersen, reason="Namensänderung")
    old.refresh_from_db()
    assert old.state == State.ISSUED
    actions.freeze_certificate(certificate=new, by=world.petersen)
    approve(new, world.petersen)
    approve(new, world.vogel)
    run_jobs()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == (State.REPLACED, State.ISSUED)
    assert new.number.endswith("00002")
    with pytest.raises(NoLongerPossible):
        actions.begin_replacement(certificate=old, content=content, by=world.petersen, reason="noch einmal")


def test_a_new_name_changes_no_issued_certificate(world: World) -> None:
    certificate = makers.issued(world)
    before = (certificate.content_hash, certificate.pdf_sha256)
    person = world.rana.person

    person.family_name = "Berger"
    person.save()

    certificate.refresh_from_db()
    assert (certificate.content_hash, certificate.pdf_sha256) == before
    assert certificate.holder_name == "Rana Al-Khatib"


def test_every_step_is_in_the_history(world: World) -> None:
    certificate = makers.issued(world)

    actions_of = AuditEvent.objects.about(certificate).values_list("action", flat=True)

    assert list(actions_of) == [
        "certificate.drafted",
        "certificate.freeze",
        "certificate.approve_first",
        "certificate.approve",
        "certificate.number",
        "certificate.begin_rendering",
        "certificate.issue",
    ]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_certificates_at_once_get_fifty_consecutive_numbers() -> None:
    world = build_world()
    signing.active_key(world.organisation, "Ed25519")
    waiting = [makers.approved_once(world) for _ in range(50)]

    def approve_last(certificate: Certificate) -> None:
        try:
            approve(certificate, world.vogel)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(approve_last, waiting))

    places = sorted(NumberRegister.objects.values_list("place", flat=True))
    assert places == list(range(1, 51))
    assert NumberSeries.objects.get().last == 50
    assert Certificate.objects.filter(state=State.NUMBERED).values("number").distinct().count() == 50
    assert Certificate.objects.values("status_entry").distinct().count() == 50


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_certificate_approved_by_many_at_once_gets_one_number() -> None:
    world = build_world()
    certificate = makers.approved_once(world)

    def approve_last(user) -> bool:
        try:
            approve(Certificate.objects.get(pk=certificate.pk), user)
        except (NoLongerPossible, NotAllowed):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(approve_last, [world.vogel, world.aydin] * 4))

    assert answers.count(True) == 1
    assert NumberRegister.objects.count() == 1
