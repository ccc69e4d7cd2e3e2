"""Publish a part of the draft: named units, seats or people. Of a shift that runs what is left changes hands: what was
served until now stays whose it was, or nobody's, and the draft says so too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.actor import Actor
from core.db import transaction
from people import queries as people
from roster.dividing import notices as kept_notices, split_preview, splitting
from roster.dividing.parting import SplitSpan, left_from
from roster.dividing.split_preview import Cut, SplitWish
from roster.draft.services import write_seats
from roster.models import Revision, Shift
from roster.publishing import amending, duty_rows, overtaken, parts
from roster.publishing.amending import AmendedPart
from roster.publishing.overtaken import Shown
from roster.publishing.parts import Only, PartBaseline
from roster.publishing.terms import USUAL_TERMS, PublishTerms
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class _SplitPlan:
    """``shifts``: of the seats that are named; ``drafted``: what the draft says of the seats of shifts that are cut."""

    part: AmendedPart
    shifts: Collection[int]
    cuts: Sequence[Cut]
    drafted: Mapping[int, DraftCell]
    cleared: Mapping[int, DraftCell]
    """What the draft still says of seats of these shifts that are nobody's: they have moved to another."""


def publish_only(
    campaign_id: int,
    only: Only,
    terms: PublishTerms = USUAL_TERMS,
    *,
    shown: Shown | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Make a part of the draft what everybody reads, as revision + 1; the rest of the draft stays draft.

    Whoever may publish the campaign names any units, seats or people; a unit's manager those whose shifts are of the
    own units; who serves leadership or operations seats of today and tomorrow in the units of that duty. ``shown``:
    what the signer was shown of the seats: Conflict ``part.changed`` when they are no longer so, or somebody else
    publishes them at the same time. Others who publish or edit something else are no obstacle. Raises as
    ``publishing.publish``; NotFound for a seat, unit or person.
    """
    accept_gaps, _silence = terms.accept_gaps, terms.silence  # it raises before anything is thought through
    seen: Shown = {}

    def write(made: _SplitPlan) -> Revision:
        return _write(made, terms, actor=actor, now=now)

    for _try in range(amending.TRIES):
        made, seen = _planned(campaign_id, only, accept_gaps, shown, seen=seen, actor=actor, now=now)
        try:
            with transaction():
                return write(made)
        except amending.Moved:
            continue
    with transaction():  # the campaign never held still: think while the others wait
        amending.locked(campaign_id)
        made, _seen = _planned(campaign_id, only, accept_gaps, shown, seen=seen, actor=actor, now=now)
        return write(made)


def look(campaign_id: int, only: Only, actor: Actor, now: datetime) -> AmendedPart:
    """Return what publishing it would come to, with what stands against it in its verdict. Raises as
    ``publish_only``."""
    return _planned(campaign_id, only, None, None, seen={}, actor=actor, now=now)[0].part


def _planned(
    campaign_id: int,
    only: Only,
    accept_gaps: str | None,
    shown: Shown | None,
    *,
    seen: Shown,
    actor: Actor,
    now: datetime,
) -> tuple[_SplitPlan, Shown]:
    """The part as things stand, judged; and what it changes, or was ``seen`` to change when this was tried before."""
    stands = parts.standing(campaign_id, now=now)
    overtaken.refuse_published(stands, seen)
    named = parts.named(stands, only)
    shifts = _shifts_of(stands.taken, named)
    parts.ensure(stands.campaign, parts.shift_rows(shifts), actor=actor, now=now, use=False)
    stand_now = overtaken.shown(parts.moves(stands, named))
    if shown is not None:
        asked = {people.person_by_code(code).id for code in only.people}
        overtaken.refuse(stands, named, stand_now, shown, named=asked)
    plan = _cut(stands, parts.drafted(stands, named), shifts, accept_gaps, now=now)
    return plan, seen or stand_now


def _cut(
    stands: PartBaseline,
    wanted: Mapping[int, DraftCell | None],
    shifts: Collection[int],
    accept_gaps: str | None,
    *,
    now: datetime,
) -> _SplitPlan:
    """With the seats that run and would change hands cut where they are now."""
    running = [each for each in parts.shift_rows(shifts) if duty_rows.is_running(each, now)]
    wishes = [wish for shift in running for wish in _wishes(stands, shift, wanted, now)]
    before, (stands, cuts) = stands, split_preview.cut(stands, wishes)
    # Until now it is theirs to the end: what is nobody's from now on is a change, and a gap that was not there.
    kept = {each.pieces[0]: each.person_id for each in cuts if each.person_id is not None}
    stands = replace(stands, published={**stands.published, **kept})
    taken = {each.seat_id: each for each in cuts}
    uncut = {seat: cell for seat, cell in wanted.items() if seat not in taken}
    pieces = {each.pieces[0]: wanted[each.seat_id] for each in cuts}
    part = amending.judged(stands, uncut | pieces, accept_gaps=accept_gaps, now=now)
    part = replace(part, named=part.named | frozenset(taken))
    touched = {seat for each in cuts for seat in before.taken.seats[each.shift_id]}
    drafted = {seat: cell for seat, cell in uncut.items() if seat in touched and cell is not None}
    drafted |= {
        seat: DraftCell(each.person_id, False, None) for seat, each in taken.items() if each.person_id is not None
    }
    empty = {seat for seat, cell in uncut.items() if seat in touched and cell is None}
    empty |= {seat for seat, each in taken.items() if each.person_id is None}
    cleared = {seat: cell for seat, cell in before.taken.cells.items() if seat in empty}
    return _SplitPlan(part, shifts, cuts, drafted, cleared)


def _wishes(
    stands: PartBaseline, shift: Shift, wanted: Mapping[int, DraftCell | None], now: datetime
) -> list[SplitWish]:
    """The seats of a running shift that change hands, or get somebody only now. One that has begun in this very minute
    goes whole, and so does all that is published for the first time."""
    left, found = left_from(SplitSpan(shift.starts_at, shift.ends_at), now), []
    for seat in stands.taken.seats[shift.id] if left.start > shift.starts_at else ():
        holder, cell = stands.published.get(seat), wanted.get(seat)
        if seat not in wanted or (holder is None and stands.campaign.state == "draft"):
            continue
        taker = cell.person_id if cell else None
        if taker != holder:
            found.append(SplitWish(seat, shift.id, taker, left))
    return found


def _write(made: _SplitPlan, terms: PublishTerms, *, actor: Actor, now: datetime) -> Revision:
    part, drafted = made.part, dict(made.drafted)
    if made.cuts:
        campaign = amending.locked(part.campaign_id)
        parts.ensure(campaign, parts.shift_rows(made.shifts), actor=actor, now=now, use=True)
        part, _followed = splitting.carry_out(part, made.cuts, actor=actor, now=now)
        new = part.seats - {seat for seat in made.part.seats if seat > 0} - {each.seat_id for each in made.cuts}
        write_seats(made.cleared, made.cleared, {}, "manual", actor=actor, now=now)
        drafted |= {seat: part.becomes.cells[seat] for seat in new if seat in part.becomes.cells}
    revision = amending.switch(
        part,
        terms,
        drafted=drafted,
        may=bool(made.cuts),
        actor=actor,
        now=now,
    )
    if not terms.silence:
        for each in made.cuts:
            kept_notices.tell_kept(part.campaign_id, revision.number, each, now)
    return revision


def _shifts_of(taken: Snapshot, seats: Collection[int]) -> set[int]:
    return {shift for shift, mine in taken.seats.items() if not set(seats).isdisjoint(mine)}
