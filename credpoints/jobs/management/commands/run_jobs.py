"""Do all waiting jobs in this process: for maintenance without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from credpoints.jobs import actions


class Command(BaseCommand):
    help = "Do all jobs that are waiting now, without a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{actions.run_waiting()} jobs done")
