"""Templates: versions that use makes unchangeable, plain words, logos, previews, and the pages for administrators."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from certificates import actions, designs, previewing, rendering
from certificates.actions import templates
from certificates.models import Layout, TemplateVersion, VersionState
from certificates.typesetting import CannotRender
from credpoints.audit.words import history
from credpoints.files.models import StoredFile
from credpoints.workflow import NoLongerPossible, NotAllowed
from tests.certificates import makers, samples
from tests.people import World

WORDS = {"deed": {"de": "hat mit Erfolg teilgenommen", "en": "has taken part with success"}}


def released(world: World, **changes) -> TemplateVersion:
    version = makers.design(world)
    templates.change_version(version=version, by=world.petersen, **changes)
    templates.release_version(version=version, by=world.petersen)
    return version


def text_of(pdf: bytes, page: int = 0) -> str:
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[page].extract_text().split())


def picture(kind: str = "PNG", mode: str = "RGBA") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, (2000, 500), 90 if mode == "L" else None).save(out, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", out.getvalue())


def test_a_version_in_use_is_frozen_by_the_database(world: World) -> None:
    version = released(world, layout=Layout.MODERN)

    with pytest.raises(NoLongerPossible):
        templates.change_version(version=version, by=world.petersen, layout=Layout.PLAIN)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE certificates_templateversion SET layout = 'plain' WHERE id = %s", [version.pk])
    version.refresh_from_db()
    assert version.layout == Layout.MODERN


def test_the_next_version_is_a_copy_and_replaces_the_last(world: World) -> None:
    first = released(world, texts=WORDS)

    second = templates.begin_version(template=first.template, by=world.petersen)
    again = templates.begin_version(template=first.template, by=world.petersen)
    templates.release_version(version=second, by=world.petersen)

    first.refresh_from_db()
    assert again == second
    assert (second.number, second.texts) == (2, WORDS)
    assert (first.state, second.state) == (VersionState.SUPERSEDED, VersionState.IN_USE)
    with translation.override("de"):
        told = [line.what for line in history(first.template)]
    assert [words for words in told if "in Gebrauch" in words] == [
        "Fassung 2 in Gebrauch genommen", "Fassung 1 in Gebrauch genommen"
    ]  # fmt: skip


def test_only_administrators_of_the_programme_design(world: World) -> None:
    version = makers.design(world)

    with pytest.raises(PermissionDenied):
        templates.change_version(version=version, by=world.vogel, layout=Layout.PLAIN)
    with pytest.raises(NotAllowed):
        templates.release_version(version=version, by=world.other_admin)
    with pytest.raises(PermissionDenied):
        templates.begin_template(programme=world.programme, kind="module", by=world.other_admin)


def test_a_certificate_keeps_the_look_it_was_frozen_with(world: World, run_jobs) -> None:
    signatories = [{"name": "Prof. Dr. Ada Beispiel", "position": {"de": "Dekanin", "en": "Dean"}}]
    first = released(world, texts=WORDS, signatories=signatories, languages=["en"])
    certificate = makers.approved_once(world)

    second = templates.begin_version(template=first.template, by=world.petersen)
    templates.change_version(version=second, by=world.petersen, texts={}, signatories=[])
    templates.release_version(version=second, by=world.petersen)
    actions.approve_certificate(certificate=certificate, by=world.vogel, content_hash=certificate.content_hash)
    run_jobs()

    certificate.refresh_from_db()
    assert certificate.template_version == first
    assert certificate.data["design"]["texts"] == WORDS
    assert certificate.data["languages"] == ["en"]
    assert certificate.data["signatories"] == signatories
    page = text_of(default_storage.open(certificate.pdf.path).read())
    assert "has taken part with success" in page
    assert "Ada Beispiel" in page


def test_words_of_a_template_are_printed_and_never_run(world: World) -> None:
    nasty = "{{ settings.SECRET_KEY }} {% load x %} <img src='file:///etc/passwd'> <script>1</script>"
    version = makers.design(world)
    templates.change_version(version=version, by=world.petersen, texts={"statement": {"de": nasty, "en": nasty}})

    content = designs.with_design(samples.content(languages=["en"]), version)

    assert nasty.replace(" ", "") in text_of(rendering.render_preview(content)).replace(" ", "")


def test_a_forbidden_word_in_a_template_stops_the_certificate(world: World) -> None:
    released(world, texts={"heading": {"de": "Diplom", "en": "Diploma"}})
    draft = makers.draft(world)

    with pytest.raises(ValidationError, match="diplom"):
        actions.freeze_certificate(certificate=draft, by=world.vogel)

    draft.refresh_from_db()
    assert draft.content_hash == ""


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "CMYK"), ("PNG", "P"), ("JPEG", "L")])
def test_logos_become_plain_pictures_on_the_pages(world: World, kind: str, mode: str) -> None:
    version = makers.design(world)

    templates.add_logo(
        version=version, upload=picture(kind, mode), place="head", alt={"en": "Example"}, by=world.petersen
    )

    stored = StoredFile.objects.get(purpose="certificates.logo")
    with default_storage.open(stored.path) as file, Image.open(file) as seen:
        assert (seen.mode, seen.size) == ("RGB", (1200, 300))
    assert rendering.render_preview(designs.with_design(samples.content(), version)).startswith(b"%PDF")


def test_a_file_that_is_no_picture_is_refused(world: World) -> None:
    version = makers.design(world)

    with pytest.raises(ValidationError):
        templates.add_logo(
            version=version,
            upload=SimpleUploadedFile("logo.png", b"<svg onload='x'/>"),
            place="foot",
            alt={},
            by=world.petersen,
        )

    assert not StoredFile.objects.exists()


def test_an_exchanged_logo_is_never_printed(world: World) -> None:
    version = makers.design(world)
    templates.add_logo(version=version, upload=picture(), place="foot", alt={"en": "Example"}, by=world.petersen)
    version.logos[0]["sha256"] = "0" * 64

    with pytest.raises(CannotRender, match="not the one that was approved"):
        rendering.render_preview(designs.with_design(samples.content(), version))


@pytest.mark.parametrize("layout", Layout.values)
@pytest.mark.parametrize("sample", previewing.SAMPLES)
def test_every_layout_holds_the_longest_name_and_every_script(world: World, layout: str, sample: str) -> None:
    version = makers.design(world)
    version.layout = layout
    content = designs.with_design(previewing.sample_content(version, sample), version)

    pdf = rendering.render_preview(content)

    reader = PdfReader(io.BytesIO(pdf))
    assert content["holder"]["name"].split()[0] in text_of(pdf)
    assert content["issuer"]["city"] in text_of(pdf)  # the face is one page, with its foot
    assert "2022/C 243/02" in reader.pages[-1].extract_text()


def test_the_difference_marks_the_page_that_changed(world: World) -> None:
    first = released(world, texts=WORDS)
    second = templates.begin_version(template=first.template, by=world.petersen)
    second.texts = {**WORDS, "heading": {"de": "Urkunde", "en": "Award"}}

    pairs = previewing.difference(first, second, "usual")

    changed = [old.changed for old, _new in pairs if old]
    assert changed[0] is True
    assert not any(changed[1:])


def test_only_what_differs_from_the_draft_waits_to_be_saved(client: Client, world: World) -> None:
    client.force_login(world.petersen)
    one = makers.template(world)
    saved = {"layout": "modern", "languages": ["de"], "heading_de": "Zeugnis", "signatory_1": "Prof. Beispiel",
             "position_1_de": "Dekanin", "funding_de": "Gefördert."}  # fmt: skip
    client.post(one.get_absolute_url(), saved)

    def waits(typed: dict) -> tuple[bool, bool]:
        answered = client.post(one.get_absolute_url(), {**typed, "sample": "long", "preview": "1"})
        return answered.context["is_unsaved"], client.get(one.get_absolute_url()).context["is_unsaved"]

    assert waits(saved) == (False, False)
    assert waits({**saved, "heading_de": "Urkunde"}) == (True, True)
    assert waits({**saved, "heading_de": "x" * 500}) == (True, True)
    assert waits(saved) == (False, False)


def test_saving_and_previewing_on_the_page(client: Client, world: World) -> None:
    client.force_login(world.petersen)
    one = makers.template(world)
    typed = {"layout": "modern", "heading_de": "Urkunde", "heading_en": "Award", "sample": "usual"}

    shown = client.post(one.get_absolute_url(), {**typed, "preview": "1"})
    assert one.versions.get().layout == "classic"  # a preview saves nothing
    saved = client.post(one.get_absolute_url(), typed)

    assert shown.content.count(b"data:image/png") >= 3
    assert b"Urkunde" in shown.content
    assert saved.status_code == 302
    assert one.versions.get().layout == "modern"
    assert set(one.versions.get().texts["heading"].values()) == {"Urkunde", "Award"}


def test_too_long_and_unprintable_words_are_named(client: Client, world: World) -> None:
    client.force_login(world.petersen)
    one = makers.template(world)

    answer = client.post(one.get_absolute_url(), {"layout": "classic", "heading_de": "x" * 41, "lead_de": "\U0010fffd"})

    assert answer.status_code == 422
    assert "heading" in answer.context["form"].errors
    assert "lead" in answer.context["form"].errors
    assert one.versions.get().texts == {}


def test_the_list_of_templates_costs_the_same_for_three(client: Client, world: World) -> None:
    client.force_login(world.petersen)
    makers.template(world)
    client.get(reverse("certificates:templates"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("certificates:templates"))

    for kind in ("module", "attendance"):
        templates.begin_template(programme=world.programme, kind=kind, by=world.petersen)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("certificates:templates"))

    assert len(three) == len(one) <= 12
