"""Files: believed by their bytes, limited, private, and resumed where the line broke."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from credpoints.files import actions, purposes
from credpoints.files.models import StoredFile, Upload
from tests.people import World

PDF = b"%PDF-1.7\n" + b"words " * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 300
PURPOSE = "tests.document"


@pytest.fixture(autouse=True)
def _purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purposes, "_purposes", dict(purposes._purposes))
    purposes.register(
        purposes.Purpose(
            PURPOSE, may_read=lambda user, file: user is not None and user.email.startswith("vogel"), max_size=2000
        )
    )
    purposes.register(purposes.Purpose("tests.made", may_read=lambda user, file: False, may_upload=False))


def hand_in(world: World, content: bytes = PDF, name: str = "Zeugnis.pdf", purpose: str = PURPOSE) -> StoredFile:
    claimed = SimpleUploadedFile(name, content, content_type="application/pdf")
    return actions.store_upload(upload=claimed, purpose=purpose, by=world.rana)


def test_a_file_is_kept_with_size_type_and_hash(world: World) -> None:
    file = hand_in(world)

    assert (file.name, file.size, file.media_type) == ("Zeugnis.pdf", len(PDF), "application/pdf")
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script>" + b" " * 300, "wrong_type"),
        (b"MZ" + b"\x00" * 300, "wrong_type"),
        (b"", "empty"),
        (PDF + b"x" * 2000, "too_large"),
    ],
)
def test_a_name_that_lies_a_size_too_large_or_nothing_is_refused(world: World, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        hand_in(world, content)

    assert (refused.value.code, StoredFile.objects.count()) == (code, 0)


@pytest.mark.parametrize("purpose", ["tests.made", "tests.unknown"])
def test_nothing_is_handed_in_for_other_purposes(world: World, purpose: str) -> None:
    with pytest.raises(ValidationError) as refused:
        hand_in(world, purpose=purpose)

    assert refused.value.code == "purpose"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\rana\\Zeugnis.pdf", "Zeugnis.pdf"),
        ("شهادة.pdf", "شهادة.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ('x"<y>\r\n.pdf', "xy.pdf"),
        ("...", "file"),
    ],
)
def test_names_become_harmless_and_stay_readable(name: str, clean: str) -> None:
    assert actions.clean_name(name) == clean


@given(st.text(max_size=400))
def test_no_name_escapes_its_folder(name: str) -> None:
    clean = actions.clean_name(name)

    assert clean
    assert len(clean) <= 255
    assert not set(clean) & set('/\\<>"|:*?\r\n\x00')
    assert clean not in {".", ".."}


def test_who_may_open_a_file(world: World, sign_in) -> None:
    file = hand_in(world)
    found = {
        name: sign_in(world.user(name)).get(file.get_absolute_url()).status_code
        for name in ("anonymous", "rana", "yusuf", "vogel", "aydin", "other_admin")
    }

    assert found == {"anonymous": 404, "rana": 200, "yusuf": 404, "vogel": 200, "aydin": 404, "other_admin": 404}


def test_an_opened_file_may_run_nothing(world: World, sign_in) -> None:
    answer = sign_in(world.rana).get(hand_in(world).get_absolute_url())

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert (answer["Cache-Control"], answer["Content-Length"]) == ("private, no-store", str(len(PDF)))


def begin(client, size: int = len(PDF), **changes: str):
    facts = {"name": "Zeugnis.pdf", "size": str(size), "purpose": PURPOSE, **changes}
    return client.post(reverse("files:upload_begin"), facts)


def send(client, token: str, offset: int | str, content: bytes):
    address = f"{reverse('files:upload_piece', args=[token])}?offset={offset}"
    return client.post(address, content, content_type="application/octet-stream")


def test_an_upload_goes_on_where_the_line_broke(world: World, sign_in) -> None:
    client = sign_in(world.rana)
    token = begin(client).json()["token"]
    send(client, token, 0, PDF[:300])

    replayed = send(client, token, 0, PDF[:300]).json()  # the answer was lost, so the browser sends it again
    asked = client.get(reverse("files:upload_piece", args=[token])).json()
    send(client, token, asked["received"], PDF[300:])
    file = actions.finish_upload(upload=Upload.objects.get(token=token))

    assert (replayed["received"], asked["received"]) == (300, 300)
    assert (file.sha256, file.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert actions.finish_upload(upload=Upload.objects.get(token=token)).pk == file.pk


def test_an_upload_ends_where_it_was_announced(world: World, sign_in) -> None:
    client = sign_in(world.rana)
    token = begin(client, size=300).json()["token"]

    too_much = send(client, token, 0, PDF[:400])

    assert (too_much.status_code, Upload.objects.get(token=token).received) == (422, 0)


def test_an_incomplete_upload_is_no_file(world: World, sign_in) -> None:
    client = sign_in(world.rana)
    token = begin(client).json()["token"]
    send(client, token, 0, PDF[:300])

    with pytest.raises(ValidationError) as refused:
        actions.finish_upload(upload=Upload.objects.get(token=token))

    assert (refused.value.code, StoredFile.objects.count()) == ("incomplete", 0)


def test_the_first_piece_already_shows_a_wrong_type(world: World, sign_in) -> None:
    client = sign_in(world.rana)
    token = begin(client).json()["token"]

    assert send(client, token, 0, b"<html>" + b" " * 300).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"size": "many"}, 400), ({"size": "0"}, 422), ({"size": "9999999"}, 422), ({"purpose": "tests.made"}, 422)],
)
def test_a_wrong_announcement_is_refused(world: World, sign_in, changes: dict[str, str], status: int) -> None:
    answer = begin(sign_in(world.rana), **changes)

    assert (answer.status_code, Upload.objects.count()) == (status, 0)


def test_nobody_fills_the_disk_with_files_that_never_arrive(world: World, sign_in) -> None:
    client = sign_in(world.rana)
    tokens = [begin(client).json()["token"] for _number in range(actions.MOST_ON_THE_WAY)]

    refused = begin(client)

    assert refused.status_code == 422
    assert "noch nicht angekommen" in refused.json()["error"]
    assert begin(sign_in(world.yusuf)).status_code == 201
    send(client, tokens[0], 0, PDF)
    actions.finish_upload(upload=Upload.objects.get(token=tokens[0]))
    assert begin(client).status_code == 201


def test_what_nobody_goes_on_with_is_thrown_away_after_a_week(world: World, sign_in, time_machine) -> None:
    time_machine.move_to("2027-03-01T10:00Z")
    client = sign_in(world.rana)
    given_up, arrived = begin(client).json()["token"], begin(client).json()["token"]
    send(client, given_up, 0, PDF[:300])
    send(client, arrived, 0, PDF)
    stored = actions.finish_upload(upload=Upload.objects.get(token=arrived))
    time_machine.move_to("2027-03-05T10:00Z")
    young = begin(client).json()["token"]
    pieces = Path(settings.PRIVATE_FILES_ROOT) / "pieces" / given_up
    assert pieces.exists()

    time_machine.move_to("2027-03-08T10:01Z")
    assert actions.throw_away_given_up() == 2

    assert list(Upload.objects.values_list("token", flat=True)) == [young]
    assert not pieces.exists()
    assert StoredFile.objects.get(pk=stored.pk).size == len(PDF)
    assert actions.throw_away_given_up() == 0


def test_strangers_neither_see_nor_feed_an_upload(world: World, sign_in) -> None:
    token = begin(sign_in(world.rana)).json()["token"]

    found = [
        send(sign_in(world.yusuf), token, 0, PDF[:300]).status_code,
        send(sign_in(world.rana), "x" * 40, 0, PDF[:300]).status_code,
        send(sign_in(world.rana), token, "first", PDF[:300]).status_code,
        begin(sign_in(None)).status_code,
    ]

    assert found == [404, 404, 400, 302]


def test_deleting_forgets_the_bytes_after_the_commit(
    world: World, settings, django_capture_on_commit_callbacks
) -> None:
    file = hand_in(world)
    kept = Path(settings.PRIVATE_FILES_ROOT) / file.path
    assert kept.exists()

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_file(file=file)

    assert (kept.exists(), StoredFile.objects.count()) == (False, 0)
