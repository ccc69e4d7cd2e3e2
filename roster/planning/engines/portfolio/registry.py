"""The stronger engines by name: what each is for, and where it is found once a child process wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from roster.planning.problem import Assignment, Problem

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
    "highs": Engine("highs", "roster.planning.engines.mip.branch_and_bound", counts=True),
    "lns": Engine("lns", "roster.planning.engines.mip.lns", proves=False, tires=True),
    "paths": Engine("paths", "roster.planning.engines.column_generation.engine"),
}
CROWD = 45  # people; from here on one model of everything finds little in the time that people wait


def load(name: str) -> Improve:
    """KeyError on an unknown engine."""
    improve: Improve = import_module(ENGINES[name].module).improve
    return improve


def engines_for(problem: Problem) -> tuple[str, ...]:
    """The engines to put on one coupled problem, the most promising first: one that proves, one that searches."""
    if walks_by_day(problem):
        return "paths", "highs"
    found = tuple(name for name in ("highs", "lns") if _exists(name))
    return found[::-1] if len(problem.staff) > CROWD else found


def walks_by_day(problem: Problem) -> bool:
    """Whether the paths engine can say the problem; it alone knows, and knows it with arrays, so ask it last."""
    known: bool | None = problem.memo.get("registry.paths")
    if known is None:
        likely = bool(problem.shifts) and all(s.wanted is not None and not s.headcount for s in problem.shifts)
        known = problem.memo["registry.paths"] = likely and _suits_paths(problem)
    return known


def _suits_paths(problem: Problem) -> bool:
    return bool(import_module("roster.planning.engines.column_generation.adapter").suits(problem))


@cache
def _exists(name: str) -> bool:
    return find_spec(ENGINES[name].module) is not None
