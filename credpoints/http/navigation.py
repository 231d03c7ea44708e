"""The main menu: every room adds the pages that people look for, and who sees them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from credpoints.accounts.models import User
from credpoints.http.requests import user_of

Who = Callable[[User | None], bool]


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu; `order` decides the place, home pages are 10, rooms 20 to 80, mail 90."""

    label: str | Promise
    url: str  # "applicants:applications"
    who: Who
    order: int = 50


@dataclass(frozen=True)
class MenuLink:
    """An entry as one person sees it on one page."""

    label: str | Promise
    href: str
    is_current: bool


_items: dict[str, MenuItem] = {}


def register(item: MenuItem) -> None:
    """Add an entry; call it in `AppConfig.ready`."""
    _items[item.url] = item


def menu(request: HttpRequest) -> list[MenuLink]:
    """The entries this person sees, in order, with the present page marked."""
    user = user_of(request)
    shown = sorted((item for item in _items.values() if item.who(user)), key=lambda item: item.order)
    match = request.resolver_match
    return [MenuLink(item.label, reverse(item.url), bool(match and match.view_name == item.url)) for item in shown]
