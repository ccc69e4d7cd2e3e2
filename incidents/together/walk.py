"""PURE going through incidents that are taken one by one: which is next, and how far one is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Walked(Protocol):
    """What of an incident decides."""

    code: str
    category: str


Each = TypeVar("Each", bound=Walked)


@dataclass(frozen=True)
class WalkStep(Generic[Each]):
    """``number``: its place, from 1, among the ``of`` that the walk has: those taken on it, those left, those to come.
    ``alike``: it and those to come that are of its kind, so that they may be one matter."""

    incident: Each
    number: int
    of: int
    alike: tuple[Each, ...]

    @property
    def is_last(self) -> bool:
        return self.number == self.of


def step(waiting: Sequence[Each], *, done: int, left: Collection[str], first: str = "") -> WalkStep[Each] | None:
    """``waiting``: those that nobody has now, in order. ``done``: how many were taken on the walk; ``left``: codes of
    those that the reader went past. ``first``: the code of the one to begin with. None: nothing is to come."""
    coming = [each for each in waiting if each.code not in left]
    if not coming:
        return None
    now = next((each for each in coming if each.code == first), coming[0])
    passed = done + len(set(left))
    alike = tuple(each for each in coming if each.category == now.category)
    return WalkStep(now, passed + 1, passed + len(coming), alike if len(alike) > 1 else ())
