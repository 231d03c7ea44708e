"""Load the list that the survey suggests universities from."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from applicants.models import Institution

COLUMNS = {"name", "country_code"}


class Command(BaseCommand):
    help = (
        "Import institutions from a CSV file with name, country_code, domains, web_page; a second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = COLUMNS - set(rows.fieldnames or ())
            if missing:
                raise CommandError(f"{path.name} lacks the columns {', '.join(sorted(missing))}")
            wanted = {key: row for row in rows if (key := _key(row))}
        with transaction.atomic():
            known = set(Institution.objects.values_list("name", "country"))
            new = [_institution(*key, row) for key, row in wanted.items() if key not in known]
            Institution.objects.bulk_create(new, batch_size=1000)
        self.stdout.write(f"{len(new)} new, {len(wanted) - len(new)} known already")


def _key(row: dict[str, str]) -> tuple[str, str] | None:
    name, country = " ".join((row["name"] or "").split())[:300], (row["country_code"] or "").strip().upper()
    return (name, country) if name and len(country) == 2 else None


def _institution(name: str, country: str, row: dict[str, str]) -> Institution:
    domains = [d.strip() for d in (row.get("domains") or "").replace(";", ",").split(",") if d.strip()]
    return Institution(name=name, country=country, domains=domains, website=(row.get("web_page") or "")[:300],
                       searched=Institution.fold(name))  # fmt: skip
