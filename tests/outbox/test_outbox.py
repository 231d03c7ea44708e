"""Mail: queued with its reason, sent once, kept when it fails, never guessed about."""

import contextlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from credpoints.accounts.models import User
from credpoints.jobs import actions as jobs
from credpoints.jobs.models import Job
from credpoints.outbox import actions as outbox
from credpoints.outbox.models import MessageState, OutboxMessage
from tests.modules.factories import make_enrolment
from tests.people import World

REFUSES = "tests.outbox.test_outbox.Refuses"


class Refuses:
    """A mail server that says no."""

    def __init__(self, *args: object, **kwargs: object) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        raise OSError("mailbox unavailable")


def letter(to: User) -> outbox.Letter:
    return outbox.Letter(
        to=to.email, language=to.language, subject="Ihr Platz", body="Guten Tag\n\nhttps://a.example/\n"
    )


def queue(to: User, **facts: object) -> OutboxMessage:
    with transaction.atomic():
        return outbox.queue("test/mail", to=to, letter=letter(to), **facts)


def test_a_mail_is_written_with_its_reason_and_undone_with_it(world: World) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        queue(world.rana)
        raise ZeroDivisionError

    assert (OutboxMessage.objects.count(), Job.objects.count()) == (0, 0)


def test_a_mail_is_sent_once_with_text_and_links(world: World, run_jobs) -> None:
    message = queue(world.rana)

    run_jobs()
    outbox.deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts, len(mail.outbox)) == (MessageState.SENT, 1, 1)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == (["rana@example.org"], "Ihr Platz", message.body)
    assert '<a href="https://a.example/"' in sent.alternatives[0].content


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\u2028", "\x0b"])
def test_a_name_with_a_line_ending_stays_in_the_subject(world: World, run_jobs, ending: str) -> None:
    subject = f"Rana{ending}Bcc: stranger@elsewhere.example"
    forged = outbox.Letter(to=world.rana.email, language="de", subject=subject, body="Guten Tag")

    with transaction.atomic():
        outbox.queue("test/mail", to=world.rana, letter=forged)
    run_jobs()

    assert [(sent.subject, sent.recipients()) for sent in mail.outbox] == [
        ("Rana Bcc: stranger@elsewhere.example", [world.rana.email])
    ]


def test_the_same_key_sends_one_mail_for_ever(world: World, run_jobs) -> None:
    first, second = queue(world.rana, key="seat:7"), queue(world.rana, key="seat:7")

    run_jobs()

    assert (first.pk, len(mail.outbox)) == (second.pk, 1)


def test_mail_reads_in_the_language_and_zone_of_its_reader(world: World, settings, tmp_path) -> None:
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "words.txt").write_text(
        "{% translate 'Page not found' %}\n\n{{ person.name }} {% now 'T' %} {{ base_url }}\n"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    german, english = outbox.write("test/words", to=world.rana), outbox.write("test/words", to=world.yusuf)

    assert (german.subject, english.subject) == ("Seite nicht gefunden", "Page not found")
    assert german.body.startswith("Rana Al-Khatib CE")
    assert english.body.startswith("Yusuf Demir +03")


def test_a_failing_server_is_asked_again_and_then_shown_to_staff(world: World, settings) -> None:
    settings.EMAIL_BACKEND = REFUSES
    message = queue(world.rana)

    for attempt in range(1, 7):
        Job.objects.update(available_at=timezone.now())
        jobs.run_waiting(limit=1)
        message.refresh_from_db()
        expected = MessageState.QUEUED if attempt < 6 else MessageState.FAILED
        assert (message.state, message.attempts, "mailbox unavailable" in message.error) == (expected, attempt, True)


def test_a_worker_that_died_while_sending_leaves_the_question_to_a_person(world: World, run_jobs) -> None:
    message = queue(world.rana)
    OutboxMessage.objects.filter(pk=message.pk).update(state=MessageState.SENDING)

    run_jobs()

    message.refresh_from_db()
    assert (message.state, len(mail.outbox)) == (MessageState.UNCERTAIN, 0)


def test_staff_send_again_and_history_tells(world: World, run_jobs) -> None:
    message = queue(world.rana, programme_id=world.programme.pk)
    run_jobs()

    outbox.resend(message=message, by=world.vogel)
    run_jobs()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(mail.outbox)) == (MessageState.SENT, 2, 2)


def test_a_mail_on_its_way_is_not_sent_a_second_time(world: World, run_jobs) -> None:
    message = queue(world.rana, programme_id=world.programme.pk)

    outbox.resend(message=message, by=world.vogel)
    run_jobs()

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("demo", "kept"), [(False, ""), (True, "Guten Tag\n\nhttps://a.example/\n")])
def test_a_secret_is_erased_after_sending_and_only_the_demo_keeps_it(
    world: World, run_jobs, settings, demo: bool, kept: str
) -> None:
    settings.DEMO = demo
    message = queue(world.rana, secret=True)

    run_jobs()

    message.refresh_from_db()
    assert (message.state, message.body, "Guten Tag" in mail.outbox[0].body) == (MessageState.SENT, kept, True)


def test_who_sees_a_mail(world: World) -> None:
    queue(world.rana, programme_id=world.programme.pk)
    seen = {
        name: OutboxMessage.objects.visible_to(world.user(name)).count()
        for name in ("anonymous", "rana", "yusuf", "vogel", "petersen", "lorenz", "other_admin")
    }

    assert seen == {"anonymous": 0, "rana": 1, "yusuf": 0, "vogel": 1, "petersen": 1, "lorenz": 0, "other_admin": 0}


def test_no_mail_is_written_as_html() -> None:
    """A mail is plain text: “R&D” and “O'Neill” stand in it as they are."""
    letters = [
        path for path in Path(settings.BASE_DIR, "templates").glob("*/email/*.txt") if "subject" not in path.name
    ]

    assert letters
    assert [path.name for path in letters if "autoescape off" not in path.read_text()] == []


def test_every_mail_closes_with_who_writes(world: World) -> None:
    letter = outbox.write("modules/email/enrolment", to=world.rana.person, enrolment=make_enrolment(world))

    assert letter.body.endswith(f"Credit Points\n{settings.BASE_URL}\n")


def test_every_address_in_a_mail_about_the_account_is_whole(world: World, client: Client) -> None:
    """Whoever reads it is not on our pages: /accounts/login/ alone leads nowhere."""
    client.post("/accounts/signup/", {"email": world.rana.email})
    Client().post("/accounts/login/code/", {"email": "nobody@example.org"})

    bodies = list(OutboxMessage.objects.values_list("body", flat=True))

    assert len(bodies) == 2
    assert all(f"Credit Points\n{settings.BASE_URL}" in body for body in bodies)
    assert any(f"{settings.BASE_URL}/accounts/login/" in body for body in bodies)
    assert not any(line.startswith("/") for body in bodies for line in body.splitlines())
