"""When an application is erased nothing of what its talks said is left, and the name goes too."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps

from applicants import actions
from applicants.models import Application
from credpoints.accounts.models import User
from planning.models import Appointment, CalendarFeed, ConsultationRecord, Finding, FollowUp
from tests.applicants.make import NOW, make_consulted
from tests.people import World, make_user
from tests.planning.makers import MONDAY_TEN, make_hours, make_participation, make_talk, make_type

pytestmark = pytest.mark.django_db


def talk_about(world: World, application: Application, user: User) -> Appointment:
    """A talk with everything that can be noted about somebody."""
    kind = make_type(world.programme, modes=["phone"])
    make_hours(world.vogel, world.programme)
    talk = Appointment.objects.create(
        type=kind, programme=world.programme, advisor=world.vogel, person=user.person, application=application,
        state="completed", booked_at=NOW, starts_at=MONDAY_TEN, ends_at=MONDAY_TEN + timedelta(minutes=45),
        claim_begins=MONDAY_TEN, claim_ends=MONDAY_TEN + timedelta(hours=1), mode="phone", phone="0170 Seltenname",
        note="Seltenname", reason="Seltenname", answers=[{"question": {"de": "Was?"}, "answer": "Seltenname"}],
    )  # fmt: skip
    record = ConsultationRecord.objects.create(
        appointment=talk, topics={"goals": {"text": "Seltenname", "source": "talk"}}, internal_note="Seltenname",
        shared_summary="Seltenname", shared_at=NOW, person_comment="Seltenname",
    )  # fmt: skip
    Finding.objects.create(record=record, person=user.person, kind="goal", text="Seltenname")
    FollowUp.objects.create(record=record, text="Seltenname")
    CalendarFeed.objects.create(user=user, token_hash="x" * 64)
    return talk


def everything_kept() -> str:
    return "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values_list())


def test_nothing_of_a_rejected_person_with_a_talk_is_left(world: World, run_jobs, sign_in) -> None:
    with time_machine.travel(NOW, tick=False):
        user = make_user("zubaida.seltenname@example.org", "Zubaida", "Seltenname")
        application = make_consulted(world, user, given_name="Zubaida", family_name="Seltenname", native_name="")
        talk = talk_about(world, application, user)
        actions.reject_application(application=application, by=world.vogel, reason="Kein Platz.", now=NOW)

    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    kept = everything_kept()
    assert [word for word in ("Seltenname", "seltenname", "Zubaida") if word in kept] == []
    talk.refresh_from_db()
    assert (talk.state, talk.starts_at, User.objects.get(pk=user.pk).is_active) == ("completed", MONDAY_TEN, False)
    assert sign_in(world.vogel).get(talk.get_absolute_url(), follow=True).status_code == 200


def test_a_talk_about_another_application_keeps_name_and_notes(world: World, run_jobs) -> None:
    with time_machine.travel(NOW, tick=False):
        application = make_consulted(world, world.yusuf)
        actions.reject_application(application=application, by=world.vogel, reason="Kein Platz.", now=NOW)
        talk = make_talk(world, world.yusuf, note="Bitte leise.")
    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    application.refresh_from_db()
    talk.refresh_from_db()
    assert (application.erased_at is not None, talk.note) == (True, "Bitte leise.")
    assert User.objects.get(pk=world.yusuf.pk).is_active


def test_somebody_who_takes_part_stays_known(world: World, run_jobs) -> None:
    with time_machine.travel(NOW, tick=False):
        old = make_consulted(world, world.yusuf)
        participation = make_participation(world)
        actions.reject_application(application=old, by=world.vogel, reason="Kein Platz.", now=NOW)
        Application.objects.filter(pk=old.pk).update(person=participation.person)
    with time_machine.travel(NOW + timedelta(days=182), tick=False):
        run_jobs()

    old.refresh_from_db()
    assert (old.erased_at is not None, User.objects.get(pk=world.rana.pk).is_active) == (True, True)
