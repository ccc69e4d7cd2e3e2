"""What is typed or pasted into the days of crews, as edits of their people's seats: names or letters of shifts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core.errors import Conflict, NotFound
from core.text import fold, nfc
from planning.problem import Shift
from roster.campaigns.models import Campaign
from roster.crews import queries, rotation_edits
from roster.crews.filling import FilledTurn
from roster.crews.rotation_edits import CrewShift, Team
from roster.draft.edits import SeatEdit
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels
from roster.words.names import RosterNames, names_of

RESTS = frozenset({"", "-", "–", "—", ".", "·", "0", "x", "n", "nghi", "off"})
"""What stands in a cell on a day on which the crew rests; marks of letters aside."""
BETWEEN = re.compile(r"[,;+\n]")
Bars = Callable[[Snapshot, int], str]
"""Why a shift (id) may not be edited; empty where it may."""


@dataclass(frozen=True)
class CrewCell:
    """A crew's day as it was typed; ``seats``: those of its people that were seen in it; the text stands for them."""

    crew: int
    on: date
    text: str
    seats: tuple[int, ...] = ()


@dataclass(frozen=True)
class CrewMisfit:
    """A cell that cannot become what was typed, and why."""

    cell: CrewCell
    name: str
    why: str

    @property
    def on(self) -> date:
        return self.cell.on


@dataclass(frozen=True)
class LaidCrews:
    """``filled``: what becomes of each shift that was named; ``about``: what undo names all of it by."""

    edits: Sequence[SeatEdit]
    filled: Sequence[FilledTurn]
    about: Mapping[str, str]
    names: RosterNames
    teams: Mapping[int, Team]

    @property
    def passed(self) -> list[FilledTurn]:
        return [each for each in self.filled if each.passed]


@dataclass
class _CrewBoard:
    taken: Snapshot
    teams: Mapping[int, Team]
    bars: Bars
    asked: list[CrewShift] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    misfits: list[CrewMisfit] = field(default_factory=list)


def laid_out(
    campaign: Campaign, cells: Sequence[CrewCell], *, bars: Bars, reason: str | None, now: datetime
) -> LaidCrews:
    """Whoever of a crew can take a seat of its shift has one; who cannot is told of in ``filled``.

    Raises NotFound, Conflict ``crews.misfit`` with every cell that does not fit, ``crews.nobody`` where nothing comes
    of it because nobody can.
    """
    teams = {
        each: rotation_edits.team_of(queries.get_crew(each)) for each in dict.fromkeys(cell.crew for cell in cells)
    }
    everybody = frozenset(person for team in teams.values() for person in team.people)
    taken = snapshot.take(campaign.id, now=now, also=everybody)
    board = _CrewBoard(taken, teams, bars)
    for cell in cells:
        _note(board, cell)
    if board.misfits:
        raise Conflict("crews.misfit", state={"misfits": board.misfits}, n=len(board.misfits))
    filled = rotation_edits.laid(taken, board.asked, board.open, everybody, answered=bool((reason or "").strip()))
    edits = rotation_edits.edits_of(taken, filled, board.open, pin=True)
    found = LaidCrews(edits, filled, _about(board, cells), names_of(taken.problem), teams)
    if filled and not any(each.serving for each in filled):
        raise Conflict("crews.nobody", state={"laid": found})
    return found


def _note(board: _CrewBoard, cell: CrewCell) -> None:
    """What is open for the cell: empty seats of the shifts that it names, and seats that its people leave."""
    team = board.teams[cell.crew]
    wanted = _meant(board, cell, team)
    named = [shift for name in wanted for shift in rotation_edits.shifts_named(board.taken, team.unit, cell.on, name)]
    stays = {shift.id for shift in named}
    shift_of = board.taken.shift_of_seat
    leaves = list[int]()
    for seat in cell.seats:
        if seat not in shift_of:
            raise NotFound("seat.unknown", id=seat)
        sits = board.taken.cells.get(seat)
        if sits is not None and sits.person_id in team.people and shift_of[seat] not in stays:
            leaves.append(seat)
    touched = [*(shift_of[seat] for seat in leaves), *stays]
    if why := next((why for each in touched if (why := board.bars(board.taken, each))), ""):
        board.misfits.append(CrewMisfit(cell, team.name, why))
        return
    board.open |= set(leaves)
    board.open |= {seat for shift in named for seat in board.taken.seats[shift.id] if seat not in board.taken.cells}
    board.asked += [CrewShift(team, cell.on, name) for name in wanted]


def _meant(board: _CrewBoard, cell: CrewCell, team: Team) -> list[str]:
    """Names of shifts; what the text says of none is noted."""
    of_day = [each for each in board.taken.problem.shifts if each.unit == team.unit and each.local_date == cell.on]
    found = list[str]()
    for part in BETWEEN.split(nfc(cell.text)):
        text = " ".join(part.split())
        if fold(text) in RESTS:
            continue
        names = named_so(of_day, text)
        if len(names) == 1:
            found.append(names[0])
        elif names:
            ways = ", ".join(names)
            board.misfits.append(
                CrewMisfit(cell, team.name, _("“%(text)s” có nhiều ca: gõ %(ways)s", text=text, ways=ways))
            )
        else:
            why = _("%(unit)s không có ca nào tên “%(text)s” ngày này", unit=team.unit, text=text)
            board.misfits.append(CrewMisfit(cell, team.name, why))
    return list(dict.fromkeys(found))


def named_so(of_day: Iterable[Shift], text: str) -> list[str]:
    """Names of shifts that are written so: the name before its letters, as it is written before without marks."""
    names = list(dict.fromkeys(shift.template for shift in of_day))
    plain = text.lower()
    ways = (
        [name for name in names if nfc(name).lower() == plain],
        [name for name in names if labels.short(name).lower() == plain],
        [name for name in names if fold(name) == fold(text)],
        [name for name in names if fold(labels.short(name)) == fold(text)],
    )
    return next((each for each in ways if each), [])


def _about(board: _CrewBoard, cells: Sequence[CrewCell]) -> dict[str, str]:
    first = cells[0]
    team = board.teams[first.crew]
    named = [each.template for each in board.asked if each.team == team and each.on == first.on]
    return {
        "crew": team.name,
        "unit": team.unit,
        "shift": ", ".join(named),
        "on": first.on.isoformat(),
        "more": str(len(cells) - 1),
    }
