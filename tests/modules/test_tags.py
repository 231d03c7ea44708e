"""What a module is for and what shows that it is needed: written, read, compared, filtered, asked for."""

from typing import Any

import pytest
from django.urls import reverse

from credpoints.organisations.models import Programme
from modules import actions
from modules.models import ModuleVersion
from tests.modules.factories import make_version
from tests.modules.test_versions import begin, write
from tests.people import World

THEME = {"kind": "theme", "text": {"de": "Klimaschutz", "en": "Climate action"}}
EVIDENCE = {
    "source": "Survey of 14 installers", "when": "March 2027", "stakeholder": "Installer association",
    "finding": {"de": "Es fehlen Fachkräfte.", "en": "Skilled workers are missing."}, "region": "Nišava",
    "sector": "Photovoltaics", "occupations": ["http://data.europa.eu/esco/occupation/1"],
}  # fmt: skip


def codes(answer: Any) -> list[str]:
    return [version.module.code for version in answer.context["page"]]


def test_they_are_written_in_the_form_and_read_by_everybody(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    write(client, draft, **{
        "purposes": ["specialise", "retraining"], "needs": ["labour"], "contexts": ["workplace"],
        "tags-0-text_de": "Klimaschutz", "tags-0-text_en": "Climate action", "tags-0-kind": "theme",
        "market_evidence-0-source": EVIDENCE["source"], "market_evidence-0-when": EVIDENCE["when"],
        "market_evidence-0-stakeholder": EVIDENCE["stakeholder"], "market_evidence-0-region": EVIDENCE["region"],
        "market_evidence-0-sector": EVIDENCE["sector"], "market_evidence-0-finding_de": "Es fehlen Fachkräfte.",
        "market_evidence-0-finding_en": "Skilled workers are missing.",
        "market_evidence-0-occupations": EVIDENCE["occupations"][0],
    })  # fmt: skip
    draft.refresh_from_db()
    actions.publish_version(version=draft, by=world.petersen)

    assert (draft.purposes, draft.needs, draft.contexts) == (["specialise", "retraining"], ["labour"], ["workplace"])
    assert (draft.tags, draft.market_evidence) == ([THEME], [EVIDENCE])
    page = sign_in(None).get(draft.module.get_absolute_url()).content.decode()
    for words in ("Specialise", "Retraining", "labour market", "at the workplace", "Climate action", "March 2027",
                  "Survey of 14 installers", "Installer association", "Skilled workers are missing.",
                  "Nišava"):  # fmt: skip
        assert words in page
    assert sign_in(None).get(reverse("modules:module_data", args=[draft.module.uuid])).json()["keywords"] == [
        "Climate action"
    ]


def test_an_untouched_form_keeps_them_word_for_word(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    facts = {"purposes": ["validation"], "needs": ["cultural"], "contexts": ["school"], "tags": [THEME],
             "market_evidence": [EVIDENCE]}  # fmt: skip
    draft = begin(client, make_version(world, **facts))

    assert write(client, draft).status_code == 302

    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in facts} == facts


def test_rows_are_added_and_taken_out_without_scripts(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world, tags=[THEME], market_evidence=[EVIDENCE]))

    pages = [write(client, draft, do=do) for do in ("add:tags", "add:market_evidence", "remove:tags:0")]

    counts = [[len(page.context["form"].rows[key].forms) for key in ("tags", "market_evidence")] for page in pages]
    assert counts == [[2, 1], [2, 2], [1, 2]]


def test_words_that_are_on_no_list_are_refused(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world))

    answer = write(client, draft, **{
        "purposes": ["magic"], "tags-0-text_de": "x" * 61, "tags-0-kind": "magic",
        "market_evidence-0-occupations": "javascript:alert(1)", "market_evidence-0-when": "w" * 61,
    })  # fmt: skip

    assert answer.status_code == 422
    assert [anchor for anchor, _label, _sentence in answer.context["problems"][1]] == [
        "id_purposes_0", "id_tags-0-text_0", "id_tags-0-kind", "id_market_evidence-0-when",
        "id_market_evidence-0-occupations",
    ]  # fmt: skip


def test_the_difference_names_them(world: World, sign_in) -> None:
    client = sign_in(world.petersen)
    draft = begin(client, make_version(world, purposes=["broaden"], market_evidence=[EVIDENCE]))
    write(client, draft, purposes=["broaden", "reorient"], **{"tags-0-text_de": "Klimaschutz",
                                                             "market_evidence-0-when": "April 2027"})  # fmt: skip

    answer = client.get(reverse("modules:version_difference", args=[draft.module.uuid, 2]))

    found = [(change.label, [p.text.strip() for p in change.pieces if p.kind != "same"])
             for _title, changes in answer.context["differs"] for change in changes]  # fmt: skip
    assert found == [
        ("Wozu man es belegt", ["sich verbreitern", "sich verbreitern, sich neu orientieren"]),
        ("Wort 1", ["Thema\nDeutsch: Klimaschutz"]),
        ("Nachweis 1", ["March", "April"]),
    ]  # fmt: skip


def test_the_catalogue_is_filtered_by_what_modules_are_tagged_with(world: World, sign_in) -> None:
    make_version(world, code="A", purposes=["specialise"], contexts=["school"], tags=[THEME])
    make_version(world, code="B", purposes=["broaden"], contexts=["school", "workplace"],
                 tags=[{"kind": "sector", "text": {"en": "Climate action"}}])  # fmt: skip
    make_version(world, code="C", tags=[{"kind": "theme", "text": {"en": "Industry | 4.0"}}])
    make_version(world, code="D", publish=False, purposes=["retraining"], tags=[THEME])
    client = sign_in(None)

    found = {
        query: codes(client.get(f"/catalogue/?sort=code&{query}"))
        for query in ("purpose=specialise", "context=school", "theme=CLIMATE+action", "theme=klimaschutz",
                      "theme=industry+%7C+4.0", "theme=Climate", "theme=%25", "purpose=x&context=x", "q=klimaschutz")
    }  # fmt: skip

    assert found == {
        "purpose=specialise": ["A"], "context=school": ["A", "B"], "theme=CLIMATE+action": ["A"],
        "theme=klimaschutz": ["A"], "theme=industry+%7C+4.0": ["C"], "theme=Climate": [], "theme=%25": [],
        "purpose=x&context=x": ["A", "B", "C"], "q=klimaschutz": ["A"],
    }  # fmt: skip
    tags = client.get("/catalogue/").context["tags"]
    assert ([key for key, _label in tags.purposes], [label for _key, label in tags.themes]) == (
        ["specialise", "broaden"], ["Climate action", "Industry | 4.0"],
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_tagged_modules_need_the_same_queries_for_any_number(
    world: World, sign_in, django_assert_max_num_queries, number: int
) -> None:
    client = sign_in(None)
    for n in range(number):
        make_version(world, code=f"M{n}", purposes=["broaden"], tags=[THEME], market_evidence=[EVIDENCE])

    with django_assert_max_num_queries(20) as counted:
        page = client.get("/catalogue/")

    assert (len(page.context["page"]), len(counted)) == (number, 5)


@pytest.mark.parametrize("own", [True, False])
def test_where_the_rules_ask_for_evidence_nothing_is_published_without(world: World, sign_in, own: bool) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(settings={"modules": {"needs_market_evidence": True}})
    version = make_version(world, publish=False)
    if own:
        version.module.programme = world.programme
        version.module.save()
    client = sign_in(world.petersen)

    refused = client.post(version.get_step_url("publish"))
    write(client, version, **{"market_evidence-0-source": "Umfrage", "market_evidence-0-finding_de": "Bedarf"})
    client.post(version.get_step_url("publish"))

    version = ModuleVersion.objects.get(pk=version.pk)
    assert (refused.status_code, [point.anchor for point in refused.context["missing"]]) == (
        422, ["id_market_evidence-0-source"],
    )  # fmt: skip
    assert version.state == "published"


def test_a_provider_with_other_programmes_too_is_not_asked(world: World) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(settings={"modules": {"needs_market_evidence": True}})
    Programme.objects.create(organisation=world.organisation, slug="other", title={"de": "Anderes"})

    assert make_version(world).state == "published"
