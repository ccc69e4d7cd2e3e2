"""Reading collections: the lists of units, where each stands, who owes, and whose link it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.db import db
from core.errors import Conflict, Gone, NotFound
from core.security import sealing, tokens
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person, Unit
from roster.campaigns.models import Campaign
from roster.lists import moments
from roster.lists.models import ListCollection, ListPick, UnitList
from roster.models import Seat, Shift


@dataclass(frozen=True)
class CollectionState:
    """An open collection in numbers, of units that have seats to fill. ``owing``: those that have sent nothing, or have
    to send it again; ``waits``: lists that came and are neither merged nor returned."""

    due_at: datetime
    units: int
    owing: int
    waits: int
    merged: int
    is_late: bool


def collection_for(campaign_id: int) -> ListCollection | None:
    return db.session.scalar(select(ListCollection).filter_by(campaign_id=campaign_id))


def standing(campaign_id: int, *, now: datetime) -> CollectionState | None:
    """``None`` where none is open."""
    states = _states(campaign_id)
    if states is None:
        return None
    due_at, by_unit = states
    each = list(by_unit.values())
    owing = sum(map(moments.owes, each))
    return CollectionState(
        due_at, len(each), owing, each.count("sent"), each.count("merged"), due_at <= now and owing > 0
    )


def states(campaign_id: int) -> dict[int, str]:
    """Unit id → how far its list is, of an open collection."""
    found = _states(campaign_id)
    return found[1] if found else {}


def _states(campaign_id: int) -> tuple[datetime, dict[int, str]] | None:
    wanted = (
        select(ListCollection.due_at, UnitList.unit_id, UnitList.state)
        .join(UnitList, UnitList.collection_id == ListCollection.id)
        .join(Campaign, Campaign.id == ListCollection.campaign_id)
        .where(ListCollection.campaign_id == campaign_id, is_open(), UnitList.unit_id.in_(_with_seats(campaign_id)))
    )
    rows = db.session.execute(wanted).tuples().all()
    return (rows[0][0], {unit_id: state for _due, unit_id, state in rows}) if rows else None


def is_open() -> ColumnElement[bool]:
    """``ListCollection.is_open`` of rows joined with their campaigns."""
    return ListCollection.closed_at.is_(None) & (Campaign.state != "closed")


def _with_seats(campaign_id: int) -> Select[tuple[int]]:
    return select(Shift.unit_id).join(Seat, Seat.shift_id == Shift.id).where(Shift.campaign_id == campaign_id)


def lists(collection: ListCollection) -> list[UnitList]:
    """Return them in the order of the tree of units."""
    wanted = select(UnitList).options(joinedload(UnitList.unit), selectinload(UnitList.files))
    rows = db.session.scalars(wanted.filter_by(collection_id=collection.id)).all()
    place = {unit.id: number for number, (_depth, unit) in enumerate(people.unit_tree())}
    return sorted(rows, key=lambda row: place.get(row.unit_id, 0))


def filled(collection: ListCollection) -> dict[int, int]:
    """List id → for how many seats it names somebody."""
    wanted = select(ListPick.list_id, func.count()).join(UnitList, UnitList.id == ListPick.list_id)
    rows = wanted.where(UnitList.collection_id == collection.id).group_by(ListPick.list_id)
    return dict(db.session.execute(rows).tuples().all())


def get(campaign_id: int, list_id: int) -> UnitList:
    """Raises NotFound."""
    row = db.session.get(UnitList, list_id)
    if row is None or row.collection.campaign_id != campaign_id:
        raise NotFound("lists.none")
    return row


def list_by_link(token: str) -> UnitList:
    """Whatever has become of it since. Raises NotFound for what was never a link."""
    row = db.session.scalar(select(UnitList).where(UnitList.digest == tokens.digest(token)))
    if row is None:
        raise NotFound("lists.unknown")
    return row


def opened(token: str, *, now: datetime) -> UnitList:
    """Raises NotFound for what was never a link; Gone for one that was taken back, of a campaign that is over, and of a
    unit that is no more: it lies in mailboxes for years, and names people."""
    row = list_by_link(token)
    last = row.unit.valid_to
    is_closed = last is not None and last < clock.local_date(now)
    if row.link_ended_at is not None:
        raise Gone("lists.gone")
    if is_closed or row.collection.campaign.state == "closed":
        raise Gone("lists.over")
    return row


def url(row: UnitList) -> str:
    """Empty where it was taken back, or no SECRET_KEY opens it any more."""
    token = sealing.token_in(row.sealed) if row.link_ended_at is None else ""
    return f"{current_app.config['PUBLIC_URL']}/l/u/{token}" if token else ""


def wanting(campaign: Campaign) -> list[Unit]:
    """Units that have seats to fill in the campaign, in the order of the tree."""
    ids = set(db.session.scalars(_with_seats(campaign.id).distinct()))
    return [unit for _depth, unit in people.unit_tree() if unit.id in ids]


def shift_of_each_seat(row: UnitList) -> dict[int, Shift]:
    """Seat id → its shift, of the list's unit, in order."""
    wanted = select(Seat.id, Shift).join(Shift, Shift.id == Seat.shift_id)
    own = wanted.where(Shift.campaign_id == row.collection.campaign_id, Shift.unit_id == row.unit_id)
    return dict(db.session.execute(own.order_by(Shift.starts_at, Shift.id, Seat.id)).tuples().all())


def seats(campaign_id: int) -> dict[int, int]:
    """Unit id → how many seats it has in the campaign."""
    wanted = select(Shift.unit_id, func.count(Seat.id)).join(Seat, Seat.shift_id == Shift.id)
    rows = wanted.where(Shift.campaign_id == campaign_id).group_by(Shift.unit_id)
    return dict(db.session.execute(rows).tuples().all())


def receivers(units: Sequence[Unit]) -> dict[int, Person]:
    """Unit id → who is written to about its list: its own manager, else its head; units without either are left out."""
    ids = {unit.id for unit in units}
    managers = accounts.managers_by_unit(ids)
    known = people.people_by_ids(managers.values())
    own = {unit_id: known[person_id] for unit_id, person_id in managers.items() if person_id in known}
    return people.heads_by_unit(sorted(ids)) | own


def opened_for(campaign_id: int) -> ListCollection:
    """Raises Conflict ``lists.none``, ``lists.closed``."""
    found = collection_for(campaign_id)
    if found is None:
        raise Conflict("lists.none")
    refuse_closed(found)
    return found


def refuse_closed(found: ListCollection) -> None:
    if not found.is_open:
        raise Conflict("lists.closed")
