"""Seats of the published roster change hands and just they become a revision: worked out first, written in one piece.

What lets people do it (a cover of the day, a swap that was agreed) is asked by whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people import queries as people
from people.models import Person
from roster.models import Revision
from roster.publishing import amending, parts
from roster.snapshot.snapshot import Cell
from roster.words import violations

Moves = Sequence[tuple[int, str, str]]
"""(shift id, code of who leaves, code of who comes)."""


@dataclass(frozen=True)
class Change:
    """A move as a seat of the published roster."""

    shift_id: int
    seat: int
    leaves: Person
    comes: Person


@dataclass(frozen=True)
class _Plan:
    """``drafted``: seats of the draft that follow."""

    part: amending.Part
    changes: Sequence[Change]
    drafted: Mapping[int, Cell]


def publish(
    campaign_id: int,
    moves: Moves,
    *,
    note: Callable[[Sequence[Change]], str],
    reason: str | None = None,
    before: Callable[[], None],
    after: Callable[[Sequence[Change], Revision], None],
    actor: Actor,
    now: datetime,
) -> Revision:
    """Carry out the moves on the published roster; the draft follows where it said the same.

    ``before`` and ``after`` run in the transaction that writes: what is asked there of the moment holds, and what is
    noted there is noted with it. ``reason``: why what it breaks or leaves open is borne.

    Raises what they raise; NotFound; Conflict when somebody is not on the shift (any more) or works here no more, a
    hard rule would be broken without a reason, or something would be left open.
    """
    coming = [people.person_by_code(comes).id for _shift, _leaves, comes in moves]

    def plan() -> _Plan:
        stands = parts.standing(campaign_id, now=now, also=coming)
        changes = _changes(stands, moves)
        wanted: dict[int, Cell | None] = {each.seat: Cell(each.comes.id, False, reason) for each in changes}
        part = amending.judged(stands, wanted, accept_gaps=reason, now=now)
        _refuse_broken(part)
        return _Plan(part, changes, _followed(stands, changes, reason))

    def write(made: _Plan) -> Revision:
        words, drafted = note(made.changes), made.drafted
        revision = amending.switch(
            made.part, note=words, accept_gaps=reason, drafted=drafted, may=True, actor=actor, now=now
        )
        after(made.changes, revision)
        return revision

    for _try in range(amending.TRIES):
        made = plan()
        try:
            with transaction():
                _hold_ground()
                before()
                return write(made)
        except amending.Moved:
            continue
    with transaction():  # others never stop editing, and a night cannot wait for them: think while they wait
        _hold_ground()
        before()
        amending.locked(campaign_id)
        return write(plan())


def _hold_ground() -> None:
    """Before what ``before`` may lock (the asks of the campaign): who gives a part of a shift does it in this order."""
    shared_cache.seen(shared_cache.GROUND, lock=True)


def _changes(stands: parts.Standing, moves: Moves) -> list[Change]:
    found = []
    for shift_id, leaves, comes in moves:
        out, into = people.person_by_code(leaves), people.person_by_code(comes)
        seats = stands.taken.seats.get(shift_id, ())
        seat = next((each for each in seats if stands.published.get(each) == out.id), None)
        if seat is None:
            raise Conflict("shift.not_on_it", person=out.full_name)
        if not into.active:
            raise Conflict("cover.left", person=into.full_name)
        found.append(Change(shift_id, seat, out, into))
    return found


def _followed(stands: parts.Standing, changes: Iterable[Change], reason: str | None) -> dict[int, Cell]:
    """Seats of the draft that said what was published; where a manager has planned otherwise, the plan stays."""
    cells, found = stands.taken.cells, dict[int, Cell]()
    moved = [(each.shift_id, each.leaves.id, each.comes.id) for each in changes]
    for shift_id, leaves, comes in moved:
        seats = stands.taken.seats[shift_id]
        on = {cells[seat].person_id: seat for seat in seats if seat in cells}
        if leaves in on and comes not in on:
            found[on[leaves]] = Cell(comes, True, reason)
    return found


def _refuse_broken(part: amending.Part) -> None:
    broken = part.judged.verdict.violations
    if broken:
        raise Conflict("shift.breaks_rules", state={"violations": violations.listed(broken, part.judged.names)})
