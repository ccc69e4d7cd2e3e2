"""Contracts of import-linter that this project adds: what is pure finds itself, and rooms stand in an order.

``pyproject.toml`` names them; ``make check`` asks them. A file that belongs to no room breaks the contract of its
package, so a new one cannot slip in unseen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
WORK = FLOORS.index(("*",))


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


class RoomsContract(Contract):
    """Inside ``package`` files look downwards only: to lower rooms, and in all rooms to lower floors.

    ``rooms``: folders and files of the package from the top. Who answers requests (views, API) and reads forms may use
    what any room does; what any room keeps (models) may be used by all. ``below_models``: rooms that models rest on.
    """

    type_name = "rooms"
    package = fields.StringField()
    rooms = fields.ListField(subfield=fields.StringField())
    below_models = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        package = str(self.package)
        order = {room: rank for rank, room in enumerate(self.rooms)}  # type: ignore[var-annotated, arg-type]
        inside = sorted(graph.find_descendants(package))
        files = [name for name in inside if not _is_package(name) or graph.find_modules_directly_imported_by(name)]
        homeless = [name for name in files if _room(package, name) not in order]
        empty = sorted(set(order) - {_room(package, name) for name in files})
        housed = [name for name in files if name not in homeless]
        below: Any = self.below_models or ()
        ground = {name for name in housed if _room(package, name) in below}
        upward = list(_upward(graph, package, order, housed, ground))
        return ContractCheck(
            kept=not (homeless or empty or upward),
            metadata={"homeless": homeless, "empty": empty, "upward": upward},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        said: dict[str, Any] = check.metadata
        for name in said["homeless"]:
            output.print_error(f"{name} belongs to no room: give it one in pyproject.toml")
        for name in said["empty"]:
            output.print_error(f"{self.package}.{name} is in the order of rooms, but there is no such file or folder")
        for importer, imported, why in said["upward"]:
            output.print_error(f"{importer} -> {imported}: {why}")


def _is_package(module: str) -> bool:
    return Path(*module.split("."), "__init__.py").exists()


def _room(package: str, module: str) -> str:
    return module.removeprefix(f"{package}.").split(".")[0]


def _upward(
    graph: ImportGraph, package: str, order: dict[str, int], files: list[str], ground: set[str]
) -> Iterator[tuple[str, str, str]]:
    for importer in files:
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if imported not in files:
                continue
            if floor(imported) < floor(importer) and imported not in ground and not is_pure(imported):
                yield importer, imported, "a lower floor uses a higher one"
            elif floor(importer) >= WORK > floor(imported) or floor(imported) > WORK or floor(importer) < WORK:
                continue
            elif order[_room(package, imported)] < order[_room(package, importer)]:
                yield importer, imported, "a lower room uses a higher one"
