"""Find people, cases, modules, certificates and pages from one field: the command search of staff pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from certificates.models import Certificate
from credpoints.accounts.models import User
from credpoints.common.translated import text_in
from credpoints.http.navigation import menu
from credpoints.organisations.models import Programme
from modules.models import ModuleVersion
from modules.search import words_of
from planning.models import Participation

SHOWN = 8  # of each kind; whoever looks for more types another letter
LONGEST = 100
WORDS = 5


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class Hits:
    """What was found of one kind."""

    kind: str | Promise
    hits: list[Hit]


def search(request: HttpRequest, user: User, typed: str) -> list[Hits]:
    """Everything that this member of staff may open and that holds all the words typed (five queries)."""
    words = typed[:LONGEST].replace("\x00", "").split()[:WORDS]
    if not words:
        return []
    found: list[Hits] = [Hits(_("Pages"), _pages(request, user, words))]
    found += [Hits(kind, [*finder(user, words)]) for kind, finder in FINDERS]
    return [group for group in found if group.hits]


def _pages(request: HttpRequest, user: User, words: list[str]) -> list[Hit]:
    programmes = [(text_in(p.title), reverse("home:programme", args=[p.slug])) for p in _administered(user)]
    links = [(str(link.label), link.href) for link in menu(request)] + programmes
    return [Hit(label, "", url) for label, url in links if all(word.lower() in label.lower() for word in words)][:SHOWN]


def _administered(user: User) -> QuerySet[Programme]:
    return Programme.objects.administered_by(user).order_by("pk")


def _named(words: list[str], *fields: str) -> Q:
    """Every word stands in one of the fields."""
    condition = Q()
    for word in words:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        condition &= one
    return condition


PERSON = ("person__given_name", "person__family_name", "person__native_name", "person__user__email", "person__email")


def _participants(user: User, words: list[str]) -> Iterable[Hit]:
    found = Participation.objects.visible_to(user).filter(_named(words, *PERSON)).for_pages().order_by("-pk")
    for one in found[:SHOWN]:
        yield Hit(
            str(one.person), f"{text_in(one.programme.title)} · {one.get_state_display()}", one.get_absolute_url()
        )


def _applications(user: User, words: list[str]) -> Iterable[Hit]:
    found = (
        Application.objects.handled_by(user)
        .filter(_named(words, *PERSON, "number"), erased_at=None)
        .select_related("person__user", "programme")
    )
    for one in found.order_by("-submitted_at")[:SHOWN]:
        url = reverse("applicants:dossier", args=[one.uuid])
        yield Hit(str(one.person), f"{one.number} · {one.get_state_display()}", url)


def _modules(user: User, words: list[str]) -> Iterable[Hit]:
    found = (
        ModuleVersion.objects.published()
        .filter(_named(words_of(" ".join(words)), "search_text"))
        .select_related("module__provider")
    )
    for one in found.order_by("-pk")[:SHOWN]:
        yield Hit(text_in(one.title), str(one.module), one.get_absolute_url())


def _certificates(user: User, words: list[str]) -> Iterable[Hit]:
    found = Certificate.objects.managed_by(user).filter(_named(words, *PERSON[:4], "number", "code")).for_pages()
    for one in found.order_by("-pk")[:SHOWN]:
        yield Hit(
            one.number or str(one.get_kind_display()),
            f"{one.person} · {one.get_state_display()}",
            one.get_absolute_url(),
        )


FINDERS: tuple[tuple[Promise, Callable[[User, list[str]], Iterable[Hit]]], ...] = (
    (_("Participants"), _participants),
    (_("Applications"), _applications),
    (_("Modules"), _modules),
    (_("Certificates"), _certificates),
)
