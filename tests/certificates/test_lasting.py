"""The seal and the signing keys come to their end, and somebody is told before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from certificates import lasting_queries, pades, signing
from certificates.actions import lasting as actions
from certificates.actions import rotate_key, runs
from certificates.keys import ED25519, P256
from certificates.lasting import KEY_SERVES, SEAL_WARNINGS, Lasting
from certificates.models import SealCertificate, SigningKey
from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.outbox.models import OutboxMessage
from tests.certificates import makers
from tests.certificates.seals import House
from tests.people import World, make_user

pytestmark = pytest.mark.usefixtures("fresh_seal")
END = datetime(2028, 12, 27, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def house(world: World) -> World:
    """The awarding body has its keys, made two years minus a hundred days before the seal ends."""
    with time_machine.travel(END - timedelta(days=200), tick=False):
        for algorithm in (ED25519, P256):
            signing.active_key(world.organisation, algorithm)
    return world


@pytest.fixture
def seal(settings: Any, house: World) -> SealCertificate:
    """A seal that ends at noon on 27 December; the workers' own look at the files is another test's matter."""
    settings.SEAL_BACKEND = "somewhere else"
    return SealCertificate.objects.create(fingerprint="ab" * 32, name="Example University", ends_at=END)


def at(before_the_end: timedelta) -> Any:
    return time_machine.travel(END - before_the_end, tick=False)


def mails() -> list[tuple[str, str]]:
    found = OutboxMessage.objects.filter(template__startswith="certificates/email/").order_by("pk")
    return [(mail.to, mail.subject) for mail in found]


def titles(user: User) -> list[str]:
    return [str(todo.title) for todo in lasting_queries.todos(user)]


@given(left=st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=400)), later=st.integers(0, 10**7))
def test_a_warning_never_takes_itself_back(left: timedelta, later: int) -> None:
    first = Lasting(END, END - left, SEAL_WARNINGS)
    second = Lasting(END, END - left + timedelta(seconds=later), SEAL_WARNINGS)

    steps = [None, *SEAL_WARNINGS]
    assert steps.index(second.warning) >= steps.index(first.warning)
    assert first.has_ended == (first.warning == 0) == (first.tone == "bad")
    assert (first.warning is None) == (first.tone == "good") == (first.now <= first.warned_since)


@pytest.mark.parametrize("days", SEAL_WARNINGS)
def test_a_warning_begins_the_moment_after_its_days(days: int) -> None:
    before = {90: None, 30: 90, 7: 30, 0: 7}[days]
    edge = END - timedelta(days=days)

    assert Lasting(END, edge, SEAL_WARNINGS).warning == before
    assert Lasting(END, edge + MOMENT, SEAL_WARNINGS).warning == days


@pytest.mark.parametrize(
    ("left", "english", "german"),
    [
        (timedelta(days=800), "2 years more", "noch 2 Jahre"),
        (timedelta(days=90), "90 more days", "noch 90 Tage"),
        (timedelta(days=1), "1 more day", "noch 1 Tag"),
        (timedelta(hours=1), "ends today", "endet heute"),
        (-MOMENT, "has run out", "ist abgelaufen"),
    ],
)
def test_how_long_it_lasts_is_told_in_words(left: timedelta, english: str, german: str) -> None:
    lasting = Lasting(END, END - left, SEAL_WARNINGS)

    with translation.override("en"):
        assert lasting.left.replace("\xa0", " ") == english
    with translation.override("de"):
        assert lasting.left.replace("\xa0", " ") == german


def test_today_tells_the_keepers_of_keys_and_nobody_else(seal: SealCertificate, house: World) -> None:
    with translation.override("en"):
        with at(timedelta(days=90)):
            assert titles(house.petersen) == []
        with at(timedelta(days=90) - MOMENT):
            assert titles(house.petersen) == ["See to a new certificate for the seal on the PDF"]
            for other in (house.vogel, house.rana, house.other_admin):
                assert titles(other) == []
        with at(-MOMENT):
            (todo,) = lasting_queries.todos(house.petersen)
    assert todo.title == "The seal has run out: nothing can be issued"
    assert "stays as “could not be made” until a new one is in place" in str(todo.text)
    assert (todo.url, todo.person) == ("/certificates/keys/#seal", "Example University")
    assert todo.since == END - timedelta(days=90)


def test_today_shows_it_in_german_with_what_stands_still(seal: SealCertificate, house: World, sign_in: Any) -> None:
    with at(timedelta(days=-3)):
        text = sign_in(house.petersen).get("/today/").content.decode()

    assert "Das Siegel ist abgelaufen: Es kann nichts ausgestellt werden" in text
    assert "27. Dezember 2028" in text


def test_whoever_approves_reads_that_the_files_have_to_wait(seal: SealCertificate, house: World, sign_in: Any) -> None:
    certificate = makers.draft(house)
    run = runs.begin_run(programme=house.programme, kind="programme_individual", by=house.petersen)
    words = "Das Siegel ist am 27. Dezember 2028 abgelaufen."

    for address in (certificate.get_absolute_url(), run.get_absolute_url()):
        with at(MOMENT):
            assert words not in sign_in(house.vogel).get(address).content.decode()
        with at(-MOMENT):
            assert words in sign_in(house.vogel).get(address).content.decode()


def test_each_warning_is_mailed_once_however_often_the_job_runs(seal: SealCertificate, house: World) -> None:
    grant_role(user=house.yusuf, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.ORGANISATION,
               scope_id=house.organisation.pk, by=None)  # fmt: skip

    for days in (91, 90, 89, 88, 31, 29, 8, 6, 1, -1, -20):
        for _again in range(2):
            with at(timedelta(days=days)):
                actions.warn_before_the_end()

    german = "Das Siegel auf unseren Zertifikaten endet am 27. Dezember 2028"
    english = "The seal on our certificates ends on 27 December 2028"
    assert [subject for to, subject in mails() if to == house.petersen.email] == [
        german, german, german, "Das Siegel ist abgelaufen: Es kann kein Zertifikat ausgestellt werden"
    ]  # fmt: skip
    assert [subject for to, subject in mails() if to == house.yusuf.email] == [
        english, english, english, "The seal has run out: no certificate can be issued"
    ]  # fmt: skip
    assert len(mails()) == 8


def test_what_was_missed_while_nothing_ran_is_told_once_with_the_days_that_are_left(
    seal: SealCertificate, house: World
) -> None:
    with at(timedelta(days=5)):
        actions.warn_before_the_end()

    mail = OutboxMessage.objects.get()
    assert "noch 5 Tage" in mail.body
    assert "/certificates/keys/#seal" in mail.body


def test_a_run_that_died_between_two_people_goes_on_with_the_second(seal: SealCertificate, house: World) -> None:
    with at(timedelta(days=20)):
        actions.warn_before_the_end()
        second = make_user("second@bht.example", "Zoe", "Zweite")
        gone = make_user("gone@bht.example", "Gustav", "Gegangen")
        for user in (second, gone):
            grant_role(user=user, role=Role.PROGRAMME_ADMIN, scope_kind=ScopeKind.PROGRAMME,
                       scope_id=house.programme.pk, by=None)  # fmt: skip
        User.objects.filter(pk=gone.pk).update(is_active=False)

        actions.warn_before_the_end()

    assert [to for to, _subject in mails()] == [house.petersen.email, second.email]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_mail_once(seal: SealCertificate, house: World) -> None:
    def run(_place: int) -> None:
        actions.warn_before_the_end()
        connection.close()

    SealCertificate.objects.update(ends_at=datetime.now(UTC) + timedelta(days=3))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))

    assert [to for to, _subject in mails()] == [house.petersen.email]


def test_keys_of_one_day_make_one_mail_and_one_thing_to_do(house: World) -> None:
    published = SigningKey.objects.earliest("published_at").published_at
    warned = published + KEY_SERVES - timedelta(days=30)

    with time_machine.travel(warned, tick=False):
        actions.warn_before_the_end()
        assert (titles(house.petersen), mails()) == ([], [])
    with time_machine.travel(warned + MOMENT, tick=False), translation.override("en"):
        assert titles(house.petersen) == ["Follow signing keys by new ones"]
        assert titles(house.other_admin) == []
        actions.warn_before_the_end()
        rotate_key(issuer=house.organisation, algorithm=ED25519, by=house.petersen)
        actions.warn_before_the_end()
        assert titles(house.petersen) == ["Follow a signing key by a new one"]
        rotate_key(issuer=house.organisation, algorithm=P256, by=house.petersen)
        assert titles(house.petersen) == []

    assert [to for to, _subject in mails()] == [house.petersen.email]
    assert "key-2028-1, key-2028-1-es256" in OutboxMessage.objects.get().body


def test_the_worker_writes_down_what_seals(house: World, settings: Any, tmp_path: Path) -> None:
    with translation.override("en"):
        House(tmp_path).use_pem(settings)
        actions.note_the_seal()
        actions.note_the_seal()
    present = SealCertificate.objects.get()
    assert present.name == "Example University"
    assert timedelta(days=364) < present.ends_at - datetime.now(UTC) < timedelta(days=366)

    settings.SEAL_BACKEND = "none"
    _forget_the_seal()
    actions.note_the_seal()
    assert lasting_queries.seal_in_use() is None

    settings.SEAL_BACKEND = "pem"
    _forget_the_seal()
    actions.note_the_seal()
    assert lasting_queries.seal_in_use() == present


def test_a_seal_that_cannot_be_read_stops_no_other_warning(house: World, settings: Any) -> None:
    settings.SEAL_BACKEND, settings.SEAL_CERTIFICATE = "pem", "/nowhere/seal.pem"

    with time_machine.travel(END + timedelta(days=720), tick=False):
        actions.warn_before_the_end()

    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (400, "noch 1 Jahr", "1 year more"),
        (29, "noch 29 Tage", "An authority needs some weeks for a new certificate"),
        (-1, "ist abgelaufen", "Nothing can be issued"),
    ],
)
def test_the_page_says_how_long_the_seal_lasts(
    seal: SealCertificate, house: World, sign_in: Any, days: int, german: str, english: str
) -> None:
    with at(timedelta(days=days)):
        client = sign_in(house.petersen)
        in_german = client.get("/certificates/keys/").content.decode()
        client.cookies["django_language"] = "en"
        in_english = client.get("/certificates/keys/").content.decode()

    assert german in in_german.replace("\xa0", " ")
    assert english in in_english.replace("\xa0", " ")


def test_the_page_says_so_where_there_is_no_seal_or_nobody_looked(house: World, settings: Any, sign_in: Any) -> None:
    client = sign_in(house.petersen)

    settings.SEAL_BACKEND = "none"
    assert "PDF-Dateien tragen hier kein Siegel." in client.get("/certificates/keys/").content.decode()
    settings.SEAL_BACKEND = "pem"
    assert "Das Siegel wurde noch nicht angesehen." in client.get("/certificates/keys/").content.decode()


def _forget_the_seal() -> None:
    pades._signer.cache_clear()
