"""Reading for the roster grid: people × days, with cover, loads and what the roster breaks. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select

from core.db import db
from core.text import fold
from people import queries as people
from people.models import Unit
from planning.coverage import Gap
from planning.fairness_ledger import Spread, ledger, spreads
from planning.problem import Assignment
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.consents import queries as consent_queries
from roster.coverage import unsure
from roster.coverage.doubt import Doubt
from roster.draft import grid_rows, judging, shown, shown_days
from roster.draft.findings import DraftFinding, findings
from roster.draft.grid_rows import DayCover, GridRoster, GridRow, cover_of
from roster.draft.judging import DraftBreaches, JudgedDraft
from roster.draft.shown import WholeCampaign
from roster.draft.shown_days import GridDay
from roster.snapshot import sitting, snapshot
from roster.snapshot.snapshot import Snapshot
from roster.sources.models import HolidaySet

PAGE = 60
"""People of a page of the grid."""


@dataclass(frozen=True)
class Grid:
    """Everything here speaks of what is shown: of the duty and unit asked for, else of the whole campaign.

    ``rows`` are those of one ``page``, ``people`` counts them all. ``shifts`` counts the shifts shown; ``gaps`` are
    those that concern them; ``unchecked`` names people shown whose overtime nobody could check;
    ``needs`` says of every shift how many people it needs. ``whole`` is what a filter hides.
    """

    campaign: Campaign
    source: str
    days: tuple[GridDay, ...]
    rows: tuple[GridRow, ...]
    people: int
    page: int
    listed: tuple[str, ...]
    """Codes of the people of the page, in the order of its rows."""
    found: int | None
    """Id of whoever was looked for."""
    cover: tuple[DayCover, ...]
    findings: tuple[DraftFinding, ...]
    spreads: tuple[Spread, ...]
    gaps: tuple[Gap, ...]
    unchecked: tuple[str, ...]
    shifts: int
    whole: WholeCampaign
    most_load: int
    """Of the person who carries most, in hundredths of a point; at least 1."""
    taken: Snapshot
    assignments: tuple[Assignment, ...]
    held: tuple[Assignment, ...]
    """Those of them that wait for nobody's consent."""
    needs: Mapping[int, int]
    doubts: Mapping[tuple[int, int], Doubt]
    """By (shift id, person id): of those assigned, who is not sure to serve then."""

    @cached_property
    def tet(self) -> HolidaySet | None:
        return db.session.scalar(select(HolidaySet).filter_by(year=self.campaign.tet_year))

    @cached_property
    def troubled(self) -> frozenset[date]:
        """Days on which a seat is empty or in doubt, time is left open, or a shift breaks a hard rule."""
        among = self.taken.problem.shift_of
        broken = {among[each].local_date for found in self.hard for each in found.breach.shift_ids if each in among}
        covers = zip(self.days, self.cover, strict=True)
        return frozenset(broken | {day.on for day, c in covers if c.missing or c.unsure or c.left_open})

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
        """The gaps for which publishing asks a reason, of which neither ``missing`` nor ``unsure`` tells."""
        return shown.uncounted(self.blocking, self.source, missing=self.missing, unsure=self.unsure)

    @property
    def hard(self) -> list[DraftFinding]:
        return [each for each in self.findings if each.hard]

    @property
    def soft(self) -> list[DraftFinding]:
        return [each for each in self.findings if not each.hard]


@dataclass(frozen=True)
class GridFilter:
    """What a grid shows of a campaign: ``duty`` and ``unit_id`` (and below) narrow all that it says.

    ``page`` of the rows alone, or that on which whoever is looked for stands (``find``: of a name or code, marks of
    letters aside): a browser cannot lay out a province.
    """

    source: str = "draft"
    duty: str | None = None
    unit_id: int | None = None
    page: int = 1
    find: str = ""
    only: frozenset[int] | None = None
    """Ids of people: the rows of those of them who are on the page are read alone; None: of all."""


def load(
    campaign_id: int,
    *,
    now: datetime,
    source: str = "draft",
    duty: str | None = None,
    unit_id: int | None = None,
    page: int = 1,
    find: str = "",
) -> Grid:
    """Return the grid of the draft or of what is published, as ``GridFilter`` says."""
    return load_shown(campaign_id, GridFilter(source, duty, unit_id, page, find), now=now)


def load_shown(campaign_id: int, asked: GridFilter, *, now: datetime) -> Grid:
    """Return what is asked for of the grid of the draft or of what is published."""
    draft, units = _taken(campaign_id, asked.source, now), shown.units_of(asked.unit_id)
    seen = judging.looked_at(draft, units, now=now)
    return _grid(_roster(draft, seen, asked, now), seen, units, asked, now=now)


def load_rows(campaign_id: int, asked: GridFilter, *, obligatory: frozenset[str], now: datetime) -> Grid:
    """Return the same for its rows and foot alone: ``gaps`` are those that the demand leaves open."""
    draft, units = _taken(campaign_id, asked.source, now), shown.units_of(asked.unit_id)
    seen = judging.rows_breaches(draft, units, obligatory=obligatory)
    return _grid(_roster(draft, seen, asked, now), seen, units, asked, now=now)


def _roster(draft: Snapshot, seen: DraftBreaches, asked: GridFilter, now: datetime) -> GridRoster:
    if asked.source == "draft":
        return _drafted(draft, seen, now)
    return GridRoster(draft, snapshot.published(draft))


def _taken(campaign_id: int, source: str, now: datetime) -> Snapshot:
    """With whoever is on the list that holds, even where they have left and the draft has them no more."""
    if source != "draft":
        return snapshot.as_published(snapshot.take(campaign_id, now=now, also=snapshot.holders(campaign_id)))
    draft = snapshot.take(campaign_id, now=now)
    left = snapshot.holders(campaign_id) - draft.problem.person.keys()
    return snapshot.take(campaign_id, now=now, also=left) if left else draft


def build_grid(draft: Snapshot, judged: JudgedDraft, *, now: datetime) -> Grid:
    """The whole grid of a draft that the caller has read and judged already."""
    return _grid(_drafted(draft, judged.seen, now), judged.seen, None, GridFilter(), now=now)


def _drafted(draft: Snapshot, seen: DraftBreaches, now: datetime) -> GridRoster:
    waits = consent_queries.states_of(draft.campaign_id, now=now)
    is_published = get_campaign(draft.campaign_id).revision > 0
    against = sitting.published_pairs(draft.campaign_id) if is_published else None
    return GridRoster(draft, draft.assignments, seen.violations, waits, against)


def _grid(
    roster: GridRoster,
    seen: DraftBreaches,
    units: frozenset[str] | None,
    asked: GridFilter,
    *,
    now: datetime,
) -> Grid:
    """``units``: codes of those that the filter by unit leaves; None without one."""
    taken, assignments, duty = roster.taken, roster.assignments, asked.duty
    campaign = get_campaign(taken.campaign_id)
    days = shown_days.days_of(campaign, now=now)
    view = shown.view(taken, (*assignments, *roster.gone), duty, units)
    lines = {line.staff_id: line for line in ledger(taken.problem, assignments)}
    held = tuple(each for each in assignments if (each.shift_id, each.staff_id) not in roster.waits)
    gaps = tuple(gap for gap in seen.gaps if view.shows_gap(gap))
    needs = shown.needs(taken, seen.obligatory)
    doubts = unsure.among(taken, view.concerned(assignments), now=now, known=seen.doubts)
    listed = grid_rows.listed(roster, view)
    found = _first_named(taken, listed, asked.find)
    page, some = _paged(listed, asked.page if found is None else listed.index(found) // PAGE + 1)
    read = [each for each in some if asked.only is None or each in asked.only]
    balance = spreads(taken.problem, lines.values(), among=view.members)
    return Grid(
        campaign=campaign,
        source=asked.source,
        days=days,
        people=len(listed),
        page=page,
        found=found,
        listed=tuple(taken.problem.person[each].code for each in some),
        rows=tuple(grid_rows.rows(roster, view, read, days, lines=lines, now=now)),
        cover=tuple(cover_of([day.on for day in days], view.shifts, needs, held, gaps=gaps, doubts=doubts)),
        findings=tuple(findings([each for each in roster.violations if view.shows(each)], seen.names, taken)),
        spreads=tuple(each for each in balance if duty in (None, each.duty)),
        gaps=gaps,
        unchecked=view.unchecked(taken, assignments),
        shifts=len(view.shifts),
        whole=shown.whole(needs, held, roster.violations),
        most_load=max([1, *(line.load for line in lines.values())]),
        taken=taken,
        assignments=assignments,
        held=held,
        needs=needs,
        doubts=doubts,
    )


def _first_named(taken: Snapshot, listed: Sequence[int], find: str) -> int | None:
    """Whose code it is, else who is called so first: a name that begins with it before one that has it somewhere."""
    wanted, person = fold(find), taken.problem.person
    if not wanted:
        return None
    names = [(each, fold(person[each].name), fold(person[each].code)) for each in listed]
    ways = (
        [each for each, _name, code in names if code == wanted],
        [each for each, name, _code in names if f" {wanted}" in f" {name}"],
        [each for each, name, _code in names if wanted in name],
    )
    return next((each for way in ways for each in way), None)


def _paged(listed: Sequence[int], page: int) -> tuple[int, Sequence[int]]:
    """The page, or the nearest that there is, and what is on it."""
    page = max(1, min(page, -(-len(listed) // PAGE)))
    return page, listed[(page - 1) * PAGE : page * PAGE]


def units_in(campaign: Campaign, taken: Snapshot, asked: int | None) -> Sequence[Unit]:
    """Return the units for the filter: those that have shifts or whose people may serve them, those between them and
    the campaign's unit, and the one that is ``asked`` for (id). Of the rest there is nothing to see."""
    ids, problem = people.unit_ids(), taken.problem
    concerned = {ids[code] for code in {each.unit for each in problem.shifts}}
    concerned |= {ids[each.unit] for each in problem.staff if each.duties}
    below = set(people.subtree_ids(campaign.unit_id))
    above = {each for chain in people.ancestors_of(concerned).values() for each in chain}
    return people.units((concerned | above) & below | ({asked} if asked else set()))
