"""One vocabulary: a fixture's name means the same world in every file, and tests/README.md tells it truly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import cast
from tests.support.desk_story import DeskStory

TESTS = Path(__file__).parent.parent
README = (TESTS / "README.md").read_text(encoding="utf-8")
STORIES = TESTS / "support" / "stories.py"
LIKE_IT = {
    ("web/core/test_route_matrix.py", "ids"): "the enterprise with something of everything, put back from a file",
    ("web/roster/resolver/test_lent_rights.py", "ids"): "that of the route matrix",
    ("web/roster/feeds/test_feeds.py", "roster"): "kept for the file, as it is published once",
    ("web/people/contact/test_reach_pages.py", "ids"): "of today, as codes end by the clock on the wall",
    ("browser/test_channels_dead.py", "night"): "the night of its dead_night",
}
"""Made anew in a file, and still what the name says."""


def fixtures(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and any("fixture" in ast.unparse(each) for each in node.decorator_list):
            yield node


SHARED = {each.name for each in fixtures(STORIES)}


def made_anew(path: Path) -> set[str]:
    """Shared names that the file gives to a fixture which does not begin with the shared one."""
    found = {each.name: {argument.arg for argument in each.args.args} for each in fixtures(path)}
    return {name for name, arguments in found.items() if name in SHARED and name not in arguments}


def test_a_shared_name_is_not_given_to_another_world() -> None:
    files = [path for path in TESTS.rglob("*.py") if path != STORIES]
    found = {(str(path.relative_to(TESTS)), name) for path in files for name in made_anew(path)}
    assert found == set(LIKE_IT), "take the shared one and add to it, or call it something else"


def test_it_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("@pytest.fixture\ndef night(app): ...\n\n@pytest.fixture\ndef ids(ids): ...\n")
    assert made_anew(tmp_path / "test_it.py") == {"night"}


@pytest.mark.parametrize("someone", [*cast.PEOPLE, *cast.ON_THE_NIGHT], ids=lambda someone: someone.code)
def test_the_readme_says_who_is_who(someone: cast.Someone) -> None:
    (row,) = re.findall(rf"^\| `{someone.code}` .*$", README, re.MULTILINE)
    _, _, who, unit, duties, account, _ = (cell.strip() for cell in row.split("|"))
    assert who.startswith(someone.name) and unit == f"`{someone.unit}`"
    assert duties == (", ".join(someone.duties) or "–")
    assert account == {"admin": "administrator", None: "–"}.get(someone.role, someone.role)


def test_the_readme_says_which_units_and_fixtures_there_are() -> None:
    for code, parent, name, _kind in cast.UNITS:
        assert re.search(rf"^\| `{code}` \| {name}\b.*\| {f'`{parent}`' if parent else '–'} \|$", README, re.MULTILINE)
    for code, name in cast.TEAM.items():
        assert f"`{code}` {name}" in re.sub(r"\s+", " ", README)
    table = README.partition("| fixture | gives |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == SHARED


def test_the_story_of_the_readme_is_true(story: DeskStory) -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    told: dict[str, Any] = {}
    exec(source, told)  # noqa: S102
    told["test_a_power_cut_wakes_binh_and_then_em"](story)
