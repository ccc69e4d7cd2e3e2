"""Edits of single seats, wherever they are in a campaign, judged together: worked out before anything is locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.db import db
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from planning.outcome import Violation
from planning.problem import Assignment
from planning.score.check import violations_for
from roster.campaigns.models import Campaign
from roster.draft import edit_log
from roster.draft.edits import Edit, Edited, Planned, Step, edited_of, needs_reason, unchecked_of
from roster.models import Seat, Shift
from roster.snapshot import snapshot
from roster.snapshot.sitting import Cell
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, violations as wording
from roster.words.names import maker_names, names_of

NOT_ABOUT_SEATS = ("pins.kept", "fairness.load")
"""Taking a pinned person off is the manager's own will; how even loads are is no breach."""


@dataclass(frozen=True)
class SeatEdit:
    """Who shall sit on a seat (code; ``None``: nobody), and who sat there when it was looked at."""

    seat: int
    person: str | None
    was: str | None
    pin: bool = True


@dataclass(frozen=True)
class SeatsEdited:
    """``edit`` is its id in the log; ``None`` where nothing was to be changed. ``since``: the draft before."""

    edit: int | None
    steps: Sequence[Step]
    edited: Sequence[Edited]
    draft_version: int
    since: int


def refuse_same_seat(edits: Sequence[SeatEdit]) -> None:
    """Raise Invalid where a seat is named twice: which of the two is meant?"""
    seats = [each.seat for each in edits]
    if len(set(seats)) < len(seats):
        raise Invalid("edits.same_seat", field="edits")


def units_of(campaign: Campaign, edits: Sequence[SeatEdit]) -> set[int]:
    """Ids of the units whose seats these are. Raises NotFound."""
    wanted = {each.seat for each in edits}
    rows = select(Seat.id, Shift.unit_id).join(Shift, Seat.shift_id == Shift.id)
    found = dict(db.session.execute(rows.where(Seat.id.in_(wanted), Shift.campaign_id == campaign.id)).tuples().all())
    if unknown := sorted(wanted - found.keys()):
        raise NotFound("seat.unknown", id=unknown[0])
    return set(found.values())


def plan(campaign: Campaign, edits: Sequence[SeatEdit], reason: str | None, *, now: datetime) -> Planned:
    ids = {code: people.person_by_code(code).id for code in dict.fromkeys(each.person for each in edits if each.person)}
    before = snapshot.take(campaign.id, now=now, also=list(ids.values()))
    shift_of = {seat: shift_id for shift_id, seats in before.seats.items() for seat in seats}
    _refuse_unknown(edits, shift_of)
    _refuse_changed(campaign, before, edits, shift_of)
    touched = list(dict.fromkeys(shift_of[each.seat] for each in edits))
    _refuse_past(before, touched)
    target = _target(before, edits, ids)
    seats = {shift_id: before.seats[shift_id] for shift_id in touched}
    refuse_twice(before, seats, target)
    after = _assignments(before, touched, target)
    found = _judged(before, after, touched)
    refused = _new_breaches(before, found, touched, target)
    if refused and reason is None:
        listed = wording.listed(refused, names_of(before.problem))
        by_law = any(each.rule in labels.LAW for each in refused)
        state = {"draft_version": before.draft_version, "violations": listed, "law": by_law}
        raise Conflict("seats.break_rules", state=state)
    broken = {(shift_id, each.staff_id) for each in refused for shift_id in _answered(each, touched)}
    return Planned(before.draft_version, _steps(campaign, before, target, after, found, touched, reason, broken))


@dataclass(frozen=True)
class Trial:
    """What edits would break if they were written. ``violations``: as ``seats.break_rules`` lists them; ``law``: one of
    them is the law's; ``fault``: why they cannot be written for any reason."""

    violations: tuple[Mapping[str, Any], ...] = ()
    law: bool = False
    fault: Conflict | None = None

    def listed(self) -> tuple[Mapping[str, Any], ...]:
        """The violations; raises the fault."""
        if self.fault is not None:
            raise self.fault
        return self.violations


def tried(campaign: Campaign, edits: Sequence[SeatEdit], reason: str | None, *, now: datetime) -> Trial:
    """Judged like edits that are taken, and nothing is written."""
    if not edits:
        return Trial()
    try:
        plan(campaign, edits, reason, now=now)
    except Conflict as error:
        if error.code != "seats.break_rules":
            return Trial(fault=error)
        return Trial(tuple(error.state["violations"]), error.state["law"])
    return Trial()


def _refuse_unknown(edits: Sequence[SeatEdit], shift_of: Mapping[int, int]) -> None:
    for each in edits:
        if each.seat not in shift_of:
            raise NotFound("seat.unknown", id=each.seat)


def _refuse_changed(
    campaign: Campaign, before: Snapshot, edits: Sequence[SeatEdit], shift_of: Mapping[int, int]
) -> None:
    code_of = {person.id: person.code for person in before.problem.staff}
    on = {each.seat: code_of[before.cells[each.seat].person_id] for each in edits if each.seat in before.cells}
    moved = [each for each in edits if on.get(each.seat) != each.was]
    if not moved:
        return
    makers = edit_log.last_makers(campaign, {each.seat for each in moved})
    names = maker_names(set(makers.values()))
    name_of = {person.code: person.name for person in before.problem.staff}
    seats = [
        {
            "seat": each.seat,
            "shift": shift_of[each.seat],
            "was": each.was,
            "person": on.get(each.seat),
            "name": name_of.get(on.get(each.seat, "")),
            "by": names.get(makers.get(each.seat, "")),
        }
        for each in moved
    ]
    raise Conflict("seats.changed", state={"draft_version": before.draft_version, "seats": seats}, n=len(seats))


def _refuse_past(before: Snapshot, touched: Sequence[int]) -> None:
    past = [each for each in touched if each in before.fixed]
    if past:
        raise Conflict("seats.past", state={"shifts": past}, shift=names_of(before.problem).shift(past[0]))


def refuse_twice(before: Snapshot, seats: Mapping[int, Sequence[int]], target: Mapping[int, Cell | None]) -> None:
    """Nobody has two seats of one shift."""
    for shift_id, of_shift in seats.items():
        sitting = [cell.person_id for seat in of_shift if (cell := target.get(seat, before.cells.get(seat)))]
        twice = next((each for each in sitting if sitting.count(each) > 1), None)
        if twice is not None:
            names = names_of(before.problem)
            raise Conflict("seats.twice", person=names.person(twice), shift=names.shift(shift_id))


def _target(before: Snapshot, edits: Sequence[SeatEdit], ids: Mapping[str, int]) -> dict[int, Cell | None]:
    """Who sits on the seats that are edited; whoever stays keeps the reason."""
    target = dict[int, Cell | None]()
    for each in edits:
        old = before.cells.get(each.seat)
        if each.person is None:
            target[each.seat] = None
        else:
            stays = old is not None and old.person_id == ids[each.person]
            target[each.seat] = Cell(ids[each.person], each.pin, old.reason if stays and old else None)
    return target


def _assignments(before: Snapshot, touched: Collection[int], target: Mapping[int, Cell | None]) -> list[Assignment]:
    """Of the whole draft, those of the shifts ``touched`` last."""
    changed = set(touched)
    return [each for each in before.assignments if each.shift_id not in changed] + [
        Assignment(shift_id, cell.person_id)
        for shift_id in touched
        for seat in before.seats[shift_id]
        if (cell := target.get(seat, before.cells.get(seat)))
    ]


def _judged(before: Snapshot, after: Sequence[Assignment], touched: Sequence[int]) -> list[Violation]:
    there = sorted({each.staff_id for each in after if each.shift_id in set(touched)})
    found = violations_for(before.problem, after, shift_ids=touched, staff_ids=there)
    return [each for each in found if each.rule not in NOT_ABOUT_SEATS]


def _new_breaches(
    before: Snapshot, found: Sequence[Violation], touched: Sequence[int], target: Mapping[int, Cell | None]
) -> list[Violation]:
    """Hard breaches of those who come, other than those that were there before."""
    coming = {
        cell.person_id
        for seat, cell in target.items()
        if cell is not None and (seat not in before.cells or before.cells[seat].person_id != cell.person_id)
    }
    known = violations_for(before.problem, before.assignments, shift_ids=touched, staff_ids=sorted(coming))
    return [each for each in found if needs_reason(each) and each.staff_id in coming and each not in known]


def _answered(breach: Violation, touched: Sequence[int]) -> Sequence[int]:
    """The seats that carry the reason for it: of its shifts those that are edited, or all that are."""
    return [each for each in touched if each in breach.shift_ids] or touched


def _steps(
    campaign: Campaign,
    before: Snapshot,
    target: Mapping[int, Cell | None],
    after: Sequence[Assignment],
    found: Sequence[Violation],
    touched: Sequence[int],
    reason: str | None,
    broken: set[tuple[int, int | None]],
) -> list[Step]:
    steps, names = list[Step](), names_of(before.problem)
    code_of = {person.id: person.code for person in before.problem.staff}
    for shift_id in touched:
        seats = before.seats[shift_id]
        sitting = {seat: before.cells[seat] for seat in seats if seat in before.cells}
        becomes = {seat: cell for seat in seats if (cell := target.get(seat, sitting.get(seat)))}
        excused = {
            seat: cell._replace(reason=reason) if (shift_id, cell.person_id) in broken else cell
            for seat, cell in becomes.items()
        }
        told = [each for each in found if shift_id in each.shift_ids or not each.shift_ids]
        edited = edited_of(campaign, before, shift_id, excused, told, names)
        unknown = unchecked_of(before, after, [cell.person_id for cell in excused.values()])
        codes = [code_of[cell.person_id] for cell in excused.values()]
        edit = Edit(shift_id, codes)
        steps.append(Step(edit, codes, sitting, seats, excused, replace(edited, unchecked=unknown)))
    return steps


def facts(done: SeatsEdited) -> list[dict[str, Any]]:
    """Which seats changed hands or pins, for the API."""
    found = []
    for step in done.steps:
        code_of = dict(zip((cell.person_id for cell in step.target.values()), step.codes, strict=True))
        for seat in step.seats:
            was, becomes = step.before.get(seat), step.target.get(seat)
            if was != becomes:
                who = code_of[becomes.person_id] if becomes else None
                pinned = becomes is not None and becomes.pinned
                found.append({"seat": seat, "shift": step.edit.shift_id, "person": who, "pinned": pinned})
    return found
