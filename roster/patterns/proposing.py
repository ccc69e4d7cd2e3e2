"""What a pattern would do to the draft of one unit: worked out from a snapshot, judged as any edit. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.actor import Actor
from core.errors import Invalid
from core.i18n import named
from people import queries as people
from people.models import Unit
from planning.problem import Assignment, Shift
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.campaigns.queries import require
from roster.draft import edit_plan, proposed
from roster.draft.edits import SeatEdit
from roster.draft.proposed import KeptSeats
from roster.patterns import dealing
from roster.patterns.dealing import Dealt, SeatToDeal, Turn
from roster.patterns.rules import ByRules
from roster.snapshot import snapshot
from roster.snapshot.snapshot import DraftCell, Snapshot
from roster.words import labels
from roster.words.names import RosterNames, names_of

Pattern = Literal["leader", "rotate"]
LEADERSHIP = "leadership"
MOST = 40
"""People who may take turns."""


@dataclass(frozen=True)
class PatternWanted:
    """``people``: codes in order; ``first``: who begins, empty: the first of them. ``duties``: codes, empty: leadership
    for ``leader``, every kind for ``rotate``. ``replaces``: seats that somebody has are dealt anew, too."""

    pattern: Pattern
    unit: str
    people: tuple[str, ...]
    first: str = ""
    turn: Turn = "shift"
    duties: tuple[str, ...] = ()
    replaces: bool = False
    pin: bool = True
    reason: str = ""


@dataclass(frozen=True)
class DealtSeat:
    """A seat that was dealt: who sits there now and who would, by id."""

    dealt: Dealt
    shift: Shift
    was: int | None

    @property
    def becomes(self) -> int | None:
        return self.dealt.person

    @property
    def changes(self) -> bool:
        return self.was != self.becomes


@dataclass(frozen=True)
class PatternProposal:
    """``broken``: hard rules that all of it breaks without a reason, as ``listed`` tells them; ``stamp``: what was
    shown, so that only that is applied."""

    wanted: PatternWanted
    unit: Unit
    lines: tuple[DealtSeat, ...]
    kept: KeptSeats
    edits: tuple[SeatEdit, ...]
    broken: tuple[Mapping[str, object], ...]
    names: RosterNames
    stamp: str
    draft_version: int

    @property
    def filled(self) -> int:
        return sum(each.changes and each.becomes is not None for each in self.lines)

    @property
    def left_empty(self) -> int:
        return sum(each.becomes is None for each in self.lines)


def propose(campaign: Campaign, wanted: PatternWanted, *, actor: Actor, now: datetime) -> PatternProposal:
    """Raises NotFound, Forbidden, Conflict (closed), Invalid (nobody or too many chosen, a kind that is not there)."""
    unit = people.unit_by_code(wanted.unit)
    rights.ensure(actor, "campaign.write", campaign, {unit.id}, now=now, asks=True)
    require(campaign, "edit")
    order = _order(wanted)
    taken = snapshot.take(campaign.id, now=now, also=order)
    shifts = _shifts(taken, wanted, unit)
    places, kept = _places(taken, shifts, wanted, now)
    dealt_anew = {each.seat for each in places}
    held = [
        Assignment(shift_id, taken.cells[seat].person_id)
        for shift_id, seats in taken.seats.items()
        for seat in seats
        if seat in taken.cells and seat not in dealt_anew
    ]
    judge = ByRules(
        taken.problem, held, order, [each.id for each in shifts], answered=bool(wanted.reason.strip()), law=labels.LAW
    )
    found = dealing.dealt(places, order, turn=wanted.turn, judge=judge)
    lines = tuple(_line(taken, each) for each in found)
    edits = tuple(_edits(taken, lines, pin=wanted.pin))
    broken = edit_plan.tried(campaign, edits, wanted.reason.strip() or None, now=now).listed()
    stamp = proposed.stamp_of(edits)
    return PatternProposal(
        wanted, unit, lines, kept, edits, broken, names_of(taken.problem), stamp, taken.draft_version
    )


def _order(wanted: PatternWanted) -> list[int]:
    codes = list(dict.fromkeys(wanted.people))
    if not codes:
        raise Invalid("pattern_of.nobody", field="people")
    if wanted.pattern == "leader" and len(codes) > 1:
        raise Invalid("pattern_of.one_leader", field="people", n=len(codes))
    if len(codes) > MOST:
        raise Invalid("pattern_of.too_many", field="people", most=MOST, n=len(codes))
    if wanted.first and wanted.first not in codes:
        raise Invalid("pattern_of.first", field="first", person=wanted.first)
    ids = {code: people.person_by_code(code).id for code in codes}
    return dealing.from_first(list(ids.values()), ids.get(wanted.first, 0))


def _shifts(taken: Snapshot, wanted: PatternWanted, unit: Unit) -> list[Shift]:
    of_unit = [each for each in taken.problem.shifts if each.unit == unit.code]
    if not of_unit:
        raise Invalid("pattern_of.no_shifts", field="unit", unit=unit.name)
    kinds = set(wanted.duties) or ({LEADERSHIP} if wanted.pattern == "leader" else {each.duty for each in of_unit})
    if unknown := sorted(kinds - {each.duty for each in of_unit}):
        raise Invalid("pattern_of.no_duty", field="duties", unit=unit.name, duty=_kind(unknown[0]))
    return [each for each in of_unit if each.duty in kinds]


def _kind(code: str) -> str:
    return next((named(kind) for kind in people.duty_kinds() if kind.code == code), code)


def _places(
    taken: Snapshot, shifts: Sequence[Shift], wanted: PatternWanted, now: datetime
) -> tuple[list[SeatToDeal], KeptSeats]:
    places, begun, pinned, held = list[SeatToDeal](), 0, 0, 0
    for shift in shifts:
        for position, seat in enumerate(taken.seats[shift.id], start=1):
            cell = taken.cells.get(seat)
            if shift.id in taken.fixed or shift.start <= now:
                begun += 1
            elif cell is not None and cell.pinned:
                pinned += 1
            elif cell is not None and not wanted.replaces:
                held += 1
            else:
                facts = shift.local_date, shift.start, shift.duty, shift.night, position
                places.append(SeatToDeal(seat, shift.id, *facts))
    return places, KeptSeats(begun, pinned, held)


def _line(taken: Snapshot, each: Dealt) -> DealtSeat:
    cell = taken.cells.get(each.place.seat)
    return DealtSeat(each, taken.problem.shift_of[each.place.shift_id], cell.person_id if cell else None)


def _edits(taken: Snapshot, lines: Sequence[DealtSeat], *, pin: bool) -> list[SeatEdit]:
    """Seats that change hands; and those that whoever sits there keeps, where they are pinned now."""
    code_of = {person.id: person.code for person in taken.problem.staff}
    found = []
    for each in lines:
        cell: DraftCell | None = taken.cells.get(each.dealt.place.seat)
        if each.changes or (cell is not None and cell.pinned != pin):
            was = code_of[each.was] if each.was is not None else None
            becomes = code_of[each.becomes] if each.becomes is not None else None
            found.append(SeatEdit(each.dealt.place.seat, becomes, was, pin))
    return found
