"""History: written with the change, never altered, and every alteration is found."""

import contextlib

import pytest
from django.db import DatabaseError, connection, transaction

from credpoints.audit import actions as audit
from credpoints.audit.models import AppendOnly, AuditEvent
from credpoints.audit.words import describe, history
from credpoints.organisations.models import Organisation
from tests.people import World


@pytest.fixture
def told(world: World) -> World:
    """A programme with three more lines of history."""
    with transaction.atomic():
        for number in range(3):
            audit.record("test.happened", world.programme, by=world.petersen, number=number)
    return world


def forge(event: AuditEvent, **values: str) -> None:
    """Change a line as somebody with the database's own password could: behind trigger and model."""
    column, value = next(iter(values.items()))
    trigger_off = (
        "SET LOCAL session_replication_role = replica"
        if connection.vendor == "postgresql"
        else "DROP TRIGGER audit_is_append_only"
    )
    with connection.cursor() as cursor:
        cursor.execute(trigger_off)
        cursor.execute(f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s", [value, event.pk])  # noqa: S608


def test_lines_are_numbered_chained_and_whole(told: World) -> None:
    events = list(AuditEvent.objects.about(told.programme))

    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
    assert audit.broken_link(told.programme) is None


def test_the_programme_of_a_line_is_the_things_own(told: World) -> None:
    assert set(AuditEvent.objects.about(told.programme).values_list("programme_id", flat=True)[:1]) == {
        told.programme.pk
    }


@pytest.mark.django_db(transaction=True)
def test_a_line_needs_the_transaction_of_its_change() -> None:
    thing = Organisation.objects.create(slug="bht", kind="university", country="DE", name={"en": "BHT"})

    with pytest.raises(RuntimeError, match="transaction"):
        audit.record("test.happened", thing, by=None)


def test_a_line_is_undone_with_its_change(world: World) -> None:
    before = AuditEvent.objects.count()

    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        audit.record("test.happened", world.programme, by=None)
        raise ZeroDivisionError

    assert AuditEvent.objects.count() == before


def test_the_model_refuses_every_change(told: World) -> None:
    event = AuditEvent.objects.about(told.programme)[1]
    attempts = [
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="other"),
    ]

    for attempt in attempts:
        with pytest.raises(AppendOnly):
            attempt()
    assert audit.broken_link(told.programme) is None


def test_the_database_refuses_an_update_too(told: World) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET action = 'other'")


def test_the_database_refuses_a_deletion_where_it_can(told: World) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite empties tables by DELETE between tests; there the model refuses
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditevent")


@pytest.mark.parametrize(
    ("column", "value"), [("action", "test.other"), ("detail", '{"number": 9}'), ("hash", "0" * 64)]
)
def test_a_forged_line_is_found(told: World, column: str, value: str) -> None:
    event = AuditEvent.objects.about(told.programme)[2]

    forge(event, **{column: value})

    found = audit.broken_link(told.programme)
    assert found is not None
    assert found.pk == event.pk


def test_history_reads_in_words_newest_first_in_one_query(told: World, django_assert_num_queries) -> None:
    describe({"test.happened": "Number %(number)s happened"})

    with django_assert_num_queries(1):
        lines = [(line.who, line.what) for line in history(told.programme)]

    assert lines[:3] == [("Jan Petersen", f"Number {n} happened") for n in (2, 1, 0)]
