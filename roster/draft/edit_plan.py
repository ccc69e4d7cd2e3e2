"""What edits of the draft would do and break, judged together: worked out from a snapshot, before anything is locked.

Reads only. Whatever edits a draft goes through here: cells of the grid, the people of a shift, crews, lists, sheets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.errors import Conflict, NotFound
from people import queries as people
from planning.outcome import Violation
from planning.problem import Assignment
from planning.score.check import violations_for
from planning.score.unchecked import unchecked_with
from roster.campaigns.lifecycle import NOT_FOR_THE_GATE
from roster.campaigns.models import Campaign
from roster.draft import edit_log
from roster.draft.edits import Edited, Planned, SeatEdit, ShiftEditPlan, TriedEdits, Unchecked, unchecked_facts
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.words import labels, violations as wording
from roster.words.names import RosterNames, maker_names, names_of

NOT_ABOUT_SEATS = ("pins.kept", "fairness.load")
"""Taking a pinned person off is the manager's own will; how even loads are is no breach."""


def snapshot_with(campaign: Campaign, codes: Collection[str], *, now: datetime) -> Snapshot:
    """Return the draft with the people of these codes to judge, too. Raises NotFound ``person.unknown``."""
    taken = snapshot.take(campaign.id, now=now)
    if set(codes) <= {person.code for person in taken.problem.staff}:
        return taken
    return snapshot.take(campaign.id, now=now, also=list(people.ids_of(codes).values()))


def plan_seats(campaign: Campaign, edits: Sequence[SeatEdit], reason: str | None, *, now: datetime) -> Planned:
    """Return it as ``plan``, of the draft as it is now."""
    return plan(campaign, snapshot_for(campaign, edits, now=now), edits, reason)


def snapshot_for(campaign: Campaign, edits: Sequence[SeatEdit], *, now: datetime) -> Snapshot:
    """Return the draft with whoever comes by the edits. Raises NotFound ``person.unknown``."""
    return snapshot_with(campaign, [each.person for each in edits if each.person], now=now)


def units_of(before: Snapshot, edits: Sequence[SeatEdit]) -> frozenset[int]:
    """Return the ids of the units whose seats these are. Raises NotFound ``seat.unknown``."""
    _refuse_unknown(edits, before.shift_of_seat)
    ids, shift_of = people.unit_ids(), before.problem.shift_of
    return frozenset(ids[shift_of[before.shift_of_seat[each.seat]].unit] for each in edits)


def plan(
    campaign: Campaign, before: Snapshot, edits: Sequence[SeatEdit], reason: str | None, *, elsewhere: bool = False
) -> Planned:
    """Return what the edits make of ``before``, which knows all who come. ``elsewhere``: of each shift it is told what
    its people break on others, too.

    Raises NotFound ``seat.unknown``; Conflict ``seats.changed``, ``seats.past``, ``seats.twice``, and without a reason
    ``seats.break_rules`` where newcomers break a hard rule that they did not break before.
    """
    shift_of = before.shift_of_seat
    _refuse_unknown(edits, shift_of)
    _refuse_changed(campaign, before, edits, shift_of)
    names = names_of(before.problem)
    touched = list(dict.fromkeys(shift_of[each.seat] for each in edits))
    _refuse_past(before, touched, names)
    target = _target(before, edits)
    refuse_twice(before, {shift_id: before.seats[shift_id] for shift_id in touched}, target)
    judged = _Judged.judge(before, touched, target)
    refused = judged.new_breaches(before, target)
    if refused and reason is None:
        raise _refusal(before, judged, refused, names)
    excused = _excused(judged, target, refused) if reason else set()
    steps = _steps(campaign, before, target, judged, excused=excused, reason=reason, names=names)
    if elsewhere:
        found = [replace(each.edited, violations=tuple(judged.breaches_around(each.shift_id))) for each in steps]
        steps = [replace(step, edited=edited) for step, edited in zip(steps, found, strict=True)]
    return Planned(before.draft_version, steps)


def tried(campaign: Campaign, edits: Sequence[SeatEdit], reason: str | None, *, now: datetime) -> TriedEdits:
    """Judge like edits that are taken, and write nothing."""
    if not edits:
        return TriedEdits()
    try:
        plan_seats(campaign, edits, reason, now=now)
    except Conflict as error:
        if error.code != "seats.break_rules":
            return TriedEdits(fault=error)
        return TriedEdits(tuple(error.state["violations"]), error.state["law"])
    return TriedEdits()


def needs_reason(violation: Violation) -> bool:
    return violation.hard and violation.rule not in NOT_FOR_THE_GATE


def refuse_twice(before: Snapshot, seats: Mapping[int, Sequence[int]], target: Mapping[int, DraftCell | None]) -> None:
    """Nobody has two seats of one shift."""
    for shift_id, of_shift in seats.items():
        sitting = [cell.person_id for seat in of_shift if (cell := target.get(seat, before.cells.get(seat)))]
        twice = next((each for each in sitting if sitting.count(each) > 1), None)
        if twice is not None:
            names = names_of(before.problem)
            raise Conflict("seats.twice", person=names.person(twice), shift=names.shift(shift_id))


@dataclass(frozen=True)
class _Judged:
    """The draft after the edits: who has which shift, and what those on the shifts ``touched`` break then."""

    touched: Sequence[int]
    after: Sequence[Assignment]
    found: Sequence[Violation]

    @classmethod
    def judge(cls, before: Snapshot, touched: Sequence[int], target: Mapping[int, DraftCell | None]) -> _Judged:
        after = _assignments(before, touched, target)
        there = sorted({each.staff_id for each in after if each.shift_id in set(touched)})
        found = violations_for(before.problem, after, shift_ids=touched, staff_ids=there)
        return cls(touched, after, [each for each in found if each.rule not in NOT_ABOUT_SEATS])

    def new_breaches(self, before: Snapshot, target: Mapping[int, DraftCell | None]) -> list[Violation]:
        """Hard breaches of those who come, other than those that were there before."""
        coming = {
            cell.person_id
            for seat, cell in target.items()
            if cell is not None and (seat not in before.cells or before.cells[seat].person_id != cell.person_id)
        }
        hard = [each for each in self.found if needs_reason(each) and each.staff_id in coming]
        if not hard:
            return []
        known = violations_for(before.problem, before.assignments, shift_ids=self.touched, staff_ids=sorted(coming))
        return [each for each in hard if each not in known]

    def answering(self, breach: Violation) -> Sequence[int]:
        """The shifts whose seats carry the reason for it: of its own those that are edited, or all that are."""
        return [each for each in self.touched if each in breach.shift_ids] or self.touched

    def breaches_on(self, shift_id: int) -> list[Violation]:
        return [each for each in self.found if shift_id in each.shift_ids or not each.shift_ids]

    def breaches_around(self, shift_id: int) -> list[Violation]:
        """Return the breaches of the shift, and of those on it wherever they serve."""
        there = {each.staff_id for each in self.after if each.shift_id == shift_id}
        return [
            each for each in self.found if shift_id in each.shift_ids or each.staff_id in there or not each.shift_ids
        ]


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


def _refuse_past(before: Snapshot, touched: Sequence[int], names: RosterNames) -> None:
    past = [each for each in touched if each in before.fixed]
    if past:
        state = {"shifts": past, "ends_at": before.problem.shift_of[past[0]].end}
        raise Conflict("seats.past", state=state, shift=names.shift(past[0]))


def _refusal(before: Snapshot, judged: _Judged, refused: Sequence[Violation], names: RosterNames) -> Conflict:
    there = sorted({each.staff_id for each in judged.after if each.shift_id in set(judged.touched)})
    state = {
        "draft_version": before.draft_version,
        "violations": wording.listed(refused, names),
        "law": any(each.rule in labels.LAW for each in refused),
        "unchecked": unchecked_facts(_unchecked(before, judged.after, there)),
    }
    return Conflict("seats.break_rules", state=state)


def _excused(
    judged: _Judged, target: Mapping[int, DraftCell | None], refused: Sequence[Violation]
) -> set[tuple[int, int | None]]:
    """(shift id, person id) of the seats that carry the reason: of those who come and break a rule anew; and of those
    who are named where something stands against them already (an absence that came later), there alone."""
    new = {(shift_id, each.staff_id) for each in refused for shift_id in judged.answering(each)}
    named = {cell.person_id for cell in target.values() if cell is not None}
    hard = [each for each in judged.found if needs_reason(each) and each.staff_id in named]
    return new | {(shift_id, each.staff_id) for each in hard for shift_id in each.shift_ids}


def _target(before: Snapshot, edits: Sequence[SeatEdit]) -> dict[int, DraftCell | None]:
    """Who sits on the seats that are edited; whoever stays keeps the reason."""
    id_of = {person.code: person.id for person in before.problem.staff}
    target = dict[int, DraftCell | None]()
    for each in edits:
        old = before.cells.get(each.seat)
        if each.person is None:
            target[each.seat] = None
        else:
            stays = old is not None and old.person_id == id_of[each.person]
            target[each.seat] = DraftCell(id_of[each.person], each.pin, old.reason if stays and old else None)
    return target


def _assignments(
    before: Snapshot, touched: Collection[int], target: Mapping[int, DraftCell | None]
) -> list[Assignment]:
    """Return the whole draft, with those of the shifts ``touched`` last."""
    changed = set(touched)
    return [each for each in before.assignments if each.shift_id not in changed] + [
        Assignment(shift_id, cell.person_id)
        for shift_id in touched
        for seat in before.seats[shift_id]
        if (cell := target.get(seat, before.cells.get(seat)))
    ]


def _steps(
    campaign: Campaign,
    before: Snapshot,
    target: Mapping[int, DraftCell | None],
    judged: _Judged,
    *,
    excused: Collection[tuple[int, int | None]],
    reason: str | None,
    names: RosterNames,
) -> list[ShiftEditPlan]:
    """``excused``: (shift id, person id) of the seats that carry the ``reason``."""
    code_of, ids = {person.id: person.code for person in before.problem.staff}, people.unit_ids()
    steps = list[ShiftEditPlan]()
    for shift_id in judged.touched:
        seats = before.seats[shift_id]
        sitting = {seat: before.cells[seat] for seat in seats if seat in before.cells}
        becomes = {
            seat: cell._replace(reason=reason) if (shift_id, cell.person_id) in excused else cell
            for seat in seats
            if (cell := target.get(seat, sitting.get(seat)))
        }
        edited = Edited(
            shift_id=shift_id,
            campaign_id=campaign.id,
            draft_version=campaign.draft_version,
            people=tuple(code_of[cell.person_id] for cell in becomes.values()),
            pinned=tuple(code_of[cell.person_id] for cell in becomes.values() if cell.pinned),
            violations=tuple(judged.breaches_on(shift_id)),
            words=names,
            unchecked=_unchecked(before, judged.after, [cell.person_id for cell in becomes.values()]),
        )
        unit_id = ids[before.problem.shift_of[shift_id].unit]
        steps.append(ShiftEditPlan(shift_id, unit_id, sitting, seats, becomes, edited))
    return steps


def _unchecked(before: Snapshot, after: Sequence[Assignment], staff_ids: Sequence[int]) -> Unchecked:
    """Return what of these people nobody could check."""
    person, shift_of = before.problem.person, before.problem.shift_of
    own: dict[int, list[Any]] = {staff_id: [] for staff_id in staff_ids}
    for each in after:
        if each.staff_id in own:
            own[each.staff_id].append(shift_of[each.shift_id])
    found = ((person[who].code, unchecked_with(before.problem, person[who], shifts)) for who, shifts in own.items())
    return tuple((code, rules) for code, rules in found if rules)
