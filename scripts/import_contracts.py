"""Contracts of import-linter that this project adds: what is pure finds itself, files stand on floors by their names.

``pyproject.toml`` names them; ``make check`` asks them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.domain.imports import ModuleExpression

FLOORS = (
    ("routes", "register"),
    ("views*", "api", "api_*", "panel*", "actions", "commands", "*_commands"),
    ("forms*", "form_*"),
    ("*",),
    ("models*",),
)
"""What files of a room are called, from the top: who registers, answers, reads forms, works, and what is kept."""


def floor(module: str) -> int:
    name = module.rpartition(".")[2]
    last = len(FLOORS) - 1
    if fnmatchcase(name, FLOORS[last][0]):
        return last
    return next(rank for rank, patterns in enumerate(FLOORS) if any(fnmatchcase(name, each) for each in patterns))


def is_pure(module: str) -> bool:
    """Whether the module, or a package around it, says PURE as the first word of its docstring."""
    parts = module.split(".")
    around = [Path(*parts[:end], "__init__.py") for end in range(1, len(parts) + 1)]
    files = [*around, Path(*parts).with_suffix(".py")]
    return any(_says_pure(path) for path in files if path.exists())


def _says_pure(path: Path) -> bool:
    said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return said.startswith("PURE")


class PureContract(ForbiddenContract):
    """A module that says PURE imports none of ``forbidden_modules``, however far the way there is."""

    type_name = "pure"
    source_modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = sorted(name for name in graph.modules if not graph.is_module_squashed(name) and is_pure(name))
        self.source_modules = {ModuleExpression(name) for name in found}  # type: ignore[assignment]
        return super().check(graph, verbose)


class FloorsContract(Contract):
    """Inside each of ``packages`` files look downwards only: to their own floor and those below it.

    ``below_models``: rooms that models rest on. What is PURE may be used from every floor. That rooms make no circle is
    asked by ``tests/boundaries/test_rooms.py``.
    """

    type_name = "floors"
    packages = fields.ListField(subfield=fields.StringField())
    below_models = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        packages: list[str] = list(self.packages)  # type: ignore[call-overload]
        below: Any = self.below_models or ()
        upward = [edge for package in packages for edge in _upward(graph, package, below)]
        return ContractCheck(kept=not upward, metadata={"upward": upward})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["upward"]:
            output.print_error(f"{importer} -> {imported}: a lower floor uses a higher one")


def _upward(graph: ImportGraph, package: str, below_models: Iterable[str]) -> Iterator[tuple[str, str]]:
    inside = graph.find_descendants(package)
    for importer in sorted(inside):
        for imported in sorted(graph.find_modules_directly_imported_by(importer) & inside):
            is_ground = any(f"{imported}.".startswith(f"{each}.") for each in below_models)
            if floor(imported) < floor(importer) and not is_ground and not is_pure(imported):
                yield importer, imported
