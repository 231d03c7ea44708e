"""Documents in answers: looked at before they are opened, replaced without a gap, refused in words."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applicants import actions
from applicants.actions.filling import answers_of
from applicants.models import AnswerRevision, Application
from applicants.pages import documents
from credpoints.files.actions import add_piece, begin_upload
from credpoints.files.models import StoredFile, Upload
from tests.applicants.make import make_draft, make_in_review
from tests.people import World

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 " + b"x" * 200
WHERE = "education.n1.degree_documents"


def add(application: Application, name: str) -> StoredFile:
    upload = SimpleUploadedFile(name, PDF)
    return actions.add_file(application=application, address=WHERE, upload=upload, by=application.person.user)


def replace(application: Application, old: StoredFile, name: str, content: bytes = PDF) -> StoredFile:
    return actions.replace_file(application=application, address=WHERE, old=old.uuid,
                                upload=SimpleUploadedFile(name, content), by=application.person.user)  # fmt: skip


def names(application: Application) -> list[str]:
    return [document.name for document in documents(answers_of(application).get(WHERE))]


def uploaded(world: World, name: str) -> Upload:
    """A file that has arrived in pieces."""
    upload = begin_upload(name=name, size=len(PDF), purpose="applicants.document", by=world.rana)
    return add_piece(upload=upload, offset=0, content=PDF)


def page(application: Application) -> str:
    return reverse("applicants:section", args=[application.uuid, "education"])


def test_a_replaced_file_gives_its_place_to_the_new_one_and_stays_in_the_history(world: World) -> None:
    application = make_draft(world)
    first, second = add(application, "first.pdf"), add(application, "second.pdf")

    replace(application, first, "better.pdf")

    last = AnswerRevision.objects.filter(answer__address=WHERE).order_by("-pk")[:2]
    assert names(application) == ["better.pdf", "second.pdf"]
    assert [[entry["name"] for entry in revision.value] for revision in last] == [
        ["better.pdf", "second.pdf"], ["first.pdf", "second.pdf"]]  # fmt: skip
    assert set(StoredFile.objects.values_list("name", flat=True)) == {"first.pdf", "second.pdf", "better.pdf"}
    assert second in StoredFile.objects.all()


@pytest.mark.parametrize("content", [b"MZ" + b"\0" * 300, b"", PDF + b"x" * 11 * 1024 * 1024])
def test_a_refused_new_file_leaves_the_old_one(world: World, content: bytes) -> None:
    application = make_draft(world)
    old = add(application, "good.pdf")

    with pytest.raises(ValidationError):
        replace(application, old, "bad.pdf", content)

    assert (names(application), list(StoredFile.objects.all())) == (["good.pdf"], [old])


def test_a_file_whose_old_one_has_gone_is_added_and_not_lost(world: World) -> None:
    application = make_draft(world)
    old = add(application, "first.pdf")
    actions.remove_file(application=application, address=WHERE, uuid=old.uuid, by=world.rana)

    replace(application, old, "second.pdf")

    assert names(application) == ["second.pdf"]


def test_no_more_files_than_the_question_takes_but_one_can_be_replaced(world: World, sign_in) -> None:
    application = make_draft(world)
    most = application.form_version.survey.field(WHERE).question.max_files
    stored = [add(application, f"{n}.pdf") for n in range(most)]

    answer = sign_in(world.rana).post(
        page(application), {"do": f"upload:{WHERE}", f"file:{WHERE}": SimpleUploadedFile("more.pdf", PDF)}
    )
    replace(application, stored[0], "new.pdf")

    assert answer.status_code == 422
    assert f"Hier sind höchstens {most} Dateien möglich" in answer.content.decode()
    assert names(application) == ["new.pdf", *[f"{n}.pdf" for n in range(1, most)]]


def test_without_script_the_page_shows_name_size_kind_and_time_and_replaces(world: World, sign_in) -> None:
    application = make_draft(world)
    old = add(application, "<first>.pdf")
    client = sign_in(world.rana)
    before = client.get(page(application)).content.decode()

    answer = client.post(
        page(application),
        {"do": f"upload:{WHERE}", f"file:{WHERE}|{old.uuid}": SimpleUploadedFile("second.pdf", PDF)},
        follow=True,
    )

    assert all(words in before for words in ("first.pdf", "PDF, 209\xa0Bytes, ", f"file:{WHERE}|{old.uuid}"))
    assert answer.redirect_chain[-1][0] == f"{page(application)}#files-education-n1-degree_documents"
    assert "„second.pdf“ ist gespeichert und steht an der Stelle der früheren Datei." in answer.content.decode()
    assert names(application) == ["second.pdf"]


def test_the_page_replaces_by_itself_once_however_often_it_is_told(world: World, sign_in) -> None:
    application = make_draft(world)
    old = add(application, "first.pdf")
    upload = uploaded(world, "second.pdf")
    told = {"address": WHERE, "token": upload.token, "replaces": str(old.uuid)}
    client = sign_in(world.rana)
    address = reverse("applicants:file_add", args=[application.uuid])

    answers = [client.post(address, told).json() for _ in range(2)]

    assert [answer["full"] for answer in answers] == [False, False]
    assert "second.pdf" in answers[0]["html"]
    assert names(application) == ["second.pdf"]


@pytest.mark.parametrize("forged", ["nonsense", "../../etc/passwd"])
def test_a_forged_old_file_changes_nothing(world: World, sign_in, forged: str) -> None:
    application = make_draft(world)
    add(application, "first.pdf")

    answer = sign_in(world.rana).post(
        page(application), {"do": f"upload:{WHERE}", f"file:{WHERE}|{forged}": SimpleUploadedFile("x.pdf", PDF)}
    )

    assert (answer.status_code, names(application)) == (404, ["first.pdf"])


def test_staff_see_that_a_requested_document_was_replaced(world: World, sign_in) -> None:
    draft = make_draft(world)
    old = add(draft, "blurred.pdf")
    application = make_in_review(world)
    actions.ask_for_information(application=application, addresses=[WHERE], text="Unleserlich.", due_on=None,
                                by=world.vogel)  # fmt: skip

    replace(application, old, "readable.pdf")

    page = sign_in(world.vogel).get(application.dossier_url).content.decode()
    assert "Dokument ersetzt; das frühere bleibt erhalten" in page
    assert sign_in(world.vogel).get(old.get_absolute_url()).status_code == 200
