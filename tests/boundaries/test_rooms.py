"""Rooms are modules: none leads back to itself through what it imports (docs/architecture.md).

Each room is a node and its models another, which other rooms may read; views, API and forms belong to their room.
"""

from __future__ import annotations

import importlib

import pytest

from tests.boundaries.imports import Imports, circles, imports
from tests.boundaries.test_imports import module_name
from tests.boundaries.tree import PACKAGES, ROOT, parsed, product_python


def node(module: str) -> str:
    """``roster.draft``, or ``roster.draft:models``."""
    package, room, *rest = module.split(".")
    return f"{package}.{room}:models" if rest and rest[-1] == "models" else f"{package}.{room}"


def rooms_of(package: str, graph: Imports) -> Imports:
    inside = [name for name in graph if name.startswith(f"{package}.")]
    found: dict[str, set[str]] = {node(name): set() for name in inside}
    for name in inside:
        found[node(name)] |= {node(each) for each in graph[name] if each.startswith(f"{package}.")} - {node(name)}
    return found


def product() -> Imports:
    """Without packages' ``__init__``, which say only what they hold: a room is not its package."""
    paths = list(product_python())
    names = {path: module_name(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    return imports({name: parsed(path) for path, name in names.items()})


def test_no_room_leads_back_to_itself() -> None:
    graph = product()
    assert {package: circles(rooms_of(package, graph)) for package in PACKAGES} == {package: [] for package in PACKAGES}


def test_views_belong_to_their_room_and_models_stand_apart() -> None:
    there_and_back = {"roster.a.views": {"roster.b.services"}, "roster.b.services": {"roster.a.queries"}}
    empty: dict[str, set[str]] = {"roster.a.queries": set(), "roster.a.models": set(), "roster.b.models": set()}
    assert circles(rooms_of("roster", {**empty, **there_and_back})) == [["roster.a", "roster.b"]]
    by_models = {"roster.a.views": {"roster.b.models"}, "roster.b.services": {"roster.a.models"}}
    assert circles(rooms_of("roster", {**empty, **by_models})) == []


@pytest.mark.parametrize("package", [name for name in PACKAGES if (ROOT / name / "routes.py").exists()])
def test_what_a_room_adds_stands_in_it(package: str) -> None:
    """``routes.py`` enters each room by its name."""
    for room in importlib.import_module(f"{package}.routes").ROOMS:
        place = f"{package}.{room.name}"
        assert (ROOT / package / room.name).is_dir() or (ROOT / package / f"{room.name}.py").exists(), place
        runs = [each.run.__module__ for each in room.jobs if each.run.__module__ != f"{package}.routes"]
        for module in (*(each.__name__ for each in room.answers), *runs):
            assert f"{module}.".startswith(f"{place}."), f"{module} is entered as {place}"
