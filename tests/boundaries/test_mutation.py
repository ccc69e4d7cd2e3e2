"""What is recorded of mutation checks: every pure rule of the families is there, and every survivor has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import mutation
from scripts.import_contracts import is_pure
from tests.boundaries.tree import ROOT, parsed, product_python, relative

RECORD = mutation.read_kept()
REASONS = ("equivalent: ", "accepted: ")
NAMED = {room for family in RECORD.values() for room in family["rooms"] if room.endswith(".py")}
"""Files that a family names belong to it alone, not to the one that has the rest of their folder."""
each_family = pytest.mark.parametrize("name", RECORD)


def pure_files(rooms: list[str]) -> Iterator[str]:
    for path in map(relative, product_python()):
        if len(parsed(ROOT / path).body) == 1:  # a package that only says what it holds
            continue
        inside = path in rooms or (path not in NAMED and path.rpartition("/")[0] in rooms)
        if inside and is_pure(path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")):
            yield path


@each_family
def test_every_pure_module_of_a_family_is_in_the_table_and_no_other(name: str) -> None:
    found = list(pure_files(RECORD[name]["rooms"]))
    assert found
    assert sorted(RECORD[name]["modules"]) == found


@each_family
def test_the_tests_that_judge_a_family_exist(name: str) -> None:
    lists = [RECORD[name]["tests"], *(known["tests"] for known in RECORD[name]["modules"].values() if "tests" in known)]
    assert all(lists)
    assert [path for tests in lists for path in tests if not (ROOT / path).exists()] == []


def test_a_module_is_judged_by_its_own_tests_where_it_has_some() -> None:
    record = {"rules": {"tests": ["family.py"], "modules": {"config.py": {"tests": ["own.py"]}, "app.py": {}}}}
    assert [(one.module, one.tests) for one in mutation.judged(record)] == [
        ("config.py", ("own.py",)),
        ("app.py", ("family.py",)),
    ]


def test_a_module_is_due_when_a_test_asks_something_else_and_not_when_it_finds_it_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    (tmp_path / "rule.py").write_text("limit = 1\n")

    def digest(text: str) -> str:
        (tmp_path / "test_rule.py").write_text(text)
        return mutation.Judged("rules", "rule.py", ("test_rule.py",)).digest

    first = digest("from rules import limit\n\nassert limit\n")
    assert digest("from rules.all import (\n    limit,\n)\n\nassert limit\n") == first
    assert digest("from rules import limit\n\nassert not limit\n") != first


def test_a_module_is_not_due_when_its_tests_have_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    (tmp_path / "rule.py").write_text("limit = 1\n")
    for name, text in {"a.py": "assert 1\n", "b.py": "assert 2\n", "c.py": "assert 1\n"}.items():
        (tmp_path / name).write_text(text)
    before, after = ("a.py", "b.py"), ("b.py", "c.py")
    assert mutation.Judged("rules", "rule.py", before).digest == mutation.Judged("rules", "rule.py", after).digest


@each_family
def test_every_survivor_has_a_reason_and_what_was_not_run_says_why(name: str) -> None:
    for module, known in RECORD[name]["modules"].items():
        if "not_run" in known:
            assert known["not_run"], module
            continue
        assert known["mutants"] == known["killed"] + len(known["survivors"]), module
        nameless = [line for line, reason in known["survivors"].items() if not reason.startswith(REASONS)]
        assert nameless == [], module


def test_the_documents_say_the_score_that_is_recorded() -> None:
    lines = (ROOT / "docs" / "testing.md").read_text("utf-8").splitlines()
    assert [line for line in mutation.score(RECORD) if line not in lines] == [], "python -m scripts.mutation --score"


def test_a_check_takes_the_smallest_modules_first_and_leaves_the_rest() -> None:
    every = mutation.judged(RECORD)
    taken, left = mutation.fitting(RECORD, every, 60)
    sizes = [mutation.size(RECORD, one) for one in taken]
    assert sizes and sum(sizes) <= 60
    assert {one.module for one in taken} | {one.module for one in left} == {one.module for one in every}
    assert min(mutation.size(RECORD, one) for one in left) >= max(sizes)
