"""Bots, liars and guessers: a clear answer, nothing lost of those who do not, nothing told to those who should not."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import actions
from applicants.models import Answer, Application, InformationRequest
from credpoints.files.models import StoredFile, Upload
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import ANSWERS, make_draft, make_form, make_in_review, make_submitted
from tests.people import World

pytestmark = pytest.mark.django_db
DOCUMENTS = "education.n1.degree_documents"
PDF = b"%PDF-1.4 " + b"x" * 200
THIRTY_MEGABYTES = b"%PDF-1.4 " + b"x" * 30_000_000


def answers(application: Application) -> dict:
    return dict(Answer.objects.filter(application=application).values_list("address", "value"))


def page(application: Application, key: str) -> str:
    return reverse("applicants:section", args=[application.uuid, key])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gross.pdf", THIRTY_MEGABYTES, "10,0"),
        ("luege.pdf", b"MZ" + b"\0" * 5000, "PDF"),
        ("seite.jpg", b"<html><script>alert(1)</script></html>" * 10, "PDF"),
        ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "PDF"),
        ("leer.pdf", b"", "leer"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_the_page_keeps_its_answers(
    world: World, sign_in, name: str, content: bytes, words: str
) -> None:
    application = make_draft(world)
    before = answers(application)

    answer = sign_in(world.rana).post(
        page(application, "education"),
        {"was:education.n1.grade": "0", "education.n1.grade": "82", "do": "next",
         f"file:{DOCUMENTS}": SimpleUploadedFile(name, content)},
    )  # fmt: skip

    assert answer.status_code == 422
    assert words in str([error for _id, _label, error in answer.context["errors"]])
    assert answers(application) == {**before, "education.n1.grade": "82"}
    assert not StoredFile.objects.exists()


def test_nobody_attaches_takes_or_removes_another_persons_file(world: World, sign_in) -> None:
    mine, theirs = make_draft(world), make_draft(world, world.yusuf)
    actions.add_file(application=mine, address=DOCUMENTS, upload=SimpleUploadedFile("rana.pdf", PDF), by=world.rana)
    stored = StoredFile.objects.get()
    upload = Upload.objects.create(owner=world.rana, purpose="applicants.document", name="x.pdf", size=5)
    yusuf = sign_in(world.yusuf)

    attach = yusuf.post(
        reverse("applicants:file_add", args=[theirs.uuid]), {"address": DOCUMENTS, "token": upload.token}
    )
    remove = yusuf.post(page(theirs, "education"), {"do": f"unfile:{DOCUMENTS}|{stored.uuid}"})
    into = yusuf.post(page(mine, "education"), {"do": f"unfile:{DOCUMENTS}|{stored.uuid}"})
    nonsense = yusuf.post(page(theirs, "education"), {"do": f"unfile:{DOCUMENTS}|../../etc"})

    assert [r.status_code for r in (attach, remove, into, nonsense)] == [404, 302, 404, 404]
    assert [entry["name"] for entry in answers(mine)[DOCUMENTS]] == ["rana.pdf"]
    assert StoredFile.objects.get() == stored


@pytest.mark.parametrize("section", ["nothing", "person"])
@pytest.mark.parametrize("do", ["add:", "remove:n1", "up:' OR 1=1", "language:xx", "unknown:1", "", "skip"])
def test_forged_buttons_change_nothing(world: World, sign_in, section: str, do: str) -> None:
    application = make_draft(world)
    before = answers(application)

    answer = sign_in(world.rana).post(page(application, section), {"do": do})

    assert answer.status_code in {302, 404, 422}
    assert answers(application) == before


def test_answers_for_staff_and_fields_that_do_not_exist_are_refused(world: World, sign_in) -> None:
    application = make_draft(world)
    before = answers(application)
    forged = {"education.n1.anabin_degree": "equivalent", "education.n1.grade.listening": "1", "state": "accepted",
              "education.' OR 1.grade": "1", DOCUMENTS: '[{"uuid": "x"}]'}  # fmt: skip

    told = sign_in(world.rana).post(
        reverse("applicants:save", args=[application.uuid]), {**forged, **{f"was:{name}": "0" for name in forged}}
    )

    assert told.status_code == 200
    assert answers(application) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"motives": ["a\x00b"]}, {"motives": ["ab"]}),
        ({"goal": "a\x00b"}, {"goal": "ab"}),
        ({"education.\x00.grade": "1"}, {}),
        ({f"education.{'x' * 300}.grade": "1"}, {}),
        ({"do": f"unfile:\x00|{uuid.uuid4()}"}, {}),
        ({"do": f"unfile:{DOCUMENTS}\x00|{uuid.uuid4()}"}, {}),
        ({"do": "remove:\x00"}, {}),
    ],
)
def test_what_no_database_keeps_breaks_no_page(world: World, sign_in, typed: dict, kept: dict) -> None:
    application = make_draft(world)
    before = answers(application)
    client = sign_in(world.rana)

    answer = client.post(page(application, "goals"), {**typed, **{f"was:{name}": "0" for name in typed}})

    assert answer.status_code < 500
    assert answers(application) == before | kept
    assert client.get(page(application, "goals")).status_code == 200


def test_a_token_that_nobody_was_given_attaches_nothing(world: World, sign_in) -> None:
    application = make_draft(world)

    answer = sign_in(world.rana).post(
        reverse("applicants:file_add", args=[application.uuid]), {"address": DOCUMENTS, "token": "a\x00"}
    )

    assert answer.status_code == 404


def test_staff_ask_for_nothing_that_the_database_refuses(world: World, sign_in) -> None:
    make_submitted(world)
    client = sign_in(world.vogel)
    addresses = [reverse(f"applicants:{name}", args=["credit-points"]) for name in ("search_save", "bulk")]
    asked = {"what": "start_review", "scope": "all"}

    codes = [
        client.post(addresses[0], {"name": "a\x00", "query": "q=\x00"}).status_code,
        client.post(addresses[1], {**asked, "query": "q=\x00", "token": "\x00"}).status_code,
        client.post(addresses[1], {**asked, "query": "q=%00&country=%00"}).status_code,
    ]

    assert codes == [302, 200, 200]


def test_an_answer_to_a_hidden_question_is_not_handed_in(world: World) -> None:
    application = make_draft(world, **{"languages.n1.first_language": "yes", "languages.n1.levels.reading": "C2"})
    actions.submit_application(application=application, by=world.rana)

    assert [address for address in application.snapshot if ".levels." in address] == []
    assert answers(application)["languages.n1.levels.reading"] == "C2"


def test_only_the_asked_questions_are_drawn_and_taken_in_a_request(world: World, sign_in) -> None:
    application = make_in_review(world)
    actions.ask_for_information(application=application, addresses=["education.n1.grade"], text="?", due_on=None,
                                by=world.vogel)  # fmt: skip
    client = sign_in(world.rana)
    address = reverse("applicants:request", args=[application.uuid])

    assert 'name="goal"' not in client.get(address).content.decode()
    client.post(address, {"was:goal": "0", "goal": "gefälscht", "was:education.n1.grade": "0",
                          "education.n1.grade": "90", "do": "send"})  # fmt: skip

    assert (answers(application)["goal"], answers(application)["education.n1.grade"]) == (ANSWERS["goal"], "90")
    assert InformationRequest.objects.get().answered_at is not None


def test_a_guessed_or_foreign_way_back_opens_nothing_and_tells_nothing(world: World, sign_in) -> None:
    application = make_submitted(world)
    visitor = Client()
    real, guessed = (reverse("applicants:resume", args=[u]) for u in (application.uuid, uuid.uuid4()))

    def seen(address: str, data: dict[str, str]) -> str:
        text = visitor.post(address, data).content.decode()
        return text.replace(address.split("/")[2], "…").replace(visitor.cookies["csrftoken"].value, "")

    visitor.get(real)
    pairs = [
        [strip(seen(address, data)) for address in (real, guessed)] for data in ({"mail": "1"}, {"code": "123456"})
    ]

    assert [one == other for one, other in pairs] == [True, True]
    assert "_auth_user_id" not in visitor.session
    assert OutboxMessage.objects.filter(secret=True).count() == 1
    other = sign_in(world.yusuf)
    assert other.get(real, follow=True).status_code == 404
    for name in ("application", "review", "copy", "withdraw", "request"):
        assert other.get(reverse(f"applicants:{name}", args=[application.uuid])).status_code == 404


def strip(html: str) -> str:
    """Without the token against forged requests, which is new on every page."""
    return "\n".join(line for line in html.splitlines() if "csrf" not in line.casefold())


def test_what_a_visitor_typed_into_somebody_elses_survey_never_arrives(world: World) -> None:
    application = make_draft(world)
    before = answers(application)
    visitor = Client()
    visitor.post(page(application, "goals"), {"was:goal": "0", "goal": "untergeschoben", "do": "next"})
    visitor.force_login(world.yusuf, backend="django.contrib.auth.backends.ModelBackend")

    assert visitor.get(page(application, "goals")).status_code == 404
    assert answers(application) == before


def test_a_used_link_of_somebody_else_is_dead(world: World) -> None:
    make_form(world.programme)
    actions.send_resume_link(user=world.rana, programme=world.programme, now=timezone.now())
    token = OutboxMessage.objects.get().body.split("/applications/continue/")[1].split("/")[0]
    address = reverse("applicants:resume_link", args=[token])
    Client().post(address)
    thief = Client()

    assert [thief.get(address).status_code, thief.post(address).status_code] == [410, 410]
    assert "rana" not in thief.get(address).content.decode().casefold()
    assert "_auth_user_id" not in thief.session


def test_a_flood_of_beginnings_from_one_place_is_stopped(world: World) -> None:
    make_form(world.programme)
    address = reverse("applicants:begin", args=["credit-points"])

    codes = [Client().post(address, {"email": f"bot{n}@example.org"}).status_code for n in range(21)]

    assert codes == [302] * 20 + [429]
    assert Application.objects.count() == 20
