"""Published seats that nobody can be sure of (``roster.coverage.doubt``) have a coverage incident before any other
meets them: one a gap, that is for seats of one unit and duty which touch each other. It resolves itself when the gap is
covered or over.

Raised by day, or when the first shift is near. Looked at anew when something was written of which rosters are made,
and when a moment has come; else a look costs the one question whether anything was. Exercises have no seats here.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from core import clock, i18n
from core.actor import SYSTEM
from core.db import db, insert_into, transaction
from core.fast_path import shared_cache
from incidents.coverage.gaps import end
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation.models import CoverageGap
from incidents.escalation.unserved import CATEGORY
from incidents.record.models import Incident
from people import queries as people
from people.models import DutyKind
from roster.coverage import unsure, words as coverage_words
from roster.coverage.unsure import UnsureSeat
from roster.models import Duty

log = logging.getLogger(__name__)
AHEAD = timedelta(days=7)
"""How far ahead is looked: the days of which readiness speaks."""
SOON = timedelta(hours=6)
"""A shift that begins within this is raised at any hour."""
OPENS, CLOSES = 7, 21
"""Local hours between which the others are raised."""
UNSERVED = ("absent", "refused", "left")
"""Causes for which nobody of the seat will come."""
LONGEST = timedelta(days=1)
"""Between two looks."""
MOST_LINES = 10


@dataclass(frozen=True)
class RiskSpan:
    """Seats at risk of one unit and duty that touch each other, in order of time."""

    seats: tuple[UnsureSeat, ...]

    @property
    def key(self) -> tuple[int, str]:
        return self.seats[0].unit_id, self.seats[0].duty

    @property
    def starts_at(self) -> datetime:
        return self.seats[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(seat.ends_at for seat in self.seats)


@dataclass(frozen=True)
class _Looked:
    """What a look was based on, and until when it holds."""

    stamp: str | None
    at: datetime
    until: datetime


def look(now: datetime) -> int:
    """Raise, prolong and resolve what there is to; how many were raised."""
    stamp = shared_cache.seen(shared_cache.GROUND)
    before: _Looked | None = current_app.extensions.get(__name__)
    if before is not None and before.stamp == stamp and before.at <= now < before.until:
        return 0
    # A person who lost the duty or the unit is still called, so only the pages say it; nobody is woken for it.
    coming = unsure.coming(None, now=now, days=(AHEAD + LONGEST).days)
    seats = [seat for seat in coming if seat.cause in UNSERVED]
    gaps = gaps_of(seat for seat in seats if seat.starts_at < now + AHEAD)
    settled = _settle(gaps, now)
    entering = [seat.starts_at - AHEAD for seat in seats if seat.starts_at >= now + AHEAD]
    # What failed may have left no trace: the next look begins anew.
    until = min([now + LONGEST, *entering, *_moments(now)]) if None not in settled else now
    current_app.extensions[__name__] = _Looked(stamp, now, until)
    return sum(map(bool, settled))


def gaps_of(seats: Iterable[UnsureSeat]) -> list[RiskSpan]:
    """Seats of one unit and duty that overlap or follow each other without a minute between are one gap."""
    joined: defaultdict[tuple[int, str], list[list[UnsureSeat]]] = defaultdict(list)
    for seat in sorted(seats, key=lambda each: (each.starts_at, each.ends_at)):
        mine = joined[seat.unit_id, seat.duty]
        if mine and seat.starts_at <= max(each.ends_at for each in mine[-1]):
            mine[-1].append(seat)
        else:
            mine.append([seat])
    return [RiskSpan(tuple(found)) for each in joined.values() for found in each]


def raised_at(starts_at: datetime, noticed_at: datetime) -> datetime:
    """Return when people hear of a gap: at once by day or when it is near, else in the morning or when it comes
    near."""
    near, local = starts_at - SOON, clock.local(noticed_at)
    if near <= noticed_at or OPENS <= local.hour < CLOSES:
        return noticed_at
    day = local.date() + timedelta(days=1 if local.hour >= CLOSES else 0)
    return min(near, clock.at_local(day) + timedelta(hours=OPENS))


def _open_rows() -> Sequence[CoverageGap]:
    rows = select(CoverageGap).where(CoverageGap.filled_at.is_(None), CoverageGap.ends_at.is_not(None))
    return db.session.scalars(rows.order_by(CoverageGap.id)).all()


def _moments(now: datetime) -> list[datetime]:
    """When the next is to be raised, and when the next is over."""
    rows = _open_rows()
    ends = [row.ends_at for row in rows if row.ends_at is not None]
    # What failed is tried again with the next look.
    return [*ends, *(row.raise_at or now for row in rows if row.incident_id is None)]


def _settle(gaps: Sequence[RiskSpan], now: datetime) -> list[bool | None]:
    """Return what became of each, as ``_safely`` says."""
    # What people know already goes on, of that the oldest.
    rows = sorted(_open_rows(), key=lambda row: (row.incident_id is None, row.id))
    of_each = [(gap, [row.id for row in rows if _same(row, gap)]) for gap in gaps]
    going_on = {known[0] for _gap, known in of_each if known}
    settled = [_safely(known[0] if known else None, gap, now) for gap, known in of_each]
    # Gaps that grew together are one: whatever else was open of them ends, and says where it goes on.
    grown = {row_id: known[0] for _gap, known in of_each for row_id in known if row_id not in going_on}
    over = [row.id for row in rows if row.id not in going_on]
    return settled + [_safely(row_id, None, now, grown.get(row_id)) for row_id in over]


def _same(row: CoverageGap, gap: RiskSpan) -> bool:
    """A gap stays the same one while it grows, shrinks, is covered in part or passes shift by shift."""
    if (row.unit_id, row.duty) != gap.key or row.ends_at is None:
        return False
    return datetime.fromisoformat(row.gap_from) <= gap.ends_at and gap.starts_at <= row.ends_at


def _safely(row_id: int | None, gap: RiskSpan | None, now: datetime, grown_into: int | None = None) -> bool | None:
    """Whether an incident was raised; None: it failed. What is wrong with one gap leaves the others theirs.

    Without a gap the row is over: it was covered, or is now a part of the row ``grown_into``.
    """
    try:
        with transaction():
            if row_id is None and gap is not None:
                row_id = _begin(gap, now)
            row = _held(row_id)
            if row is None:
                return False
            if gap is None:
                end(row, _why_over(row, now) if grown_into is None else _grown_into(grown_into), now)
                return False
            return _go_on(row, gap, now)
    except Exception:
        db.session.rollback()
        log.exception("a gap of seats at risk could not be dealt with")
        return None


def _begin(gap: RiskSpan, now: datetime) -> int | None:
    """Write it down; None when it stands already."""
    unit_id, duty = gap.key
    values = {
        "noticed_at": now,
        "met_by": "",
        "incident_id": None,
        "filled_at": None,
        "ends_at": gap.ends_at,
        "raise_at": raised_at(gap.starts_at, now),
    }
    row = insert_into(CoverageGap).values(unit_id=unit_id, duty=duty, gap_from=gap.starts_at.isoformat(), **values)
    # At risk once more after it was covered: a new gap.
    adding = row.on_conflict_do_update(
        index_elements=["unit_id", "duty", "gap_from"], set_=values, where=CoverageGap.filled_at.is_not(None)
    )
    return db.session.scalar(adding.returning(CoverageGap.id))


def _held(row_id: int | None) -> CoverageGap | None:
    """The row, until commit nobody else's; None when another worker has it or has ended it."""
    return db.session.scalar(
        select(CoverageGap)
        .where(CoverageGap.id == row_id, CoverageGap.filled_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _go_on(row: CoverageGap, gap: RiskSpan, now: datetime) -> bool:
    row.ends_at = gap.ends_at
    if row.incident_id is not None:
        return False
    row.raise_at = raised_at(gap.starts_at, row.noticed_at)
    if now < row.raise_at:
        return False
    kind, unit = db.session.get_one(DutyKind, row.duty), people.unit_by_id(row.unit_id)
    title = f"Ca trực không chắc có người: {kind.name_vi} · {unit.name} · từ {i18n.dt(gap.starts_at)}"
    incident, created = creation.log(
        IncidentReport(
            title=title,
            category=CATEGORY,
            unit_id=row.unit_id,
            description=_described(gap),
            dedup_key=f"coverage/{row.unit_id}/{row.duty}/{row.gap_from}",
            actor=SYSTEM,
            by_source=True,
        ),
        now=now,
    )
    row.incident_id = incident.id
    return created


def _described(gap: RiskSpan) -> str:
    """Whose shifts, and that they are away (never why), have left or may not take that duty any more."""
    lines = [
        f"Ca {i18n.span(seat.starts_at, seat.ends_at)}: {seat.name} {_why(seat)}." for seat in gap.seats[:MOST_LINES]
    ]
    if len(gap.seats) > MOST_LINES:
        lines.append(f"… và {len(gap.seats) - MOST_LINES} ca nữa.")
    return "\n".join([*lines, "Tìm người trực thay ở trang ca trực; có người thì sự cố này tự kết thúc."])


def _why(seat: UnsureSeat) -> str:
    return "vắng (đã ghi)" if seat.cause == "absent" else coverage_words.why(seat.doubt, seat.starts_at)


def _grown_into(row_id: int) -> str:
    incident_id = db.session.get_one(CoverageGap, row_id).incident_id
    other = db.session.get(Incident, incident_id) if incident_id is not None else None
    return f"Các ca trống nay liền nhau, theo dõi tiếp ở {other.code}." if other else "Các ca trống nay liền nhau."


def _why_over(row: CoverageGap, now: datetime) -> str:
    if row.ends_at is not None and row.ends_at <= now:
        return "Ca trực đã qua."
    begins = datetime.fromisoformat(row.gap_from)
    served = select(Duty.id).where(
        Duty.unit_id == row.unit_id,
        Duty.duty == row.duty,
        Duty.cancelled_at.is_(None),
        Duty.starts_at < row.ends_at,
        Duty.ends_at > begins,
    )
    return "Đã có người trực." if db.session.scalar(served.limit(1)) else "Ca này không còn trong lịch đã ban hành."
