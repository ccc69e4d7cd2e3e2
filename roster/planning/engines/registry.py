"""The stronger engines by name: what each is for, and where it is found once a child process wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
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
    """`module` holds `improve`; it may load a solver, so only a child process imports it."""

    name: str
    module: str


ENGINES = {engine.name: engine for engine in (Engine("highs", "roster.planning.engines.highs.search"),)}


def load(name: str) -> Improve:
    """KeyError on an unknown engine."""
    improve: Improve = import_module(ENGINES[name].module).improve
    return improve


def engines_for(problem: Problem) -> tuple[str, ...]:
    """The engines to put on one coupled problem, the most promising first."""
    return ("highs",)
