"""Pins that keep somebody on a seat whom nobody can be sure of: no solve moves them, so a re-plan cannot help there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from people.access.guard import ensure, refuse_unless
from planning.part import Part
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.coverage import unsure, words as wording_unsure
from roster.coverage.doubt import Cause
from roster.draft import edit_log
from roster.draft.services import write_seats
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot
from roster.solving import services as solving
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.words import names as wording_names


@dataclass(frozen=True)
class PinnedAway:
    """A pinned seat of a shift that has not begun: its holder by name, the shift in words, and why one is not sure."""

    seat: int
    shift_id: int
    person: str
    shift: str
    cause: Cause
    why: str


@dataclass(frozen=True)
class Doubted:
    """Seats of a draft of which nobody can be sure: how many that are not over, and those that pins keep so."""

    seats: int = 0
    kept: Sequence[PinnedAway] = ()

    @property
    def are_absent(self) -> bool:
        """Whether all whom pins keep are absent, and none is there no more or not on the list."""
        return all(each.cause == "absent" for each in self.kept)


def pinned_though_away(taken: Snapshot, *, now: datetime, part: Part | None = None) -> Doubted:
    """Return the seats in doubt as people and absences are now; of a ``part`` only its seats."""
    shift_of = taken.problem.shift_of
    still = part.outside(taken.problem, taken.assignments) if part else frozenset[int]()
    free = part.members(taken.problem) if part else frozenset(taken.problem.person)
    ahead = [
        each
        for each in taken.assignments
        if shift_of[each.shift_id].end > now and each.shift_id not in still and (part is None or each.staff_id in free)
    ]
    doubts = unsure.among(taken, ahead, now=now)
    pinned = _pinned(taken, now)
    found = {
        seat: (shift_id, cell) for seat, (shift_id, cell) in pinned.items() if (shift_id, cell.person_id) in doubts
    }
    if not found:
        return Doubted(len(doubts))
    names, kept = wording_names.names_of(taken.problem), []
    for seat, (shift_id, cell) in sorted(found.items(), key=lambda item: (shift_of[item[1][0]].start, item[0])):
        why = doubts[shift_id, cell.person_id]
        person, shift = names.person(cell.person_id), names.shift(shift_id)
        kept.append(PinnedAway(seat, shift_id, person, shift, why.cause, wording_unsure.why(why, now)))
    return Doubted(len(doubts), kept)


def release(
    campaign_id: int, *, seconds: int, seed: int = 1, part: Part | None = None, actor: Actor, now: datetime
) -> SolveRun:
    """Unpin just those seats and ask for the least change; of a ``part`` only there. One step to undo.

    Conflict when there is none (any more), the draft changes meanwhile, or a solve is under way: nothing is unpinned
    then. Raises Forbidden, NotFound.
    """
    refuse_unless(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    taken = snapshot.take(campaign_id, now=now)
    kept = pinned_though_away(taken, now=now, part=part).kept
    if not kept:
        raise Conflict("pins.none_in_doubt")
    with transaction():
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.write", campaign.unit_id, now=now)
        require(campaign, "edit")
        if campaign.draft_version != taken.draft_version:
            raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})
        seats = [each.seat for each in kept]
        loose = {seat: taken.cells[seat]._replace(pinned=False) for seat in seats}
        write_seats(taken.cells, seats, loose, "manual", actor=actor, now=now)
        campaign.draft_version += 1
        changes = [(each.shift_id, {each.seat: taken.cells[each.seat]}, {each.seat: loose[each.seat]}) for each in kept]
        edit_log.note(campaign, changes, by=actor.ref, now=now)
        audit.record(actor, "campaign.unpin_doubted", "campaign", campaign_id, now=now, seats=seats)
        return solving.request_solve(
            campaign_id, SolveRequest(seconds=seconds, seed=seed, mode="replan", part=part), actor=actor, now=now
        )


def _pinned(taken: Snapshot, now: datetime) -> dict[int, tuple[int, DraftCell]]:
    """Seat → its shift and cell, where somebody pinned it. What has begun stays as it is, pinned or not."""
    ahead = {shift.id for shift in taken.problem.shifts if shift.start > now}
    return {
        seat: (shift_id, taken.cells[seat])
        for shift_id, seats in taken.seats.items()
        for seat in seats
        if shift_id in ahead and seat in taken.cells and taken.cells[seat].pinned
    }
