"""Pictures and documents on entries: who opens them, how many there are, and how they go."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.test import Client

from credpoints.files.models import StoredFile
from portfolios import actions
from portfolios.models import EntryFile
from tests.portfolios.factories import PICTURE, make_entry, make_file, make_page, make_request, make_share, make_upload

PDF = b"%PDF-1.7\n" + b"0" * 300


def test_a_file_is_added_to_an_entry_and_shown_with_its_words(world, sign_in) -> None:
    entry, client = make_entry(world.rana), sign_in(world.rana)

    answer = client.post(
        f"{entry.get_absolute_url()}files/", {"file": make_upload(), "caption": "Der Regler"}, follow=True
    )

    attached = EntryFile.objects.get()
    assert f'src="{attached.file.get_absolute_url()}"' in answer.content.decode()
    assert 'alt="Der Regler"' in answer.content.decode()
    assert b"".join(client.get(attached.file.get_absolute_url()).streaming_content) == PICTURE


def test_a_file_of_another_type_is_refused_beside_the_field_with_the_words_kept(world, sign_in) -> None:
    entry = make_entry(world.rana)
    program = make_upload("Regler.png", b"MZ" + b"\x00" * 300)

    answer = sign_in(world.rana).post(f"{entry.get_absolute_url()}files/", {"file": program, "caption": "Der Regler"})

    assert answer.status_code == 422
    assert 'value="Der Regler"' in answer.content.decode()
    assert (EntryFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_the_same_file_sent_twice_is_attached_once(world) -> None:
    entry = make_entry(world.rana)

    first, second = make_file(world.rana, entry), make_file(world.rana, entry)

    assert first == second
    assert (EntryFile.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_an_entry_has_no_eleventh_file(world) -> None:
    entry = make_entry(world.rana)
    for number in range(actions.MOST_FILES):
        actions.attach_file(entry=entry, upload=make_upload("x.pdf", PDF + b"%d" % number), caption="", by=world.rana)

    with pytest.raises(ValidationError):
        make_file(world.rana, entry)

    assert EntryFile.objects.count() == StoredFile.objects.count() == actions.MOST_FILES


def test_only_the_owner_adds_and_removes(world) -> None:
    entry = make_entry(world.rana)
    make_request(entry, world.lorenz)
    attached = make_file(world.rana, entry)

    with pytest.raises(PermissionDenied):
        actions.attach_file(entry=entry, upload=make_upload(), caption="", by=world.lorenz)
    with pytest.raises(PermissionDenied):
        actions.remove_file(attached=attached, by=world.lorenz)


def test_a_mentor_opens_the_files_of_an_entry_as_long_as_the_entry_is_open(world, sign_in) -> None:
    attached = make_file(world.rana)
    address, mentor = attached.file.get_absolute_url(), sign_in(world.lorenz)
    before = mentor.get(address).status_code
    request = make_request(attached.entry, world.lorenz)
    during = mentor.get(address).status_code
    actions.end_feedback(request=request, by=world.rana)

    assert (before, during, mentor.get(address).status_code) == (404, 200, 404)


@pytest.mark.parametrize(
    "close",
    [
        lambda world, share, attached: actions.revoke_share(share=share, by=world.rana),
        lambda world, share, attached: actions.hide_entry(entry=attached.entry, by=world.rana),
        lambda world, share, attached: make_other_page(world, share),
        lambda world, share, attached: actions.remove_file(attached=attached, by=world.rana),
    ],
    ids=["link switched off", "entry hidden", "entry taken off the page", "file removed"],
)
def test_a_reader_with_the_link_opens_files_of_the_page_and_no_longer(world, close: Callable[..., None]) -> None:
    attached = make_file(world.rana, make_entry(world.rana, visible=True))
    share, token = make_share(world.rana, make_page(world.rana, attached.entry))
    address = f"/p/{token}/files/{attached.file.uuid}/"
    page = Client().get(f"/p/{token}/").content.decode()
    before = Client().get(address)

    close(world, share, attached)

    assert address in page
    assert (before.status_code, before["X-Robots-Tag"], before["Cache-Control"]) == (
        200, "noindex, nofollow, noarchive", "private, no-store",
    )  # fmt: skip
    assert Client().get(address).status_code == 404


def make_other_page(world, share) -> None:
    """The same page with another entry on it."""
    actions.save_page(
        portfolio=share.page.portfolio, page=share.page, title="x", language="de", introduction="",
        entries=[make_entry(world.rana, visible=True)], by=world.rana,
    )  # fmt: skip


def test_files_of_other_entries_do_not_open_with_the_link(world) -> None:
    secret = make_file(world.rana, make_entry(world.rana, title="Geheim", visible=True))
    _share, token = make_share(world.rana)

    assert Client().get(f"/p/{token}/files/{secret.file.uuid}/").status_code == 404
    assert Client().get(secret.file.get_absolute_url()).status_code == 404


def test_deleting_an_entry_forgets_the_bytes_of_its_files(world, django_capture_on_commit_callbacks) -> None:
    attached = make_file(world.rana)
    path = attached.file.path

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete_entry(entry=attached.entry, by=world.rana)

    assert (EntryFile.objects.count(), StoredFile.objects.count(), default_storage.exists(path)) == (0, 0, False)


def test_everything_saved_contains_the_files(world, sign_in) -> None:
    attached = make_file(world.rana)

    answer = sign_in(world.rana).get("/portfolio/export/")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.read(f"files/{attached.pk}-Regler.png") == PICTURE
    assert f"files/{attached.pk}-Regler.png" in archive.read("index.html").decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_shared_page_needs_the_same_queries_for_any_number_of_files(
    world, django_assert_num_queries, number: int
) -> None:
    entries = [make_entry(world.rana, title=f"Woche {week}", visible=True) for week in range(number)]
    for entry in entries:
        make_file(world.rana, entry)
    _share, token = make_share(world.rana, make_page(world.rana, *entries))

    with django_assert_num_queries(4):
        Client().get(f"/p/{token}/")
