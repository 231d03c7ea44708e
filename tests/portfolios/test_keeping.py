"""What is typed into the forms of pages and about oneself is kept, and seen by others only when it is saved."""

import pytest
from django.test import Client

from portfolios import actions
from portfolios.models import Page
from tests.portfolios.factories import make_entry, make_page

HTMX = {"HX-Request": "true"}


def test_words_about_oneself_are_kept_while_typed_and_shown_to_nobody_before(world, sign_in) -> None:
    portfolio, client = actions.portfolio_of(world.rana.person), sign_in(world.rana)

    answer = client.post("/portfolio/about/", {"about": "Ich komme", "language": "de"}, headers=HTMX)

    portfolio.refresh_from_db()
    assert "aufgehoben um" in answer.content.decode()
    assert portfolio.about == ""
    page = client.get("/portfolio/about/").content.decode()
    assert ("Ich komme</textarea>" in page, "steht wieder hier" in page) == (True, True)


def test_saving_forgets_what_was_kept(world, sign_in) -> None:
    client = sign_in(world.rana)
    client.post("/portfolio/about/", {"about": "Ich", "language": "de"}, headers=HTMX)

    client.post("/portfolio/about/", {"about": "Ich komme aus Aleppo.", "language": "de"})

    page = client.get("/portfolio/about/").content.decode()
    assert ("Ich komme aus Aleppo.</textarea>" in page, "steht wieder hier" in page) == (True, False)


def test_a_new_page_is_kept_with_the_places_of_its_entries(world, sign_in) -> None:
    one, client = make_entry(world.rana, title="Woche 1", visible=True), sign_in(world.rana)

    client.post(
        "/portfolio/pages/new/", {"title": "", f"place-{one.pk}": "1", "introduction": "Guten Tag"}, headers=HTMX
    )

    page = client.get("/portfolio/pages/new/").content.decode()
    assert "Guten Tag</textarea>" in page
    assert f'name="place-{one.pk}" value="1"' in page
    assert "invalid-feedback" not in page  # nobody is told off for what is not finished
    assert Page.objects.count() == 0


@pytest.mark.parametrize("other", ["page", "person"])
def test_what_is_kept_stands_in_its_own_form_only(world, sign_in, other: str) -> None:
    page = make_page(world.rana)
    client = sign_in(world.rana)
    client.post(f"{page.get_absolute_url()}edit/", {"title": "Halb fertig"}, headers=HTMX)

    def sees(reader: Client, address: str) -> bool:
        return "Halb fertig" in reader.get(address).content.decode()

    if other == "page":
        second = make_page(world.rana, title="Zweite")
        assert not sees(client, f"{second.get_absolute_url()}edit/")
    else:
        assert not sees(sign_in(world.yusuf), "/portfolio/pages/new/")
    assert sees(client, f"{page.get_absolute_url()}edit/")


def test_what_was_typed_can_be_thrown_away(world, sign_in) -> None:
    client = sign_in(world.rana)
    client.post("/portfolio/about/", {"about": "Unsinn", "language": "de"}, headers=HTMX)

    client.post("/portfolio/about/", {"forget": "1"})

    assert "Unsinn" not in client.get("/portfolio/about/").content.decode()
    assert actions.portfolio_of(world.rana.person).about == ""
