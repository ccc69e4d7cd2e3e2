"""What the first screen of an incident says to one reader at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.actor import Actor
from incidents.catalogue import queries as catalogue
from incidents.front import looks, ringing, turns
from incidents.front.next_step import ReaderPosition, next_step
from incidents.paging import delivery_status
from incidents.record.models import Incident, Page, TimelineEntry

SHOWN_NEW = 3
"""Lines that are new and shown at once; the others are behind one tap."""


@dataclass(frozen=True)
class Reader:
    """Who looks, and what they may do here. ``since``: id of the last line of the log that they had read when the page
    was opened; None: they never had."""

    actor: Actor
    may_act: bool
    may_close: bool
    with_phones: bool
    since: int | None = None


def front_facts(
    incident: Incident,
    reader: Reader,
    *,
    pages: Sequence[Page],
    courses: dict[int, delivery_status.Course],
    entries: Sequence[TimelineEntry],
    moving: dict[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Return what ``incidents/front`` templates read as ``front``. ``moving``: ``response.views.state``."""
    person_id = reader.actor.person_id
    holder = ringing.holder(incident, reader=person_id) if reader.with_phones else None
    on_site, calls = _is_on_site(incident), _calls(pages, courses)
    return {
        "step": next_step(_standing(incident, reader, moving, on_site=on_site, may_ring=holder is not None)),
        "on_site": on_site,
        "holder": holder,
        "ring": ringing.whom(
            incident, reader=person_id, with_phones=reader.with_phones, with_reporter=reader.may_act, now=now
        ),
        "ladder": turns.ladder(calls),
        "turns": turns.turns(calls),
        "pages": {page.id: page for page in pages},
        "new": looks.new_since(entries, reader.since, reader.actor) if reader.since is not None else [],
        "shown_new": SHOWN_NEW,
        "read_after": looks.READ_AFTER,
        "newest": entries[-1].id if entries else 0,
    }


def _standing(
    incident: Incident, reader: Reader, moving: dict[str, Any] | None, *, on_site: bool, may_ring: bool
) -> ReaderPosition:
    escalation = incident.escalation
    return ReaderPosition(
        incident.status,
        holds=reader.actor.person_id is not None and incident.acknowledged_by_id == reader.actor.person_id,
        may_act=reader.may_act,
        may_close=reader.may_close,
        may_ring=may_ring,
        joined=incident.joined_to_id is not None,
        to_take=bool(moving and moving["to_take"]),
        to_know=bool(moving and moving["to_know"]),
        is_silent=escalation.waits_for == "grace",
        on_site=on_site,
        arrived=escalation.arrived_at is not None,
    )


def _is_on_site(incident: Incident) -> bool:
    """Somebody goes there: the category says so, or whoever has it said when they would be there."""
    category = catalogue.category(incident.category)
    return bool(category and category.on_site) or incident.escalation.arrives_at is not None


def _calls(pages: Sequence[Page], courses: dict[int, delivery_status.Course]) -> list[turns.TurnCall]:
    return [
        turns.TurnCall(
            page.id,
            page.cycle,
            page.fired,
            page.person_id,
            page.created_at,
            courses[page.id].state,
            page.purpose,
            answered=page.answer is not None,
        )
        for page in pages
    ]
