"""PURE what two contents of a roster differ in, by person and by shift; a content is what a revision holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.calendar.moments import parse_moment

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Who:
    """As the content names them; a content that came later has the newer name."""

    code: str
    name: str
    position: str


@dataclass(frozen=True)
class DiffShift:
    """A shift, in words and aware times. ``duty`` and ``unit`` are codes."""

    shift: int
    duty: str
    unit: str
    unit_name: str
    template: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ChangedShift:
    """A shift on which not the same people serve."""

    turn: DiffShift
    out: tuple[Who, ...]
    came: tuple[Who, ...]


@dataclass(frozen=True)
class ChangedPerson:
    """One person, and the shifts that they lose and get, in order of time."""

    who: Who
    lost: tuple[DiffShift, ...]
    gained: tuple[DiffShift, ...]


@dataclass(frozen=True)
class Difference:
    """``people`` in order of code, ``moves`` in order of time."""

    people: tuple[ChangedPerson, ...]
    moves: tuple[ChangedShift, ...]


def between(old: Sequence[Row], new: Sequence[Row]) -> Difference:
    """Return the difference from ``old`` to ``new``. Changing seats on the same shift is no difference."""
    before, after = {row["shift"]: row for row in old}, {row["shift"]: row for row in new}
    moves = []
    for shift in before.keys() | after.keys():
        was, now_on = _on(before.get(shift)), _on(after.get(shift))
        out = tuple(who for code, who in was.items() if code not in now_on)
        came = tuple(who for code, who in now_on.items() if code not in was)
        if out or came:
            moves.append(ChangedShift(_turn(after.get(shift) or before[shift]), out, came))
    moves.sort(key=lambda move: (move.turn.starts_at, move.turn.duty, move.turn.shift))
    return Difference(tuple(_by_person(moves)), tuple(moves))


def _by_person(moves: Iterable[ChangedShift]) -> list[ChangedPerson]:
    lost, gained, names = dict[str, list[DiffShift]](), dict[str, list[DiffShift]](), dict[str, Who]()
    for move in moves:
        for found, group in ((lost, move.out), (gained, move.came)):
            for who in group:
                names[who.code] = who
                found.setdefault(who.code, []).append(move.turn)
    return [
        ChangedPerson(names[code], tuple(lost.get(code, ())), tuple(gained.get(code, ()))) for code in sorted(names)
    ]


def _on(row: Row | None) -> dict[str, Who]:
    return {each["code"]: Who(each["code"], each["name"], each["position"]) for each in row["people"]} if row else {}


def _turn(row: Row) -> DiffShift:
    return DiffShift(
        shift=row["shift"],
        duty=row["duty"],
        unit=row["unit"],
        unit_name=row["unit_name"],
        template=row["name"],
        starts_at=parse_moment(row["starts_at"]),
        ends_at=parse_moment(row["ends_at"]),
    )
