"""Write what stands behind rosters and is not imported: desk phones; take back demand and holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import cast

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.calendar.holidays import DayClass
from core.db import db, transaction
from core.errors import Invalid, NotFound
from people import queries as people, validation
from people.access.guard import ensure
from roster.refit import of_break, services as refit
from roster.refit.deciding import decide_day
from roster.resolver import numbers
from roster.resolver.models import DeskPhone
from roster.sources import services as sources
from roster.sources.models import Demand, HolidayDay


def save_day(
    on: date, fields: Mapping[str, str] | None, *, stamp: str | None, actor: Actor, now: datetime
) -> of_break.BreakEffect:
    """The class of a date (``fields`` as ``services.save_holiday`` takes them; None: it is listed no more), and what
    that changes in campaigns. ``stamp``: of the effect that was looked at; Conflict ``refit.moved`` without it."""
    sources.check_year(on)

    def write(_found: of_break.BreakEffect) -> None:
        if fields is None:
            delete_holiday(on, actor=actor, now=now)
        else:
            sources.save_holiday(on=on, **fields, actor=actor, now=now)

    deciding = partial(decide_day, on, cast(DayClass, fields["day_class"]) if fields else None)
    return refit.follow(deciding, write, refit.ChosenRefit(stamp), actor=actor, now=now)


def delete_holiday(on: date, *, actor: Actor, now: datetime) -> None:
    """The date is an ordinary day or a weekend again."""
    with transaction() as session:
        ensure(actor, "holiday.write", None, now=now)
        for row in session.scalars(select(HolidayDay).filter_by(on_date=on)):
            session.delete(row)
        audit.record(actor, "holiday.delete", "holiday", on.isoformat(), now=now)


def delete_demand(demand_id: int, *, actor: Actor, now: datetime) -> None:
    """Campaigns made from now on ask for it no more; existing shifts never change."""
    with transaction() as session:
        row = db.session.get(Demand, demand_id)
        if row is None:
            raise NotFound("demand.unknown", id=demand_id)
        ensure(actor, "campaign.write", row.unit_id, now=now)
        audit.record(actor, "demand.delete", "demand", row.id, now=now, duty=row.duty, template=row.template)
        session.delete(row)


def save_desk_phones(unit: str, phones: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """The numbers of a unit's duty desks, by code of the duty; an empty one takes it away. All or none.

    The same number written in another way is no change. Raises ``Invalid`` that names each duty whose number no
    telephone of Việt Nam has.
    """
    with transaction() as session:
        unit_id = people.unit_by_code(unit).id
        ensure(actor, "dutykind.write", unit_id, now=now)
        rows = {row.duty: row for row in session.scalars(select(DeskPhone).filter_by(unit_id=unit_id))}
        for duty, phone in _changed(phones, {duty: row.phone for duty, row in rows.items()}).items():
            if not phone:
                session.delete(rows[duty])
            else:
                session.merge(DeskPhone(unit_id=unit_id, duty=duty, phone=phone))
            audit.record(actor, "desk_phone.save", "unit", unit_id, now=now, duty=duty, phone=phone)


def _changed(phones: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be written: digits as dialled. What was written down before in some other way, an extension
    perhaps, is not asked for anew."""
    found, wrong = {}, []
    for duty, typed in phones.items():
        same, was = (numbers.plain(each) or each.strip() for each in (typed, stored.get(duty, "")))
        if same and same == was:
            continue
        try:
            phone = validation.phone(typed, duty)
        except Invalid as error:
            wrong += error.errors
            continue
        if phone or duty in stored:
            found[duty] = phone
    if wrong:
        raise Invalid("field.phone", errors=wrong, value=wrong[0].params["value"])
    return found
