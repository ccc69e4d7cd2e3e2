"""The stronger engines by name: what each is for, and where it is found once a child process wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from planning.problem import Assignment, Problem

Emit = Callable[[Sequence[Assignment], int, int], None]
Hear = Callable[[], Sequence[Assignment] | None]


class Improve(Protocol):
    """Improve `start` until it is proven best or time is up.

    `emit(roster, bound, missing)` as it goes: proven lower bounds of the total cost and of the empty seats, 0 where
    there is none. `hear()` gives a better roster that somebody else found since the last call.
    """

    def __call__(
        self, problem: Problem, start: Sequence[Assignment], *, seconds: float, seed: int, emit: Emit, hear: Hear
    ) -> None: ...


@dataclass(frozen=True)
class Engine:
    """`module` holds `improve`; it may load a solver, so only a child process imports it. `proves`: it finds bounds
    whatever the problem. `counts`: it can end by counted work. `tires`: it can end where it finds nothing more.
    """

    name: str
    module: str
    proves: bool = True
    counts: bool = False
    tires: bool = False


ENGINES = {
    "highs": Engine("highs", "planning.engines.mip.branch_and_bound", counts=True),
    "lns": Engine("lns", "planning.engines.mip.lns", proves=False, tires=True),
}
CROWD = 45  # people; from here on one model of everything finds little in the time that people wait


@dataclass(frozen=True)
class Plugin:
    """An engine that somebody brings along for one kind of problem: where it `suits`, it makes the first roster, as
    `first_roster(problem, seed=…)`, and is the first to be put to work.
    """

    engine: Engine
    suits: Callable[[Problem], bool]
    first_roster: Callable[..., tuple[Assignment, ...]]


_plugins: list[Plugin] = []


@contextmanager
def joined_by(plugin: Plugin) -> Iterator[None]:
    """While it lasts, the plugin takes part in every solve of this process. The product itself calls for none."""
    ENGINES[plugin.engine.name] = plugin.engine
    _plugins.append(plugin)
    try:
        yield
    finally:
        _plugins.remove(plugin)
        del ENGINES[plugin.engine.name]


def plugin_for(problem: Problem) -> Plugin | None:
    return next((each for each in _plugins if each.suits(problem)), None)


def load(module: str) -> Improve:
    """The engine in a module; ImportError when there is no such module."""
    improve: Improve = import_module(module).improve
    return improve


def engines_for(problem: Problem) -> tuple[str, ...]:
    """The engines to put on one coupled problem, the most promising first: one that proves, one that searches."""
    if (plugin := plugin_for(problem)) is not None:
        return plugin.engine.name, "highs"
    found = tuple(name for name in ("highs", "lns") if _exists(name))
    return found[::-1] if len(problem.staff) > CROWD else found


@cache
def _exists(name: str) -> bool:
    return find_spec(ENGINES[name].module) is not None
