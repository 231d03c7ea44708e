"""Ask whether a worker runs, for health checks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credpoints.jobs.actions import worker_answers


class Command(BaseCommand):
    help = "Exit 0 when a worker does a small job within some seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--within", type=float, default=20.0, help="seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        if not worker_answers(within=options["within"]):
            raise CommandError(f"No worker has answered within {options['within']:.0f} seconds.")
        self.stdout.write("A worker answers.")
