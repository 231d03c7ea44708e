import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone, translation

from portfolios import actions, queries
from portfolios.models import Share
from tests.portfolios.factories import make_entry, make_page, make_request, make_share


def main_part(answer) -> str:
    """What the page says, without the header and its form tokens."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_link_shows_the_page_without_signing_in(world) -> None:
    make_entry(world.rana, title="Geheim", visible=True)
    share, token = make_share(world.rana, make_page(world.rana, make_entry(world.rana, title="Woche 1", visible=True)))

    answer = Client().get(f"/p/{token}/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("Woche 1" in page, "Geheim" in page) == (True, False)
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert 'name="robots" content="noindex' in page
    share.refresh_from_db()
    assert share.opens == 1


def test_the_token_is_not_in_the_database(world) -> None:
    share, token = make_share(world.rana)

    assert token not in {share.token_hash, share.label}
    assert len(share.token_hash) == 64


def test_a_switched_off_link_is_dead_at_once_and_says_nothing(world) -> None:
    share, token = make_share(world.rana)
    actions.revoke_share(share=share, by=world.rana)

    dead, unknown = Client().get(f"/p/{token}/"), Client().get("/p/never-existed/")

    assert (dead.status_code, unknown.status_code) == (404, 404)
    assert main_part(dead) == main_part(unknown)
    assert "no-store" in dead["Cache-Control"]


def test_an_expired_link_is_dead(world, time_machine) -> None:
    time_machine.move_to("2028-06-01 10:00+02:00", tick=False)
    _share, token = make_share(world.rana, days=14)

    time_machine.move_to("2028-06-15 09:59+02:00", tick=False)
    before = Client().get(f"/p/{token}/").status_code
    time_machine.move_to("2028-06-15 10:00+02:00", tick=False)

    assert (before, Client().get(f"/p/{token}/").status_code) == (200, 404)


def test_a_hidden_entry_disappears_from_shared_pages_at_once(world) -> None:
    entry = make_entry(world.rana, title="Woche 7", visible=True)
    _share, token = make_share(world.rana, make_page(world.rana, entry))

    actions.hide_entry(entry=entry, by=world.rana)

    assert "Woche 7" not in Client().get(f"/p/{token}/").content.decode()


def test_sending_the_form_twice_makes_one_link(world, sign_in) -> None:
    page = make_page(world.rana)
    data = {"label": "Stromwerk", "days": "60", "share_uuid": "00000000-0000-4000-8000-000000000001"}
    client = sign_in(world.rana)

    first = client.post(f"{page.get_absolute_url()}share/", data)
    second = client.post(f"{page.get_absolute_url()}share/", data)

    assert Share.objects.count() == 1
    assert ("/p/" in first.content.decode(), "/p/" in second.content.decode()) == (True, False)


def test_only_the_owner_shares_and_puts_own_entries_on_pages(world) -> None:
    page = make_page(world.rana)
    with pytest.raises(PermissionDenied):
        actions.share_page(page=page, label="x", days=14, by=world.petersen, share_uuid=page.uuid)
    foreign = make_entry(world.yusuf, title="Yusufs Text", visible=True)

    mixed = actions.save_page(
        portfolio=page.portfolio, title="Mix", language="de", introduction="", entries=[foreign], by=world.rana
    )

    assert queries.page_entries(mixed) == []


def test_a_page_shows_the_entries_in_the_order_of_their_numbers(world, sign_in) -> None:
    one, two, three = (make_entry(world.rana, title=f"Eintrag {n}", visible=True) for n in (1, 2, 3))
    data = {"title": "Bewerbung", "language": "de", "introduction": "", f"place-{one.pk}": "2", f"place-{two.pk}": "",
            f"place-{three.pk}": "1"}  # fmt: skip

    answer = sign_in(world.rana).post("/portfolio/pages/new/", data)

    assert answer.status_code == 302
    page = queries.own_pages(actions.portfolio_of(world.rana.person), timezone.now())[0]
    assert [entry.title for entry in queries.page_entries(page)] == ["Eintrag 3", "Eintrag 1"]


def test_a_page_without_entries_comes_back_with_what_was_typed(world, sign_in) -> None:
    make_entry(world.rana, visible=True)

    answer = sign_in(world.rana).post("/portfolio/pages/new/", {"title": "Mein Titel", "language": "de"})

    assert answer.status_code == 422
    assert "Mein Titel" in answer.content.decode()


def test_one_sentence_says_who_can_see_the_portfolio(world) -> None:
    portfolio = actions.portfolio_of(world.rana.person)

    def sentence() -> str:
        with translation.override("en"):
            return queries.who_can_see(*queries.readers(portfolio, timezone.now()))

    alone = sentence()
    share, _token = make_share(world.rana)
    linked = sentence()
    make_request(make_entry(world.rana), world.lorenz)
    both = sentence()
    Share.objects.filter(pk=share.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )

    assert alone == "Only you. No link is open, and nobody has been asked for feedback."
    assert linked == "Besides you: whoever has the link for Stromwerk."
    assert both == (
        "Besides you: whoever has the link for Stromwerk; Heike Lorenz (only the entries you asked feedback for)."
    )
    assert sentence() == "Besides you: Heike Lorenz (only the entries you asked feedback for)."


def test_the_export_holds_everything_and_nothing_of_others(world, sign_in) -> None:
    make_entry(world.rana, title="Meine Woche", body="Ich war hier: Ереван, თბილისი")
    make_entry(world.yusuf, title="Yusufs Woche")

    answer = sign_in(world.rana).get("/portfolio/export/")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(archive.read("portfolio.json"))
    assert [entry["title"] for entry in data["entries"]] == ["Meine Woche"]
    assert data["entries"][0]["body"] == "Ich war hier: Ереван, თბილისი"
    assert "Yusufs" not in archive.read("index.html").decode()
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("number", [1, 3])
def test_the_portfolio_page_needs_the_same_queries_for_one_and_three_entries(
    world, sign_in, django_assert_num_queries, number
) -> None:
    for n in range(number):
        make_page(world.rana, make_entry(world.rana, title=f"Woche {n}", visible=True))
        make_share(world.rana, make_page(world.rana, make_entry(world.rana, visible=True)))
    client = sign_in(world.rana)
    client.get("/portfolio/")

    with django_assert_num_queries(10):
        client.get("/portfolio/")


def test_the_owner_sees_a_page_as_its_reader_will_and_who_reads_a_change(world, sign_in) -> None:
    page, client = make_page(world.rana), sign_in(world.rana)
    actions.describe_person(portfolio=page.portfolio, about="Ich komme aus Aleppo.", language="de", by=world.rana)
    entry = queries.page_entries(page)[0]
    facts = {"title": "Bewerbung", "language": "de", f"place-{entry.pk}": "1"}
    edit = f"{page.get_absolute_url()}edit/"

    preview = client.get(page.get_absolute_url()).content.decode()
    alone = client.post(edit, facts, follow=True).content.decode()
    make_share(world.rana, page)
    warned = client.get(edit).content.decode()
    shared = client.post(edit, facts, follow=True).content.decode()

    assert "Ich komme aus Aleppo." in preview
    assert "Niemand sieht sie" in alone
    assert "sehen sofort alle, die einen Link haben: Stromwerk" in " ".join(warned.split())
    assert "So sehen sie jetzt alle, die einen Link haben: Stromwerk" in shared
