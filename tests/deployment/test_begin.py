"""The first command of an installation makes what the first administrator needs."""

from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from certificates.models import SigningKey
from credpoints.accounts.models import User
from credpoints.organisations.models import Organisation

FACTS = {"organisation": "BHT", "slug": "bht", "country": "de", "administrator": "Dean@bht.example", "language": "de"}


def test_an_empty_installation_gets_organisation_keys_and_administrator(db, sign_in, settings, tmp_path) -> None:
    settings.SIGNING_KEYS_DIR = tmp_path / "keys"

    for _again in range(2):
        call_command("begin_installation", **FACTS, stdout=StringIO())

    administrator = User.objects.get()
    assert (administrator.email, Organisation.objects.get().country) == ("dean@bht.example", "DE")
    assert (SigningKey.objects.count(), len(list((tmp_path / "keys").rglob("*.pem")))) == (2, 2)
    client = sign_in(administrator)
    link = f'href="{reverse("home:programme_new")}"'
    assert client.get(reverse("home:today")).content.decode().count(link) == 2  # the next step, and the list beside it
    assert client.get(reverse("home:programme_new")).status_code == 200
