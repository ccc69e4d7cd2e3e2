"""No module of the product leads back to itself through what it imports."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Mapping
from textwrap import dedent

from tests.boundaries.imports import circles, imports
from tests.boundaries.tree import PACKAGES, ROOT, parsed, product_python


def module_name(parts: tuple[str, ...]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def found_in(files: Mapping[str, str], packages: frozenset[str] = frozenset()) -> list[list[str]]:
    return circles(imports({name: ast.parse(dedent(text)) for name, text in files.items()}, packages))


def test_the_product_has_no_import_circle() -> None:
    paths = [*product_python(), *ROOT.glob("scripts/**/*.py")]
    names = {path: module_name(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    packages = frozenset(name for path, name in names.items() if path.stem == "__init__")
    graph = imports({name: parsed(path) for path, name in names.items()}, packages)
    assert "core.program.database" in graph["app"] and "planning.rules" in graph["planning.score.check"]
    assert circles(graph) == []


def test_every_package_has_floors() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [floors] = [each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "floors"]
    assert sorted(floors["packages"]) == sorted(PACKAGES)


def test_a_straight_line_is_no_circle() -> None:
    assert found_in({"a": "import b", "b": "from c import d", "c": "import os"}) == []


def test_a_circle_is_found_however_it_is_written() -> None:
    hidden = """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from p.one import One
    """
    late = """
        def work():
            from p import two
    """
    files = {"p": "", "p.one": late, "p.two": "from . import three", "p.three": hidden, "p.four": "import p.one"}
    assert found_in(files, frozenset({"p"})) == [["p.one", "p.three", "p.two"]]


def test_two_circles_are_told_apart() -> None:
    files = {"a": "import b", "b": "import a, c", "c": "import d", "d": "import c"}
    assert found_in(files) == [["a", "b"], ["c", "d"]]


def test_what_a_package_does_when_imported_counts_for_those_outside() -> None:
    """To import rules.base from outside runs rules/__init__, and that imports the one who asked."""
    files = {
        "rules": "from rules import late",
        "rules.base": "",
        "rules.late": "import law",
        "law": "import rules.base",
    }
    assert found_in(files, frozenset({"rules"})) == [["law", "rules", "rules.late"]]
