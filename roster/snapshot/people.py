"""What a snapshot says of people: duties, history, leave, wishes, ordinary work, duties elsewhere. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from core.clock import at_local
from core.db import db
from people import queries as people
from people.models import Absence, Person, Unit
from planning.problem import Absence as Away, Busy, Form, Pair, PairKind, Shift, Staff, Want, Wish, Work
from planning.rules.peaks import MOST_YEARS
from roster import models
from roster.campaigns.models import Campaign
from roster.days.day_classes import listed, normal_hours, weeks
from roster.days.workdays import MARGIN, free_days, work_rows
from roster.fairness.models import LedgerEntry
from roster.models import Duty
from roster.sources import models as sources
from roster.sources.models import PersonPair

YEARS_CARRIED = 3
"""Earlier Tết whose points count: enough to even out, not so many that a newcomer pays for ten years."""
ROSTER_ALONE = "shift"
_REST = timedelta(days=1)


def staff(campaign: Campaign, also: Collection[int], tree: Tree, days: PeopleDays) -> list[Staff]:
    """Everybody active of the campaign's unit and below, and those of ``also``, in order of code."""
    below = people.subtree_ids(campaign.unit_id)
    rows = db.session.scalars(
        select(Person)
        .where((Person.unit_id.in_(below) & Person.active) | Person.id.in_(also))
        .options(selectinload(Person.duties))
        .order_by(Person.code)
    ).all()
    carried, year = _history(campaign.tet_year), campaign.tet_year
    giao_thua, mung_1 = _years_since(year, LedgerEntry.giao_thua), _years_since(year, LedgerEntry.mung_1)
    return [
        Staff(
            id=row.id,
            code=row.code,
            name=row.full_name,
            duties=frozenset(each.duty for each in row.duties),
            # People who have left may serve nowhere; the checker then says so.
            eligible_units=tree.codes(row.unit_id) if row.active else frozenset(),
            no_night=row.no_night,
            max_shifts=row.max_shifts,
            history_points=carried.get(row.id, 0),
            last_giao_thua=giao_thua.get(row.id, 0),
            last_mung_1=mung_1.get(row.id, 0),
            work_pattern=days.pattern(row.work_pattern),
            unit=tree.code(row.unit_id),
            share=row.share,
            skills=frozenset(row.skills),
            no_overtime=row.no_overtime,
            min_shifts=row.min_shifts,
            overtime_month=row.overtime_month_minutes,
            overtime_year=row.overtime_year_minutes,
            limits=dict(row.limits),
        )
        for row in rows
    ]


class Tree:
    """The units by one reading. ``parents``: unit code → code of the unit above."""

    def __init__(self) -> None:
        rows = db.session.execute(select(Unit.id, Unit.parent_id, Unit.code)).all()
        self._of = {row.id: (row.parent_id, row.code) for row in rows}
        self.parents = {code: self._of[above][1] if above is not None else None for above, code in self._of.values()}

    def code(self, unit_id: int) -> str:
        return str(self._of[unit_id][1])

    def codes(self, unit_id: int | None) -> frozenset[str]:
        """Return the codes of the unit and of those above it."""
        found: set[str] = set()
        while unit_id is not None:
            unit_id, code = self._of[unit_id]
            found.add(code)
        return frozenset(found)


def _history(tet_year: int) -> dict[int, int]:
    """Hundredths of a point carried in from the latest Tết, by person."""
    rows = db.session.execute(
        select(LedgerEntry.person_id, func.sum(LedgerEntry.points))
        .where(LedgerEntry.tet_year < tet_year, LedgerEntry.tet_year >= tet_year - YEARS_CARRIED)
        .group_by(LedgerEntry.person_id)
    )
    return {person_id: int(total) for person_id, total in rows}


def _years_since(tet_year: int, times: InstrumentedAttribute[int]) -> dict[int, int]:
    """Person id → how many Tết ago they last stood a peak; ``times``: the column that says how often, summed by year,
    because a correction may have taken it back."""
    stood = (
        select(LedgerEntry.person_id, LedgerEntry.tet_year)
        .where(LedgerEntry.tet_year < tet_year, LedgerEntry.tet_year > tet_year - MOST_YEARS)
        .group_by(LedgerEntry.person_id, LedgerEntry.tet_year)
        .having(func.sum(times) > 0)
        .order_by(LedgerEntry.tet_year)
    )
    return {person_id: tet_year - year for person_id, year in db.session.execute(stood).tuples()}


def absences(ids: Collection[int], campaign: Campaign) -> Iterable[Away]:
    rows = db.session.execute(
        select(Absence.person_id, Absence.from_on, Absence.to_on).where(
            Absence.person_id.in_(ids),
            # Ordinary work of the day before counts, and there is none on leave.
            Absence.to_on >= campaign.starts_on - timedelta(days=1),
            # A duty of the last evening runs into the day after.
            Absence.from_on <= campaign.ends_on + timedelta(days=2),
        )
    )
    return (Away(row.person_id, at_local(row.from_on), at_local(_next(row.to_on))) for row in rows)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def wishes(ids: Collection[int], campaign: Campaign) -> Iterable[Wish]:
    wish = sources.Wish
    rows = db.session.execute(
        select(wish.person_id, wish.on_date, wish.template, wish.want, wish.weight).where(
            wish.person_id.in_(ids), wish.on_date.between(campaign.starts_on, campaign.ends_on)
        )
    )
    for row in rows:
        template = None if row.template == "any" else row.template
        yield Wish(row.person_id, row.on_date, template, cast(Want, row.want), row.weight)


def busy(ids: Collection[int], campaign: Campaign, rows: Sequence[models.Shift]) -> Iterable[Busy]:
    """Return what other campaigns have published for these people around the same days."""
    if not rows:
        return ()
    first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    duties = db.session.scalars(
        select(Duty).where(
            Duty.person_id.in_(ids),
            Duty.campaign_id != campaign.id,
            Duty.cancelled_at.is_(None),
            Duty.starts_at < last + _REST,
            Duty.ends_at > first - _REST,
        )
    )
    return (Busy(row.person_id, row.starts_at, row.ends_at, cast(Form, row.form)) for row in duties)


def pairs(ids: Collection[int]) -> Iterable[Pair]:
    """Return the pairs of people who are both in the plan."""
    rows = db.session.scalars(select(PersonPair).where(PersonPair.first_id.in_(ids), PersonPair.second_id.in_(ids)))
    return [Pair(row.first_id, row.second_id, cast(PairKind, row.kind)) for row in rows]


class PeopleDays:
    """Which days are free for whom, and who works when apart from duty; days and patterns are read once."""

    def __init__(self, campaign: Campaign) -> None:
        self._first, self._last = campaign.starts_on - _REST, campaign.ends_on + 2 * _REST
        self._listed = listed(self._first - MARGIN, self._last)
        self._weeks = weeks()
        self.normal_hours = normal_hours()
        self.free = free_days(self._first, self._last, self._listed, patterns=self._weeks)

    def pattern(self, code: str) -> str:
        """The pattern, or `shift` for one without any hours: its people work by the roster alone."""
        return code if self._weeks.get(code) else ROSTER_ALONE

    def work(
        self, staff: Iterable[Staff], away: Iterable[Away], shifts: Iterable[models.Shift | Shift]
    ) -> Iterator[Work]:
        """Ordinary work of those who may serve on site, but on the days they are away; from the day before the plan to
        what its last night runs into."""
        duties = {shift.duty for shift in shifts if shift.form == "onsite"}
        patterns = {person.id: person.work_pattern for person in staff if person.duties & duties}
        return work_rows(patterns, self._first, self._last, self._listed, absences=away, patterns=self._weeks)
