"""An earlier Tết taken as the model of a new one: its shifts by phase and distance from Mùng 1, and its rules.

People, pins, wishes and what an employer stated for long shifts stay behind: they belong to their own Tết. What a shift
is worth follows from the dates and the table of points as they are now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select

from core import clock
from core.calendar import lunar
from core.clock import at_local
from core.db import db
from core.i18n import named
from people import queries as people
from people.models import DutyKind, Unit
from planning.problem import Form
from planning.rules import RULES
from roster.campaigns import demand_expansion
from roster.campaigns.models import Campaign
from roster.days import holiday_sets
from roster.days.points_table import Worth
from roster.days.tet_offsets import TetDay, days_around, models
from roster.models import Shift
from roster.rulebook.models import CampaignRule

Row = dict[str, Any]
Kind = tuple[int, str, str]
"""Unit id, duty, name of the shift."""


@dataclass(frozen=True)
class LeftOut:
    """Something of the model that does not fit, or that nothing of the model fits; ``what``: names or dates."""

    code: str
    what: tuple[str | date, ...]


@dataclass(frozen=True)
class CopiedDemand:
    """``shifts`` and ``rules``: rows without a campaign; ``from_model``: how many of the shifts are of the model."""

    shifts: list[Row]
    rules: list[Row]
    left_out: tuple[LeftOut, ...]
    from_model: int


def made_of(model: Campaign, unit: Unit, tet_year: int, starts_on: date, *, ends_on: date) -> CopiedDemand:
    """Return what a campaign of ``unit`` between these local dates (both inclusive) would take over of ``model``.

    Units and kinds of duty that the model did not have, and days of a phase that it did not, follow today's demand.
    """
    left_out: list[LeftOut] = []
    sets = holiday_sets.known({tet_year, model.tet_year, starts_on.year, ends_on.year})
    ahead = _days(tet_year, starts_on, ends_on, sets)
    behind = _days(model.tet_year, model.starts_on, model.ends_on, sets)
    model_of = models(ahead, behind)
    left_out += _dates("day.unused", (each.on for each in behind if each.on not in set(model_of.values())))
    left_out += _dates("day.no_model", (on for on, there in model_of.items() if there is None))

    rows = _shifts_of(model)
    here = _units_that_serve(unit, starts_on)
    lost = {row.unit_id for row in rows} - here.keys()
    left_out += _named("unit.gone", lost)
    by_day: defaultdict[date, list[Row]] = defaultdict(list)
    together: set[Kind] = set()
    for on, row in _whole(rows, together):
        if row["unit_id"] in here:
            by_day[on].append(row)
    left_out += _shift_names("shift.put_together", together, here)
    stated = {(row.unit_id, row.duty, row.template) for row in rows if row.legal_ground and row.unit_id in here}
    left_out += _shift_names("shift.ground", stated, here)

    worth = Worth(starts_on, ends_on)
    copied = [
        _moved(row, day, worth) for day in ahead if (there := model_of[day.on]) is not None for row in by_day[there]
    ]
    asked = [row for row in demand_expansion.below(unit.id) if row.unit_id in here]
    new = {(row.unit_id, row.duty) for row in asked} - {(row.unit_id, row.duty) for row in rows}
    left_out += _new(new, {row.unit_id for row in rows}, here)
    added = [
        demand_expansion.columns(day.on, row, worth)
        for day in ahead
        for row in demand_expansion.demand_on(day.on, sets[tet_year], asked)
        if (row.unit_id, row.duty) in new or model_of[day.on] is None
    ]
    rules, unknown = _rules_of(model)
    left_out += [LeftOut("rule.gone", tuple(unknown))] if unknown else []
    shifts = sorted([*copied, *added], key=lambda row: row["starts_at"])
    return CopiedDemand(shifts, rules, tuple(left_out), len(copied))


def _days(tet_year: int, first: date, last: date, sets: Mapping[int, Any]) -> list[TetDay]:
    rest = sets[tet_year]
    return days_around(first, last, lunar.tet(tet_year), (rest.starts_on, rest.ends_on))


def _shifts_of(model: Campaign) -> Sequence[Shift]:
    return db.session.scalars(select(Shift).where(Shift.campaign_id == model.id).order_by(Shift.id)).all()


def _units_that_serve(unit: Unit, starts_on: date) -> dict[int, str]:
    """Id → name of the unit and of those below it that are not closed before the first day."""
    rows = people.units(people.subtree_ids(unit.id))
    return {row.id: row.name for row in rows if row.valid_to is None or row.valid_to >= starts_on}


def _whole(rows: Iterable[Shift], together: set[Kind]) -> Iterator[tuple[date, Row]]:
    """(local date, columns) of each shift; pieces of one that was parted as the shift that it was."""
    pieces: defaultdict[int, list[Shift]] = defaultdict(list)
    for row in rows:
        pieces[row.parted_from or row.id].append(row)
    for shift_id, own in pieces.items():
        if len(own) > 1:
            together.add((own[0].unit_id, own[0].duty, own[0].template))
        first = min(own, key=lambda each: each.starts_at)
        yield first.local_on, _columns(next((each for each in own if each.id == shift_id), first), own)


def _columns(row: Shift, pieces: Sequence[Shift]) -> Row:
    """Return what does not depend on the date; ``begins``: minutes after the local midnight. Whoever gave a part away
    has a seat on each of its pieces, so as many are needed as serve at once."""
    starts_at, ends_at = min(each.starts_at for each in pieces), max(each.ends_at for each in pieces)
    at_once = (sum(each.headcount for each in pieces if each.starts_at <= at.starts_at < each.ends_at) for at in pieces)
    headcount = max(at_once)
    return {
        "unit_id": row.unit_id,
        "duty": row.duty,
        "template": row.template,
        "form": row.form,
        "replaces_work": row.replaces_work,
        "headcount": headcount,
        "wanted": None if row.wanted is None else row.wanted + headcount - row.headcount,
        "skills": dict(row.skills),
        "begins": (starts_at - at_local(clock.local_date(starts_at))) // timedelta(minutes=1),
        "minutes": (ends_at - starts_at) // timedelta(minutes=1),
    }


def _moved(row: Row, day: TetDay, worth: Worth) -> Row:
    """The shift of the model on a day of the new Tết."""
    kept = {name: value for name, value in row.items() if name not in ("begins", "minutes")}
    starts_at = at_local(day.on) + timedelta(minutes=row["begins"])
    ends_at = starts_at + timedelta(minutes=row["minutes"])
    points, points_by = worth.points_for(starts_at, ends_at, cast(Form, row["form"]))
    times = {"starts_at": starts_at, "ends_at": ends_at, "local_on": day.on, "phase": day.phase}
    return {**kept, **times, "points": points, "points_by": points_by, "legal_ground": ""}


def _rules_of(model: Campaign) -> tuple[list[Row], list[str]]:
    """Return what the model chose for the rules that there still are, and the codes of the others."""
    known = {rule.code: {each.name for each in rule.parameters} for rule in RULES}
    rows = db.session.scalars(select(CampaignRule).where(CampaignRule.campaign_id == model.id)).all()
    kept = [
        {
            "code": row.code,
            "is_on": row.is_on,
            "is_hard": row.is_hard,
            "weight": row.weight,
            "parameters": {name: value for name, value in row.parameters.items() if name in known[row.code]},
            "pairs": row.pairs,
        }
        for row in rows
        if row.code in known
    ]
    return kept, sorted(row.code for row in rows if row.code not in known)


def _dates(code: str, dates: Iterable[date]) -> list[LeftOut]:
    found = tuple(sorted(dates))
    return [LeftOut(code, found)] if found else []


def _named(code: str, unit_ids: Iterable[int]) -> list[LeftOut]:
    names = tuple(unit.name for unit in people.units(set(unit_ids)))
    return [LeftOut(code, names)] if names else []


def _new(kinds: Collection[tuple[int, str]], known: Collection[int], here: Mapping[int, str]) -> Iterator[LeftOut]:
    """Units that the model did not have at all, and kinds of duty (unit id, code) that its other units did not have."""
    yield from _named("unit.new", {unit for unit, _duty in kinds if unit not in known})
    names = {each.code: named(each) for each in db.session.scalars(select(DutyKind))}
    if told := sorted(f"{names[duty]} · {here[unit]}" for unit, duty in kinds if unit in known):
        yield LeftOut("duty.new", tuple(told))


def _shift_names(code: str, kinds: Iterable[Kind], here: Mapping[int, str]) -> list[LeftOut]:
    names = tuple(sorted({f"{template} · {here[unit]}" for unit, _duty, template in kinds if unit in here}))
    return [LeftOut(code, names)] if names else []
