"""Reading for the roster grid: people × days, with cover, loads and what the roster breaks. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import db
from people import queries as people
from people.models import Person, Unit
from roster.campaigns.services import get_campaign
from roster.consents import services as consents
from roster.coverage import unsure
from roster.coverage.doubt import Doubt
from roster.days.day_classes import listed as day_classes
from roster.draft import shown
from roster.draft.findings import Finding, findings
from roster.draft.grid_cover import Cover, cover_of
from roster.draft.shown import View, Whole
from roster.holidays import DayClass, Phase, day_class, phase
from roster.models import Campaign, Duty, HolidaySet
from roster.planning.coverage import Gap, Proof
from roster.planning.fairness_ledger import Line, Spread, ledger, spreads
from roster.planning.outcome import Violation
from roster.planning.problem import Assignment, Shift
from roster.publishing import services as publishing
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels
from roster.words.names import Names

PAGE = 60
"""People of a page of the grid."""
BY_NAME = (Person.sort_key, Person.code)


@dataclass(frozen=True)
class Day:
    """One local date of the campaign."""

    on: date
    phase: Phase
    kind: DayClass
    is_today: bool

    @property
    def is_free(self) -> bool:
        return self.kind in ("holiday", "substitute")


@dataclass(frozen=True)
class Chip:
    """A shift of somebody on a day."""

    shift: Shift
    letters: str
    pinned: bool
    bad: bool
    waits: str = ""
    """Put there from outside without their consent yet: asked, refused or expired."""


@dataclass(frozen=True)
class Cell:
    """A person's day. ``want`` is the wish for that date: on, off or None."""

    chips: tuple[Chip, ...]
    away: bool
    want: str | None


@dataclass(frozen=True)
class Row:
    person: Person
    line: Line
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Everything here speaks of what is shown: of the duty and unit asked for, else of the whole campaign.

    ``rows`` are those of one ``page``, ``people`` counts them all. ``shifts`` counts the shifts shown; ``gaps`` are
    those of the ``proof`` that concern them; ``unchecked`` names people shown whose overtime nobody could check;
    ``needs`` says of every shift how many people it needs. ``whole`` is what a filter hides.
    """

    campaign: Campaign
    source: str
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    people: int
    page: int
    cover: tuple[Cover, ...]
    findings: tuple[Finding, ...]
    spreads: tuple[Spread, ...]
    proof: Proof
    gaps: tuple[Gap, ...]
    unchecked: tuple[str, ...]
    shifts: int
    whole: Whole
    tet: HolidaySet | None
    most_load: int
    """Hundredths of a point of whoever carries most; at least 1."""
    taken: Snapshot
    assignments: tuple[Assignment, ...]
    names: Names
    needs: Mapping[int, int]
    doubts: Mapping[tuple[int, int], Doubt]
    """By (shift id, person id): of those assigned, who is not sure to serve then."""

    @property
    def phases(self) -> list[tuple[Phase, int]]:
        """Runs of days of one phase with their lengths."""
        runs: list[tuple[Phase, int]] = []
        for day in self.days:
            if runs and runs[-1][0] == day.phase:
                runs[-1] = (day.phase, runs[-1][1] + 1)
            else:
                runs.append((day.phase, 1))
        return runs

    @property
    def pages(self) -> int:
        return -(-self.people // PAGE)

    @property
    def missing(self) -> int:
        return sum(each.missing for each in self.cover)

    @property
    def unsure(self) -> int:
        return sum(each.unsure for each in self.cover)

    @property
    def blocking(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.blocks]

    @property
    def uncounted(self) -> list[Gap]:
        """Of what publishing asks a reason for, what neither ``missing`` nor ``unsure`` tells of."""
        return shown.uncounted(self.blocking, self.source, missing=self.missing, unsure=self.unsure)

    @property
    def hard(self) -> list[Finding]:
        return [each for each in self.findings if each.hard]

    @property
    def soft(self) -> list[Finding]:
        return [each for each in self.findings if not each.hard]


def load(
    campaign_id: int,
    *,
    now: datetime,
    source: str = "draft",
    duty: str | None = None,
    unit_id: int | None = None,
    page: int = 1,
    judged: publishing.Readiness | None = None,
) -> Grid:
    """The grid of the draft or of what is published; ``duty`` and ``unit_id`` (and below) narrow all that it says.

    ``page`` of the rows alone: a browser cannot lay out a province. ``judged``, when the caller has it already.
    """
    campaign = get_campaign(campaign_id)
    taken = snapshot.take(campaign_id, now=now)
    judged = judged or publishing.readiness(campaign_id, now=now)
    assignments = taken.assignments if source == "draft" else published(campaign_id, taken)
    tet = db.session.scalar(select(HolidaySet).filter_by(year=campaign.tet_year))
    days = days_of(campaign, tet, now=now)
    view = shown.view(taken, assignments, duty, unit_id)
    lines = {line.staff_id: line for line in ledger(taken.problem, assignments)}
    found = judged.violations if source == "draft" else ()
    waits = consents.states_of(campaign_id, now=now) if source == "draft" else {}
    told = findings([each for each in found if view.shows(each)], judged.names, taken)
    held = [each for each in assignments if (each.shift_id, each.staff_id) not in waits]
    gaps = tuple(gap for gap in judged.proof.gaps if view.shows_gap(gap))
    needs = shown.needs(taken, judged.stand.obligatory)
    doubts = unsure.among(taken, assignments, now=now)
    cover = tuple(cover_of([day.on for day in days], view.shifts, needs, held, gaps, doubts))
    listed = _listed(taken, assignments, view)
    page, some = _paged(listed, page)
    return Grid(
        campaign=campaign,
        source=source,
        days=days,
        people=len(listed),
        page=page,
        rows=tuple(_rows(some, taken, assignments, lines, days, view, found, waits)),
        cover=cover,
        findings=tuple(told),
        spreads=tuple(
            each for each in spreads(taken.problem, lines.values(), among=view.members) if duty in (None, each.duty)
        ),
        proof=judged.proof,
        gaps=gaps,
        unchecked=view.unchecked(taken, assignments),
        shifts=len(view.shifts),
        whole=shown.whole(needs, held, found),
        tet=tet,
        most_load=max([1, *(line.load for line in lines.values())]),
        taken=taken,
        assignments=assignments,
        names=judged.names,
        needs=needs,
        doubts=doubts,
    )


def _paged(listed: Sequence[int], page: int) -> tuple[int, Sequence[int]]:
    """The page, or the nearest that there is, and what is on it."""
    page = max(1, min(page, -(-len(listed) // PAGE)))
    return page, listed[(page - 1) * PAGE : page * PAGE]


def days_of(campaign: Campaign, tet: HolidaySet | None, *, now: datetime) -> tuple[Day, ...]:
    """The campaign's dates with phase and class."""
    length = (campaign.ends_on - campaign.starts_on).days + 1
    classes = day_classes(campaign.starts_on, campaign.ends_on)
    today = clock.local_date(now)
    dates = (campaign.starts_on + timedelta(days=n) for n in range(length))
    return tuple(
        Day(on, phase(on, tet.starts_on, tet.ends_on) if tet else "before", day_class(on, classes), on == today)
        for on in dates
    )


def published(campaign_id: int, taken: Snapshot) -> tuple[Assignment, ...]:
    """What the last revision says, for the people whom the snapshot knows."""
    held = select(Duty.shift_id, Duty.person_id).where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    known = taken.problem.person
    return tuple(Assignment(*each) for each in db.session.execute(held).tuples() if each[1] in known)


def units_in(campaign: Campaign) -> Sequence[Unit]:
    """The campaign's unit and those below it, for the filter."""
    return people.units(people.subtree_ids(campaign.unit_id))


def _listed(taken: Snapshot, assignments: Iterable[Assignment], view: View) -> list[int]:
    """Ids of the people of all rows, by name."""
    serving = {each.staff_id for each in assignments if each.shift_id in view.of_duty}
    sitting = {cell.person_id for cell in taken.cells.values()}
    person = taken.problem.person
    able = {each for each in view.people if view.duty is None or view.duty in person[each].duties or each in serving}
    asked = {each for each in able if person[each].duties or each in sitting}
    return list(db.session.scalars(select(Person.id).where(Person.id.in_(asked)).order_by(*BY_NAME)))


def _rows(
    listed: Sequence[int],
    taken: Snapshot,
    assignments: Sequence[Assignment],
    lines: Mapping[int, Line],
    days: Sequence[Day],
    view: View,
    found: Iterable[Violation],
    waits: Mapping[tuple[int, int], str],
) -> Iterable[Row]:
    on = _by_person_and_day(taken, assignments, view.of_duty, found, waits)
    statement = select(Person).where(Person.id.in_(listed)).options(joinedload(Person.unit)).order_by(*BY_NAME)
    for person in db.session.scalars(statement):
        away, wants = _away(taken, person.id), _wants(taken, person.id)
        cells = (Cell(tuple(on[person.id, day.on]), day.on in away, wants.get(day.on)) for day in days)
        yield Row(person, lines[person.id], tuple(cells))


def _by_person_and_day(
    taken: Snapshot,
    assignments: Sequence[Assignment],
    shifts: Mapping[int, Shift],
    found: Iterable[Violation],
    waits: Mapping[tuple[int, int], str],
) -> defaultdict[tuple[int, date], list[Chip]]:
    pinned = {
        (shift_id, taken.cells[seat].person_id)
        for shift_id, seats in taken.seats.items()
        for seat in seats
        if seat in taken.cells and taken.cells[seat].pinned
    }
    bad = {(shift, each.staff_id) for each in found if each.hard and each.staff_id for shift in each.shift_ids}
    on: defaultdict[tuple[int, date], list[Chip]] = defaultdict(list)
    for shift_id, person_id in sorted((each.shift_id, each.staff_id) for each in assignments):
        if shift_id in shifts:
            shift, key = shifts[shift_id], (shift_id, person_id)
            on[person_id, shift.local_date].append(
                Chip(shift, labels.short(shift.template), key in pinned, key in bad, waits.get(key, ""))
            )
    return on


def _away(taken: Snapshot, person_id: int) -> set[date]:
    found: set[date] = set()
    for each in taken.problem.absences_of.get(person_id, ()):
        first, last = clock.local_date(each.start), clock.local_date(each.end - timedelta(seconds=1))
        found |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return found


def _wants(taken: Snapshot, person_id: int) -> dict[date, str]:
    return {each.local_date: each.want for each in taken.problem.wishes_of.get(person_id, ())}
