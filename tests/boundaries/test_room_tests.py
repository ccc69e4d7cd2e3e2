"""Tests stand beside rooms: a folder of tests is named as a package, and one in it as a room (docs/testing.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import room_tests
from tests.boundaries.tree import PACKAGES, ROOT, kept_files, relative

BESIDE = ("benchmarks", "scripts")
"""What is no package of the product and has unit tests."""


def places(files: list[str]) -> set[str]:
    """The folders of tests without their floor: ``roster``, ``roster/draft``."""
    floors = tuple(f"tests/{floor}/" for floor in room_tests.FLOORS)
    inside = [path.split("/", 2)[2] for path in files if path.startswith(floors)]
    return {path.rpartition("/")[0] for path in inside if "/" in path}


def test_each_folder_of_tests_is_named_as_a_room_that_is_there() -> None:
    found = places([relative(path) for path in kept_files()])
    assert len(found) > 100, "the search finds too little"
    strangers = {place for place in found if place.partition("/")[0] not in (*PACKAGES, *BESIDE)}
    gone = {place for place in found if not ((ROOT / place).is_dir() or (ROOT / f"{place}.py").is_file())}
    assert strangers | gone == set(), "a room that moves takes its tests along"


def test_places_are_named_without_their_floor() -> None:
    files = ["tests/services/conftest.py", "tests/web/duty/test_a.py", "tests/unit/roster/draft/test_b.py", "app.py"]
    assert places(files) == {"duty", "roster/draft"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "roster/draft/__init__.py",
        "roster/lists/__init__.py",
        "tests/unit/roster/draft/test_grid.py",
        "tests/web/roster/test_several.py",
        "tests/web/roster/draft/__pycache__/test_gone.pyc",
        "tests/services/duty/swaps/test_swaps.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_a_room_is_tested_where_a_floor_has_its_folder(tree: Path) -> None:
    assert room_tests.folders("roster/draft", tree) == ["tests/unit/roster/draft"]
    assert room_tests.folders("roster", tree) == ["tests/unit/roster", "tests/web/roster"]
    assert room_tests.folders("roster/lists", tree) == []


@pytest.mark.parametrize(
    ("room", "said"),
    [
        ("roster/lists", "roster/lists has no tests of its own. Rooms of roster with tests: draft."),
        ("roster/drafts", "There is no room roster/drafts. Rooms of roster with tests: draft."),
        ("rooster", "There are no tests of rooster. Packages with tests: duty, roster."),
    ],
)
def test_who_asks_for_what_is_not_there_hears_what_is(tree: Path, room: str, said: str) -> None:
    assert room_tests.refusal(room, tree).splitlines()[0] == said
