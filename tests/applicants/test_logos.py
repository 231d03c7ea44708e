"""Logos of the public page: seen by everybody, with words, and never more than a picture."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from applicants.actions.logos import add_logo, logos_of
from credpoints.files.models import StoredFile
from credpoints.organisations.models import Programme, ProgrammeState
from tests.people import World

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="url(#a)"/></svg>'
ALT = {"alt_de": "Wappen der Hochschule", "alt_en": "Crest of the university"}


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3000, 600), "navy").save(out, "PNG")
    return out.getvalue()


def add(client, content: bytes, name: str = "logo.png", **alt: str):
    address = reverse("applicants:logos", args=["credit-points"])
    return client.post(address, {**(alt or ALT), "file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(("name", "content"), [("logo.png", png()), ("logo.svg", SVG)])
def test_everybody_sees_the_logo_with_its_words_on_the_public_page(
    world: World, sign_in, name: str, content: bytes
) -> None:
    answer = add(sign_in(world.petersen), content, name)

    visitor = sign_in(None)
    page = visitor.get("/programmes/credit-points/", headers={"accept-language": "de"}).content.decode()
    picture = visitor.get(StoredFile.objects.get().get_absolute_url())
    assert (answer.status_code, picture.status_code) == (302, 200)
    assert 'alt="Wappen der Hochschule"' in page
    assert picture.headers["Content-Type"] == {"logo.png": "image/png", "logo.svg": "image/svg+xml"}[name]


def test_a_draft_programme_shows_its_logo_to_its_administrators_only(world: World, sign_in) -> None:
    add(sign_in(world.petersen), png())
    Programme.objects.filter(pk=world.programme.pk).update(state=ProgrammeState.DRAFT)
    address = StoredFile.objects.get().get_absolute_url()
    people = (None, world.rana, world.other_admin, world.petersen)

    assert [sign_in(user).get(address).status_code for user in people] == [404, 404, 404, 200]


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + b"\0" * 300,
        b"<svg",
        b"<html><svg></svg></html>",
        SVG.replace(b"<rect", b"<script>alert(1)</script><rect"),
        SVG.replace(b"<rect", b'<rect onload="alert(1)"'),
        SVG.replace(b"<rect", b'<image href="https://elsewhere.example/x.png"/><rect'),
        SVG.replace(b"url(#a)", b"url(https://elsewhere.example/x)"),
        SVG.replace(b"<rect", b"<style>@import 'https://elsewhere.example';</style><rect"),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG,
        b"x" * (2 * 1024 * 1024 + 1),
        b"",
    ],
    ids=["program", "broken", "page", "script", "handler", "image", "fill", "import", "entity", "large", "empty"],
)
def test_what_is_more_or_less_than_a_picture_is_refused_in_words(world: World, sign_in, content: bytes) -> None:
    answer = add(sign_in(world.petersen), content)

    world.programme.refresh_from_db()
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    assert (logos_of(world.programme), StoredFile.objects.count()) == ([], 0)


def test_a_logo_without_words_is_refused(world: World, sign_in) -> None:
    answer = add(sign_in(world.petersen), png(), alt_de="", alt_en="")

    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)


def test_removing_takes_page_and_bytes_and_other_settings_stay(world: World, sign_in) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(settings={"applicants": {"retention_days": 90}})
    client = sign_in(world.petersen)
    add(client, png())
    file = StoredFile.objects.get()

    client.post(reverse("applicants:logos", args=["credit-points"]), {"remove": str(file.uuid)})

    world.programme.refresh_from_db()
    assert (world.programme.settings, StoredFile.objects.count()) == (
        {"applicants": {"retention_days": 90, "logos": []}}, 0)  # fmt: skip


def test_advisors_may_not_change_them(world: World) -> None:
    with pytest.raises(PermissionDenied):
        add_logo(programme=world.programme, upload=SimpleUploadedFile("x.png", png()), alt={}, by=world.vogel)
