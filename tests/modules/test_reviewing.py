"""What is handed in waits on Today for somebody else, and whoever handed it in hears what became of it."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from credpoints.accounts.actions import grant_role
from credpoints.accounts.models import Role, ScopeKind, User
from credpoints.outbox.models import OutboxMessage
from modules import actions, queries
from modules.models import ModuleVersion
from tests.modules.factories import make_version
from tests.people import World, make_user


@pytest.fixture
def colleague(world: World) -> User:
    """Another person who keeps the same catalogue."""
    user = make_user("ada@bht.example", "Ada", "Krüger", language="en")
    grant_role(
        user=user, role=Role.COORDINATOR, scope_kind=ScopeKind.ORGANISATION, scope_id=world.organisation.pk, by=None
    )
    return user


def handed_in(world: World, by: User, **facts) -> ModuleVersion:
    version = make_version(world, publish=False, **facts)
    actions.submit_version(version=version, by=by)
    return version


def titles(user: User) -> list[str]:
    return [str(todo.title) for todo in queries.todos(User.objects.get(pk=user.pk))]


def mails() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("to", "subject"))


def test_what_is_handed_in_waits_for_somebody_else(world: World, colleague: User, sign_in) -> None:
    version = handed_in(world, by=colleague)

    todo = "Ein Modul prüfen: Regelungstechnik 1"
    page = sign_in(world.petersen).get("/today/").content.decode()
    seen = {name: titles(user) for name, user in [("petersen", world.petersen), ("other_admin", world.other_admin)]}
    assert (todo in page, version.get_absolute_url() in page, "Ada Krüger" in page) == (True, True, True)
    assert seen == {"petersen": [todo], "other_admin": []}
    assert titles(colleague) == []


def test_where_nobody_else_keeps_the_catalogue_it_waits_for_its_author(world: World) -> None:
    handed_in(world, by=world.petersen)

    assert titles(world.petersen) == ["Ein Modul prüfen: Regelungstechnik 1"]


def test_it_waits_no_longer_once_it_is_decided(world: World, colleague: User) -> None:
    approved, returned = handed_in(world, by=colleague), handed_in(world, by=colleague)

    actions.approve_version(version=approved, by=world.petersen)
    actions.return_version(version=returned, by=world.petersen, reason="Kriterien fehlen")

    assert titles(world.petersen) == []


@pytest.mark.parametrize("number", [1, 3])
def test_to_dos_need_the_same_queries_for_any_number(
    world: World, colleague: User, django_assert_num_queries, number: int
) -> None:
    for _ in range(number):
        handed_in(world, by=colleague)
    reader = User.objects.get(pk=world.petersen.pk)

    with django_assert_num_queries(4):
        found = queries.todos(reader)

    assert len(found) == number


def test_whoever_handed_it_in_hears_the_outcome_in_the_own_language(world: World, colleague: User) -> None:
    version = handed_in(world, by=colleague)

    actions.return_version(version=version, by=world.petersen, reason="Bitte Kriterien ergänzen.")
    actions.submit_version(version=version, by=colleague)
    actions.approve_version(version=version, by=world.petersen)
    actions.publish_version(version=version, by=world.petersen)

    subjects = ["Please revise: ", "Approved: ", "Published: "]
    assert mails() == [("ada@bht.example", f"{subject}Control Engineering 1") for subject in subjects]
    first = OutboxMessage.objects.order_by("pk")[0].body
    assert "Reason: Bitte Kriterien ergänzen." in first
    assert version.get_edit_url() in first


def test_who_decides_alone_is_not_mailed(world: World, colleague: User) -> None:
    version = handed_in(world, by=world.petersen)

    actions.approve_version(version=version, by=world.petersen)
    actions.publish_version(version=version, by=world.petersen)

    assert (mails(), mail.outbox) == ([], [])


def test_an_earlier_round_is_not_answered_twice(world: World, colleague: User) -> None:
    version = handed_in(world, by=colleague)
    actions.return_version(version=version, by=world.petersen, reason="Noch nicht")

    actions.publish_version(version=version, by=world.petersen)

    assert len(mails()) == 1


def test_the_page_of_a_step_says_who_is_mailed_and_shows_the_mail(world: World, colleague: User, sign_in) -> None:
    version = handed_in(world, by=colleague)
    client = sign_in(world.petersen)

    pages = {step: client.get(version.get_step_url(step)) for step in ("approve", "return", "publish")}

    assert {step: page.context["effects"][-1] for step, page in pages.items()} == dict.fromkeys(
        pages, "Ada Krüger bekommt dazu eine E-Mail."
    )
    assert {step: page.context["letter"].subject for step, page in pages.items()} == {
        "approve": "Approved: Control Engineering 1", "return": "Please revise: Control Engineering 1",
        "publish": "Published: Control Engineering 1",
    }  # fmt: skip
    version.refresh_from_db()
    assert (version.state, mails()) == ("in_review", [])


def test_the_next_version_does_not_inherit_who_handed_in_the_last(world: World, colleague: User) -> None:
    version = handed_in(world, by=colleague)
    actions.publish_version(version=version, by=world.petersen)

    begun = actions.begin_version(module=version.module, by=world.petersen)

    assert (begun.handed_in_by, begun.handed_in_at) == (None, None)


def test_the_database_keeps_who_handed_in_what_is_in_review(world: World) -> None:
    version = make_version(world, publish=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        ModuleVersion.objects.filter(pk=version.pk).update(state="in_review")
