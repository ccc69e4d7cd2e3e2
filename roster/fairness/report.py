"""The fairness ledger of a campaign: what each person carries, and how even each duty is, for pages, API and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import spreadsheets
from core.db import db
from people.models import Person
from planning.fairness_ledger import Line, Spread, ledger, sharing, spreads
from planning.problem import Assignment, Problem
from planning.public_view import in_the_open
from roster.call_outs import queries as call_outs
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.snapshot import snapshot

WIDTH, MARGIN = 560, 10
"""Of the drawing of a duty: a line on which each person is a mark at their load."""


@dataclass(frozen=True)
class FairnessAccount:
    """One person's account. ``hours`` are of this campaign; ``granted`` of ``wishes`` were heard."""

    person: Person
    line: Line
    share: int
    hours: float
    wishes: int
    granted: int
    called: float = 0
    """Hours called out while serving at home, beside ``hours``."""


@dataclass(frozen=True)
class Ledger:
    """``spreads`` with the loads of their people in order; everything in hundredths of a point.

    ``whole``: loads are relative to share and presence, which is for who plans; else they are as of people who are all
    there full-time, and nobody reads from a load how long somebody was on leave.
    """

    campaign: Campaign
    source: str
    entries: tuple[FairnessAccount, ...]
    spreads: tuple[Spread, ...]
    loads: Mapping[str, tuple[int, ...]]
    whole: bool = True

    @property
    def most(self) -> int:
        return max([1, *(entry.line.relative for entry in self.entries)])

    def marks(self, duty: str) -> tuple[tuple[float, int], ...]:
        """(x, how many people) of the drawing of one duty; the axis runs from 0 to the heaviest load of all."""
        at = Counter(round(MARGIN + (WIDTH - 2 * MARGIN) * load / self.most, 1) for load in self.loads[duty])
        return tuple(sorted(at.items()))


def ledger_for(campaign_id: int, *, source: str, now: datetime, whole: bool = True) -> Ledger:
    """The ledger of the draft or of what is published, people by load, the heaviest first; ``whole`` as in ``Ledger``.

    Raises NotFound.
    """
    campaign = get_campaign(campaign_id)
    taken = snapshot.take(campaign_id, now=now, also=() if source == "draft" else snapshot.holders(campaign_id))
    assignments = taken.assignments if source == "draft" else snapshot.published(taken)
    problem = taken.problem if whole else in_the_open(taken.problem)
    lines = {line.staff_id: line for line in ledger(problem, assignments)}
    found = spreads(problem, lines.values())
    loads = {each.duty: tuple(sorted(lines[p.id].relative for p in sharing(problem, each.duty))) for each in found}
    called = call_outs.minutes(call_outs.list_for_campaign(campaign_id, now=now))
    entries = sorted(
        _entries(problem, assignments, lines, called),
        key=lambda one: (-one.line.relative, one.person.sort_key, one.person.id),
    )
    return Ledger(campaign, source, tuple(entries), tuple(found), loads, whole)


def _entries(
    problem: Problem, assignments: Iterable[Assignment], lines: Mapping[int, Line], called: Mapping[int, int]
) -> Iterable[FairnessAccount]:
    """``called``: person id → minutes."""
    held: dict[int, list[int]] = {}
    for each in assignments:
        held.setdefault(each.staff_id, []).append(each.shift_id)
    asked = {person.id for person in problem.staff if person.duties or person.id in held}
    statement = select(Person).where(Person.id.in_(asked)).options(joinedload(Person.unit))
    for person in db.session.scalars(statement):
        own = [problem.shift_of[shift_id] for shift_id in held.get(person.id, ())]
        wishes = problem.wishes_of.get(person.id, ())
        granted = sum(
            (wish.want == "on")
            == any(s.local_date == wish.local_date and wish.template in (None, s.template) for s in own)
            for wish in wishes
        )
        hours = sum(shift.minutes for shift in own) / 60
        share, out = problem.person[person.id].share, called.get(person.id, 0) / 60
        yield FairnessAccount(
            person=person,
            line=lines[person.id],
            share=share,
            hours=hours,
            wishes=len(wishes),
            granted=granted,
            called=out,
        )


COLUMNS = (
    "code",
    "full_name",
    "unit_code",
    "share_percent",
    "capacity_percent",
    "carried_points",
    "plan_points",
    "relative_points",
    "shifts",
    "hours",
    "nights",
    "peaks",
    "wishes",
    "wishes_granted",
    "called_hours",
)

PRIVATE = ("share_percent", "capacity_percent", "wishes", "wishes_granted")
"""Those that are nobody's business but of who plans, and one's own."""


def as_row(entry: FairnessAccount) -> tuple[str | int | float, ...]:
    """The values of ``COLUMNS``."""
    line, person = entry.line, entry.person
    return (
        person.code,
        person.full_name,
        person.unit.code,
        entry.share,
        line.capacity / 100,
        line.history / 100,
        line.plan / 100,
        line.relative / 100,
        line.shifts,
        round(entry.hours, 2),
        line.nights,
        line.peaks,
        entry.wishes,
        entry.granted,
        round(entry.called, 2),
    )


def as_csv(entries: Iterable[FairnessAccount]) -> bytes:
    return spreadsheets.csv_file([COLUMNS, *map(as_row, entries)])
