"""Certificates through the pages that people use: from the check list to the old address (story 6.1, 21 to 24)."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from playwright.sync_api import Locator, expect

from certificates import actions, downloads
from certificates.actions import runs
from certificates.models import Certificate, IssueRun, NumberRegister, ShareLink, SigningKey, State
from credpoints.accounts.actions import change_name
from credpoints.outbox.models import OutboxMessage
from tests.browser.conftest import as_a_worker
from tests.browser.walker import Walker
from tests.certificates import makers
from tests.modules.factories import make_enrolment
from tests.people import World, build_world

EXAMPLES = Path(settings.BASE_DIR) / "static" / "certificates" / "examples"


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.fixture
def walker(open_page):
    def open_one(user=None, language: str = "de", **how) -> Walker:
        return Walker(open_page(user=user, language=language, **how), language)

    return open_one


def drop(walker: Walker, name: str, content: bytes) -> None:
    """Give the verify page a file."""
    walker.go("/verify/")
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    walker.page.locator("input[type=file]").set_input_files(file)
    walker.press("Check the file")


def approve_by_two(world: World, walker, certificate: Certificate) -> None:
    """Submitted by one, approved by two; the first cannot be the second."""
    jan, vogel = walker(world.petersen), walker(world.vogel)
    jan.go(certificate.get_absolute_url())
    jan.press("Submit for approval")
    jan.press("Approve as the first of two")
    jan.sees("Another person has to approve this certificate.")
    expect(jan.control("Approve")).to_have_count(0)
    vogel.go(certificate.get_absolute_url())
    vogel.press("Approve")


def test_checked_approved_issued_verified_replaced_and_withdrawn(world: World, walker, run_jobs) -> None:
    first = as_a_worker(lambda: makers.draft(world))
    approve_by_two(world, walker, first)
    run_jobs()
    first.refresh_from_db()
    assert first.number.endswith("-00001")

    # An employer types the code, a wrong one first, and drops what Rana has sent.
    employer = walker()
    employer.go("/verify/")
    employer.fill("Code on the certificate", "AAAA-AAAA-AAAA-AAAA")
    employer.press("Check")
    employer.sees("We do not know a certificate like this.")
    employer.press("Check another certificate")
    employer.fill("Code on the certificate", first.code.lower().replace("-", " "))
    employer.press("Check")
    employer.sees("This certificate is genuine and valid.")
    for item in first.content["items"]:
        employer.reads(item["title"]["de"])
    pdf = as_a_worker(lambda: default_storage.open(first.pdf.path).read())
    for name, content in (
        ("zertifikat.pdf", pdf),
        ("badge.json", first.credential.encode()),
        ("badge.png", as_a_worker(lambda: downloads.baked_badge(first))),
        ("token.jwt", first.jwt.encode()),
    ):
        drop(employer, name, content)
        employer.sees("This certificate is genuine and valid.")
    drop(employer, "gefaelscht.pdf", pdf + b"\n% 1,0")
    employer.sees("This file is not what we have issued.")

    # Rana has another name now. Nothing changes, until a replacement is asked for.
    as_a_worker(lambda: change_name(person=world.rana.person, given_name="Rana", family_name="Berger"))
    drop(employer, "zertifikat.pdf", pdf)
    employer.reads("Rana Al-Khatib")
    jan = walker(world.petersen)
    jan.go(first.get_absolute_url())
    jan.press("Replace by a corrected certificate")
    jan.fill("Reason", "Heirat")
    jan.press("Prepare the replacement")
    jan.reads("Rana Berger")
    second = Certificate.objects.get(replaces=first)
    approve_by_two(world, walker, second)
    run_jobs()
    second.refresh_from_db()
    assert second.number.endswith("-00002")

    # The old address says so, without the former name; the holder finds the new one.
    employer.go(first.verify_path)
    employer.reads("Ersetzt am")
    expect(employer.page.locator("body")).not_to_contain_text("Al-Khatib")
    drop(employer, "zertifikat.pdf", pdf)
    employer.sees("This certificate has been replaced by a newer one. It is no longer valid.")

    jan.go(second.get_absolute_url())
    jan.press("Withdraw the certificate")
    jan.fill("Reason for the public", "Irrtümlich ausgestellt.")
    jan.fill("Reason for the file", "Akte 7, nur für uns")
    jan.press("Withdraw the certificate")
    run_jobs()
    employer.go(second.verify_path)
    employer.reads("Irrtümlich ausgestellt.")
    expect(employer.page.locator("body")).not_to_contain_text("Akte 7")
    assert list(NumberRegister.objects.order_by("place").values_list("status", flat=True)) == ["replaced", "revoked"]
    assert OutboxMessage.objects.filter(template="certificates/email/issued").count() == 2


def test_a_run_is_chosen_checked_started_paused_resumed_and_tried_again(world: World, walker, run_jobs) -> None:
    ready, _other, incomplete = as_a_worker(
        lambda: [makers.draft(world), makers.draft(world, name="Yusuf Demir"), makers.draft(world, signatories=[])]
    )
    jan, vogel = walker(world.petersen, "en"), walker(world.vogel, "en", javascript=False)
    vogel.go("/certificates/runs/")
    vogel.press("Put together and check")
    run_jobs()
    address = vogel.page.url
    jan.go(address)
    jan.reads("Signatories are named (1)")
    jan.press("Approve all as the first of two (2)")
    jan.sees("Another person has to approve this run.")
    vogel.go(address)
    vogel.press("Approve all (2)")
    jan.go(address)
    jan.reads("2 people get a mail.")
    jan.press("Start issuing")
    jan.press("Pause")
    run_jobs()
    assert not NumberRegister.objects.exists()

    jan.go(address)
    jan.press("Go on")
    expect(jan.page.locator("#progress progress").or_(jan.page.locator("#progress .state")).first).to_be_visible()
    as_a_worker(lambda: _number_and_fail(ready))
    jan.go(address)
    jan.reads("no paper in the printer")
    jan.press("Try the failed ones again")
    run_jobs()

    expect(jan.page.locator("#progress")).to_contain_text("2 of 2 issued")  # the page asks by itself
    ready.refresh_from_db()
    incomplete.refresh_from_db()
    assert (ready.state, incomplete.state) == (State.ISSUED, State.DRAFT)
    assert list(NumberRegister.objects.order_by("place").values_list("place", flat=True)) == [1, 2]


def _number_and_fail(certificate: Certificate) -> None:
    """The first portion of the run has given the number, and then the files could not be made."""
    run = IssueRun.objects.get()
    runs.work_on_run(run_id=run.pk, turn=run.turn)
    actions.give_up_rendering(certificate_id=certificate.pk, error="no paper in the printer")


def type_and_see(walker: Walker, field: Locator, text: str) -> None:
    """Type, and wait until the preview has answered."""
    with walker.page.expect_response(lambda response: response.request.method == "POST"):
        field.fill(text)


def test_words_typed_into_a_template_wait_for_somebody_to_save_them(world: World, walker, axe) -> None:
    template = makers.template(world)
    jan = walker(world.petersen)
    jan.go(template.get_absolute_url())
    heading = jan.page.locator("[name=heading_de]")
    type_and_see(jan, heading, "Urkunde")
    expect(jan.page.locator("#preview")).to_contain_text(jan.words("not saved yet"))

    jan.go("/certificates/templates/")  # away, without saving
    jan.go(template.get_absolute_url())
    expect(heading).to_have_value("Urkunde")
    axe(jan.page)
    assert template.versions.get().texts == {}
    type_and_see(jan, heading, "Diplomurkunde")
    jan.press("Save the draft and put it into use")
    expect(heading).to_have_value("Diplomurkunde")  # refused, and still there
    jan.reads("diplomurkunde")
    type_and_see(jan, heading, "Urkunde")
    jan.press("Save the draft and put it into use")

    expect(jan.page.get_by_role("button", name=jan.words("Begin a new version"))).to_be_visible()
    version = template.versions.get()
    assert (version.state, version.texts["heading"]["de"]) == ("in_use", "Urkunde")
    # Without a form beside them the pages take the whole width, next to each other.
    first, second = (jan.page.locator(".sheet").nth(place).bounding_box() for place in (0, 1))
    assert first
    assert second
    assert first["x"] == jan.page.locator("h1").bounding_box()["x"]
    assert (second["y"], second["x"] > first["x"]) == (first["y"], True)
    axe(jan.page)


def test_the_holder_shows_less_and_closes_the_link(world: World, walker) -> None:
    certificate = as_a_worker(lambda: makers.issued(world))
    rana, employer = walker(world.rana, width=360), walker(width=360)
    rana.go(certificate.get_absolute_url())
    rana.page.get_by_text(rana.words("Make a link that shows less, and only for a time")).click()
    rana.fill("For whom is the link?", "Stromwerk")
    rana.page.locator("[name=shows_grades]").uncheck()
    rana.press("Make the link")
    address = rana.page.locator('a[href^="/shown/"]').get_attribute("href")

    employer.go(address)
    employer.reads("Regelungstechnik 1")
    expect(employer.page.locator("body")).not_to_contain_text("1,7")
    rana.press("Close the link “%(label)s”", label="Stromwerk")
    employer.go(address)
    employer.sees("This link shows nothing any more")
    assert ShareLink.objects.get().opens == 1


def test_handed_over_data_is_mended_looked_at_and_prepared(world: World, walker, axe) -> None:
    as_a_worker(lambda: make_enrolment(world))
    table = (EXAMPLES / "outcomes.csv").read_text(encoding="utf-8").replace("milica@example.org", world.rana.email)
    vogel = walker(world.vogel, width=360)
    vogel.go("/certificates/prepare/")
    vogel.press("Read handed-over data")
    broken: Any = {
        "name": "a.csv",
        "mimeType": "text/csv",
        "buffer": table.replace(",4,work_based", ",12,by post").encode(),
    }
    vogel.page.locator("input[type=file]").set_input_files(broken)
    vogel.press("Show what would happen")
    summary = vogel.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_count(2)
    axe(vogel.page)

    box = vogel.page.locator("[name=text]").last
    expect(box).to_have_value(re.compile("by post"))
    box.fill(table)
    vogel.press("Show what would happen")
    vogel.reads("Rana Al-Khatib")
    axe(vogel.page)
    assert vogel.page.evaluate("document.documentElement.scrollWidth") <= 360
    vogel.page.get_by_role("button", name="1 Entwurf vorbereiten").dblclick()
    vogel.reads("1 Zertifikat ist vorbereitet.")
    vogel.page.go_back()
    vogel.go("/certificates/")
    vogel.page.locator("main").get_by_role("link", name="Rana Al-Khatib").click()
    vogel.reads("Kleine Photovoltaikanlagen")

    certificate = Certificate.objects.get()
    vogel.page.get_by_text(vogel.words("Choose the languages of this certificate")).click()
    vogel.page.locator("[name=first]").select_option("en")
    vogel.page.locator("[name=second]").select_option("")
    vogel.press("Print it in these languages")
    vogel.sees("The languages are chosen. Look at the pages.")
    certificate.refresh_from_db()
    assert certificate.content["languages"] == ["en"]


def test_keys_are_followed_and_distrusted_on_their_page(world: World, walker, run_jobs) -> None:
    certificate = as_a_worker(lambda: makers.issued(world))
    jan = walker(world.petersen)
    key = SigningKey.objects.get(algorithm="Ed25519")
    jan.go("/certificates/keys/")
    jan.press("Follow %(key)s by a new key", key=key.fragment)
    jan.press("Make the new key")
    jan.sees("old, still trusted")
    jan.press("%(key)s is in wrong hands", key=key.fragment)
    jan.fill("What happened?", "Laptop gestohlen")
    jan.press("Trust this key no longer")
    jan.reads("Laptop gestohlen")
    run_jobs()

    edition = Certificate.objects.get(pk=certificate.pk)
    assert edition.pdf_sha256 != certificate.pdf_sha256
    employer = walker()
    drop(employer, "neu.json", edition.credential.encode())
    employer.sees("This certificate is genuine and valid.")
