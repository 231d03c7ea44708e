from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from modules import actions
from modules.models import ModuleVersion, Result
from portfolios.models import Entry
from tests.modules.factories import make_enrolment, make_result, make_version


def test_published_version_is_frozen_by_the_database(world) -> None:
    version = make_version(world)
    for facts in ({"credits": Decimal(6)}, {"title": {"de": "Anders"}}, {"state": "draft"}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            ModuleVersion.objects.filter(pk=version.pk).update(**facts)


def test_passed_final_result_gives_credits_and_a_verified_entry(world) -> None:
    enrolment = make_enrolment(world)

    result = make_result(enrolment, world.teacher, "1.7")

    enrolment.refresh_from_db()
    assert (enrolment.state, result.credits, result.final) == ("completed_passed", Decimal(5), True)
    entry = Entry.objects.get()
    assert (entry.verified, entry.title, entry.source["value"]) == (True, "Regelungstechnik 1", "1.7")
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(value=Decimal("1.0"))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(title="Besser")
    corrected = actions.correct_result(result=result, value=Decimal("5.0"), reason="Zahlendreher", by=world.petersen)
    enrolment.refresh_from_db()
    entry.refresh_from_db()
    assert (corrected.credits, enrolment.state, entry.state) == (Decimal(0), "active", "archived")
