"""Code and kind of a module: corrected until something of it is published, and a code is given once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from credpoints.workflow import NoLongerPossible
from modules import actions
from modules.models import Module, ModuleVersion
from tests.modules.factories import make_version
from tests.modules.test_races import at_once
from tests.people import World, build_world


def address(version: ModuleVersion) -> str:
    return reverse("modules:module_identity", args=[version.module.uuid])


def identity(version: ModuleVersion) -> tuple[str, str]:
    return Module.objects.values_list("code", "kind").get(pk=version.module_id)


def test_both_are_changed_before_anything_is_published(world: World, sign_in) -> None:
    version = make_version(world, code="ALT-1", publish=False)
    client = sign_in(world.petersen)

    answer = client.post(address(version), {"code": " NEU-1 ", "kind": "micro_credential"})

    page = client.get(answer.url)
    assert (answer.status_code, identity(version)) == (302, ("NEU-1", "micro_credential"))
    assert page.context["history"][0].what == "Kürzel und Art geändert: von ALT-1 · Modul zu NEU-1 · Micro-Credential"
    found = client.get("/catalogue/ours/?q=neu-1").context["rows"]
    assert ([row.module.pk for row in found], list(client.get("/catalogue/ours/?q=alt-1").context["rows"])) == (
        [version.module_id], [],
    )  # fmt: skip


@pytest.mark.parametrize("state", ["published", "superseded", "withdrawn"])
def test_what_was_ever_published_keeps_both_and_says_why(world: World, sign_in, state: str) -> None:
    version = make_version(world)
    if state == "withdrawn":
        actions.withdraw_version(version=version, by=world.petersen, reason="alt")
    begun = actions.begin_version(module=version.module, by=world.petersen)
    if state == "superseded":
        actions.publish_version(version=begun, by=world.petersen)
    client = sign_in(world.petersen)

    answers = [client.get(address(version)), client.post(address(version), {"code": "X", "kind": "unit"})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Pläne, Zertifikate und andere Kataloge nennen es so" in answers[1].content.decode()
    assert identity(version) == ("EB-RT1", "module")
    with pytest.raises(NoLongerPossible):
        actions.change_identity(module=version.module, by=world.petersen, code="X", kind="unit")


def test_a_code_of_another_module_is_refused_and_what_was_typed_stays(world: World, sign_in) -> None:
    make_version(world, code="EB-1")
    version = make_version(world, code="EB-2", publish=False)
    client = sign_in(world.petersen)
    begun = {"provider": world.organisation.pk, "kind": "module", "code": "EB-1", "title_de": "Doppelt"}

    answers = [
        client.post(address(version), {"code": "EB-1", "kind": "unit"}),
        client.post(reverse("modules:kept"), begun),
        client.post(address(version), {"code": "x" * 61, "kind": "magic"}),
    ]

    words = ["Ein anderes Modul dieses Anbieters hat dieses Kürzel schon."]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert [answer.context["form"].errors["code"] for answer in answers[:2]] == [words, words]
    assert answers[1].context["form"]["title"].value() == ["Doppelt", None]
    assert (identity(version), Module.objects.count()) == (("EB-2", "module"), 2)


def test_modules_without_a_code_and_of_other_providers_are_no_double(world: World) -> None:
    make_version(world, code="EB-1", publish=False)
    for provider, code in (
        (world.organisation, ""),
        (world.organisation, ""),
        (world.other_programme.organisation, "EB-1"),
    ):
        actions.create_module(provider_id=provider.pk, by=None, code=code, facts={})

    assert Module.objects.count() == 4


def test_a_handbook_may_bring_the_same_code_twice(world: World) -> None:
    for key in ("a", "b"):
        actions.create_module(provider_id=world.organisation.pk, by=None, code="506637", source_key=key, facts={})

    with pytest.raises(actions.CodeTaken):
        actions.create_module(provider_id=world.organisation.pk, by=None, code="506637", facts={})


def test_the_database_keeps_a_code_for_one_module(world: World) -> None:
    first, second = make_version(world, code="A", publish=False), make_version(world, code="B", publish=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Module.objects.filter(pk=second.module_id).update(code="A")

    assert identity(first) == ("A", "module")


def test_nobody_else_changes_them(world: World) -> None:
    version = make_version(world, publish=False)

    for stranger in (world.other_admin, world.teacher, world.rana):
        with pytest.raises(PermissionDenied):
            actions.change_identity(module=version.module, by=stranger, code="X", kind="unit")

    assert identity(version) == ("EB-RT1", "module")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_give_the_same_code_at_once_one_gets_it() -> None:
    world = build_world()
    versions = [make_version(world, code=f"EB-{number}x", publish=False) for number in range(8)]

    found = at_once([
        lambda v=v: actions.change_identity(module=v.module, by=world.petersen, code="GLEICH", kind="module")
        for v in versions
    ])  # fmt: skip

    refused = [one for one in found if isinstance(one, actions.CodeTaken)]
    assert (found.count(None), len(refused)) == (1, 7)
    assert Module.objects.filter(code="GLEICH").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_begin_a_module_of_the_same_code_one_does() -> None:
    world = build_world()

    found = at_once([
        lambda: actions.create_module(provider_id=world.organisation.pk, by=world.petersen, code="GLEICH", facts={}).pk
    ] * 8)  # fmt: skip

    assert sum(isinstance(one, actions.CodeTaken) for one in found) == 7
    assert Module.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_module_is_renamed_before_it_is_published_or_not_any_more() -> None:
    world = build_world()
    versions = [make_version(world, code=f"EB-{number}x", publish=False) for number in range(6)]
    publish = [lambda v=v: actions.publish_version(version=v, by=world.petersen) for v in versions]
    rename = [
        lambda v=v: actions.change_identity(module=v.module, by=world.petersen, code=f"N{v.pk}", kind="unit")
        for v in versions
    ]

    found = at_once([job for pair in zip(publish, rename, strict=True) for job in pair], workers=12)

    assert found[::2] == [None] * 6
    for version, answer in zip(versions, found[1::2], strict=True):
        version.refresh_from_db()
        renamed = answer is None
        assert identity(version) == ((f"N{version.pk}", "unit") if renamed else (version.module.code, "module"))
        assert renamed or isinstance(answer, NoLongerPossible)
        assert version.search_text.startswith(identity(version)[0].casefold())
