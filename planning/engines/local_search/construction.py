"""The first roster: hardest seats first, each to whom it costs least; more people where soft cover pays for them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from planning.engines.local_search.state import State


def fill(state: State, component: Sequence[int], rng: random.Random) -> None:
    """Fill what can be filled of these shifts without moving anybody who is seated."""
    seats = [shift for shift in component for _ in range(state.missing(shift))]
    tie = {shift: rng.random() for shift in component}
    demand = Counter((state.indexed.shifts[s].duty, state.indexed.shifts[s].unit) for s in seats)

    def hardness(number: int) -> tuple[float, int, int, float]:
        shift, people = state.indexed.shifts[number], len(state.can[number]) or 1
        pressure = shift.headcount / people + demand[shift.duty, shift.unit] / (people * len(seats))
        return (-round(pressure, 3), -shift.points, number, tie[number])

    for shift in sorted(seats, key=hardness):
        if (found := state.cheapest(shift)) is not None:
            state.put(shift, found[1])


def fill_where_it_pays(state: State, component: Sequence[int]) -> None:
    """Seat people beyond the least number for as long as that lowers the cost."""
    for shift in component:
        while len(state.on[shift]) < state.room[shift]:
            found = state.cheapest(shift)
            if found is None or found[0] >= 0:
                break
            state.put(shift, found[1])


def hand_on(state: State, component: Sequence[int], passes: int) -> None:
    """Hand single seats to people for whom they cost less, for as long as that helps."""
    for _ in range(passes):
        moved = False
        for shift in component:
            for person in sorted(state.on[shift]):
                if (shift, person) not in state.pinned:
                    moved = _hand_on(state, shift, person) or moved
        if not moved:
            return


def _hand_on(state: State, shift: int, person: int) -> bool:
    before = state.row[person]
    saved = state.cost[person] - state.costs.row(person, state.without(person, shift))
    if saved < -(1 << 40):  # the rest of the row leans on this shift, as one that replaces ordinary work
        return False
    state.take(shift, person)
    stays = state.rise(shift, person)
    found = state.cheapest(shift)
    if found is not None and found[0] < stays:
        state.put(shift, found[1])
        return True
    state.set_row(person, before)
    state.on[shift].add(person)
    return False
