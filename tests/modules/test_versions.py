"""Drafts of module versions: begun, written, saved at any state, compared, published; and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from credpoints.workflow import NoLongerPossible
from modules import actions, checklist
from modules.comparing import differences
from modules.drafting import TEXTS, content_of
from modules.models import Module, ModuleVersion
from tests.modules.factories import COMPLETE, make_offering, make_version
from tests.modules.written import fields_of
from tests.people import World


def begin(client, version: ModuleVersion) -> ModuleVersion:
    """The next version, begun by the button on the module's page."""
    client.post(reverse("modules:version_begin", args=[version.module.uuid]))
    return version.module.versions.order_by("-number")[0]


def write(client, draft: ModuleVersion, do: str = "", **changes: str | list[str]) -> Any:
    """Open the form, change some fields, press a button."""
    sent: dict[str, Any] = fields_of(client.get(draft.get_edit_url()), "draft")
    return client.post(draft.get_edit_url(), {**sent, **changes, **({"do": do} if do else {})})


def content(version: ModuleVersion) -> dict[str, Any]:
    version.refresh_from_db()
    return content_of(version)


def test_a_new_version_begins_as_the_published_one_and_replaces_it(world: World, sign_in) -> None:
    first = make_version(world)
    client = sign_in(world.petersen)

    second = begin(client, first)
    write(client, second, title_de="Regelungstechnik I", do="step:publish")
    client.post(second.get_step_url("publish"))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.title["de"], second.outcomes) == (
        "superseded", "published", "Regelungstechnik I", first.outcomes,
    )  # fmt: skip
    assert first.title["de"] == "Regelungstechnik 1"


def test_beginning_twice_goes_on_with_the_same_draft(world: World, sign_in) -> None:
    first = make_version(world)
    client = sign_in(world.petersen)

    drafts = {begin(client, first).pk for _ in range(2)}

    assert len(drafts) == 1


def test_saving_an_untouched_form_changes_nothing(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(
        world, title={"de": "A", "en": "B", "uk": "В"}, hours=Decimal("150.50"), credits=Decimal("5.5"),
        workload=[{"activity": "contact", "hours": "60.5"}, {"activity": "fieldwork", "hours": "90"}],
        required_languages=[{"language": "de", "level": "B2"}], languages=["de", "gsw"],
        outcomes=[{"code": "", "kind": "", "text": {"uk": "так\nні"}, "esco": []}],
        content={"de": "\n Erste Zeile\r\nzweite "}, hours_reason="so",
    ))  # fmt: skip
    before = content(draft)

    answer = write(client, draft)

    assert answer.status_code == 302
    assert content(draft) == before
    assert client.get(draft.get_absolute_url()).context["history"][0].what == "Fassung 2 begonnen"


def test_every_module_of_a_real_handbook_survives_its_form(world: World, sign_in, shared) -> None:
    call_command("import_catalogue", str(shared / "data" / "modules_hs_bochum.json"), brief=True, verbosity=0)
    Module.objects.update(provider=world.organisation)
    client = sign_in(world.petersen)
    changed = {}

    for version in ModuleVersion.objects.published().order_by("pk")[::8]:
        draft = begin(client, version)
        before = content(draft)
        answer = write(client, draft)
        if answer.status_code != 302 or content(draft) != before:
            changed[version.module.code] = answer.context and answer.context["problems"]

    assert changed == {}


def test_a_draft_is_saved_at_any_state_and_says_what_is_missing(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    typed = {"provider": world.organisation.pk, "kind": "module", "code": "NEU", "title_en": "Something new"}
    answer = client.post(reverse("modules:kept"), typed)
    draft = ModuleVersion.objects.get()

    page = client.get(answer.url)
    write(client, draft, **{"outcomes-0-text_de": "Etwas können", "credits": "2,5", "workload-0-hours": "70.5"})

    draft.refresh_from_db()
    assert [point.anchor for point in page.context["missing"]] == [
        "id_outcomes-0-text_0", "id_assessments-0-type", "id_hours", "id_eqf_level", "id_languages_0",
        "id_admission", "id_quality_assurance",
    ]  # fmt: skip
    for point in page.context["missing"]:
        assert f'id="{point.anchor}"' in page.content.decode()
    assert (draft.credits, draft.hours, draft.workload, draft.outcomes) == (
        Decimal("2.5"), Decimal("70.5"), [{"activity": "", "hours": "70.5"}],
        [{"text": {"de": "Etwas können"}, "kind": "", "code": "", "esco": []}],
    )  # fmt: skip


def test_what_is_wrong_is_named_and_everything_typed_stays(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    answer = write(client, draft, **{
        "title_de": "T" * 251, "credits": "fünf", "hours": "-3", "isced_f": "9999", "attempts_allowed": "0",
        "outcomes-0-esco": "javascript:alert(1)", "assessments-0-weight": "150", "workload-0-hours": "1e99",
        "homepage": "javascript:alert(2)", "valid_from": "31.2.2027", "eqf_level": "9", "languages": ["xx", "de"],
        "aim_de": "Neu getippt.", "content_de": "x" * 20_001, "duration_terms": "99999999999",
    })  # fmt: skip

    _general, fields = answer.context["problems"]
    assert answer.status_code == 422
    assert [anchor for anchor, _label, _sentence in fields] == [
        "id_title_0", "id_content_0", "id_outcomes-0-esco", "id_credits", "id_hours", "id_duration_terms",
        "id_workload-0-hours", "id_eqf_level", "id_isced_f", "id_languages_0", "id_assessments-0-weight",
        "id_attempts_allowed", "id_homepage", "id_valid_from",
    ]  # fmt: skip
    again = fields_of(client.get(draft.get_edit_url()), "draft")  # and after leaving the page
    assert (again["aim_de"], again["credits"], again["isced_f"]) == (["Neu getippt."], ["fünf"], ["9999"])
    draft.refresh_from_db()
    assert draft.aim["de"] == COMPLETE["aim"]["de"]


def test_a_stale_form_overwrites_nobody_and_keeps_what_was_typed(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))
    stale = fields_of(client.get(draft.get_edit_url()), "draft")
    write(client, draft, aim_de="Von der Kollegin.")

    answer = client.post(draft.get_edit_url(), {**stale, "title_de": "Von mir"})
    shown = fields_of(answer, "draft")
    draft.refresh_from_db()
    kept = (draft.title["de"], draft.aim["de"])
    again = client.post(draft.get_edit_url(), shown)

    draft.refresh_from_db()
    differs = [(change.field, change.language) for _title, changes in answer.context["differs"] for change in changes]
    assert (answer.status_code, differs) == (409, [("title", "de"), ("aim", "de")])
    assert kept == ("Regelungstechnik 1", "Von der Kollegin.")
    assert (shown["title_de"], again.status_code) == (["Von mir"], 302)
    assert (draft.title["de"], draft.aim["de"]) == ("Von mir", COMPLETE["aim"]["de"])


def test_what_was_typed_survives_that_somebody_handed_the_draft_in(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))
    open_form = fields_of(client.get(draft.get_edit_url()), "draft")
    actions.submit_version(version=draft, by=world.petersen)

    answer = client.post(draft.get_edit_url(), {**open_form, "title_de": "Zu spät"})

    draft.refresh_from_db()
    assert (answer.status_code, answer.context["is_closed"]) == (409, True)
    assert fields_of(answer, "draft")["title_de"] == ["Zu spät"]
    assert draft.title["de"] == "Regelungstechnik 1"


def test_rows_are_added_moved_and_removed_without_losing_a_word(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    added = write(client, draft, do="add:outcomes")
    sent = fields_of(added, "draft") | {"outcomes-1-text_de": "Zweites", "aim_de": "Unterwegs getippt"}
    moved = client.post(draft.get_edit_url(), {**sent, "do": "up:outcomes:1"})
    again = client.post(draft.get_edit_url(), {**fields_of(moved, "draft"), "do": "add:outcomes"})
    removed = client.post(draft.get_edit_url(), {**fields_of(again, "draft"), "do": "remove:outcomes:1"})
    client.post(draft.get_edit_url(), fields_of(removed, "draft"))

    draft.refresh_from_db()
    assert [page.status_code for page in (added, moved, again, removed)] == [200] * 4
    assert [outcome["text"] for outcome in draft.outcomes] == [{"de": "Zweites"}]
    assert draft.aim["de"] == "Unterwegs getippt"


@pytest.mark.parametrize("do", ["remove:outcomes:99", "add:state", "up:outcomes:0", "remove:outcomes:-1", "remove:x"])
def test_forged_buttons_change_no_row(world: World, sign_in, do: str) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    write(client, draft, do=do)

    draft.refresh_from_db()
    assert [outcome["code"] for outcome in draft.outcomes] == ["K1"]


def test_a_forged_number_of_rows_is_cut(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    answer = write(client, draft, **{"outcomes-count": "9999", "do": "add:outcomes"})

    assert len(answer.context["form"].rows["outcomes"].forms) == 60


def test_the_difference_names_what_changed_and_nothing_else(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))
    write(client, draft, title_en="Control Engineering I", credits="6", hours="170", hours_reason="Labor")

    answer = client.get(reverse("modules:version_difference", args=[draft.module.uuid, 2]))

    changes = [change for _title, changes in answer.context["differs"] for change in changes]
    assert [(change.field, change.language) for change in changes] == [
        ("title", "en"), ("credits", ""), ("hours", ""), ("hours_reason", ""),
    ]  # fmt: skip
    assert [(piece.kind, piece.text) for piece in changes[0].pieces] == [
        ("same", "Control Engineering "), ("removed", "1"), ("added", "I"),
    ]  # fmt: skip


def test_a_discarded_draft_is_gone_and_a_module_that_was_nothing_else_with_it(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))
    alone = make_version(world, code="X", publish=False)

    for version in (draft, alone):
        client.post(reverse("modules:version_discard", args=[version.module.uuid, version.number]))

    assert list(ModuleVersion.objects.values_list("module__code", "number")) == [("EB-RT1", 1)]
    assert Module.objects.count() == 1


def test_a_draft_with_an_offering_is_not_discarded(world: World, sign_in) -> None:
    draft = make_version(world, publish=False)
    make_offering(world, version=draft, state="concept")

    answer = sign_in(world.petersen).post(reverse("modules:version_discard", args=[draft.module.uuid, 1]))

    assert (answer.status_code, ModuleVersion.objects.count()) == (409, 1)


def test_nobody_writes_in_a_foreign_catalogue(world: World, sign_in) -> None:
    draft = make_version(world, publish=False)
    stranger = sign_in(world.other_admin)

    codes = [
        stranger.post(reverse("modules:kept"), {"provider": world.organisation.pk, "kind": "module", "title_de": "X"}),
        stranger.post(draft.get_edit_url(), {"title_de": "X"}),
        stranger.post(reverse("modules:version_begin", args=[draft.module.uuid])),
        stranger.post(reverse("modules:version_discard", args=[draft.module.uuid, 1])),
        stranger.post(draft.get_step_url("publish")),
    ]

    assert [answer.status_code for answer in codes] == [422, 404, 404, 404, 404]
    for forbidden in (
        lambda: actions.change_draft(version=draft, by=world.other_admin, facts={"code": "X"}),
        lambda: actions.begin_version(module=draft.module, by=world.teacher),
        lambda: actions.discard_draft(version=draft, by=world.rana),
        lambda: actions.create_module(provider_id=world.organisation.pk, by=world.other_admin, facts={}),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()
    assert ModuleVersion.objects.get().title == COMPLETE["title"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_needs_the_same_queries_for_any_number(
    world: World, sign_in, django_assert_num_queries, number: int
) -> None:
    client = sign_in(world.petersen)
    for n in range(number):
        begin(client, make_version(world, code=f"M{n}"))

    with django_assert_num_queries(10):
        page = client.get(reverse("modules:kept"))

    assert [row.open.number for row in page.context["rows"]] == [2] * number


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_a_draft_need_the_same_queries_for_any_number_of_versions(
    world: World, sign_in, django_assert_max_num_queries, number: int
) -> None:
    client = sign_in(world.petersen)
    version = make_version(world)
    for _ in range(number):
        version = begin(client, version)
        actions.publish_version(version=version, by=world.petersen)
    draft = begin(client, version)
    used = []

    for address in (draft.get_edit_url(), draft.get_absolute_url()):
        with django_assert_max_num_queries(40) as counted:
            client.get(address)
        used.append(len(counted))

    assert used == [8, 13]


def test_the_list_finds_by_words_and_state(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    make_version(world, code="A", title={"de": "Messtechnik"})
    begin(client, make_version(world, code="B", title={"de": "Funktechnik"}))
    make_version(world, code="C", title={"de": "Allein"}, publish=False)

    found = {
        query: [row.module.code for row in client.get(f"/catalogue/ours/?{query}").context["rows"]]
        for query in ("", "q=messTECHNIK", "state=open", "state=published", "state=withdrawn", "state=x&page=z")
    }

    assert found == {
        "": ["B", "C", "A"], "q=messTECHNIK": ["A"], "state=open": ["B", "C"], "state=published": ["B", "A"],
        "state=withdrawn": [], "state=x&page=z": ["B", "C", "A"],
    }  # fmt: skip


def test_a_step_says_what_it_does_before_it_is_taken(world: World, sign_in) -> None:
    first = make_version(world)
    make_offering(world, version=first)
    make_offering(world, version=first, state="completed")
    client = sign_in(world.petersen)
    draft = begin(client, first)
    effects = {step: client.get(draft.get_step_url(step)).context["effects"] for step in ("submit", "publish")}
    effects["withdraw"] = client.get(first.get_step_url("withdraw")).context["effects"]

    assert [len(found) for found in effects.values()] == [2, 4, 3]
    assert effects["publish"][1:3] == [
        "Fassung 1 wird ersetzt. Unterschriebene Pläne und Zertifikate behalten, was sie daraus übernommen haben.",
        "Ein Angebot geht mit Fassung 1 weiter. Neue Angebote entstehen aus der neuen Fassung.",
    ]


def test_publishing_leads_to_what_is_missing_instead_of_a_dead_button(world: World, sign_in) -> None:
    draft = make_version(world, publish=False, quality_assurance="", outcomes=[])

    page = sign_in(world.petersen).get(draft.get_step_url("publish")).content.decode()

    for anchor in ("id_outcomes-0-text_0", "id_quality_assurance"):
        assert f'href="{draft.get_edit_url()}#{anchor}"' in page
    assert 'btn-primary" type="submit' not in page


def test_what_is_offered_stays_in_the_catalogue_when_a_new_version_is_published(world: World, sign_in) -> None:
    first = make_version(world)
    offering = make_offering(world, version=first)
    second = begin(sign_in(world.petersen), first)

    actions.publish_version(version=second, by=world.petersen)

    page = sign_in(None).get(first.module.get_absolute_url())
    (found,) = sign_in(None).get("/catalogue/?offered=1").context["page"]
    assert page.context["offerings"] == [offering]
    assert "after version 1" in page.content.decode()
    assert (found.pk, found.is_offered) == (second.pk, True)


def test_a_changed_entry_of_a_list_is_named_by_its_number(world: World, sign_in) -> None:
    outcome = COMPLETE["outcomes"][0]
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world, outcomes=[outcome, {**outcome, "code": "K2"}]))
    write(client, draft, **{"outcomes-1-text_de": "Regler auslegen"})

    answer = client.get(reverse("modules:version_difference", args=[draft.module.uuid, 2]))

    ((title, (change,)),) = answer.context["differs"]
    assert (title, change.label) == ("Lernergebnisse", "Lernergebnis 2")


@pytest.mark.parametrize("place", ["99999999999999999999/edit", "0/edit", "2/difference", "2/discard", "1/supersede"])
def test_addresses_that_nobody_gave_out_lead_nowhere(world: World, sign_in, place: str) -> None:
    version = make_version(world)

    answer = sign_in(world.petersen).get(f"{version.module.get_absolute_url()}{place}/")

    assert answer.status_code == 404


def test_letters_that_no_database_takes_are_refused_in_words(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    answer = write(client, draft, title_de="a\x00b", code="x", **{"outcomes-0-kind": "magic", "mode": "telepathy"})

    assert answer.status_code == 422
    assert [anchor for anchor, _label, _sentence in answer.context["problems"][1]] == [
        "id_title_0", "id_outcomes-0-kind", "id_mode",
    ]  # fmt: skip


def test_an_emptied_form_is_saved_and_publishes_nothing(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    saved = client.post(draft.get_edit_url(), {"attempts_allowed": "3"})
    pages = [client.get(address).status_code for address in (draft.get_edit_url(), draft.get_absolute_url())]
    refused = client.post(draft.get_step_url("publish"))

    draft.refresh_from_db()
    assert (saved.status_code, pages, refused.status_code) == (302, [200, 200], 422)
    assert (draft.state, draft.title, draft.outcomes, draft.credit_framework) == ("draft", {}, [], "ects")


def test_the_next_version_takes_over_every_word(world: World, sign_in) -> None:
    said = {name: {"de": f"{name} auf Deutsch"} for name in TEXTS} | {
        "hours_reason": "Labor", "homepage": "https://bht.example/rt", "licence": "CC BY 4.0", "duration_terms": 2,
        "grading_scheme": "pass", "attempts_allowed": 5, "mode": "online", "credit_framework": "ecvet",
        "purposes": ["broaden"], "required_languages": [{"language": "de", "level": "B2"}],
    }  # fmt: skip
    first = make_version(world, **said)

    second = begin(sign_in(world.petersen), first)

    assert {name: getattr(second, name) for name in said} == said
    assert (second.valid_from, second.warnings, second.published_at) == (None, [], None)


@pytest.mark.parametrize("step", ["submit", "approve", "publish"])
def test_only_a_draft_is_changed_or_discarded(world: World, step: str) -> None:
    version = make_version(world, publish=False)
    actions.submit_version(version=version, by=world.petersen)
    if step != "submit":
        getattr(actions, f"{step}_version")(version=version, by=world.petersen)

    for late in (
        lambda: actions.change_draft(version=version, by=world.petersen, facts={"title": {"de": "Zu spät"}}),
        lambda: actions.discard_draft(version=version, by=world.petersen),
    ):
        with pytest.raises(NoLongerPossible):
            late()

    assert ModuleVersion.objects.get().title == COMPLETE["title"]


def test_what_is_saved_is_no_longer_kept_as_unsaved(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))
    unsaved = write(client, draft, do="add:outcomes")

    write(client, draft, aim_de="Gespeichert.")

    again = client.get(draft.get_edit_url())
    assert (unsaved.context["is_unsaved"], again.context["is_unsaved"]) == (True, False)
    assert len(again.context["form"].rows["outcomes"].forms) == 1


def test_line_ends_of_another_browser_are_no_difference() -> None:
    before, after = (ModuleVersion(aim={"de": text}) for text in ("Erstens\r\nzweitens", "Erstens\nzweitens"))

    assert differences(before, after) == []


def test_missing_criteria_lead_to_the_assessment_without_them(world: World) -> None:
    whole = COMPLETE["assessments"][0]
    version = make_version(world, publish=False, assessments=[whole, {**whole, "criteria": {}}])

    assert [point.anchor for point in checklist.missing(version)] == ["id_assessments-1-criteria_0"]
