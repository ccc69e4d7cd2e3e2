"""What units have settled about their hand-overs: which duty always writes minutes, and what is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, ensure_none
from core.security import throttle
from core.text import nfc
from incidents.handovers.content import LONGEST_ITEM, MOST_ITEMS
from incidents.handovers.models import HandoverPlace
from people import queries as people
from people.access import guard
from people.models import Unit


class HandoverDuty(Protocol):
    """What is asked of a duty here: the row itself, or these columns of it."""

    @property
    def id(self) -> int: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def duty(self) -> str: ...
    @property
    def form(self) -> str: ...


AT_A_DESK = (
    "Máy trực, chuông báo",
    "Chìa khóa phòng trực",
    "Xe trực",
    "Máy phát điện, nhiên liệu",
    "Văn bản đến chưa xử lý",
)
AT_A_HUB = (
    "Bưu gửi tồn đọng",
    "Chuyến thư đến chậm",
    "Xe, chìa khóa xe",
    "Máy phát điện, nhiên liệu",
    "Kho, niêm phong",
)
AT_A_COUNTER = ("Tiền mặt", "Chìa khóa", "Xe", "Máy phát điện", "Hàng tồn đọng")
DEFAULTS = {"hub": AT_A_HUB, "district": AT_A_COUNTER, "commune": AT_A_COUNTER, "service_point": AT_A_COUNTER}
"""By unit kind; everywhere else it is a desk. Words of a Vietnamese document: data, edited by the unit."""


def settled(unit_id: int) -> HandoverPlace | None:
    """Return what holds in the unit: its own, else that of the nearest one above."""
    found = (db.session.get(HandoverPlace, each) for each in people.ancestor_ids(unit_id))
    return next((row for row in found if row is not None and row.ended_at is None), None)


def given_up(unit_id: int) -> HandoverPlace | None:
    """Return what the unit had settled itself before it followed those above it again."""
    row = db.session.get(HandoverPlace, unit_id)
    return row if row is not None and row.ended_at is not None else None


def always(duties: Iterable[HandoverDuty]) -> set[int]:
    """Ids of those that hand over in writing also when nothing is open; a few questions for all."""
    rows = {
        row.unit_id: row for row in db.session.scalars(select(HandoverPlace).where(HandoverPlace.ended_at.is_(None)))
    }
    on_site = [each for each in duties if each.form == "onsite"]
    above = people.ancestors_of({each.unit_id for each in on_site}) if rows else {}
    found = set()
    for each in on_site if rows else ():
        nearest = next((rows[unit] for unit in above[each.unit_id] if unit in rows), None)
        if nearest is not None and each.duty in nearest.duties:
            found.add(each.id)
    return found


def items_for(unit: Unit) -> Sequence[str]:
    """Return what is looked at there, in order."""
    row = settled(unit.id)
    return row.items if row is not None and row.items else DEFAULTS.get(unit.kind, AT_A_DESK)


def settle(unit_id: int, *, duties: Sequence[str], items: Sequence[str], actor: Actor, now: datetime) -> HandoverPlace:
    """Write down what holds in the unit and below. ``items``: empty for the list of its kind.

    Raises Forbidden; Invalid by field (``duties``, ``items``).
    """
    with transaction() as session:
        guard.ensure(actor, "handover.settle", unit_id, now=now)
        throttle.hold(throttle.key_of("handover-place", str(unit_id)))
        lines = [line for each in items if (line := " ".join(nfc(each).split()))]
        known = {kind.code for kind in people.duty_kinds()}
        faults = [FieldError("duties", "handover.duty", {"duty": each}) for each in duties if each not in known]
        if len(lines) > MOST_ITEMS:
            faults.append(FieldError("items", "handover.items_many", {"most": MOST_ITEMS}))
        if any(len(line) > LONGEST_ITEM for line in lines):
            faults.append(FieldError("items", "handover.item_name", {"most": LONGEST_ITEM}))
        if len(set(lines)) < len(lines):
            faults.append(FieldError("items", "handover.item_twice"))
        ensure_none(faults)
        row = HandoverPlace(unit_id=unit_id, duties=sorted(set(duties)), items=lines, changed_at=now)
        row.changed_by, row.ended_at = actor.name, None
        kept = session.merge(row)
        audit.record(actor, "handover.settle", "unit", unit_id, now=now, duties=row.duties, items=len(lines))
        return kept


def follow(unit_id: int, *, actor: Actor, now: datetime) -> None:
    """The unit has nothing of its own any more: what holds above it holds there too. Twice does no harm."""
    _turn(unit_id, False, "handover.follow", actor=actor, now=now)


def take_up(unit_id: int, *, actor: Actor, now: datetime) -> None:
    """``follow`` undone: what the unit had settled holds again, as it was. Twice does no harm."""
    _turn(unit_id, True, "handover.take_up", actor=actor, now=now)


def _turn(unit_id: int, own: bool, action: str, *, actor: Actor, now: datetime) -> None:
    with transaction() as session:
        guard.ensure(actor, "handover.settle", unit_id, now=now)
        throttle.hold(throttle.key_of("handover-place", str(unit_id)))
        row = session.get(HandoverPlace, unit_id, populate_existing=True)
        if row is None or (row.ended_at is None) == own:
            return
        row.ended_at = None if own else now
        audit.record(actor, action, "unit", unit_id, now=now, duties=row.duties, items=row.items)
