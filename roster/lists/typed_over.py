"""A list that a unit sent on paper, typed over by whoever plans the campaign, with the paper beside."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from people.access import guard
from roster.campaigns.queries import get_campaign
from roster.lists import filling, queries
from roster.lists.filling import FilledList
from roster.lists.models import ListPick, UnitList
from roster.words.names import names_of


def type_over(
    campaign_id: int, list_id: int, filled: FilledList, *, seen: str, actor: Actor, now: datetime
) -> UnitList:
    """Who is to serve becomes what was typed; it still waits to be merged or returned. ``seen``: when the list was sent
    that was typed from (ISO). Raises Forbidden, Conflict ``lists.not_sent``, ``lists.moved``, ``lists.closed``, Invalid
    with each field."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    row = queries.get(campaign_id, list_id)
    against = filling.ground(row, now=now)
    names = names_of(against.taken.problem)
    filling.refuse(against, filled, {shift.id: names.shift(shift.id) for shift in against.draft.shifts})
    if not filled.picks:
        raise Invalid("lists.empty", field="list")
    with transaction() as session:
        session.refresh(row, with_for_update=True)
        if not row.collection.is_open:
            raise Conflict("lists.closed")
        if row.state != "sent" or row.sent_at is None:
            raise Conflict("lists.not_sent")
        if row.sent_at.isoformat() != seen:
            raise Conflict("lists.moved")
        row.typed_by, row.sent_at, row.picks = actor.name, now, []
        session.flush()
        row.picks = [ListPick(seat_id=seat, person_id=person) for seat, person in sorted(filled.picks.items())]
        audit.record(actor, "lists.type", "unit", row.unit_id, now=now, list=row.id, seats=len(filled.picks))
    return row
