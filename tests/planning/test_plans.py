"""One plan, shaped by two: what is signed is what was read, and exactly one version is agreed."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.audit.models import AuditEvent
from credpoints.organisations.presets import PRESETS
from credpoints.workflow import NoLongerPossible, NotAllowed
from modules.models import Enrolment
from planning import queries
from planning.actions import participations, plans
from planning.actions.plans import LineChanged, StaleVersion
from planning.board import board_of
from planning.contents import difference, hash_of
from planning.models import PlanItem, PlanVersion, PlanVersionState, ReasonCode
from planning.wording import difference_words
from tests.people import build_world
from tests.planning.makers import (
    MONDAY_TEN,
    agree,
    make_offering,
    make_participation,
    make_version,
    proposed_version,
)

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_accepted_applicant_takes_part_with_an_empty_plan(world) -> None:
    participation = make_participation(world)
    again = participations.open_participation(application=participation.application, by=None)

    hours = [choice.weekly_hours for choice in participation.term_choices.all()]
    assert (again.pk, participation.advisor, hours) == (participation.pk, world.vogel, [Decimal(15), Decimal(15)])
    assert [p.party for p in participation.plan.parties.all()] == ["participant", "advisor"]


def test_both_sign_and_the_plan_is_agreed_and_enrolled(world, run_jobs) -> None:
    version = make_version(world)
    plans.add_line(version=version, by=world.rana, offering=make_offering(world), kind="subject")
    plans.propose(version=version, by=world.vogel)

    plans.sign(version=version, by=world.rana, seen_hash=version.content_hash)
    assert version.state == PlanVersionState.PARTLY_SIGNED
    plans.sign(version=version, by=world.vogel, seen_hash=version.content_hash)
    run_jobs()
    version.refresh_from_db()

    assert (version.state, hash_of(version.agreed_content)) == ("agreed", version.content_hash)
    assert [(e.person, e.state) for e in Enrolment.objects.all()] == [(world.rana.person, "enrolled")]
    assert version.document.media_type == "application/pdf"


def test_full_course_is_noted_and_stops_nothing(world) -> None:
    offering = make_offering(world, places=0)
    offering.waiting_list_max = 0
    offering.save()
    version = make_version(world)
    plans.add_line(version=version, by=world.vogel, offering=offering, kind="subject")
    plans.propose(version=version, by=world.vogel)

    agree(world, version)

    assert version.state == PlanVersionState.AGREED
    # The advisor sees that somebody has to find another place, until there is one.
    waiting = [todo for todo in queries.todos(world.vogel) if todo.url == version.get_absolute_url()]
    assert [version.items.last().title in todo.title for todo in waiting] == [True]


def test_edit_after_proposal_voids_signatures_and_a_stale_hash_is_refused(world) -> None:
    version = proposed_version(world)
    seen = version.content_hash
    plans.sign(version=version, by=world.rana, seen_hash=seen)

    plans.edit_again(version=version, by=world.vogel)
    plans.change_line(item=version.items.first(), by=world.vogel, hours=Decimal(120))
    plans.propose(version=version, by=world.vogel)

    assert version.signatures.filter(voided_at=None).count() == 0
    with pytest.raises(StaleVersion):
        plans.sign(version=version, by=world.rana, seen_hash=seen)


def test_a_scan_of_an_older_content_is_refused_and_a_refusal_voids_what_was_signed(world) -> None:
    world.programme.settings = {"planning": {"parties": ["participant", "company"]}}
    world.programme.save()
    version = proposed_version(world)
    old, company = version.content_hash, version.plan.parties.get(party="company")
    plans.sign(version=version, by=world.rana, seen_hash=old)
    plans.refuse(version=version, by=world.rana, reason="doch nicht", tell=False)
    after_refusal = version.signatures.filter(voided_at=None).count()
    plans.edit_again(version=version, by=world.rana)
    plans.change_line(item=version.items.first(), by=world.rana, hours=Decimal(90))
    plans.propose(version=version, by=world.rana)
    scan = {"party": company, "name": "Frau Stromwerk", "position": "Ausbildung", "by": world.vogel}

    with pytest.raises(plans.StaleVersion):
        plans.record_scanned_signature(version=version, scan=SimpleUploadedFile("scan.pdf", PDF), seen_hash=old, **scan)

    assert (after_refusal, version.signatures.filter(voided_at=None).count()) == (0, 0)
    plans.record_scanned_signature(
        version=version, scan=SimpleUploadedFile("scan.pdf", PDF), seen_hash=version.content_hash, **scan
    )
    assert version.signatures.get(voided_at=None).method == "scanned"


def test_stale_page_shows_the_difference(world, sign_in) -> None:
    version = proposed_version(world)
    seen = version.content_hash
    plans.edit_again(version=version, by=world.vogel)
    plans.change_line(item=version.items.first(), by=world.vogel, hours=Decimal(120))
    plans.propose(version=version, by=world.vogel)

    answer = sign_in(world.rana).post(reverse("planning:sign", args=[version.uuid]), {"seen": seen})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>150</del>" in text
    assert "<ins>120</ins>" in text
    assert version.signatures.count() == 0


def test_nobody_signs_for_two_sides_or_twice(world) -> None:
    version = proposed_version(world)
    plans.sign(version=version, by=world.vogel, seen_hash=version.content_hash)

    with pytest.raises(NoLongerPossible):
        plans.sign(version=version, by=world.vogel, seen_hash=version.content_hash)
    with pytest.raises(NoLongerPossible):
        plans.sign(version=version, by=world.aydin, seen_hash=version.content_hash)
    with pytest.raises(NotAllowed):
        plans.sign(version=version, by=world.petersen, seen_hash=version.content_hash)


def test_parties_sign_in_their_order(world) -> None:
    world.programme.settings = {"planning": {"parties": ["participant", "home", "host"], "signing_order": "fixed"}}
    world.programme.save()
    version = proposed_version(world)
    for party, user in (("home", world.petersen), ("host", world.teacher)):
        plans.name_signer(party=version.plan.parties.get(party=party), by=world.vogel, signer=user, name=user.name,
                          role_name="Koordination")  # fmt: skip

    with pytest.raises(NoLongerPossible):
        plans.sign(version=version, by=world.petersen, seen_hash=version.content_hash)
    for user in (world.rana, world.petersen, world.teacher):
        plans.sign(version=version, by=user, seen_hash=version.content_hash)

    assert version.state == PlanVersionState.AGREED


def test_a_coordinator_of_both_partners_signs_for_one_of_them(world) -> None:
    world.programme.settings = PRESETS["partner_catalogue"].settings
    world.programme.save()
    for user in (world.petersen, world.teacher):
        grant_role(
            user=user, role=Role.COORDINATOR, scope_kind=ScopeKind.PROGRAMME, scope_id=world.programme.pk, by=None
        )
    version = proposed_version(world)
    plans.sign(version=version, by=world.rana, seen_hash=version.content_hash)
    plans.sign(version=version, by=User.objects.get(pk=world.petersen.pk), seen_hash=version.content_hash)

    with pytest.raises(NoLongerPossible):
        plans.sign(version=version, by=User.objects.get(pk=world.petersen.pk), seen_hash=version.content_hash)
    plans.sign(version=version, by=User.objects.get(pk=world.teacher.pk), seen_hash=version.content_hash)

    assert version.state == PlanVersionState.AGREED


def test_change_after_agreement_is_a_new_version_with_a_reason(world) -> None:
    offering = make_offering(world)
    first = make_version(world)
    plans.add_line(version=first, by=world.vogel, offering=offering, kind="subject")
    plans.propose(version=first, by=world.vogel)
    agree(world, first)
    plan = first.plan

    with pytest.raises(ValidationError):
        plans.begin_version(plan=plan, by=world.rana)
    second = plans.begin_version(plan=plan, by=world.rana, reason_code="circumstances", reason="Kinderbetreuung")
    with pytest.raises(ValidationError):
        plans.drop_line(item=second.items.get(offering=offering), by=world.rana)
    plans.drop_line(item=second.items.get(offering=offering), by=world.rana, reason_code="timetable-conflict")
    plans.propose(version=second, by=world.rana)
    assert PlanVersion.objects.get(state="agreed") == first
    agree(world, second)
    first.refresh_from_db()

    assert (first.state, second.number, second.state) == ("superseded", 2, "agreed")
    assert len(first.content()["lines"]) == 3
    assert [e.state for e in Enrolment.objects.all()] == ["withdrawn"]
    found = difference(first.content(), second.content())
    words = difference_words(found).lines
    assert [line.change for line in found.changed_lines] == ["deleted"]
    assert [field.after for line in words for field in line.fields] == [str(ReasonCode.TIMETABLE.label)]


def test_line_of_an_agreed_plan_goes_only_with_a_reason(world, sign_in) -> None:
    first = agree(world, proposed_version(world))
    second = plans.begin_version(plan=first.plan, by=world.rana, reason_code="other", reason="Neu")
    item, client = second.items.first(), sign_in(world.rana)
    address = reverse("planning:drop_line", args=[item.pk])

    asked = client.post(address)
    by_htmx = client.post(address, headers={"HX-Request": "true"})
    refused = client.post(address, {"reason_code": ""})
    left = second.items.count()
    client.post(address, {"reason_code": "not-available"})
    second.refresh_from_db()

    assert (asked.status_code, by_htmx.headers["HX-Redirect"], refused.status_code, left) == (200, address, 422, 2)
    assert (second.items.count(), [row["reason"] for row in second.dropped]) == (1, ["not-available"])
    changed = client.post(reverse("planning:change_line", args=[second.items.get().pk]),
                          {"kind": "subject", "title": "x", "hours": "1", "credits": "1"})  # fmt: skip
    assert changed.status_code == 422  # the reason is missing


def test_withdrawn_proposal_leaves_the_agreed_one_in_force(world) -> None:
    first = agree(world, proposed_version(world))
    second = plans.begin_version(plan=first.plan, by=world.rana, reason_code="other", reason="Versuch")
    plans.propose(version=second, by=world.rana)

    with pytest.raises(NotAllowed):
        plans.withdraw_version(version=second, by=world.vogel)
    plans.withdraw_version(version=second, by=world.rana)

    assert (second.state, PlanVersion.objects.get(state="agreed")) == ("withdrawn", first)


def test_proposed_lines_do_not_change(world) -> None:
    version = proposed_version(world)
    item = version.items.first()

    with pytest.raises(NoLongerPossible):
        plans.change_line(item=item, by=world.rana, hours=Decimal(1))
    with pytest.raises(NoLongerPossible):
        plans.add_line(version=version, by=world.rana, title="Neu", kind="other")


def test_line_changed_by_somebody_else_keeps_what_was_typed(world, sign_in) -> None:
    version = make_version(world)
    item = version.items.first()
    seen = plans.fingerprint(item)
    plans.change_line(item=item, by=world.vogel, hours=Decimal(120))

    with pytest.raises(LineChanged):
        plans.change_line(item=item, by=world.rana, seen=seen, hours=Decimal(90))
    typed = {"kind": "subject", "title": "Getippter Titel", "hours": "90", "credits": "5", "seen": seen}
    answer = sign_in(world.rana).post(reverse("planning:change_line", args=[item.pk]), typed)

    assert answer.status_code == 409
    assert "Getippter Titel" in answer.content.decode()
    assert PlanItem.objects.get(pk=item.pk).hours == Decimal(120)


def test_numbers_of_a_line_are_read_and_written_in_local_form(world, sign_in) -> None:
    item = make_version(world).items.first()
    client, address = sign_in(world.rana), reverse("planning:change_line", args=[item.pk])
    typed = {"kind": "subject", "title": "Regelung", "hours": "112,5", "credits": "3.75", "fee": "37,50"}

    before = client.get(address).content.decode()
    client.post(address, typed)
    after = client.get(address).content.decode()
    item.refresh_from_db()

    assert (item.hours, item.credits, item.fee) == (Decimal("112.5"), Decimal("3.75"), Decimal("37.5"))
    assert 'value="150"' in before
    assert all(f'value="{number}"' in after for number in ("112,5", "3,75", "37,5"))


def test_stranger_cannot_edit_or_comment(world) -> None:
    version = make_version(world)

    for user in (world.yusuf, world.petersen, world.other_advisor):
        with pytest.raises(PermissionDenied):
            plans.add_line(version=version, by=user, title="Neu", kind="other")
    with pytest.raises(PermissionDenied):
        plans.comment(version=version, by=world.yusuf, text="Hallo")


def test_page_hears_what_others_did_and_not_what_oneself_did(world, sign_in) -> None:
    version = make_version(world)
    seen = AuditEvent.objects.about(version).count()
    plans.add_line(version=version, by=world.vogel, title="Technical English", kind="english", term=world.winter)
    address = f"{reverse('planning:plan_news', args=[version.uuid])}?seen={seen}"

    heard = sign_in(world.rana).get(address)
    own = sign_in(world.vogel).get(address)
    nonsense = sign_in(world.rana).get(f"{address}x")

    assert ("Technical English" in heard.content.decode(), own.status_code, nonsense.status_code) == (True, 204, 204)


def test_database_keeps_one_agreed_and_one_open_version(world) -> None:
    version = agree(world, proposed_version(world))

    with pytest.raises(IntegrityError), transaction.atomic():
        PlanVersion.objects.create(plan=version.plan, number=7, state="agreed", agreed_at=MONDAY_TEN,
                                   agreed_content={}, content_hash="x")  # fmt: skip


def test_sums_of_the_story(world) -> None:
    version = make_version(world)
    for term, title, kind, hours, credits in (
        (world.winter, "Deutsch", "german", 120, 4), (world.winter, "Mentoring", "mentoring", 20, 0),
        (world.summer, "Praxisphase", "practice", 120, 4), (world.summer, "Mentoring", "mentoring", 20, 0),
    ):  # fmt: skip
        plans.add_line(version=version, by=world.vogel, title=title, kind=kind, term=term, hours=Decimal(hours),
                       credits=Decimal(credits))  # fmt: skip

    board = board_of(version)
    assert [(c.load.weekly, c.load.level) for c in board.columns] == [(Decimal("14.5"), "within")] * 2
    assert board.sums.credits == Decimal(18)

    plans.add_line(version=version, by=world.rana, title="Technical English", kind="english", term=world.winter,
                   hours=Decimal(90), credits=Decimal(3))  # fmt: skip
    winter = board_of(version).columns[0].load
    assert (winter.weekly, winter.above) == (Decimal("19.0"), Decimal("4.0"))


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_hash_does_not_depend_on_the_order(content) -> None:
    assert hash_of(content) == hash_of(dict(reversed(list(content.items()))))


STEPS = ("edit", "propose", "sign_rana", "sign_vogel", "refuse", "withdraw", "edit_again", "begin", "sign_stale")


@pytest.mark.django_db(transaction=True)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=14))
def test_any_sequence_of_edits_and_signatures_keeps_one_agreed_version_as_signed(steps) -> None:
    with transaction.atomic():
        world = build_world()
        version = make_version(world)
        stale = "0" * 64
        for step in steps:
            version = version.plan.versions.order_by("-number").first()
            try:
                with transaction.atomic():
                    _play(world, version, step, stale)
            except (NoLongerPossible, StaleVersion, PermissionDenied, ValidationError):
                pass
            stale = version.content_hash or stale
            _check_i6(version)
        transaction.set_rollback(True)


def _play(world, version: PlanVersion, step: str, stale: str) -> None:
    if step == "edit":
        plans.change_line(item=version.items.first(), by=world.rana, hours=version.items.first().hours + 1)
    elif step == "begin":
        plans.begin_version(plan=version.plan, by=world.rana, reason_code="other", reason="neu")
    elif step == "refuse":
        plans.refuse(version=version, by=world.rana, reason="bitte anders")
    elif step in {"propose", "edit_again"}:
        getattr(plans, step)(version=version, by=world.vogel)
    elif step == "withdraw":
        plans.withdraw_version(version=version, by=world.vogel)
    else:
        signer = world.vogel if step == "sign_vogel" else world.rana
        plans.sign(version=version, by=signer, seen_hash=stale if step == "sign_stale" else version.content_hash)


def _check_i6(version: PlanVersion) -> None:
    agreed = [v for v in version.plan.versions.all() if v.state == "agreed"]
    assert len(agreed) <= 1
    for found in version.plan.versions.filter(state__in=["agreed", "superseded"]):
        assert hash_of(found.agreed_content) == found.content_hash
        signed = found.signatures.filter(voided_at=None)
        assert {s.content_hash for s in signed} == {found.content_hash}
        assert signed.count() == 2


@pytest.mark.parametrize("count", [1, 3, 30])
def test_board_asks_the_database_as_often_for_any_number_of_lines(world, sign_in, django_assert_num_queries, count):
    version = make_version(world)
    for number in range(count):
        plans.add_line(version=version, by=world.vogel, title=f"Zeile {number}", kind="other", term=world.winter)
    client = sign_in(world.rana)
    url = reverse("planning:plan_version", args=[version.uuid])
    client.get(url)

    with django_assert_num_queries(BOARD_QUERIES):
        client.get(url)


BOARD_QUERIES = 19
