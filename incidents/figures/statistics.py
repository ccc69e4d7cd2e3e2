"""PURE how long things took and who carried them, as numbers that people can compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
ZERO = timedelta(0)


@dataclass(frozen=True)
class IncidentCase:
    """One incident; ``taken`` and ``resolved`` since it was logged, ``None`` while that has not happened."""

    severity: int
    unit: str
    category: str
    phase: str
    hour: int
    """Local hour at which it was logged."""
    age: timedelta
    """Since it was logged until now, or until it was over."""
    taken: timedelta | None
    resolved: timedelta | None
    take_within: timedelta
    resolve_within: timedelta
    healed: bool = False
    """Whatever raised it said that it is over: nobody resolved it."""
    forgotten: int = 0
    """How often the holder gave no sign in time, so that it waited to be taken again."""


@dataclass(frozen=True)
class Times:
    """``number`` of waits that ended; half of them took at most ``median``, nine of ten at most ``p90``.

    ``kept`` of ``due`` targets were kept: those whose time is not up yet count for neither.
    """

    number: int
    median: timedelta | None
    p90: timedelta | None
    kept: int
    due: int

    @property
    def share(self) -> float | None:
        """Return the share of targets kept, 0 to 1; ``None`` when none was due."""
        return self.kept / self.due if self.due else None


@dataclass(frozen=True)
class FigureRow(Generic[Key]):
    key: Key
    number: int
    taken: Times
    resolved: Times
    """Of what people resolved."""
    healed: int = 0
    forgotten: int = 0
    """Incidents that had to be taken again."""


@dataclass(frozen=True)
class PersonCall:
    """One person called once, by however many channels."""

    person: int
    at_night: bool


@dataclass(frozen=True)
class Holding:
    """One person had one incident for so long."""

    person: int
    held: timedelta


@dataclass(frozen=True)
class PersonLoad:
    """What one person carried."""

    person: int
    calls: int
    night: int
    taken: int
    held: timedelta


def quantile(waits: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest wait that at least ``share`` of all do not exceed (nearest rank); ``None`` of nothing."""
    if not waits:
        return None
    ordered = sorted(waits)
    rank = max(1, -(-round(share * 1000) * len(ordered) // 1000))
    return ordered[min(rank, len(ordered)) - 1]


def times(waits: Iterable[tuple[timedelta | None, timedelta, timedelta]]) -> Times:
    """Return the times of incidents given as (how long it took or None, target, age)."""
    every = list(waits)
    ended = [took for took, _target, _age in every if took is not None]
    kept = sum(took is not None and took <= target for took, target, _age in every)
    late = sum((took if took is not None else age) > target for took, target, age in every)
    return Times(len(ended), quantile(ended, 0.5), quantile(ended, 0.9), kept, kept + late)


def row(key: Key, cases: Sequence[IncidentCase]) -> FigureRow[Key]:
    taken = times((case.taken, case.take_within, case.age) for case in cases)
    resolved = times((case.resolved, case.resolve_within, case.age) for case in cases if not case.healed)
    return FigureRow(
        key, len(cases), taken, resolved, sum(case.healed for case in cases), sum(case.forgotten > 0 for case in cases)
    )


def by(cases: Iterable[IncidentCase], key: Callable[[IncidentCase], Key]) -> list[FigureRow[Key]]:
    """One row for each value of ``key``, the most frequent first."""
    found: defaultdict[Key, list[IncidentCase]] = defaultdict(list)
    for case in cases:
        found[key(case)].append(case)
    rows = [row(each, cases) for each, cases in found.items()]
    return sorted(rows, key=lambda each: (-each.number, str(each.key)))


def loads(calls: Iterable[PersonCall], holdings: Iterable[Holding]) -> list[PersonLoad]:
    """One line a person, those called most first."""
    called, had = defaultdict[int, list[PersonCall]](list), defaultdict[int, list[Holding]](list)
    for call in calls:
        called[call.person].append(call)
    for holding in holdings:
        had[holding.person].append(holding)
    lines = [
        PersonLoad(
            person,
            len(called[person]),
            sum(call.at_night for call in called[person]),
            len(had[person]),
            sum((each.held for each in had[person]), ZERO),
        )
        for person in {*called, *had}
    ]
    return sorted(lines, key=lambda line: (-line.calls, -line.night, -line.taken, line.person))
