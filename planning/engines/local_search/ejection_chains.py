"""Empty seats that nobody is free for: somebody drops something for them, and what is dropped is seated anew."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from planning.engines.local_search.indexed_problem import Shifts
from planning.engines.local_search.state import ANY, State

ROUNDS, ROUNDS_PER_SEAT = 120, 30
"""After so many rounds without a fuller roster the search gives up: so many, and so many per empty seat."""
MOST_ROUNDS = 2000
ASKED = 6
"""How many people are asked in earnest for each seat, those who would drop least first."""

Option = tuple[int, float, int, tuple[int, ...]]
"""(weight of what is dropped, lot, person, dropped)"""


def repair(state: State, component: Sequence[int], rng: random.Random) -> None:
    """Leave the state with the fullest roster met.

    A seat that keeps coming back grows dearer to drop, so the search cannot circle between two seats.
    """
    queue = [shift for shift in component for _ in range(state.missing(shift)) if state.can[shift]]
    best, fewest, stale = _snapshot(state, component), len(queue), 0
    weight = Counter[int]()
    for _ in range(MOST_ROUNDS):
        if not queue or stale > ROUNDS + ROUNDS_PER_SEAT * fewest:
            break
        shift = queue.pop(rng.randrange(len(queue)))
        weight[shift] += 1
        queue += _force(state, shift, weight, rng)
        stale += 1
        if len(queue) < fewest:
            best, fewest, stale = _snapshot(state, component), len(queue), 0
    if len(queue) > fewest:
        _restore(state, best)


def _force(state: State, shift: int, weight: Counter[int], rng: random.Random) -> tuple[int, ...]:
    """Seat somebody on the shift and return the seats that fell empty (the shift itself when nobody can)."""
    found = state.cheapest(shift)
    if found is not None:
        state.put(shift, found[1])
        return ()
    option = _least_drop(state, shift, weight, rng)
    if option is None:
        return (shift,)
    *_, person, dropped = option
    for other in dropped:
        state.on[other].remove(person)
    state.on[shift].add(person)
    state.set_row(person, _row(state, person, shift, dropped))
    return tuple(other for other in dropped if state.missing(other))


def _least_drop(state: State, shift: int, weight: Counter[int], rng: random.Random) -> Option | None:
    options: list[Option] = []
    for person in state.can[shift]:
        if person in state.on[shift]:
            continue
        drop = tuple(s for s in state.row[person] if s in state.clashing[shift])
        if not any((s, person) in state.pinned for s in drop):
            options.append((sum(1 + weight[s] for s in drop), rng.random(), person, drop))
    options.sort()
    best: Option | None = None
    for at, (price, lot, person, drop) in enumerate(options):
        if best is not None and (at >= ASKED or price >= best[0]):
            break
        if at >= 3 * ASKED:
            break
        for more in _drops(state, shift, person, drop, weight=weight):
            option = (sum(1 + weight[s] for s in more), lot, person, more)
            if best is None or option < best:
                best = option
            break
    return best


def _drops(state: State, shift: int, person: int, drop: Shifts, *, weight: Counter[int]) -> Iterator[Shifts]:
    """Yield what the person could drop so that the rest and the shift go together, from little to much."""
    if _fits(state, shift, person, drop):
        yield drop
    day = state.indexed.day
    rest = [s for s in state.row[person] if s not in drop and (s, person) not in state.pinned]
    rest.sort(key=lambda s: (weight[s], abs(day[s] - day[shift]), s))
    for one in rest:
        if _fits(state, shift, person, (*drop, one)):
            yield (*drop, one)
    for count in range(2, min(4, len(rest)) + 1):
        if _fits(state, shift, person, (*drop, *rest[:count])):
            yield (*drop, *rest[:count])


def _fits(state: State, shift: int, person: int, drop: Shifts) -> bool:
    if state.costs.row(person, _row(state, person, shift, drop)) >= ANY:
        return False
    return not state.costs.strict_seat[shift] or state.costs.seats(shift, state.on[shift] | {person}) < ANY


def _row(state: State, person: int, shift: int, drop: Shifts) -> Shifts:
    return tuple(sorted([shift, *(s for s in state.row[person] if s not in drop)]))


Snapshot = list[tuple[int, frozenset[int]]]


def _snapshot(state: State, component: Sequence[int]) -> Snapshot:
    return [(shift, frozenset(state.on[shift])) for shift in component]


def _restore(state: State, before: Snapshot) -> None:
    rows: dict[int, set[int]] = {}
    for shift, people in before:
        for person in state.on[shift] ^ people:
            rows.setdefault(person, set(state.row[person])).symmetric_difference_update({shift})
        state.on[shift] = set(people)
    for person, row in rows.items():
        state.set_row(person, tuple(sorted(row)))
