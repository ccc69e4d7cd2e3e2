"""Diễn tập: play a roster as if one of its moments were now, with short steps and a visible end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from core import audit, clock
from core.actor import Actor
from core.calendar import lunar
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from people.access import guard
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Rehearsal, Seat, Shift

LONGEST = timedelta(hours=4)
STEP_SECONDS = range(5, 301)


def start(
    campaign_id: int,
    *,
    play_at: datetime,
    source: str,
    minutes: int = 60,
    step_seconds: int = 20,
    now: datetime,
    actor: Actor,
) -> Rehearsal:
    """Play the campaign's ``source`` ("draft" or "published") as if ``play_at`` (aware) were ``now``.

    One rehearsal a campaign at a time. It ends by itself after ``minutes`` (at most four hours).
    """
    with transaction() as session:
        campaign = session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFound("campaign.unknown", id=campaign_id)
        guard.ensure(actor, "rehearsal.run", campaign.unit_id, now=now)
        _refuse(campaign, play_at, source, minutes, step_seconds=step_seconds, now=now)
        rehearsal = Rehearsal(
            campaign_id=campaign.id,
            source=source,
            # Rounded up, so that the first minute shown is the one that was chosen.
            offset_seconds=math.ceil((play_at - now).total_seconds()),
            step_seconds=step_seconds,
            started_at=now,
            started_by=actor.name,
            ends_at=now + timedelta(minutes=minutes),
        )
        session.add(rehearsal)
        session.flush()
        audit.record(actor, "rehearsal.start", "campaign", campaign.id, now=now, play_at=play_at.isoformat())
        return rehearsal


def end(rehearsal_id: int, *, now: datetime, actor: Actor) -> Rehearsal:
    """Stop playing; idempotent. Its open incidents are closed by the incidents package's next tick."""
    with transaction():
        rehearsal = get(rehearsal_id)
        guard.ensure(actor, "rehearsal.run", rehearsal.campaign.unit_id, now=now)
        if rehearsal.ended_at is None:
            rehearsal.ended_at = min(now, rehearsal.ends_at)
            audit.record(actor, "rehearsal.end", "campaign", rehearsal.campaign_id, now=now)
        return rehearsal


def is_running(rehearsal: Rehearsal, now: datetime) -> bool:
    return rehearsal.ended_at is None and now < rehearsal.ends_at


def played_at(rehearsal: Rehearsal, now: datetime) -> datetime:
    """The roster's moment that ``now`` stands for."""
    return now + timedelta(seconds=rehearsal.offset_seconds)


def running(*, now: datetime) -> Sequence[Rehearsal]:
    """Every rehearsal that is being played, newest first."""
    return db.session.scalars(
        select(Rehearsal)
        .where(Rehearsal.ended_at.is_(None), Rehearsal.ends_at > now)
        .order_by(Rehearsal.started_at.desc(), Rehearsal.id.desc())
    ).all()


def over(*, now: datetime, limit: int = 20) -> Sequence[Rehearsal]:
    """Rehearsals that have ended, by hand or by themselves, latest first."""
    return db.session.scalars(
        select(Rehearsal)
        .where(or_(Rehearsal.ended_at.is_not(None), Rehearsal.ends_at <= now))
        .order_by(Rehearsal.started_at.desc(), Rehearsal.id.desc())
        .limit(limit)
    ).all()


def playable() -> Sequence[Campaign]:
    """Campaigns that are not closed, latest first."""
    return db.session.scalars(
        select(Campaign).where(Campaign.state != "closed").order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()


def active_for(unit_id: int, *, now: datetime) -> Rehearsal | None:
    """The rehearsal that concerns a unit: of its own campaign or of an ancestor's."""
    above = people.ancestor_ids(unit_id)
    return next((each for each in running(now=now) if each.campaign.unit_id in above), None)


def _refuse(
    campaign: Campaign, play_at: datetime, source: str, minutes: int, *, step_seconds: int, now: datetime
) -> None:
    if source not in ("draft", "published"):
        raise Invalid("rehearsal.source", field="source")
    if source == "published" and campaign.revision == 0:
        raise Invalid("rehearsal.not_published", field="source")
    if source == "draft" and not has_draft(campaign.id):
        raise Invalid("rehearsal.empty_draft", field="source")
    if not 1 <= minutes <= LONGEST.total_seconds() // 60:
        raise Invalid("rehearsal.minutes", field="minutes", longest=int(LONGEST.total_seconds() // 60))
    if step_seconds not in STEP_SECONDS:
        raise Invalid("rehearsal.step_seconds", field="step_seconds", least=STEP_SECONDS[0], most=STEP_SECONDS[-1])
    first, last = window(campaign.id) or (now, now)
    if not first <= play_at < last:
        raise Invalid("rehearsal.outside", field="play_at")
    if any(each.campaign_id == campaign.id for each in running(now=now)):
        raise Conflict("rehearsal.running", state={"campaign": campaign.id})


def window(campaign_id: int) -> tuple[datetime, datetime] | None:
    """The roster moments that can be played: [start of the first shift, end of the last); None without shifts."""
    first, last = db.session.execute(
        select(func.min(Shift.starts_at), func.max(Shift.ends_at)).where(Shift.campaign_id == campaign_id)
    ).one()
    return (first, last) if first is not None else None


def suggestions(campaign: Campaign, *, now: datetime) -> list[tuple[str, datetime]]:
    """Moments worth playing, inside the campaign's window, best first: (code, aware moment).

    ``mung_1``: Mùng 1 at the present time of day; ``giao_thua``: half an hour before the new year; ``now``: nothing
    is shifted; ``first``: the first shift begins.
    """
    span = window(campaign.id)
    if span is None:
        return []
    tet, clock_time = lunar.tet(campaign.tet_year), clock.local(now)
    moments = [
        ("mung_1", clock.at_local(tet, clock_time.hour, clock_time.minute)),
        ("giao_thua", clock.at_local(tet) - timedelta(minutes=30)),
        ("now", now),
        ("first", span[0]),
    ]
    return [(code, at) for code, at in moments if span[0] <= at < span[1]]


def get(rehearsal_id: int) -> Rehearsal:
    rehearsal = db.session.get(Rehearsal, rehearsal_id)
    if rehearsal is None:
        raise NotFound("rehearsal.unknown")
    return rehearsal


def has_draft(campaign_id: int) -> bool:
    statement = select(DraftAssignment.seat_id).join(Seat).join(Shift).where(Shift.campaign_id == campaign_id).limit(1)
    return db.session.scalar(statement) is not None
