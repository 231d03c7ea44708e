"""Print the demo's sign-in links."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from credpoints.home.demo_people import demo_links


class Command(BaseCommand):
    help = "Print one sign-in link per role of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sign-in links open nothing outside the demo: set DEMO=1.")
        for link in demo_links():
            self.stdout.write(f"{link.role:<14} {link.name:<16} {link.address}")
