"""Real handbooks, and files that mean harm."""

import json
from collections import Counter
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from credpoints.organisations.models import Organisation
from modules.importing import FileRefused, frequency_key, read_file, read_modules
from modules.models import Module, ModuleVersion
from modules.oddities import sentences_of

ROW: dict[str, Any] = {
    "id": "x-1",
    "code": "X1",
    "provider": "Hochschule X",
    "provider_country": "DE",
    "programmes": ["Technik B.Sc."],
    "title": {"de": "Messtechnik"},
    "language": ["de"],
    "ects": 5,
    "workload_hours": 150,
    "contact_time": "4 SWS / 60 h",
    "self_study_hours": 90,
    "duration_semesters": 1,
    "frequency": "WiSe",
    "eqf_level": 6,
    "isced_f": "0714",
    "learning_outcomes": {"de": "Messen können"},
    "content": {"de": "Messen"},
    "assessment": {"de": "Klausur"},
    "award_condition": {"de": "bestanden"},
}


def write(path: Path, *rows: Any) -> Path:
    path.write_text(json.dumps({"modules": list(rows)}))
    return path


def load(*files: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_catalogue", *map(str, files), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_both_real_handbooks_come_in_whole_and_a_second_run_changes_nothing(shared: Path) -> None:
    files = (shared / "data" / "modules_hs_bochum.json", shared / "data" / "modules_unipv.json")

    first, second = load(*files), load(*files)

    assert "193 new, 0 changed, 0 unchanged; 193 published" in first
    assert "33 new, 0 changed, 0 unchanged; 27 published" in first
    assert "0 new, 0 changed, 193 unchanged; 0 published" in second
    assert "0 new, 0 changed, 33 unchanged; 0 published" in second
    counts = Counter(ModuleVersion.objects.values_list("module__provider__country", "state"))
    assert counts == {("DE", "published"): 193, ("IT", "published"): 27, ("IT", "draft"): 6}
    assert "unipv-410893 stays a draft: Learning outcomes are missing. The assessment is missing." in first


@pytest.mark.django_db
def test_the_known_anomalies_of_the_real_data_are_kept_and_said(shared: Path) -> None:
    modules = {
        facts.key: facts
        for name in ("modules_hs_bochum.json", "modules_unipv.json")
        for facts in read_file(shared / "data" / name)
    }
    odd = {
        kind: {key for key, facts in modules.items() if any(o.key == kind for o in facts.oddities)}
        for kind in ("hours_per_credit", "empty_code", "odd_duration", "duplicate_code", "missing_assessment")
    }

    assert {key for key in odd["hours_per_credit"] if key.startswith("hsbo")} == {
        "hsbo-ib-050", "hsbo-ib-054", "hsbo-ib-071", "hsbo-etm-089", "hsbo-neb-105", "hsbo-neb-166", "hsbo-anm-187",
    }  # fmt: skip
    assert len(odd["empty_code"]) == 12
    assert odd["odd_duration"] == {"hsbo-etb-034"}
    codes = Counter(modules[key].code for key in odd["duplicate_code"])
    assert codes == {"17": 2, "20": 2, "26": 3, "IB-E1": 2, "IB-SK3": 2, "506637": 2}
    assert len(odd["missing_assessment"]) == 6
    assert modules["hsbo-etb-034"].fields["source"]["duration_semesters"] == 900


@pytest.mark.django_db
def test_a_changed_module_gets_a_new_version_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    load(write(tmp_path / "a.json", ROW))

    said = load(write(tmp_path / "a.json", {**ROW, "ects": 6, "workload_hours": 180}))

    assert "0 new, 1 changed, 0 unchanged; 1 published" in said
    assert list(ModuleVersion.objects.values_list("number", "state", "credits")) == [
        (1, "superseded", 5), (2, "published", 6),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_change_that_makes_a_module_incomplete_leaves_the_published_version_alone(tmp_path: Path) -> None:
    load(write(tmp_path / "a.json", ROW))

    said = load(write(tmp_path / "a.json", {**ROW, "assessment": {"de": ""}}))

    assert "x-1 stays a draft: The assessment is missing." in said
    assert list(ModuleVersion.objects.values_list("number", "state")) == [(1, "published"), (2, "draft")]


@pytest.mark.django_db
def test_a_module_that_has_gone_from_the_file_stays_and_is_said(tmp_path: Path) -> None:
    load(write(tmp_path / "a.json", ROW, {**ROW, "id": "x-2"}))

    said = load(write(tmp_path / "a.json", ROW))

    assert "x-2 is no longer in the file and stays as it is" in said
    assert Module.objects.count() == 2


@pytest.mark.django_db
def test_checking_only_reports(tmp_path: Path) -> None:
    said = load(write(tmp_path / "a.json", {**ROW, "code": ""}), check=True)

    assert "1 modules can be read; nothing was changed." in said
    assert "empty_code 1" in said
    assert (Module.objects.count(), Organisation.objects.count()) == (0, 0)


HOSTILE = {
    "empty": b"",
    "not json": b"<html>",
    "not utf-8": b'{"modules": ["\xff\xfe"]}',
    "no list": b'{"modules": {}}',
    "no modules": b'{"modules": []}',
    "nested": b"[" * 100_000,
    "not an object": b'{"modules": ["a module"]}',
    "infinite": json.dumps({"modules": [{**ROW, "ects": float("inf")}]}).encode(),
    "negative credits": json.dumps({"modules": [{**ROW, "ects": -5}]}).encode(),
    "huge credits": json.dumps({"modules": [{**ROW, "ects": 10**30}]}).encode(),
    "a list as title": json.dumps({"modules": [{**ROW, "title": ["a"]}]}).encode(),
    "a number as text": json.dumps({"modules": [{**ROW, "content": {"de": 5}}]}).encode(),
    "a language that is none": json.dumps({"modules": [{**ROW, "title": {"<script>": "a"}}]}).encode(),
    "no id": json.dumps({"modules": [{**ROW, "id": ""}]}).encode(),
    "an id that is a path": json.dumps({"modules": [{**ROW, "id": "../../etc passwd"}]}).encode(),
    "the same id twice": json.dumps({"modules": [ROW, ROW]}).encode(),
    "no provider": json.dumps({"modules": [{**ROW, "provider": ""}]}).encode(),
    "a level that is none": json.dumps({"modules": [{**ROW, "eqf_level": 9}]}).encode(),
    "a level that is true": json.dumps({"modules": [{**ROW, "eqf_level": True}]}).encode(),
    "a text too long": json.dumps({"modules": [{**ROW, "content": {"de": "x" * 100_001}}]}).encode(),
    "one bad among good": json.dumps({"modules": [ROW, {**ROW, "id": "x-2", "title": {}}]}).encode(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_file_is_refused_in_words_and_changes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(HOSTILE[name])

    with pytest.raises(CommandError, match="1 of 1 files were refused and changed nothing"):
        load(path)

    assert (Module.objects.count(), Organisation.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_missing_file_does_not_stop_the_others(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="1 of 2 files"):
        load(tmp_path / "nowhere.json", write(tmp_path / "a.json", ROW))

    assert Module.objects.count() == 1


def test_control_characters_and_markup_are_taken_as_text() -> None:
    facts = read_modules(json.dumps([{**ROW, "title": {"de": "<b>Mess\x00technik</b>"}}]))[0]

    assert facts.fields["title"] == {"de": "<b>Messtechnik</b>"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("WiSe", "winter"), ("jedes WS", "winter"), ("Wintersemester", "winter"), ("jedes SS", "summer"),
        ("Jedes Semester", "every_term"), ("unregelmäßig", "irregular"), ("SoSe / WiSe", "other"), ("", ""),
    ],
)  # fmt: skip
def test_the_ways_to_write_a_frequency(written: str, key: str) -> None:
    facts = read_modules(json.dumps([{**ROW, "frequency": written}]))[0]

    assert frequency_key(written) == key
    assert any(odd.key == "odd_frequency" for odd in facts.oddities) == (key == "other")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@example("language", True)
@given(st.sampled_from(sorted(ROW)), JSON)
def test_any_value_anywhere_is_either_read_or_refused(name: str, value: Any) -> None:
    with suppress(FileRefused):
        facts = read_modules(json.dumps([{**ROW, name: value}]))

        assert facts[0].title
        assert len(sentences_of([odd.as_json() for odd in facts[0].oddities])) == len(facts[0].oddities)
