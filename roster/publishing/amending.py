"""A part of the roster becomes a revision: what was named of the draft (``roster.dividing.amendments``), or what was
decided about seats of the day.

The rest stays draft. What the published roster would become is read and judged before the campaign is locked; the
switch is short, and starts again when the campaign has moved meanwhile. A part answers for what it makes worse, not
for what stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people import queries as people
from planning.coverage import Gap
from roster import models
from roster.campaigns.lifecycle import PublishBlocks
from roster.campaigns.models import Campaign
from roster.campaigns.queries import locked_campaign, require
from roster.draft import edit_log, judging
from roster.draft.judging import JudgedDraft
from roster.draft.services import write_seats
from roster.models import Duty, Revision, Shift
from roster.publishing import duty_rows, notices, parts, revision_content, services as publishing
from roster.publishing.parts import PartBaseline
from roster.publishing.terms import PublishTerms
from roster.snapshot.sitting import DraftCell
from roster.snapshot.snapshot import Snapshot

TRIES = 3
"""How often a part is judged anew because the campaign moved under it."""


@dataclass(frozen=True)
class AmendedPart:
    """The roster as it would be published: ``becomes``, and the seats that differ from what is published now;
    ``named``: these and the others that were meant."""

    campaign_id: int
    draft_version: int
    revision: int
    becomes: Snapshot
    seats: frozenset[int]
    named: frozenset[int]
    judged: JudgedDraft
    left: frozenset[int] = frozenset()
    """Shifts that a seat has left for another: the list says anew who is on them."""

    @property
    def shift_ids(self) -> set[int]:
        touched = {shift for shift, seats in self.becomes.seats.items() if not self.seats.isdisjoint(seats)}
        return touched | self.left


class Moved(Exception):
    """The campaign is not what the part was judged from."""


def judged(
    stands: PartBaseline, wanted: Mapping[int, DraftCell | None], *, accept_gaps: str | None = None, now: datetime
) -> AmendedPart:
    """``wanted`` (seat id → who, or nobody) on top of what is published. Reads only.

    Raises Conflict when it would put somebody twice on a shift, change a shift that is over, or change nothing.
    """
    now_on = stands.cells()
    becomes = {seat: cell for seat, cell in (now_on | dict(wanted)).items() if cell is not None}
    changed = frozenset(seat for seat in wanted if _who(becomes, seat) != _who(now_on, seat))
    if not changed:
        raise publishing.nothing_changed(stands.campaign)
    taken = replace(stands.taken, cells=becomes)
    part = AmendedPart(
        stands.campaign.id,
        taken.draft_version,
        stands.campaign.revision,
        taken,
        changed,
        frozenset(wanted),
        _judge(stands, taken, now_on, accept_gaps, now=now),
    )
    for shift in part.shift_ids:
        refuse_impossible(taken, shift)
    return part


def switch(
    part: AmendedPart,
    terms: PublishTerms,
    *,
    drafted: Mapping[int, DraftCell] | None = None,
    may: bool = False,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Write the part: duties, revision, notices, audit, in one short transaction.

    Raises ``Moved``, Conflict, Forbidden.

    ``drafted``: seats of the draft that follow (a cover). ``may``: the caller has
    asked for the right already.
    """
    with transaction() as session:
        campaign = locked(part.campaign_id)
        if (campaign.draft_version, campaign.revision) != (part.draft_version, part.revision):
            raise Moved
        shifts = parts.shift_rows(part.shift_ids)
        if not may:
            parts.ensure(campaign, shifts, actor=actor, now=now, use=True)
        state = require(campaign, "publish")
        publishing.refuse(campaign, part.judged)
        changes = _write(part, shifts, part.revision + 1, now=now)
        campaign.revision, campaign.state = part.revision + 1, state
        if drafted:
            write_seats({}, drafted, drafted, "manual", actor=actor, now=now)
            campaign.draft_version += 1
        edit_log.carry_over(campaign, part.revision, part.named)
        revision = _revision(campaign, part, shifts, terms, actor=actor, now=now)
        session.add(revision)
        session.flush()
        revision_content.hold(revision)
        session.flush()
        if not terms.silence:
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
            **notices.untold(terms.silence),
        )
    return revision


def locked(campaign_id: int) -> Campaign:
    """Lock the campaign, for who writes duties, of which plans are made, too."""
    shared_cache.hold_ground()
    return locked_campaign(campaign_id)


def _who(cells: Mapping[int, DraftCell], seat: int) -> int | None:
    return cells[seat].person_id if seat in cells else None


def refuse_impossible(taken: Snapshot, shift_id: int) -> None:
    """Raises Conflict when the shift is over, or somebody would be on it twice."""
    if shift_id in taken.fixed:
        raise Conflict("shift.past")
    on = [taken.cells[seat].person_id for seat in taken.seats[shift_id] if seat in taken.cells]
    twice = next((each for each in on if on.count(each) > 1), None)
    if twice is not None:
        raise Conflict("amend.twice", person=people.person_by_id(twice).full_name)


def _judge(
    stands: PartBaseline, taken: Snapshot, now_on: Mapping[int, DraftCell], accept_gaps: str | None, *, now: datetime
) -> JudgedDraft:
    """As a whole publish would, less what the published roster has already: somebody answered for that."""
    found = judging.judge(stands.campaign, taken, accept_gaps, now=now)
    if stands.campaign.state == "draft":  # also once all that was published has been withdrawn: nothing stands
        return found
    before = judging.judge(stands.campaign, replace(taken, cells=now_on), None, now=now)
    gaps = tuple(each for each in found.verdict.gaps if not any(_within(each, old) for old in before.proof.gaps))
    broken = tuple(each for each in found.verdict.violations if each not in before.violations)
    return replace(found, verdict=PublishBlocks(gaps, broken))


def _within(gap: Gap, other: Gap) -> bool:
    same = (gap.unit, gap.duty) == (other.unit, other.duty)
    return same and other.starts_at <= gap.starts_at and gap.ends_at <= other.ends_at and other.blocks


def _write(part: AmendedPart, shifts: Iterable[Shift], number: int, *, now: datetime) -> list[frozenset[int]]:
    """Bring the duties of the part's seats in line; answers whom to tell, seat by seat."""
    every = defaultdict[int, dict[int, Duty]](dict)
    for row in db.session.scalars(select(Duty).where(Duty.seat_id.in_(part.seats))):
        every[row.seat_id][row.person_id] = row
    changes = []
    for shift in shifts:
        for seat in part.becomes.seats[shift.id]:
            if seat in part.seats:
                cell = part.becomes.cells.get(seat)
                changed = duty_rows.write_seat(shift, seat, cell, every[seat], number=number, now=now)
                changes.append(changed if shift.ends_at > now else frozenset())
    db.session.flush()
    return changes


def _revision(
    campaign: Campaign,
    part: AmendedPart,
    shifts: Sequence[models.Shift],
    terms: PublishTerms,
    *,
    actor: Actor,
    now: datetime,
) -> Revision:
    last = db.session.scalar(select(Revision).filter_by(campaign_id=campaign.id, number=part.revision))
    rows = (
        revision_content.amended(last.content, part.becomes, shifts)
        if last
        else revision_content.content(campaign, part.becomes)
    )
    given = (terms.accept_gaps or "").strip() or None
    stand = [gap for gap in part.judged.proof.gaps if gap.blocks]
    return Revision(
        campaign_id=campaign.id,
        number=campaign.revision,
        published_at=now,
        published_by=actor.name,
        note=terms.note.strip(),
        tell_reason=terms.silence,
        accept_gaps=given or (last.accept_gaps if last and stand else None),
        content=rows,
        proof=revision_content.proof_facts(part.becomes, part.judged),
        content_hash=revision_content.hash_of(campaign, rows),
    )
