"""Check certificate files on the command line, without a browser."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates import verifying


class Command(BaseCommand):
    help = "Check files (PDF, Open Badge as JSON or PNG, JWT) that say they are our certificates."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for name in options["files"]:
            try:
                data = Path(name).read_bytes()
            except OSError as error:
                raise CommandError(str(error)) from error
            _way, answer = verifying.by_file(data)
            bad += not answer.is_valid
            number = f" {answer.register.number}" if answer.register else ""
            self.stdout.write(f"{answer.result.upper()}{number} {name}: {verifying.headline(answer)}")
            for finding in answer.findings:
                self.stdout.write(f"   {finding.text}")
        if bad:
            raise CommandError(f"{bad} of {len(options['files'])} not valid")
