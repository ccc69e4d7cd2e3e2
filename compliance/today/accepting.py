"""Days that a sheet of before told become the point's, or are put away, many at once, as they were shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import Select
from sqlalchemy.orm import Session

from compliance.parcel_checks import refusals
from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from compliance.today import waiting
from compliance.today.models import PointDay
from compliance.today.waiting import Key, T
from core import audit
from core.actor import Actor
from core.calendar import dates
from core.db import transaction
from core.form_values import whole_number
from people.access import guard

Do = Literal["accept", "refuse"]


def settle_days(shown: Collection[str], do: Do, *, actor: Actor, now: datetime) -> tuple[int, int]:
    """``shown``: ``waiting.SheetDay.shown`` of each. How many were settled, and how many had changed since and wait on.

    All of them or, where one is out of the actor's reach, none.
    """
    wanted = {key: each for each in shown if (key := _key(each)) is not None}
    with transaction() as session:
        for unit_id in sorted({unit_id for unit_id, _day in wanted}):
            guard.ensure(actor, "point.settle", unit_id, now=now)
        checks, said, found = _held(session, wanted)
        known = waiting.gathered(checks, said, found)
        same = {key for key, each in wanted.items() if key in known and known[key].shown == each}
        for row in checks:
            if (row.unit_id, row.day) in same:
                _settle_check(row, do, now)
        for told in said:
            if (told.unit_id, told.day) in same:
                _settle_day(session, told, do, actor)
        for one in found:
            if (one.unit_id, one.day) in same:
                one.waits, one.refused_by = (False, "") if do == "accept" else (True, actor.name)
        for unit_id, day in sorted(same):
            told_of = {"day": day.isoformat(), "checked": known[unit_id, day].checked}
            audit.record(actor, f"point_day.{do}", "unit", unit_id, now=now, **told_of)
        return len(same), len(wanted) - len(same)


def _held(session: Session, wanted: Mapping[Key, str]) -> tuple[list[ParcelCheck], list[PointDay], list[ParcelFinding]]:
    """Return what waits there; nobody else changes it until the transaction ends."""
    checks = session.scalars(_exclusively(waiting.open_checks(), ParcelCheck, wanted))
    said = session.scalars(_exclusively(waiting.open_days(), PointDay, wanted))
    found = session.scalars(_exclusively(waiting.open_findings(), ParcelFinding, wanted))
    return (
        [row for row in checks if (row.unit_id, row.day) in wanted],
        [row for row in said if (row.unit_id, row.day) in wanted],
        [row for row in found if (row.unit_id, row.day) in wanted],
    )


def _exclusively(
    statement: Select[T], model: type[ParcelCheck | PointDay | ParcelFinding], wanted: Mapping[Key, str]
) -> Select[T]:
    here = model.unit_id.in_({unit_id for unit_id, _day in wanted}), model.day.in_({day for _unit, day in wanted})
    return statement.where(*here).with_for_update().execution_options(populate_existing=True)


def _settle_check(row: ParcelCheck, do: Do, now: datetime) -> None:
    newer = row.checked is not None and row.unheeded_at is not None and row.said_at > row.unheeded_at
    if do == "accept" and not newer:  # what the counter's own sheet has said since stands
        row.checked, row.sheet_at = row.unheeded, row.sheet_at or now
    row.unheeded, row.unheeded_refused, row.unheeded_referred, row.by_old_sheet = None, None, None, False
    if not refusals.to_add(row.unit_id, row.day, row.counter):  # those wait to be looked at one by one
        row.unheeded_at = None


def _settle_day(session: Session, row: PointDay, do: Do, actor: Actor) -> None:
    if do == "accept":
        row.waits, row.accepted_by = False, actor.name
    else:
        session.delete(row)  # its sending stays


def _key(shown: str) -> Key | None:
    unit, _slash, rest = shown.partition("/")
    unit_id, day = whole_number(unit), dates.day(rest.partition("/")[0])
    return (unit_id, day) if unit_id is not None and day is not None else None
