"""PURE: the calls of one incident as turns through its policy, and as a ladder: who was tried, who is called now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby


@dataclass(frozen=True)
class TurnCall:
    """One call of one person. ``turn``: the cycle through the policy, from 1; ``fired``: calls of one moment share it;
    ``purpose``: "call" asks to take it; ``state``: what became of it (``delivery_status.state_of``)."""

    id: int
    turn: int
    fired: int
    person_id: int
    at: datetime
    state: str
    purpose: str = "call"
    answered: bool = False


@dataclass(frozen=True)
class TurnRange:
    """``first`` to ``last``: turns in which the same people were called with the same result; one, mostly."""

    first: int
    last: int
    calls: tuple[TurnCall, ...]

    @property
    def starts_at(self) -> datetime:
        return self.calls[0].at

    @property
    def ends_at(self) -> datetime:
        return self.calls[-1].at

    @property
    def state(self) -> str:
        """What became of all of them; empty where that differs."""
        states = {call.state for call in self.calls}
        return states.pop() if len(states) == 1 else ""


@dataclass(frozen=True)
class Ladder:
    """``past``: whom the step before called, or who has answered the present one; ``now``: who is being called."""

    past: tuple[TurnCall, ...] = ()
    now: tuple[TurnCall, ...] = ()


def turns(calls: Iterable[TurnCall]) -> list[TurnRange]:
    """The newest first and by itself; of the others, neighbours that are alike are one."""
    ordered = sorted(calls, key=lambda call: (call.turn, call.id))
    single = [TurnRange(number, number, tuple(some)) for number, some in groupby(ordered, key=lambda call: call.turn)]
    found: list[TurnRange] = []
    for each in reversed(single):
        if len(found) > 1 and _alike(found[-1]) == _alike(each):
            found[-1] = TurnRange(each.first, found[-1].last, each.calls + found[-1].calls)
        else:
            found.append(each)
    return found


def ladder(calls: Sequence[TurnCall]) -> Ladder:
    """The last two rungs of a search that is still going on."""
    asked = [call for call in calls if call.purpose == "call"]
    if not asked:
        return Ladder()
    newest = max(call.fired for call in asked)
    latest = [call for call in asked if call.fired == newest]
    now = tuple(call for call in latest if not call.answered)
    if not now or len(now) < len(latest):
        return Ladder(tuple(call for call in latest if call.answered), now)
    before = max((call.fired for call in asked if call.fired < newest), default=None)
    return Ladder(tuple(call for call in asked if call.fired == before), now)


def _alike(some: TurnRange) -> frozenset[tuple[int, str]]:
    return frozenset((call.person_id, call.state) for call in some.calls)
