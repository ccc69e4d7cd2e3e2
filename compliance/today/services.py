"""What a point says of its day: one tap, sent once, however often the phone sends it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance.parcel_checks import services as parcels
from compliance.parcel_checks.services import CounterNumbers
from compliance.service_hours import points, queries as hours
from compliance.service_hours.rules import is_to_open
from compliance.today.models import PointDay, PointSend
from core import audit, clock
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import FieldError, ensure_none
from core.security import throttle
from core.security.throttle import AttemptLimit
from core.text import nfc
from people.attempts import limits as door

FLOOD = AttemptLimit(300, timedelta(hours=1))
"""Of one sheet: beyond it no counter works but a machine that types."""
FLOOD_PLACE = AttemptLimit(100, timedelta(hours=1))
"""Of one sheet and one address."""
PHOTOS = AttemptLimit(40, timedelta(days=1))
"""Of one sheet: each of the seven texts some times over."""
PHOTOS_PLACE = AttemptLimit(20, timedelta(days=1))
"""Of one sheet and one address."""
LONGEST = 300


@dataclass(frozen=True)
class CounterReport:
    """``key`` names one sending, ``counter`` the telephone that counted. A note says what was not as usual."""

    key: str
    day: date
    checked: int | None
    counter: str = ""
    hours_note: str = ""
    posting_note: str = ""
    normal: bool = True
    """Which button it was."""
    said_at: datetime | None = None
    device: str = ""
    """What the browser says of itself."""
    waits: bool = False
    """It came by a sheet of before there were two."""


def take_turn(unit_id: int, sheet: str, address: str, *, now: datetime) -> None:
    """Whoever holds the sheet may send; a machine may not send for ever, and nobody by a sheet of before in the turns
    of the counter. Raises ``Throttled``."""
    sheet = f"{unit_id}/{sheet}"
    place = throttle.key_of("point-flood", sheet, door.network(address))
    throttle.take({throttle.key_of("point-flood", sheet): FLOOD, place: FLOOD_PLACE}, now=now)


def tell(unit_id: int, told: CounterReport, *, actor: Actor, now: datetime) -> bool:
    """Write the day down; ``False`` when this sending was known already. What was said later already stays, and what is
    replaced is kept with its sending; so is a number that is left out (``parcel_checks.services.count``).

    That it opened in time can be said from then on. Raises ``Invalid`` at ``checked``, ``day``, ``hours_note``,
    ``posting_note`` or ``key``.
    """
    said_at = min(told.said_at or now, now)
    opens = _still_to_open(unit_id, told.day, said_at)
    told = _checked(told, now, opens=opens)
    key = f"{unit_id}/{told.key}"
    try:
        with transaction() as session:
            if _known(key):
                return False
            points.ensure_tell(actor, unit_id, now=now)
            said = asdict(told) | {"day": told.day.isoformat(), "said_at": said_at.isoformat()}
            session.add(PointSend(unit_id=unit_id, key=key, day=told.day, said=said, said_at=said_at, saved_at=now))
            session.flush()
            if told.checked is not None:
                counted = CounterNumbers(told.day, told.checked, told.counter, said_at=said_at, waits=told.waits)
                parcels.count(session, unit_id, counted, actor=actor, now=now)
            _keep(session, unit_id, told, said_at, actor=actor, now=now)
            audit.record(actor, "point_day.tell", "unit", unit_id, now=now, day=told.day.isoformat())
            return True
    except IntegrityError:  # sent side by side: the other one was faster
        if not _known(key):
            raise
        return False


def take_photo(unit_id: int, sheet: str, address: str, *, now: datetime) -> None:
    """Somebody looks at each photo: a sheet sends no more of them in a day than a point hangs. Raises ``Throttled``."""
    named = f"{unit_id}/{sheet}"
    place = throttle.key_of("point-photos", named, door.network(address))
    throttle.take({throttle.key_of("point-photos", named): PHOTOS, place: PHOTOS_PLACE}, now=now)


def _still_to_open(unit_id: int, day: date, said_at: datetime) -> str:
    """When the doors open, where that was said before; else empty."""
    opens, at = hours.hours_by_day([unit_id], [day])[unit_id, day], clock.local(said_at)
    return opens.opens if opens is not None and at.date() == day and is_to_open(opens, at.time()) else ""


def _known(key: str) -> bool:
    return db.session.scalar(select(PointSend.id).where(PointSend.key == key)) is not None


def _checked(told: CounterReport, now: datetime, *, opens: str) -> CounterReport:
    """``opens``: it is still to open then. Nobody has opened in time before the time has come, nor checked a parcel;
    that it will be otherwise can be told at any hour.
    """
    faults: list[FieldError] = []
    notes = {name: " ".join(nfc(getattr(told, name)).split()) for name in ("hours_note", "posting_note")}
    if not told.key or len(told.key) > 64:
        faults.append(FieldError("key", "point.key"))
    if opens and not notes["hours_note"]:
        faults.append(FieldError("hours_note", "point.not_open", {"opens": opens}))
    if told.checked is None and not opens:
        faults.append(FieldError("checked", "point.checked"))
    faults += [FieldError(name, "point.long", {"most": LONGEST}) for name, note in notes.items() if len(note) > LONGEST]
    written = [name for name, note in notes.items() if note]
    if told.normal and written:
        faults.append(FieldError(written[0], "point.not_normal"))
    if not told.normal and not written:
        faults.append(FieldError("hours_note", "point.nothing_else"))
    ensure_none(faults)
    parcels.ensure_day(told.day, now)
    return replace(told, hours_note=notes["hours_note"], posting_note=notes["posting_note"])


def _keep(
    session: Session, unit_id: int, told: CounterReport, said_at: datetime, *, actor: Actor, now: datetime
) -> None:
    values = {
        "hours_kept": not told.hours_note,
        "hours_note": told.hours_note,
        "posting_kept": not told.posting_note,
        "posting_note": told.posting_note,
        "said_at": said_at,
        "saved_at": now,
        "saved_by": actor.name,
        "waits": told.waits,
        "accepted_by": "",
    }
    # What waits replaces nothing that counts, and what counts replaces what waits whatever hour that named.
    free = (
        PointDay.waits & (PointDay.said_at <= said_at) if told.waits else (PointDay.said_at <= said_at) | PointDay.waits
    )
    new = insert_into(PointDay).values(unit_id=unit_id, day=told.day, **values)
    session.execute(new.on_conflict_do_update(index_elements=["unit_id", "day"], set_=values, where=free))
