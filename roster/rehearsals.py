"""Diễn tập: play a roster as if one of its moments were now, with short steps and a visible end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import guard, queries as people
from roster.models import Campaign, DraftAssignment, Rehearsal, Seat, Shift

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
            raise NotFound("campaign.unknown", field="campaign", campaign=campaign_id)
        guard.ensure(actor, "rehearsal.run", campaign.unit_id, now=now)
        _refuse(campaign, play_at, source, minutes, step_seconds, now)
        rehearsal = Rehearsal(
            campaign_id=campaign.id,
            source=source,
            offset_seconds=round((play_at - now).total_seconds()),
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
    with transaction() as session:
        rehearsal = session.get(Rehearsal, rehearsal_id)
        if rehearsal is None:
            raise NotFound("rehearsal.unknown")
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


def active_for(unit_id: int, *, now: datetime) -> Rehearsal | None:
    """The rehearsal that concerns a unit: of its own campaign or of an ancestor's."""
    above = people.ancestor_ids(unit_id)
    return next((each for each in running(now=now) if each.campaign.unit_id in above), None)


def _refuse(campaign: Campaign, play_at: datetime, source: str, minutes: int, step_seconds: int, now: datetime) -> None:
    if source == "published" and campaign.revision == 0:
        raise Invalid("rehearsal.not_published", field="source")
    if source == "draft" and not _has_draft(campaign.id):
        raise Invalid("rehearsal.empty_draft", field="source")
    if not 1 <= minutes <= LONGEST.total_seconds() // 60:
        raise Invalid("rehearsal.minutes", field="minutes", longest=int(LONGEST.total_seconds() // 60))
    if step_seconds not in STEP_SECONDS:
        raise Invalid("rehearsal.step_seconds", field="step_seconds", least=STEP_SECONDS[0], most=STEP_SECONDS[-1])
    first, last = _window(campaign.id)
    if not first <= play_at < last:
        raise Invalid("rehearsal.outside", field="play_at")
    if any(each.campaign_id == campaign.id for each in running(now=now)):
        raise Conflict("rehearsal.running", state={"campaign": campaign.id})


def _has_draft(campaign_id: int) -> bool:
    statement = select(DraftAssignment.seat_id).join(Seat).join(Shift).where(Shift.campaign_id == campaign_id).limit(1)
    return db.session.scalar(statement) is not None


def _window(campaign_id: int) -> tuple[datetime, datetime]:
    first, last = db.session.execute(
        select(func.min(Shift.starts_at), func.max(Shift.ends_at)).where(Shift.campaign_id == campaign_id)
    ).one()
    if first is None:
        raise Invalid("rehearsal.outside", field="play_at")
    return first, last
