"""Make the signing keys of an awarding body in production, where nothing makes them by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates import signing
from certificates.keys import ED25519, P256
from credpoints.organisations.models import Organisation


class Command(BaseCommand):
    help = "Make the signing keys of an awarding body (both kinds) unless it has active ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("issuer", help="the organisation's short address, for example bht")

    def handle(self, *args: Any, **options: Any) -> None:
        issuer = Organisation.objects.filter(slug=options["issuer"]).first()
        if issuer is None:
            raise CommandError(f"there is no organisation {options['issuer']!r}")
        for algorithm in (ED25519, P256):
            key = signing.register_new_key(issuer, algorithm, now=timezone.now())
            self.stdout.write(f"{key.key_id} ({algorithm})")
