"""What a draft is judged by, whoever is on it: shifts, seats, people, leave, wishes, work and rules, as a Problem.

Reading a province takes a second, and an edit changes none of it: a process keeps it in memory under the stamp
``standing.PLAN`` until somebody changes any of it, and with it what rules and checker have found out about it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core.db import db
from core.fast_path import shared_cache
from people import queries as people
from people.models import Person
from planning.problem import Form, Problem, Shift, Wanted
from planning.rules.cover.headcount import HEADCOUNT
from planning.time.points import is_night, peaks
from roster import models
from roster.campaigns.models import Campaign
from roster.models import Seat
from roster.rulebook import queries as rule_queries
from roster.snapshot import people as facts

FEWER_THAN_WANTED = 1000_00
"""Hundredths of a point for each person fewer than a shift would like: far below a needed seat, and above what one more
duty costs in fairness, or nobody would ever be put there."""
KEPT = 4
"""Plans in the memory of a process; a province takes some thirty megabytes."""


@dataclass(frozen=True)
class SolvePlan:
    """``problem`` has no pins; ``seats``: shift id → seat ids in order."""

    problem: Problem
    seats: Mapping[int, tuple[int, ...]]


def plan_for(campaign: Campaign, also: Collection[int] = ()) -> SolvePlan:
    """The plan of a campaign and its own people; ``also`` are ids of people who may be of other units.

    Plain values, as the present transaction sees them, shared by all who ask: not to be changed.
    """
    memory = shared_cache.kept_now(shared_cache.PLAN)
    about = (campaign.id, campaign.unit_id, campaign.starts_on, campaign.ends_on, campaign.tet_year)
    own: frozenset[int] = memory.get(("own", about)) or memory.setdefault(("own", about), _own_people(campaign))
    key = ("plan", about, frozenset(also) - own)
    found: SolvePlan | None = memory.pop(key, None)  # and put back at the end: what is used stays
    if found is None:
        found = _read_plan(campaign, key[2])
    memory[key] = found
    _forget(memory)
    return found


def _forget(memory: dict[Any, Any]) -> None:
    """Those beyond ``KEPT`` that were not used for longest; other threads may be at it too."""
    for key in [key for key in list(memory) if key[0] == "plan"][:-KEPT]:
        memory.pop(key, None)


def _own_people(campaign: Campaign) -> frozenset[int]:
    below = people.subtree_ids(campaign.unit_id)
    return frozenset(db.session.scalars(select(Person.id).where(Person.unit_id.in_(below), Person.active)))


def _read_plan(campaign: Campaign, others: Collection[int]) -> SolvePlan:
    rows = db.session.scalars(shifts_of(campaign.id)).all()
    tree = facts.Tree()
    days = facts.PeopleDays(campaign)
    staff = facts.staff(campaign, others, tree, days)
    ids = {person.id for person in staff}
    absences = tuple(facts.absences(ids, campaign))
    problem = Problem(
        shifts=tuple(_shift(row) for row in rows),
        staff=tuple(staff),
        absences=absences,
        wishes=tuple(facts.wishes(ids, campaign)),
        busy=tuple(facts.busy(ids, campaign, rows)),
        work=tuple(days.work(staff, absences, rows)),
        pairs=tuple(facts.pairs(ids)),
        settings=rule_queries.chosen(campaign.id),
        free_days=days.free,
        parents=tree.parents,
        span=(campaign.starts_on, campaign.ends_on),
        normal_hours=days.normal_hours,
    )
    return SolvePlan(problem, _seats_of(campaign.id, [row.id for row in rows]))


def shifts_of(campaign_id: int) -> Select[tuple[models.Shift]]:
    """The shifts of a campaign in order, with their units."""
    return (
        select(models.Shift)
        .where(models.Shift.campaign_id == campaign_id)
        .options(joinedload(models.Shift.unit))
        .order_by(models.Shift.starts_at, models.Shift.id)
        .execution_options(populate_existing=True)
    )


def _seats_of(campaign_id: int, shift_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Plain columns: there are thousands in a province."""
    seats: dict[int, list[int]] = {shift_id: [] for shift_id in shift_ids}
    statement = (
        select(Seat.shift_id, Seat.id)
        .join(models.Shift, models.Shift.id == Seat.shift_id)
        .where(models.Shift.campaign_id == campaign_id)
        .order_by(Seat.shift_id, Seat.position)
    )
    for shift_id, seat in db.session.execute(statement).tuples():
        if shift_id in seats:  # else made between the two readings
            seats[shift_id].append(seat)
    return {shift_id: tuple(found) for shift_id, found in seats.items()}


@lru_cache(maxsize=4096)
def _night_and_peaks(start: datetime, end: datetime) -> tuple[bool, frozenset[str]]:
    """Hundreds of units change shifts at the same hours."""
    return is_night(start, end), peaks(start, end)


def _shift(row: models.Shift) -> Shift:
    night, peak = _night_and_peaks(row.starts_at, row.ends_at)
    return Shift(
        id=row.id,
        duty=row.duty,
        unit=row.unit.code,
        start=row.starts_at,
        end=row.ends_at,
        form=cast(Form, row.form),
        headcount=row.headcount,
        points=row.points,
        night=night,
        peak=peak,
        local_date=row.local_on,
        template=row.template,
        replaces_work=row.replaces_work,
        skills=row.skills,
        wanted=_wanted(row),
        points_by=row.points_by,
        grounded=bool(row.legal_ground),
    )


def _wanted(row: models.Shift) -> Wanted | None:
    """Nobody sits where there is no seat, so more than wanted costs as much as an empty one."""
    if row.wanted is None or row.wanted <= row.headcount:
        return None
    return Wanted(row.wanted, under=FEWER_THAN_WANTED, over=HEADCOUNT.weight)
