"""Publish a part: named units or seats of the draft, or what was decided about seats of the day. The rest stays.

What the published roster would become is read and judged before the campaign is locked; the switch is short, and
starts again when the campaign has moved meanwhile. A part answers for what it makes worse, not for what stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden
from people import queries as people
from people.access import guard
from roster import models
from roster.campaigns.lifecycle import Verdict
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.draft import judging
from roster.draft.judging import Judged
from roster.draft.services import write_seats
from roster.models import Campaign, Duty, Revision, Shift
from roster.planning.coverage import Gap
from roster.publishing import duty_rows, notices, parts, revision_content, services as publishing
from roster.publishing.parts import Only, Standing
from roster.snapshot.snapshot import Cell, Snapshot

TRIES = 3
"""How often a part is judged anew because the campaign moved under it."""


@dataclass(frozen=True)
class Part:
    """The roster as it would be published: ``becomes``, and the seats that differ from what is published now."""

    campaign_id: int
    draft_version: int
    revision: int
    becomes: Snapshot
    seats: frozenset[int]
    judged: Judged

    @property
    def shift_ids(self) -> set[int]:
        return {shift for shift, seats in self.becomes.seats.items() if not self.seats.isdisjoint(seats)}


class Moved(Exception):
    """The campaign is not what the part was judged from."""


def publish_only(
    campaign_id: int,
    only: Only,
    *,
    note: str = "",
    accept_gaps: str | None = None,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Make a part of the draft what everybody reads, as revision + 1; the rest of the draft stays draft.

    Whoever may publish the campaign names any units or seats; who serves leadership or operations names seats of today
    and tomorrow in the units of that duty. Raises as ``publishing.publish``, and NotFound for a seat or unit.
    """
    seen = get_campaign(campaign_id).draft_version
    if draft_version is not None and draft_version != seen:
        raise Conflict("draft.changed", state={"draft_version": seen})
    for _try in range(TRIES):
        stands = parts.standing(campaign_id, now=now)
        named = parts.named(stands, only)
        _ensure(stands.campaign, _shifts_of(stands.taken, named), actor=actor, now=now, use=False)
        part = judged(stands, parts.drafted(stands, named), accept_gaps=accept_gaps, now=now)
        try:
            return switch(part, note=note, accept_gaps=accept_gaps, actor=actor, now=now)
        except Moved:
            continue
    raise Conflict("draft.changed", state={"draft_version": get_campaign(campaign_id).draft_version})


def judged(
    stands: Standing, wanted: Mapping[int, Cell | None], *, accept_gaps: str | None = None, now: datetime
) -> Part:
    """``wanted`` (seat id → who, or nobody) on top of what is published. Reads only.

    Raises Conflict when it would put somebody twice on a shift, change a shift that is over, or change nothing.
    """
    now_on = stands.cells()
    becomes = {seat: cell for seat, cell in (now_on | dict(wanted)).items() if cell is not None}
    changed = frozenset(seat for seat in wanted if _who(becomes, seat) != _who(now_on, seat))
    if not changed:
        raise Conflict(
            "publish.nothing_changed", state={"revision": stands.campaign.revision}, revision=stands.campaign.revision
        )
    taken = replace(stands.taken, cells=becomes)
    part = Part(
        stands.campaign.id,
        taken.draft_version,
        stands.campaign.revision,
        taken,
        changed,
        _judge(stands, taken, now_on, accept_gaps, now),
    )
    for shift in part.shift_ids:
        _refuse_impossible(taken, shift)
    return part


def switch(
    part: Part,
    *,
    note: str = "",
    accept_gaps: str | None = None,
    drafted: Mapping[int, Cell] | None = None,
    may: bool = False,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Write the part: duties, revision, notices, audit, in one short transaction.

    Raises ``Moved``, Conflict, Forbidden.

    ``drafted``: seats of the draft that follow (a cover). ``may``: the caller has asked for the right already.
    """
    with transaction() as session:
        campaign = locked_campaign(part.campaign_id)
        if (campaign.draft_version, campaign.revision) != (part.draft_version, part.revision):
            raise Moved
        shifts = parts.shift_rows(part.shift_ids)
        if not may:
            _ensure(campaign, shifts, actor=actor, now=now, use=True)
        state = require(campaign, "publish")
        publishing.refuse(campaign, part.judged)
        changes = _write(part, shifts, part.revision + 1, now=now)
        campaign.revision, campaign.state = part.revision + 1, state
        if drafted:
            write_seats({}, drafted, drafted, "manual", actor=actor, now=now)
            campaign.draft_version += 1
        revision = _revision(campaign, part, shifts, note, accept_gaps, actor=actor, now=now)
        session.add(revision)
        session.flush()
        notices.announce(campaign, {person for change in changes for person in change}, now=now)
        audit.record(
            actor,
            "campaign.amend",
            "campaign",
            campaign.id,
            now=now,
            revision=revision.number,
            hash=revision.content_hash,
            seats=sorted(part.seats),
            accept_gaps=revision.accept_gaps,
            gaps=len(part.judged.proof.gaps),
        )
    return revision


def _ensure(campaign: Campaign, shifts: Collection[Shift], *, actor: Actor, now: datetime, use: bool) -> None:
    """``use`` False only asks: the right is written down as used when something happens."""
    if guard.allowed(actor, "campaign.publish", campaign.unit_id, now=now):
        return
    for unit_id in sorted({shift.unit_id for shift in shifts}) or [campaign.unit_id]:
        if use or not guard.allowed(actor, "roster.amend", unit_id, now=now):
            guard.ensure(actor, "roster.amend", unit_id, now=now)
    if not all(parts.is_of_the_day(shift, now) for shift in shifts):
        raise Forbidden("amend.not_of_the_day")


def _shifts_of(taken: Snapshot, seats: Collection[int]) -> Sequence[Shift]:
    return parts.shift_rows({shift for shift, mine in taken.seats.items() if not set(seats).isdisjoint(mine)})


def _who(cells: Mapping[int, Cell], seat: int) -> int | None:
    return cells[seat].person_id if seat in cells else None


def _refuse_impossible(taken: Snapshot, shift_id: int) -> None:
    if shift_id in taken.fixed:
        raise Conflict("shift.past")
    on = [taken.cells[seat].person_id for seat in taken.seats[shift_id] if seat in taken.cells]
    twice = next((each for each in on if on.count(each) > 1), None)
    if twice is not None:
        raise Conflict("amend.twice", person=people.person_by_id(twice).full_name)


def _judge(
    stands: Standing, taken: Snapshot, now_on: Mapping[int, Cell], accept_gaps: str | None, now: datetime
) -> Judged:
    """As a whole publish would, less what the published roster has already: somebody answered for that."""
    found = judging.judge(stands.campaign, taken, accept_gaps, now=now)
    if not stands.campaign.revision:
        return found
    before = judging.judge(stands.campaign, replace(taken, cells=now_on), None, now=now)
    gaps = tuple(each for each in found.verdict.gaps if not any(_within(each, old) for old in before.proof.gaps))
    broken = tuple(each for each in found.verdict.violations if each not in before.violations)
    return replace(found, verdict=Verdict(gaps, broken))


def _within(gap: Gap, other: Gap) -> bool:
    same = (gap.unit, gap.duty) == (other.unit, other.duty)
    return same and other.starts_at <= gap.starts_at and gap.ends_at <= other.ends_at and other.blocks


def _write(part: Part, shifts: Iterable[Shift], number: int, *, now: datetime) -> list[frozenset[int]]:
    """Bring the duties of the part's seats in line; answers whom to tell, seat by seat."""
    every = defaultdict[int, dict[int, Duty]](dict)
    for row in db.session.scalars(select(Duty).where(Duty.seat_id.in_(part.seats))):
        every[row.seat_id][row.person_id] = row
    changes = []
    for shift in shifts:
        for seat in part.becomes.seats[shift.id]:
            if seat in part.seats:
                cell = part.becomes.cells.get(seat)
                changed = duty_rows.write_seat(shift, seat, cell, every[seat], number, now=now)
                changes.append(changed if shift.ends_at > now else frozenset())
    db.session.flush()
    return changes


def _revision(
    campaign: Campaign,
    part: Part,
    shifts: Sequence[models.Shift],
    note: str,
    accept_gaps: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> Revision:
    last = db.session.scalar(select(Revision).filter_by(campaign_id=campaign.id, number=part.revision))
    rows = _content(last.content, part, shifts) if last else revision_content.content(campaign, part.becomes)
    given = (accept_gaps or "").strip() or None
    stand = [gap for gap in part.judged.proof.gaps if gap.blocks]
    return Revision(
        campaign_id=campaign.id,
        number=campaign.revision,
        published_at=now,
        published_by=actor.name,
        note=note.strip(),
        accept_gaps=given or (last.accept_gaps if last and stand else None),
        content=rows,
        proof=revision_content.proof_facts(part.becomes, part.judged),
        content_hash=revision_content.hash_of(campaign, rows),
    )


def _content(last: Sequence[Mapping[str, Any]], part: Part, shifts: Sequence[models.Shift]) -> list[Any]:
    """The whole list as it was signed last, with the shifts of the part as they are now."""
    seats = [seat for shift in shifts for seat in part.becomes.seats[shift.id]]
    wanted = select(Duty).where(Duty.seat_id.in_(seats), Duty.cancelled_at.is_(None))
    now_on = {row.seat_id: row for row in db.session.scalars(wanted)}
    rows = people.people_by_ids({duty.person_id for duty in now_on.values()})
    fresh = {shift.id: revision_content.of_shift(shift, part.becomes.seats[shift.id], now_on, rows) for shift in shifts}
    kept = [fresh.pop(each["shift"], each) for each in last]
    return [*kept, *fresh.values()]
