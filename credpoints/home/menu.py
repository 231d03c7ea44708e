"""The home pages in the main menu."""

from django.utils.translation import gettext_lazy as _

from credpoints.accounts.models import User
from credpoints.accounts.rules import is_staff
from credpoints.http.navigation import MenuItem, register


def is_visitor(user: User | None) -> bool:
    return user is None


def has_own_path(user: User | None) -> bool:
    return user is not None and not is_staff(user)


def register_home_pages() -> None:
    register(MenuItem(_("Programmes"), "home:start", is_visitor, order=0))
    register(MenuItem(_("My path"), "home:my_path", has_own_path, order=10))
    register(MenuItem(_("Today"), "home:today", is_staff, order=10))
    register(MenuItem(_("Mail"), "home:outbox", is_staff, order=90))
    register(MenuItem(_("How it works"), "home:how_it_works", is_visitor, order=95))
