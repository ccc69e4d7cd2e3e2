"""Who of a campaign has answered: a list for whoever rings those who have not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.db import batched, db
from core.pages import ListPage, part
from people.models import Person
from roster.confirmations import queries
from roster.confirmations.models import Confirmation
from roster.models import Duty

STATES = ("waiting", "refused", "confirmed")
TO_RING = timedelta(hours=72)
"""So soon before it begins a shift that nobody confirmed is asked about by telephone."""


@dataclass(frozen=True)
class ConfirmationLine:
    """One published seat to come and what its holder has said of it."""

    duty: Duty
    said: Confirmation | None


@dataclass(frozen=True)
class ConfirmationList:
    """``part``: the seats in one state, by start; ``counts``: by state, of all; ``to_ring``: those that wait and
    begin soon."""

    part: ListPage[ConfirmationLine]
    counts: Mapping[str, int]
    to_ring: int


def list_for_campaign(
    campaign_id: int, units: Collection[int] | None, state: str, page: int, *, now: datetime
) -> ConfirmationList:
    """``units``: ids, None = all; ``state``: one of ``STATES``."""
    rows = _states(campaign_id, units, now)
    mine = [duty_id for duty_id, _starts_at, said in rows if said == state]
    shown = part(mine, page)
    waiting = sum(said == "waiting" and starts_at <= now + TO_RING for _id, starts_at, said in rows)
    counts = Counter(said for _id, _starts_at, said in rows)
    return ConfirmationList(ListPage(_lines(shown.rows), shown.page, shown.pages, shown.total), counts, waiting)


def to_ring(campaign_id: int, units: Collection[int] | None, *, now: datetime) -> list[Duty]:
    """Seats that begin within three days, or have begun, and whose holder has not answered; by start."""
    rows = _states(campaign_id, units, now)
    ids = [duty_id for duty_id, starts_at, said in rows if said == "waiting" and starts_at <= now + TO_RING]
    return [line.duty for line in _lines(ids)]


def _states(campaign_id: int, units: Collection[int] | None, now: datetime) -> list[tuple[int, datetime, str]]:
    """(duty id, start, state) by start."""
    wanted = (
        select(Duty.id, Duty.starts_at, Confirmation.state)
        .outerjoin(Confirmation, queries.holds())
        .where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now)
        .order_by(Duty.starts_at, Duty.unit_id, Duty.seat_id)
    )
    if units is not None:
        wanted = wanted.where(Duty.unit_id.in_(sorted(units)))
    return [(duty_id, starts_at, said or "waiting") for duty_id, starts_at, said in db.session.execute(wanted)]


def _lines(duty_ids: Sequence[int]) -> list[ConfirmationLine]:
    wanted = select(Duty).options(
        joinedload(Duty.person).selectinload(Person.contacts), joinedload(Duty.shift), selectinload(Duty.unit)
    )
    found = {
        duty.id: duty for some in batched(duty_ids) for duty in db.session.scalars(wanted.where(Duty.id.in_(some)))
    }
    said = queries.answers_for(found.values())
    return [ConfirmationLine(found[each], said.get(each)) for each in duty_ids]
