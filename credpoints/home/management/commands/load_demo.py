"""Fill an empty installation with a living demo programme."""

import importlib
from importlib.util import find_spec
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand

from credpoints.jobs import actions as jobs
from credpoints.organisations import demo
from credpoints.organisations.models import Programme

# In the order of the floors: what a room shows, the rooms below have made.
ROOMS = ("applicants", "modules", "planning", "portfolios", "certificates")


class Command(BaseCommand):
    help = "Load the demo programme with its people; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if Programme.objects.filter(is_demo=True).exists():
            self.stdout.write("The demo is already there.")
            return
        made = demo.build()
        for user in made.users.values():
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
        for room in ROOMS:
            if find_spec(f"{room}.demo"):
                self.stdout.write(f"  {room} …")
                importlib.import_module(f"{room}.demo").load(made)
        self.stdout.write(f"  {jobs.run_waiting()} jobs done (mails, documents)")
        self.stdout.write("The demo is ready.")
