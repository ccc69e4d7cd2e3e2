"""What was found in a parcel: before it was accepted a refusal, afterwards an incident of Điều 14."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.parcel_checks import plausible, services
from compliance.parcel_checks.models import MOMENTS, ParcelCheck, ParcelFinding
from compliance.parcel_checks.services import CATEGORIES, CounterNumbers
from compliance.service_hours import points
from core import audit
from core.actor import Actor
from core.clock import at_local
from core.db import db, insert_into, transaction
from core.errors import Conflict, Invalid
from core.text import nfc
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.legal import services as legal
from incidents.record import secrecy, states, timeline, transitions
from incidents.record.models import Incident
from people import queries as people

LONGEST = 80
MOST_FOUND = 1_000
"""Parcels of one finding."""
CATEGORY = "prohibited_item"
"""Of the incident that something found after acceptance becomes."""


@dataclass(frozen=True)
class SaidFinding:
    """``moment``: before or after acceptance. ``category``: khoản of Điều 12, None: not known. ``informed``: the
    authority that was told. ``stopped``: carriage was stopped (after acceptance), by whom as typed."""

    key: str
    day: date
    moment: str
    goods: str
    category: int | None = None
    parcels: int = 1
    informed: str = ""
    stopped: str = ""
    item: str = ""
    counter: str = ""
    said_at: datetime | None = None
    counted: bool = False
    """The numbers that come with it have it in them already."""
    waits: bool = False
    """It came by a sheet of before there were two: it calls, and is no number until somebody accepts it."""
    crowded: bool = False
    """So many came by the sheet that this one calls nobody anew while an incident of the same kind runs."""


def find(unit_id: int, found: SaidFinding, *, actor: Actor, now: datetime) -> tuple[ParcelFinding, bool]:
    """Write down what was found; ``(row, whether this call wrote it)``. After acceptance it becomes an incident of
    Điều 14, with what is known; before, it was a refusal and nothing is carried.

    Raises ``Invalid`` at ``moment``, ``goods``, ``category``, ``parcels``, ``counter``, ``day`` or ``key``.
    """
    found = _checked(found, plausible.FOUND_BY_SHEET if actor.via == "report" else MOST_FOUND, now)
    key = f"{unit_id}/{found.key}"
    try:
        with transaction() as session:
            known = session.scalar(select(ParcelFinding).where(ParcelFinding.key == key))
            if known is not None:
                return known, False
            points.ensure_tell(actor, unit_id, now=now)
            row = ParcelFinding(
                unit_id=unit_id,
                day=found.day,
                counter=found.counter,
                key=key,
                moment=found.moment,
                category=found.category,
                goods=found.goods,
                parcels=found.parcels,
                informed=found.informed,
                said_at=min(found.said_at or now, now),
                saved_at=now,
                saved_by=actor.name,
                waits=found.waits and found.moment == "after",
            )
            session.add(row)
            if found.moment == "before":
                if not found.counted:
                    _add(session, row, actor, now, waits=found.waits)
            else:
                row.incident_id = _incident(unit_id, found, actor, now)
            audit.record(actor, "parcels.find", "unit", unit_id, now=now, moment=found.moment, parcels=found.parcels)
            session.flush()
            return row, True
    except IntegrityError:  # sent side by side
        known = db.session.scalar(select(ParcelFinding).where(ParcelFinding.key == key))
        if known is None:
            raise
        return known, False


def _checked(found: SaidFinding, most: int, now: datetime) -> SaidFinding:
    services.ensure_day(found.day, now)
    services.ensure_counter(found.counter)
    if not found.key or len(found.key) > 64:
        raise Invalid("parcels.key", field="key")
    if found.moment not in MOMENTS:
        raise Invalid("parcels.moment", field="moment")
    if found.category is not None and found.category not in CATEGORIES:
        raise Invalid("parcels.category", field="category")
    if not 1 <= found.parcels <= most:
        raise Invalid("parcels.parcels", field="parcels", most=most)
    texts = {name: " ".join(nfc(getattr(found, name)).split()) for name in ("goods", "informed", "stopped", "item")}
    if not texts["goods"]:
        raise Invalid("parcels.goods", field="goods")
    for name, text in texts.items():
        if len(text) > LONGEST:
            raise Invalid("parcels.long", field=name, most=LONGEST)
    words = secrecy.found(texts["goods"]) or secrecy.person_in(texts["goods"])
    if words:
        raise Invalid("parcels.name", field="goods", words=words)
    return replace(
        found, goods=texts["goods"], informed=texts["informed"], stopped=texts["stopped"], item=texts["item"]
    )


def _add(session: Session, row: ParcelFinding, actor: Actor, now: datetime, *, waits: bool) -> None:
    """A refusal more at its counter; how many were checked is said in the evening, and may have been said already. By
    the sheet no more than a point can refuse in a day: what is beyond is left for somebody to look at."""
    by_sheet = actor.via == "report"
    fits = not by_sheet or _added_by_sheet(session, row) + row.parcels <= plausible.FOUND_BY_SHEET
    fits = fits and not waits
    parcels = row.parcels if fits else 0
    referred = parcels if row.informed else 0
    left = {} if fits else {"unheeded_at": now}
    new = insert_into(ParcelCheck).values(
        unit_id=row.unit_id,
        day=row.day,
        counter=row.counter,
        refused=parcels,
        referred=referred,
        said_at=at_local(row.day),
        saved_at=now,
        saved_by=actor.name,
        **left,
    )
    sums = {"refused": ParcelCheck.refused + parcels, "referred": ParcelCheck.referred + referred}
    more: dict[str, Any] = {**sums, "saved_at": now} if fits else left
    free = services.may_change(by_sheet)
    adding = new.on_conflict_do_update(index_elements=["unit_id", "day", "counter"], set_=more, where=free)
    if session.scalar(adding.returning(ParcelCheck.id)) is None:
        mine = update(ParcelCheck).filter_by(unit_id=row.unit_id, day=row.day, counter=row.counter)
        session.execute(mine.values(unheeded_at=now))
        parcels = 0
    row.sheet_added = parcels if by_sheet else None


def _added_by_sheet(session: Session, row: ParcelFinding) -> int:
    """Parcels of that day that nobody has looked at: neither of a counter whose number was put right, nor added by
    whoever answers for the point."""
    here = ParcelCheck.unit_id == row.unit_id, ParcelCheck.day == row.day
    settled = select(ParcelCheck.counter).where(*here, ParcelCheck.settled_at.is_not(None))
    added = select(func.coalesce(func.sum(ParcelFinding.sheet_added), 0)).filter_by(unit_id=row.unit_id, day=row.day)
    return session.scalar(added.where(ParcelFinding.added_at.is_(None), ParcelFinding.counter.not_in(settled))) or 0


def _incident(unit_id: int, found: SaidFinding, actor: Actor, now: datetime) -> int:
    unit = people.unit_by_id(unit_id)
    running = _running(unit_id) if found.crowded else None
    if running is not None:
        said = found.goods, found.stopped, found.item
        timeline.write(db.session(), running, "reported_again", actor, now=now, note=" · ".join(filter(None, said)))
        return running.id
    at = min(found.said_at or now, now)
    incident, _created = creation.log(
        IncidentReport(
            title=f"Phát hiện hàng nghi cấm gửi sau khi nhận: {found.goods}",
            category=CATEGORY,
            unit_id=unit_id,
            actor=actor,
            detected_at=at,
            reporter=actor.name,
        ),
        now=now,
    )
    if found.stopped and not found.waits and legal.applies(incident):
        # The code of the point is a link made for it: what its people did is theirs to say, of this incident alone.
        teller = replace(actor, via="link", is_unknown=True) if actor.via == "report" else actor
        values = {"at": at, "by": found.stopped, "found_at": unit.name, "item": found.item}
        legal.record(incident.id, "suspend", values, actor=teller, now=now)
    return incident.id


def _running(unit_id: int) -> Incident | None:
    """The newest that a finding of the point made and that is not over, exclusively."""
    newest = db.session.scalar(
        select(Incident.id)
        .join(ParcelFinding, ParcelFinding.incident_id == Incident.id)
        .where(ParcelFinding.unit_id == unit_id, Incident.status.in_(states.UNFINISHED))
        .order_by(Incident.id.desc())
        .limit(1)
    )
    if newest is None:
        return None
    incident = transitions.exclusively(db.session(), newest)
    return incident if incident.status in states.UNFINISHED else None


def ensure_enough(told: CounterNumbers, found: list[SaidFinding]) -> None:
    """Numbers that come with findings hold at least these. Raises ``Conflict``."""
    before = sum(each.parcels for each in found if each.moment == "before")
    if before > (told.refused or 0):
        raise Conflict("parcels.fewer_refused", state={"refused": told.refused, "findings": before})
