"""The advisors' list and a step for many at 500 and at 10,000 applications: server time and number of queries.

Two programmes in one database, one of each size; their pages are asked for in turns.

Runs in a test database of its own, on SQLite or on what DATABASE_URL names, and removes it afterwards.
"""

import os
import random
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "credpoints.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from applicants.default_form import default_form  # noqa: E402
from applicants.models import Application, Decision, FormVersion, State  # noqa: E402
from credpoints.accounts.actions import grant_role  # noqa: E402
from credpoints.accounts.models import Person, Role, ScopeKind, User  # noqa: E402
from credpoints.organisations.actions import create_programme  # noqa: E402
from credpoints.organisations.models import Organisation, Programme, ProgrammeState  # noqa: E402

SIZES = (500, 10_000)
ROUNDS = 15
STATES = [State.SUBMITTED, State.IN_REVIEW, State.INVITED, State.CONSULTED, State.REJECTED, State.ACCEPTED]


@dataclass(frozen=True)
class Measured:
    """A programme with so many applications, the address of its list, and two browsers of its advisors."""

    size: int
    list: str
    advisor: Client
    colleague: Client

    @property
    def dossier(self) -> str:
        return Application.objects.filter(number=f"APP-{self.size}-000000").get().dossier_url


def build(size: int) -> Measured:
    """A programme with two advisors, a published survey and so many applications."""
    organisation = Organisation.objects.create(slug=f"bench-{size}", kind="university", country="DE", name={"en": "B"})
    programme = create_programme(
        organisation=organisation, preset="credit_points", slug=f"bench-{size}", by=None, title={"en": "Bench"},
        state=ProgrammeState.OPEN, places=20,
    )  # fmt: skip
    advisor, second = (_advisor(programme, f"{name}{size}") for name in ("advisor", "second"))
    form = FormVersion.objects.create(
        programme=programme, number=1, content=default_form(), state="published", published_at=timezone.now()
    )
    fill(programme, advisor, form, size)
    return Measured(size, f"/programmes/{programme.slug}/applications/", _client(advisor), _client(second))


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _advisor(programme: Programme, name: str) -> User:
    user = User.objects.create_user(f"{name}@bench.example")
    Person.objects.create(user=user, given_name="Ada", family_name=name)
    grant_role(user=user, role=Role.ADVISOR, scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk, by=None)
    return user


def fill(programme: Programme, advisor: User, form: FormVersion, size: int) -> None:
    """Applications spread over states, countries and results."""
    chance = random.Random(size)
    now = timezone.now()
    emails = [f"p{n}@{programme.slug}.example" for n in range(size)]
    users = User.objects.bulk_create([User(email=email) for email in emails], batch_size=2000)
    people = Person.objects.bulk_create(
        [Person(user=u, given_name=f"Given{u.pk}", family_name=f"Family{chance.randrange(10**6)}") for u in users],
        batch_size=2000,
    )
    rows = [
        Application(
            number=f"APP-{size}-{n:06d}", programme=programme, person=person, form_version=form,
            state=chance.choice(STATES), submitted_at=now - timedelta(minutes=n), moved_at=now - timedelta(minutes=n),
            overall=chance.choice(["met", "manual", "not_met"]), country_of_degree=chance.choice(["SY", "UA", "IR"]),
            field_of_study="0713", advisor=advisor,
            snapshot={"goal": "word " * 50, "education": ["n1"], "education.n1.grade": "71,3"},
        )
        for n, person in enumerate(people)
    ]  # fmt: skip
    made = Application.objects.bulk_create(rows, batch_size=500)
    Decision.objects.bulk_create(
        [Decision(application=a, kind="invite", subject="x", body="x", language="de", prepared_by=advisor)
         for a in made[:50]]
    )  # fmt: skip


def measure(label: str, pages: list[tuple[Measured, str, dict[str, str]]]) -> list[tuple[float, int]]:
    """The median time in milliseconds and the number of queries of a page at each size.

    The sizes take turns, so that a machine that becomes slower does so for both.
    """
    times: list[list[float]] = [[] for _page in pages]
    for number in range(ROUNDS + 1):
        for found, (measured, address, query) in zip(times, pages, strict=True):
            start = time.perf_counter()
            if measured.advisor.get(address, query).status_code != 200:
                raise SystemExit(f"{address} does not answer")
            if number:  # the first one fills caches
                found.append((time.perf_counter() - start) * 1000)
    medians = []
    for found, (measured, address, query) in zip(times, pages, strict=True):
        with CaptureQueriesContext(connection) as queries:
            measured.advisor.get(address, query)
        medians.append((statistics.median(found), len(queries)))
        print(f"{measured.size:6d} {label:8s} {medians[-1][0]:7.1f} ms {len(queries):3d} queries")
    return medians


def measure_bulk(measured: Measured) -> list[tuple[str, float, int]]:
    """The page before a step for all applications, and what its button does: times and numbers of queries."""
    asked = {"what": "take_over", "scope": "all", "query": ""}
    client, address = measured.colleague, measured.list
    found = []
    client.get(f"{address}bulk/", asked)
    for label in ("before", "button"):
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            if label == "before":
                page = client.get(f"{address}bulk/", asked)
            else:
                choice = {"token": str(page.context["token"]), "digest": page.context["choice"].digest}
                if client.post(f"{address}bulk/", {**asked, **choice}).status_code != 302:
                    raise SystemExit("the step for many was not taken")
            found.append((label, (time.perf_counter() - start) * 1000, len(queries)))
    return found


def main() -> None:
    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        both = [build(size) for size in SIZES]
        with connection.cursor() as cursor:
            # In a running PostgreSQL autovacuum does this; a bulk of new rows is no list of a year.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        few, many = measure("list", [(one, one.list, {}) for one in both])
        measure("filter", [(one, one.list, {"state": "in_review", "result": "met"}) for one in both])
        measure("search", [(one, one.list, {"q": f"APP-{one.size}-000123"}) for one in both])
        measure("dossier", [(one, one.dossier, {}) for one in both])
        bulk: dict[str, list[int]] = {}
        for one in both:
            for label, milliseconds, queries in measure_bulk(one):
                print(f"{one.size:6d} {label:8s} {milliseconds:7.1f} ms {queries:3d} queries")
                bulk.setdefault(label, []).append(queries)
        if any(counts[-1] > counts[0] for counts in bulk.values()):
            raise SystemExit(f"a step for many asks more for more: {bulk}")
        print(f"growth {many[0] / few[0]:.2f}")
        print(f"queries {many[1]}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
