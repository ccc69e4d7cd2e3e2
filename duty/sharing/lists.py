"""What such a list says: by day and kind of duty who serves when, and the numbers of the desk. No numbers of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db
from core.i18n import d, lunar_long, named, t, weekday
from core.text import format_phone
from people import queries as people
from people.models import Unit
from roster.models import Duty
from roster.resolver.models import DeskPhone


@dataclass(frozen=True)
class PublicTurn:
    """One span of one duty and who serves it."""

    starts_at: datetime
    ends_at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True)
class PublicDuty:
    """One duty of one day. ``phone``: of its desk, where there is one."""

    name: str
    phone: str
    turns: tuple[PublicTurn, ...]


@dataclass(frozen=True)
class PublicDay:
    on: date
    kinds: tuple[PublicDuty, ...]


@dataclass(frozen=True)
class ShownList:
    unit: Unit
    days: tuple[PublicDay, ...]


def shown_list(unit: Unit, from_on: date, to_on: date) -> ShownList:
    """Published duties of the unit that begin on these local dates."""
    rows = _duties(unit.id, from_on, to_on)
    phones = {row.duty: row.phone for row in db.session.scalars(select(DeskPhone).where(DeskPhone.unit_id == unit.id))}
    kinds = people.duty_kinds()
    days = []
    for number in range((to_on - from_on).days + 1):
        on = from_on + timedelta(days=number)
        mine = [row for row in rows if clock.local_date(row.starts_at) == on]
        found = [
            PublicDuty(named(kind), phones.get(kind.code, ""), _turns([row for row in mine if row.duty == kind.code]))
            for kind in kinds
            if any(row.duty == kind.code for row in mine)
        ]
        days.append(PublicDay(on, tuple(found)))
    return ShownList(unit, tuple(days))


def text(shown: ShownList, url: str) -> str:
    """The same as lines for a chat."""
    lines = [_("LỊCH TRỰC – %(unit)s", unit=shown.unit.name)]
    for day in shown.days:
        lines += ["", f"{weekday(day.on)} {d(day.on)} ({lunar_long(day.on)})"]
        for kind in day.kinds:
            phone = f" – {format_phone(kind.phone)}" if kind.phone else ""
            lines.append(f"• {kind.name}{phone}")
            lines += [f"   {t(turn.starts_at)}–{t(turn.ends_at)} {', '.join(turn.names)}" for turn in kind.turns]
        if not day.kinds:
            lines.append(_("Chưa có lịch ban hành."))
    return "\n".join([*lines, "", _("Xem bản mới nhất: %(url)s", url=url)])


def _duties(unit_id: int, from_on: date, to_on: date) -> Sequence[Duty]:
    starts_at, ends_at = clock.at_local(from_on), clock.at_local(to_on + timedelta(days=1))
    wanted = (
        select(Duty)
        .options(joinedload(Duty.person))
        .where(Duty.unit_id == unit_id, Duty.cancelled_at.is_(None))
        .where(Duty.starts_at >= starts_at, Duty.starts_at < ends_at)
    )
    return db.session.scalars(wanted.order_by(Duty.starts_at, Duty.seat_id)).all()


def _turns(rows: Sequence[Duty]) -> tuple[PublicTurn, ...]:
    spans = sorted({(row.starts_at, row.ends_at) for row in rows})
    return tuple(
        PublicTurn(
            start, end, tuple(row.person.full_name for row in rows if (row.starts_at, row.ends_at) == (start, end))
        )
        for start, end in spans
    )
