"""Write a solver's roster into the draft, around what people fixed or edited meanwhile and what was learnt since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.actor import SYSTEM
from planning.codec import fingerprint
from planning.explain.what_if import Rows
from planning.part import Part
from planning.problem import Assignment, Problem
from planning.seating import seated
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.draft.edit_log import Change
from roster.draft.services import write_seats
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.solving.replan import as_part, as_replan


@dataclass(frozen=True)
class AppliedSolution:
    """The whole draft afterwards, and the Problem that judges it.

    ``is_same``: nothing that the engine was told has changed, but for cells that people pinned. ``target`` is what to
    make of the draft as it was ``today``.
    """

    assignments: tuple[Assignment, ...]
    problem: Problem
    is_same: bool
    today: Snapshot
    target: Mapping[int, DraftCell]

    @property
    def changes(self) -> list[Change]:
        """Shift by shift, for undo."""
        now, then = self.today.cells, self.target
        return [
            (shift_id, {s: now[s] for s in seats if s in now}, {s: then[s] for s in seats if s in then})
            for shift_id, seats in self.today.seats.items()
        ]


def plan(
    taken: Snapshot,
    assignments: Iterable[Assignment],
    *,
    now: datetime,
    replanned_at: datetime | None = None,
    keeps_all: bool = False,
    part: Part | None = None,
) -> AppliedSolution:
    """Return what to make of the draft by a solver's ``assignments``. Reads only. ``replanned_at``: when a re-plan was
    taken, and whether it ``keeps_all``; ``part``: what was assigned alone.

    Seats that changed since ``taken``, pinned seats, served shifts and all outside the part stay as they are. Where an
    edit made meanwhile, or anything else learnt meanwhile (leave, limits, rules), makes a placed person break a hard
    rule that the engine's roster did not break, the seat stays empty.
    """
    given, today = tuple(assignments), snapshot.take(taken.campaign_id, now=now)
    asked = as_part(today, part)
    problem = _judging(taken, asked, replanned_at, keeps_all=keeps_all)
    still = frozenset[int]() if part is None else part.outside(today.problem, today.assignments)
    settled = _settled(today, part)
    # Of today's seats: some may be younger than the solve, and their people were put there by hand.
    asked_for = [seat for shift_id, seats in today.seats.items() if shift_id not in still for seat in seats]
    edited = {seat for seat in asked_for if taken.cells.get(seat) != today.cells.get(seat)}
    by_shift = _by_shift(each for each in given if each.staff_id not in settled)
    target, placed = dict[int, DraftCell](), set[int]()
    for shift_id, seats in today.seats.items():
        sitting = {seat: today.cells[seat] for seat in seats if seat in today.cells}
        if shift_id in still:
            target |= sitting
            continue
        stays = shift_id in today.fixed
        is_kept = {seat for seat, cell in sitting.items() if stays or cell.pinned or cell.person_id in settled}
        kept = {seat: cell for seat, cell in sitting.items() if seat in is_kept or seat in edited}
        coming = _placed(today, seats, kept, edited, people=by_shift.get(shift_id, []))
        target |= kept | coming
        placed |= coming.keys()
    if edited or fingerprint(problem) != fingerprint(taken.problem):
        for seat in _clashing(asked, problem, target, placed, given=Rows(taken.problem, given)):
            del target[seat]
    after = _seated(asked, target)
    return AppliedSolution(after, problem, _is_same(taken.problem, problem), today, target)


def _settled(today: Snapshot, part: Part | None) -> frozenset[int]:
    """People whom nothing is given to, and nothing taken from: all but those of a range of people."""
    if part is None or part.people is None:
        return frozenset()
    return frozenset({*today.problem.person, *(cell.person_id for cell in today.cells.values())}) - part.members(
        today.problem
    )


def _by_shift(given: Iterable[Assignment]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for each in given:
        found.setdefault(each.shift_id, []).append(each.staff_id)
    return found


def is_current(applied: AppliedSolution) -> bool:
    """Whether the draft is still the one that the plan was made for. Call it with the campaign locked."""
    return get_campaign(applied.today.campaign_id).draft_version == applied.today.draft_version


def write(applied: AppliedSolution, *, now: datetime) -> None:
    """Make the draft what was planned. In the caller's transaction, with the campaign locked."""
    today = applied.today
    seats = [seat for each in today.seats.values() for seat in each]
    if write_seats(today.cells, seats, applied.target, "solver", actor=SYSTEM, now=now):
        campaign: Campaign = get_campaign(today.campaign_id)
        campaign.draft_version += 1


def _judging(taken: Snapshot, today: Snapshot, replanned_at: datetime | None, *, keeps_all: bool) -> Problem:
    """Today's Problem; in a re-plan with the draft that the engine kept close to."""
    if replanned_at is None:
        return today.problem
    problem = as_replan(today, now=replanned_at, keeps_all=keeps_all).problem
    known = [a for a in taken.problem.baseline if a.shift_id in problem.shift_of and a.staff_id in problem.person]
    return replace(problem, baseline=tuple(known))


def _is_same(before: Problem, after: Problem) -> bool:
    """Pins made meanwhile only forbid: what was proven of the roster that keeps them holds."""
    pinned = tuple(pin for pin in after.pins if pin in set(before.pins))
    return fingerprint(after.pinned(pinned)) == fingerprint(before)


def _seated(today: Snapshot, target: Mapping[int, DraftCell]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(s, target[seat].person_id) for s, seats in today.seats.items() for seat in seats if seat in target
    )


def _placed(
    today: Snapshot, seats: Iterable[int], kept: Mapping[int, DraftCell], edited: set[int], *, people: Iterable[int]
) -> dict[int, DraftCell]:
    sitting = {cell.person_id for cell in kept.values()}
    free = [seat for seat in seats if seat not in kept and seat not in edited]
    now_on = {seat: today.cells[seat].person_id for seat in free if seat in today.cells}
    known = today.problem.person
    coming = [person for person in people if person not in sitting and person in known]
    return {
        seat: today.cells[seat] if now_on.get(seat) == person else DraftCell(person, False, None)
        for seat, person in seated(free, now_on, coming).items()
    }


def _clashing(
    today: Snapshot, problem: Problem, target: Mapping[int, DraftCell], placed: Collection[int], *, given: Rows
) -> list[int]:
    """The placed seats to leave empty; of one person the seat that breaks most goes first, then the latest."""
    shift_of = today.shift_of_seat
    rows = Rows(problem, _seated(today, target))
    by_person: dict[int, list[int]] = {}
    for seat in sorted(placed, key=lambda each: problem.shift_of[shift_of[each]].start):
        by_person.setdefault(target[seat].person_id, []).append(seat)
    found = []
    for person, seats in by_person.items():
        while seats:
            added = {seat: _added(rows, given, shift_of[seat], person) for seat in seats}
            worst = max(reversed(seats), key=lambda seat: added[seat])
            if not added[worst]:
                break
            rows.drop(shift_of[worst], person)
            seats.remove(worst)
            found.append(worst)
    return found


def _added(rows: Rows, given: Rows, shift_id: int, person: int) -> int:
    """Hard breaches by the person's being on the shift, beyond those that the engine's own roster had."""
    now = _breaches(rows, shift_id, person)
    return len(now - _breaches(given, shift_id, person)) if now else 0


def _breaches(rows: Rows, shift_id: int, person: int) -> set[tuple[str, tuple[int, ...]]]:
    if shift_id not in rows.problem.shift_of or person not in rows.problem.person:
        return set()
    others = [each for each in rows.on(shift_id) if each != person]
    change = rows.seating(rows.problem.shift_of[shift_id], others, person)
    return {(each.rule, each.shift_ids) for each in change.breaks}
