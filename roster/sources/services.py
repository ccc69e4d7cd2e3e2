"""Write what rosters are made from: demand, wishes, holidays, standing chains. Each is upserted by its natural key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from people import queries as people, validation
from people.access.guard import ensure
from people.models import DutyKind
from people.skills import tidy
from roster.days.holiday_sets import FIRST_YEAR, LAST_YEAR, holiday_set
from roster.resolver.models import StandingChain
from roster.sources.columns import DEMAND, WISHES
from roster.sources.models import Demand, HolidayDay, Wish


def save_demand(values: Mapping[str, Any], *, actor: Actor, now: datetime) -> tuple[Demand, bool]:
    """The demand row of (unit, duty, phase, shift) and whether it is new. Existing shifts never change.

    ``values``: by column, as they are kept; None leaves what is there, except where a column may be without a value.
    """
    with transaction() as session:
        key, given = _demanded(values, actor, now)
        row = session.scalar(select(Demand).filter_by(**key))
        is_new = row is None
        row = row or Demand(**key, **DEMAND.blank())
        DEMAND.put(row, given)
        _check_skills(row)
        session.add(row)
        session.flush()
        told = {"headcount": row.headcount, "legal_ground": row.legal_ground}
        audit.record(actor, "demand.save", "demand", row.id, now=now, **key, **told)
    return row, is_new


def demand_as_saved(values: Mapping[str, Any], *, actor: Actor, now: datetime) -> tuple[Demand, bool]:
    """Return what ``save_demand`` would leave, of no session. Writes nothing; raises what it raises."""
    key, given = _demanded(values, actor, now)
    row = db.session.scalar(select(Demand).filter_by(**key))
    made = demand_with(row, key, given)
    _check_skills(made)
    return made, row is None


def demand_with(row: Demand | None, key: Mapping[str, Any], given: Mapping[str, Any]) -> Demand:
    """``row`` with what is given, by column, of no session; without one, a new row of that key."""
    made = Demand(**key, **{name: getattr(row, name) if row else blank for name, blank in DEMAND.blank().items()})
    DEMAND.put(made, given)
    return made


def _demanded(values: Mapping[str, Any], actor: Actor, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a row is known by, and what is said of it."""
    given = DEMAND.stated(values)
    unit_id = people.unit_by_code(given["unit_code"]).id
    ensure(actor, "campaign.write", unit_id, now=now)
    _check_duty(given["duty"])
    key: dict[str, Any] = {"unit_id": unit_id, "duty": given["duty"], "phase": given["phase"]}
    key["template"] = _line(given["shift"], "shift")
    if "legal_ground" in given:
        given["legal_ground"] = validation.one_line(given["legal_ground"], "legal_ground", required=False)
    if "skills" in given:
        given["skills"] = _skills(given["skills"])
    return key, given


def save_wish(values: Mapping[str, Any], *, actor: Actor, now: datetime) -> tuple[Wish, bool]:
    """The wish of (person, date, shift) and whether it is new. ``values``: by column, as they are kept."""
    with transaction() as session:
        owner = people.person_by_code(values["person_code"])
        ensure(actor, "wish.write", owner.unit_id, now=now, person_id=owner.id)
        key = {"person_id": owner.id, "on_date": values["date"], "template": _line(values["shift"], "shift")}
        row = session.scalar(select(Wish).filter_by(**key))
        is_new = row is None
        row = row or Wish(**key)
        WISHES.put(row, values)
        session.add(row)
        session.flush()
        told = {"on": row.on_date.isoformat(), "want": row.want, "weight": row.weight}
        audit.record(actor, "wish.save", "person", owner.id, now=now, **told)
    return row, is_new


def wish_by_id(wish_id: int) -> Wish:
    """Raises NotFound ``wish.unknown``."""
    row = db.session.scalar(select(Wish).options(joinedload(Wish.person)).where(Wish.id == wish_id))
    if row is None:
        raise NotFound("wish.unknown")
    return row


def remove_wish(wish_id: int, *, actor: Actor, now: datetime) -> None:
    """Take it away; the day stays in the audit. Raises NotFound ``wish.unknown``."""
    with transaction() as session:
        row = wish_by_id(wish_id)
        ensure(actor, "wish.write", row.person.unit_id, now=now, person_id=row.person_id)
        told = {"on": row.on_date.isoformat(), "want": row.want}
        audit.record(actor, "wish.remove", "person", row.person_id, now=now, **told)
        session.delete(row)


def save_holiday(
    *, on: date, day_class: str, name: str, status: str, source: str, actor: Actor, now: datetime
) -> tuple[HolidayDay, bool]:
    """The class of one date, in the set of its year, and whether that date is newly listed."""
    check_year(on)
    with transaction() as session:
        ensure(actor, "holiday.write", None, now=now)
        owner = holiday_set(on.year)
        row = session.scalar(select(HolidayDay).filter_by(set_id=owner.id, on_date=on))
        is_new = row is None
        row = row or HolidayDay(set_id=owner.id, on_date=on)
        row.day_class, row.name, row.status, row.source = day_class, name.strip(), status, source.strip()
        session.add(row)
        session.flush()
        audit.record(actor, "holiday.save", "holiday", on.isoformat(), now=now, day_class=day_class, status=status)
    return row, is_new


def check_year(on: date) -> None:
    """Raise Invalid ``campaign.date_range`` for a date outside the years that have a lunar calendar."""
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise Invalid("campaign.date_range", field="date", first=FIRST_YEAR, last=LAST_YEAR)


def set_standing_chain(unit: str, codes: Sequence[str], *, actor: Actor, now: datetime) -> None:
    """Whom to call, in this order, when nobody is assigned in ``unit``; an empty list brings the default back."""
    with transaction() as session:
        row = people.unit_by_code(unit)
        ensure(actor, "policy.write", row.id, now=now)
        ids = [people.person_by_code(code).id for code in dict.fromkeys(codes)]
        session.execute(delete(StandingChain).where(StandingChain.unit_id == row.id))
        session.add_all(StandingChain(unit_id=row.id, position=n, person_id=each) for n, each in enumerate(ids))
        session.flush()
        audit.record(actor, "standing_chain.save", "unit", row.id, now=now, people=list(codes))


def _skills(given: Mapping[str, int]) -> dict[str, int]:
    words = validation.skills(given, "skills")
    by_word = {tidy(word): number for word, number in given.items()}
    return {word: by_word[word] for word in words}


def _check_skills(row: Demand) -> None:
    for skill, number in row.skills.items():
        if not 1 <= number <= row.headcount:
            raise Invalid("demand.skill_number", field="skills", skill=skill, number=number, people=row.headcount)


def _check_duty(code: str) -> None:
    if db.session.get(DutyKind, code) is None:
        raise NotFound("duty.unknown", field="duty", duty=code)


def _line(text: str, field: str) -> str:
    if not text.strip():
        raise Invalid("field.missing", field=field)
    return text.strip()
