"""The advisors' list and a step for many at 500 and at 10,000 applications: server time and number of queries.

Runs in a test database of its own, on SQLite or on what DATABASE_URL names, and removes it afterwards.
"""

import os
import random
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

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


def build() -> tuple[Programme, User, User, FormVersion]:
    """A programme with two advisors and a published survey."""
    organisation = Organisation.objects.create(slug="bench", kind="university", country="DE", name={"en": "Bench"})
    programme = create_programme(
        organisation=organisation, preset="credit_points", slug="bench", by=None, title={"en": "Bench"},
        state=ProgrammeState.OPEN, places=20,
    )  # fmt: skip
    advisor, second = (_advisor(programme, name) for name in ("advisor", "second"))
    form = FormVersion.objects.create(
        programme=programme, number=1, content=default_form(), state="published", published_at=timezone.now()
    )
    return programme, advisor, second, form


def _advisor(programme: Programme, name: str) -> User:
    user = User.objects.create_user(f"{name}@bench.example")
    Person.objects.create(user=user, given_name="Ada", family_name=name)
    grant_role(user=user, role=Role.ADVISOR, scope_kind=ScopeKind.PROGRAMME, scope_id=programme.pk, by=None)
    return user


def fill(programme: Programme, advisor: User, form: FormVersion, first: int, last: int) -> None:
    """Applications number `first` to `last`, spread over states, countries and results."""
    chance = random.Random(first)
    now = timezone.now()
    users = User.objects.bulk_create([User(email=f"p{n}@bench.example") for n in range(first, last)], batch_size=2000)
    people = Person.objects.bulk_create(
        [Person(user=u, given_name=f"Given{u.pk}", family_name=f"Family{chance.randrange(10**6)}") for u in users],
        batch_size=2000,
    )
    rows = [
        Application(
            number=f"APP-2027-{n:06d}", programme=programme, person=person, form_version=form,
            state=chance.choice(STATES), submitted_at=now - timedelta(minutes=n), moved_at=now - timedelta(minutes=n),
            overall=chance.choice(["met", "manual", "not_met"]), country_of_degree=chance.choice(["SY", "UA", "IR"]),
            field_of_study="0713", advisor=advisor,
            snapshot={"goal": "word " * 50, "education": ["n1"], "education.n1.grade": "71,3"},
        )
        for n, person in zip(range(first, last), people, strict=True)
    ]  # fmt: skip
    made = Application.objects.bulk_create(rows, batch_size=500)
    Decision.objects.bulk_create(
        [Decision(application=a, kind="invite", subject="x", body="x", language="de", prepared_by=advisor)
         for a in made[:50]]
    )  # fmt: skip


def measure(client: Client, address: str, **query: Any) -> tuple[float, int]:
    """The median time in milliseconds, and the number of queries."""
    client.get(address, query)
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        if client.get(address, query).status_code != 200:
            raise SystemExit(f"{address} does not answer")
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(address, query)
    return statistics.median(times), len(queries)


def measure_bulk(client: Client, address: str) -> list[tuple[str, float, int]]:
    """The page before a step for all applications, and what its button does: times and numbers of queries."""
    asked = {"what": "take_over", "scope": "all", "query": ""}
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
        programme, advisor, second, form = build()
        client = Client()
        client.force_login(advisor, backend="django.contrib.auth.backends.ModelBackend")
        address = f"/programmes/{programme.slug}/applications/"
        colleague = Client()
        colleague.force_login(second, backend="django.contrib.auth.backends.ModelBackend")
        found: dict[int, tuple[float, int]] = {}
        bulk: dict[str, list[int]] = {}
        done = 0
        for size in SIZES:
            fill(programme, advisor, form, done, size)
            done = size
            with connection.cursor() as cursor:
                # In a running PostgreSQL autovacuum does this; a bulk of new rows is no list of a year.
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
            pages: dict[str, dict[str, str]] = {
                "list": {}, "filter": {"state": "in_review", "result": "met"}, "search": {"q": "APP-2027-000123"}
            }  # fmt: skip
            for label, query in pages.items():
                milliseconds, queries = measure(client, address, **query)
                print(f"{size:6d} {label:8s} {milliseconds:7.1f} ms {queries:3d} queries")
                if label == "list":
                    found[size] = milliseconds, queries
            dossier = Application.objects.order_by("pk")[0].dossier_url
            milliseconds, queries = measure(client, dossier)
            print(f"{size:6d} {'dossier':8s} {milliseconds:7.1f} ms {queries:3d} queries")
            for label, milliseconds, queries in measure_bulk(colleague, address):
                print(f"{size:6d} {label:8s} {milliseconds:7.1f} ms {queries:3d} queries")
                bulk.setdefault(label, []).append(queries)
        if any(counts[-1] > counts[0] for counts in bulk.values()):
            raise SystemExit(f"a step for many asks more for more: {bulk}")
        print(f"growth {found[SIZES[1]][0] / found[SIZES[0]][0]:.2f}")
        print(f"queries {found[SIZES[1]][1]}")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
