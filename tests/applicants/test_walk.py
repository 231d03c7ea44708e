"""From the public page to a place: the whole way through the pages people use, without a script."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from applicants.models import Answer, Application
from credpoints.accounts.models import User
from credpoints.outbox.models import OutboxMessage
from tests.applicants.make import ANSWERS, make_form, make_submitted
from tests.people import World

pytestmark = pytest.mark.django_db


def page_post(client: Client, application: Application, key: str, do: str = "next", **fields: object):
    """Send a page of the survey as a browser does: with the fingerprints the page showed."""
    address = reverse("applicants:section", args=[application.uuid, key])
    html = client.get(address).content.decode()
    shown = dict(re.findall(r'name="was:([^"]+)" value="([^"]*)"', html))
    data = {f"was:{name}": value for name, value in shown.items()}
    return client.post(address, {**data, **fields, "do": do})


def latest_mail(to: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(to=to).order_by("-pk")[0]


def test_somebody_without_an_account_applies_and_gets_a_place(world: World, client: Client, sign_in) -> None:
    make_form(world.programme)
    assert "Apply" in client.get(world.programme.get_absolute_url()).content.decode()

    begun = client.post(reverse("applicants:begin", args=["credit-points"]), {"email": "new@example.org"})
    application = Application.objects.get(person__user__email="new@example.org")
    assert begun.url == reverse("applicants:section", args=[application.uuid, "person"])

    survey = application.form_version.survey
    for section in survey.sections:
        typed = {a: v for a, v in ANSWERS.items() if (place := survey.field(a)) and place.section.key == section.key}
        answer = page_post(client, application, section.key, **typed)
        assert answer.status_code == 302, (section.key, answer.content.decode())
    assert answer.url == reverse("applicants:review", args=[application.uuid])

    # The address is not confirmed yet: nothing is sent, nothing is lost.
    refused = client.post(reverse("applicants:submit", args=[application.uuid]))
    assert refused.status_code == 422
    code = re.search(r"code: (\d{6})", latest_mail("new@example.org").body)
    assert code
    client.post(reverse("applicants:verify", args=[application.uuid]), {"code": code[1]})
    sent = client.post(reverse("applicants:submit", args=[application.uuid]))
    again = client.post(reverse("applicants:submit", args=[application.uuid]))
    assert (sent.status_code, again.status_code) == (302, 302)

    application.refresh_from_db()
    assert application.number
    assert re.fullmatch(r"APP-\d{4}-000001", application.number)
    assert Application.objects.count() == 1
    assert list(application.checks.values_list("result", flat=True)) == ["met"] * 5
    assert application.person.full_name == "Rana Al-Khatib"
    assert application.person.country_of_residence == "DE"
    assert "APP-" in latest_mail("new@example.org").subject

    vogel, petersen = sign_in(world.vogel), sign_in(world.petersen)
    listed = vogel.get(reverse("applicants:applications", args=["credit-points"]), {"result": "met"})
    assert application.number in listed.content.decode()
    step = lambda name: reverse("applicants:step", args=[application.uuid, name])  # noqa: E731
    vogel.post(step("start_review"))
    preview = vogel.get(step("invite")).content.decode()
    assert "new@example.org" in preview
    draft = {"subject": "Come and see us", "body": "Please choose a date.", "mails": "on", "do": "now"}
    vogel.post(step("invite"), draft)
    assert latest_mail("new@example.org").subject == "Come and see us"
    vogel.post(step("mark_consulted"))
    petersen.post(step("accept"), {**draft, "subject": "A place"})
    application.refresh_from_db()
    assert application.state == "accepted"


def test_a_known_address_gets_a_mail_and_not_a_session(world: World, client: Client) -> None:
    application = make_submitted(world)

    answer = client.post(reverse("applicants:begin", args=["credit-points"]), {"email": "RANA@example.org"})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    link = re.search(r"https?://[^/]+(/applications/continue/\S+)", latest_mail("rana@example.org").body)
    assert link
    shown = client.get(link[1])
    assert (shown.status_code, "_auth_user_id" in client.session) == (200, False)
    opened = client.post(link[1])
    assert opened.url == application.get_absolute_url()
    assert client.session["_auth_user_id"] == str(world.rana.pk)
    assert Client().post(link[1]).status_code == 410


def test_the_first_confirmation_ends_every_other_session(world: World) -> None:
    make_form(world.programme)
    stranger = Client()
    stranger.post(reverse("applicants:begin", args=["credit-points"]), {"email": "victim@example.org"})
    application = Application.objects.get()
    link = re.search(r"https?://[^/]+(/applications/continue/\S+)", latest_mail("victim@example.org").body)
    assert link

    owner = Client()
    owner.post(link[1])

    assert owner.get(application.get_absolute_url()).status_code == 200
    assert stranger.get(application.get_absolute_url()).status_code == 302


def test_staff_never_come_in_by_a_mailed_link(world: World, client: Client) -> None:
    make_form(world.programme)
    client.post(reverse("applicants:begin", args=["credit-points"]), {"email": "vogel@bht.example"})
    link = re.search(r"https?://[^/]+(/applications/continue/\S+)", latest_mail("vogel@bht.example").body)
    assert link

    answer = client.post(link[1])

    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_a_machine_that_fills_the_hidden_field_gets_nothing(world: World, client: Client) -> None:
    make_form(world.programme)

    answer = client.post(
        reverse("applicants:begin", args=["credit-points"]), {"email": "bot@example.org", "website": "http://x"}
    )

    assert answer.status_code == 200
    assert not User.objects.filter(email="bot@example.org").exists()
    assert not OutboxMessage.objects.exists()


def test_begin_is_limited_per_address(world: World, client: Client) -> None:
    make_submitted(world)
    address = reverse("applicants:begin", args=["credit-points"])

    found = [client.post(address, {"email": "rana@example.org"}).status_code for _ in range(6)]

    assert found == [200] * 5 + [429]


def test_a_session_that_ends_keeps_what_was_typed(world: World, sign_in) -> None:
    application = make_submitted(world, world.yusuf)  # somebody else's must stay untouched
    mine = _draft(world)
    visitor = Client()
    address = reverse("applicants:section", args=[mine.uuid, "goals"])

    sent_off = visitor.post(address, {"goal": "Brücken bauen", "was:goal": "0", "do": "next"})
    assert sent_off.url == reverse("applicants:resume", args=[mine.uuid])
    assert "kept in this browser" in visitor.get(sent_off.url).content.decode()
    visitor.force_login(world.rana, backend="django.contrib.auth.backends.ModelBackend")
    visitor.get(address)

    assert Answer.objects.get(application=mine, address="goal").value == "Brücken bauen"
    assert Answer.objects.get(application=application, address="goal").value == ANSWERS["goal"]


def _draft(world: World) -> Application:
    make_form(world.programme)
    client = Client()
    client.force_login(world.rana, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("applicants:begin", args=["credit-points"]))
    return Application.objects.get(person__user=world.rana)


def test_changing_the_language_saves_first(world: World) -> None:
    application = _draft(world)
    client = Client()
    client.force_login(world.rana, backend="django.contrib.auth.backends.ModelBackend")

    answer = page_post(client, application, "person", do="language:en", given_name="Rana", residence="")

    assert answer.status_code == 302
    assert Answer.objects.get(application=application, address="given_name").value == "Rana"
    world.rana.refresh_from_db()
    assert world.rana.language == "en"


def test_a_page_with_errors_keeps_everything_and_says_where(world: World) -> None:
    application = _draft(world)
    client = Client()
    client.force_login(world.rana, backend="django.contrib.auth.backends.ModelBackend")

    answer = page_post(client, application, "goals", goal="bauen", weekly_hours="viele")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#f-weekly_hours"' in html
    assert 'value="viele"' in html
    assert Answer.objects.get(application=application, address="weekly_hours").value == "viele"
