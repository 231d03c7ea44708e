"""Make what an empty installation needs before anybody can sign in: an organisation, its keys, its administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from certificates.keys import ED25519, P256
from certificates.signing import register_new_key
from credpoints.accounts.actions import grant_role, open_account
from credpoints.accounts.models import Role, ScopeKind
from credpoints.organisations.models import Organisation, OrganisationKind


class Command(BaseCommand):
    help = "Begin an installation: the first organisation with signing keys and administrator. Running again is safe."
    requires_system_checks: list[str] = []  # they ask for the key that this command makes

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, help="its name, as certificates print it")
        parser.add_argument("--slug", required=True, help="its short name in addresses, for example bht")
        parser.add_argument("--country", required=True, help="two letters, for example DE")
        parser.add_argument("--administrator", required=True, help="e-mail address of the first administrator")
        parser.add_argument("--language", default="de", choices=["de", "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            organisation, _made = Organisation.objects.get_or_create(
                slug=options["slug"],
                defaults={
                    "kind": OrganisationKind.UNIVERSITY,
                    "country": options["country"].upper(),
                    "name": {options["language"]: options["organisation"]},
                    "email": options["administrator"],
                },
            )
            user = open_account(email=options["administrator"], language=options["language"])
            grant_role(
                user=user,
                role=Role.PROGRAMME_ADMIN,
                scope_kind=ScopeKind.ORGANISATION,
                scope_id=organisation.pk,
                by=None,
            )
        for algorithm in (ED25519, P256):
            key = register_new_key(organisation, algorithm, now=timezone.now())
            self.stdout.write(f"Signing key {key.fragment}: keep a copy of its file in a safe place.")
        self.stdout.write(f"{user.email} can sign in with an e-mailed code and begin a programme.")
