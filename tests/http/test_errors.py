"""What stops a request before any room has seen it is told in words, in the reader's language."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Das war zu viel auf einmal"), ("en", "That was too much at once")]
)
def test_a_form_that_is_too_large_is_told_so(db, settings, language, words) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = Client(headers={"accept-language": language})

    answer = client.post(reverse("account_login"), {"login": "x" * 2000})

    assert answer.status_code == 413
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Das konnte nicht gelesen werden"), ("en", "This could not be read")]
)
def test_an_unknown_host_is_answered_in_the_language_of_the_browser(db, language, words) -> None:
    answer = Client(headers={"accept-language": language, "host": "evil.example"}).get("/")

    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_too_many_tries_get_a_page_of_ours(db) -> None:
    client = Client(headers={"accept-language": "de"})
    address = reverse("account_signup")

    answers = [client.post(address, {"email": "new@example.org"}) for _try in range(30)]

    assert answers[-1].status_code == 429
    assert "Bitte warten Sie einige Minuten" in answers[-1].content.decode()
