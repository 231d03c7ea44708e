"""Before anybody is mailed, people read to whom and what, and may take the tick out."""

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from credpoints.outbox.models import OutboxMessage
from planning.actions import consultations, plans, records
from planning.models import Appointment, PlanVersion
from tests.planning.makers import NOW, make_application, make_participation, make_talk, make_type, make_version

TUESDAY = "2027-07-13T09:00Z"


@pytest.fixture(autouse=True)
def _first_of_july():
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Asked:
    """A step that mails somebody: where it is asked, what is sent, to whom the mail goes, words of its text."""

    page: str
    sent_to: str
    data: dict[str, Any]
    reader: str
    words: str
    template: str
    by: str = "vogel"


def booked(world) -> Appointment:
    talk = make_talk(world)
    records.save_record(talk=talk, by=world.vogel, topics={}, shared_summary="Kurz", internal_note="")
    return talk


def requested(world) -> Appointment:
    return make_talk(world, kind=make_type(world.programme, needs_confirmation=True))


def of_talk(view: str, template: str, words: str, **data: Any) -> Any:
    def ask(world) -> Asked:
        address = reverse(f"planning:{view}", args=[booked(world).uuid])
        return Asked(address, address, data, "rana@example.org", words, template)

    return ask


def step(name: str, template: str, words: str, **data: Any) -> Any:
    def ask(world) -> Asked:
        address = reverse("planning:talk_step", args=[requested(world).uuid, name])
        return Asked(address, address, data, "rana@example.org", words, template)

    return ask


def hand_over(world) -> Asked:
    talk = booked(world)
    address = reverse("planning:substitute", args=[talk.uuid])
    return Asked(f"{address}?advisor={world.aydin.pk}", address, {"advisor": world.aydin.pk}, "rana@example.org",
                 "Murat Aydın", "talk_moved")  # fmt: skip


def propose(world) -> Asked:
    version = make_version(world)
    address = reverse("planning:plan_step", args=[version.uuid, "propose"])
    return Asked(version.get_absolute_url(), address, {}, "rana@example.org", "Katrin Vogel hat einen Plan",
                 "plan_proposed")  # fmt: skip


def comment(world) -> Asked:
    version = make_version(world)
    return Asked(version.get_absolute_url(), reverse("planning:comment", args=[version.uuid]), {"text": "ab Mai"},
                 "vogel@bht.example", "hat den Plan kommentiert", "plan_comment", by="rana")  # fmt: skip


def comment_on_a_line(world) -> Asked:
    version = make_version(world)
    key = version.items.first().key
    return Asked(f"{version.get_absolute_url()}?line={key}", reverse("planning:comment", args=[version.uuid]),
                 {"text": "ab Mai", "line_key": key}, "vogel@bht.example", "hat den Plan kommentiert", "plan_comment",
                 by="rana")  # fmt: skip


def refuse(world) -> Asked:
    version = make_version(world)
    plans.propose(version=version, by=world.vogel)
    address = reverse("planning:refuse", args=[version.uuid])
    return Asked(address, address, {"reason": "zu viel"}, "vogel@bht.example", "bittet um Änderungen",
                 "plan_comment", by="rana")  # fmt: skip


def exclude(world) -> Asked:
    participation = make_participation(world)
    address = reverse("planning:participation_step", args=[participation.uuid, "exclude"])
    return Asked(address, address, {"reason": "Abwesend"}, "rana@example.org", "wurde beendet",
                 "participation_ended", by="petersen")  # fmt: skip


STEPS = {
    "cancel": of_talk("cancel", "talk_cancelled", "abgesagt", reason="krank"),
    "hand over": hand_over,
    "share": of_talk("consultation", "summary_shared", "aufgeschrieben", shared_summary="Kurz", share="1"),
    "confirm": step("confirm", "talk_booked", "Ihr Gespräch"),
    "decline": step("decline", "talk_declined", "anderen Termin", reason="krank"),
    "propose": propose,
    "comment": comment,
    "comment on a line": comment_on_a_line,
    "refuse": refuse,
    "exclude": exclude,
}


@pytest.mark.parametrize("tell", [True, False])
@pytest.mark.parametrize("name", STEPS)
def test_step_shows_its_mail_and_sends_it_only_with_the_tick(world, sign_in, name: str, tell: bool) -> None:
    asked = STEPS[name](world)
    OutboxMessage.objects.all().delete()
    client = sign_in(world.user(asked.by))

    page = client.get(asked.page).content.decode()
    answer = client.post(asked.sent_to, asked.data | ({"tell": "1"} if tell else {}))

    assert 'name="tell"' in page
    assert asked.reader in page
    assert asked.words in page
    assert answer.status_code == 302
    mails = OutboxMessage.objects.filter(template=f"planning/email/{asked.template}")
    assert list(mails.values_list("to", flat=True)) == ([asked.reader] if tell else [])


@pytest.mark.parametrize("tell", [True, False])
def test_moved_talk_is_asked_about_with_its_new_time(world, sign_in, tell: bool) -> None:
    talk = make_talk(world)
    OutboxMessage.objects.all().delete()
    client, address = sign_in(world.vogel), reverse("planning:move", args=[talk.uuid])

    page = client.post(address, {"starts_at": TUESDAY}).content.decode()
    unmoved = Appointment.objects.get().sequence
    client.post(address, {"starts_at": TUESDAY, "confirmed": "1"} | ({"tell": "1"} if tell else {}))

    assert page.count("13. Juli 2027, 11:00") >= 2  # the change, and the mail about it
    assert (unmoved, Appointment.objects.get().sequence) == (0, 1)
    mails = OutboxMessage.objects.filter(template="planning/email/talk_moved")
    assert list(mails.values_list("to", flat=True)) == (["rana@example.org"] if tell else [])


@pytest.mark.parametrize("tell", [True, False])
def test_both_mails_of_a_booking_by_staff_are_read_before_it_is_made(world, sign_in, tell: bool) -> None:
    kind, application = make_type(world.programme), make_application(world.rana, world.programme)
    typed = {"person": application.pk, "kind": kind.pk, "advisor": world.vogel.pk, "day": "2027-07-13",
             "clock": "18:00", "mode": "onsite"}  # fmt: skip
    client, address = sign_in(world.petersen), reverse("planning:book_for")

    page = client.post(address, typed).content.decode()
    before = (Appointment.objects.count(), OutboxMessage.objects.count())
    client.post(address, typed | {"confirmed": "1"} | ({"tell": "1"} if tell else {}))

    both = ["rana@example.org", "vogel@bht.example"]
    assert before == (0, 0)
    assert [reader in page for reader in both] == [True, True]
    assert page.count("13. Juli 2027, 18:00") >= 3  # the check, and both mails
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == (both if tell else [])


@pytest.mark.parametrize("tell", [True, False])
def test_both_sides_of_a_new_mentoring_are_asked_about(world, sign_in, tell: bool) -> None:
    participation = make_participation(world)
    OutboxMessage.objects.all().delete()
    client, address = sign_in(world.petersen), reverse("planning:people", args=[participation.uuid])
    chosen = {"advisor": world.vogel.pk, "mentor": world.lorenz.pk}

    page = client.post(address, chosen).content.decode()
    participation.refresh_from_db()
    before = participation.mentor
    client.post(address, chosen | {"confirmed": "1"} | ({"tell": "1"} if tell else {}))
    participation.refresh_from_db()

    both = ["lorenz@bht.example", "rana@example.org"]
    assert [reader in page for reader in both] == [True, True]
    assert (before, participation.mentor) == (None, world.lorenz)
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == (both if tell else [])


def test_another_advisor_is_saved_at_once_because_nobody_is_mailed(world, sign_in) -> None:
    participation = make_participation(world)
    OutboxMessage.objects.all().delete()
    address = reverse("planning:people", args=[participation.uuid])

    answer = sign_in(world.petersen).post(address, {"advisor": world.aydin.pk, "mentor": ""})
    participation.refresh_from_db()

    assert (answer.status_code, participation.advisor) == (302, world.aydin)
    assert OutboxMessage.objects.count() == 0


def test_person_moves_the_own_talk_without_being_asked(world, sign_in) -> None:
    talk = make_talk(world)

    sign_in(world.rana).post(reverse("planning:move", args=[talk.uuid]), {"starts_at": TUESDAY})

    assert OutboxMessage.objects.filter(template="planning/email/talk_moved").count() == 1


def test_invitation_is_read_before_it_is_sent_again(world, sign_in) -> None:
    talk = make_talk(world)
    consultations.cancel_talk(talk=talk, by=world.vogel, reason="krank", tell=False)
    OutboxMessage.objects.all().delete()
    client, address = sign_in(world.vogel), reverse("planning:invite_again", args=[talk.uuid])

    page = client.get(address).content.decode()
    before = OutboxMessage.objects.count()
    client.post(address)

    mail = OutboxMessage.objects.get()
    assert (before, mail.to) == (0, "rana@example.org")
    assert mail.to in page
    assert reverse("planning:times", args=[talk.type_id]) in page


def test_nobody_else_to_mail_is_said_and_not_asked(world, sign_in) -> None:
    participation = make_participation(world)
    participation.advisor = None
    participation.save()
    version: PlanVersion = make_version(world, participation)

    page = sign_in(world.rana).get(version.get_absolute_url()).content.decode()

    assert 'name="tell"' not in page
