"""A campaign by unit and day as things stand now, put together from a few counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

from people import queries as people
from roster.by_unit import cells, queries, tree
from roster.by_unit.cells import Doubtful, Key
from roster.by_unit.queries import AnsweredSeat, Needed, Of
from roster.by_unit.tree import Node, SeatAnswers, UnitFacts
from roster.campaigns import approval
from roster.campaigns.models import Campaign
from roster.campaigns.rights import Shown
from roster.confirmations.listing import TO_RING
from roster.consents import queries as consents
from roster.coverage import drafted as draft_doubts, unsure
from roster.coverage.doubt import Doubt, HeldSeat
from roster.draft import shown_days
from roster.lists import queries as unit_lists
from roster.models import Duty
from roster.sources.models import HolidaySet
from roster.week import unlisted

Standing = Literal["published", "submitted", "draft", "empty", "shiftless"]
"""Of a unit: a list is published; it is drafted, and waits for approval or not; nobody is on it; it has no shifts."""


@dataclass(frozen=True)
class UnitState:
    """``revision``: the last one that changed the list; ``changed``: shifts that the draft gives to others;
    ``sending``: how far the unit's own list is where lists are collected (``roster.lists``), empty: it is not asked."""

    standing: Standing
    revision: int = 0
    changed: int = 0
    sending: str = ""


@dataclass(frozen=True)
class ByUnit:
    """``doubts``: of holders for whom nobody else on their shift stands in; ``states``: of units with
    demand, by id; ``in_all``: how many units the campaign is over, with demand or without."""

    campaign: Campaign
    source: Shown
    days: tuple[shown_days.GridDay, ...]
    root: Node
    doubts: Mapping[HeldSeat, Doubt]
    states: Mapping[int, UnitState]
    in_all: int
    people: int
    """Who may serve in it."""

    @property
    def without(self) -> int:
        """Units that need nobody in this campaign."""
        return self.in_all - self.root.wanting

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        """Every unit with demand."""
        return tuple(self.root.leaves()) if self.root.children else ()

    @cached_property
    def unit_names(self) -> dict[int, str]:
        """Return the names of units with demand, by id."""
        return {each.unit.id: each.unit.name for each in self.leaves if each.unit is not None}

    @property
    def is_begun(self) -> bool:
        """Whether anybody is on any list, drafted or published."""
        return any(each.standing in ("published", "submitted", "draft") for each in self.states.values())

    @property
    def changed(self) -> int:
        return sum(each.changed for each in self.states.values())


def read_by_unit(campaign: Campaign, source: Shown, tet: HolidaySet | None, *, drafts: bool, now: datetime) -> ByUnit:
    """``drafts``: whether the reader may know what the draft says."""
    below = people.subtree_ids(campaign.unit_id)
    of = Of(campaign.id, source)
    counted = queries.counted(of)
    with_shifts = {each.unit_id for each in counted}
    demand = unlisted.with_demand(None).intersection(below) if campaign.state != "closed" else set()
    wanting = frozenset(demand | with_shifts)
    lists = queries.published(campaign.id) if campaign.revision else {}
    drafted = queries.drafted(campaign.id) if drafts or source == "draft" else set()
    # A draft that leaves nobody of a published list is one: whoever publishes it leaves all its seats empty.
    listed = frozenset({*drafted, *lists} if source == "draft" else lists)
    doubts = _doubts(campaign, source, now)
    doubtful = _doubtful(of, doubts)
    said, waiting = _said(of, campaign, now)
    days = shown_days.days_of(campaign, now=now)
    units = queries.units({*below, *wanting})
    facts = UnitFacts(
        tuple(day.on for day in days),
        units,
        campaign.unit_id,
        wanting,
        listed,
        cells.cells(counted, doubtful.values(), waiting, listed),
        said,
    )
    changed = queries.changed(campaign) if drafts and campaign.revision else {}
    states = _states(campaign, wanting, with_shifts, lists, drafted=drafted, changed=changed)
    for unit_id, sending in (unit_lists.states(campaign.id) if drafts else {}).items():
        if unit_id in states:
            states[unit_id] = replace(states[unit_id], sending=sending)
    shaky = {shift_id for shift_id, each in doubtful.items() if each.unsure}
    unsure_seats = {held: why for held, why in doubts.items() if held.shift_id in shaky}
    root = tree.build(facts)
    return ByUnit(campaign, source, days, root, unsure_seats, states, len(units), queries.people_in(below))


def short(found: ByUnit, unit_ids: Collection[int], *, now: datetime) -> list[tuple[Needed, int]]:
    """Shifts of these units that are not over and lack somebody, by start, and how many they lack."""
    of = Of(found.campaign.id, found.source, unit_ids)
    waits = _waits(of)
    known = {each.id: each for each in queries.short(of, now=now)}
    known |= {each.id: each for each in queries.shifts(of, waits) if each.ends_at > now}
    ordered = sorted(known.values(), key=lambda each: (each.starts_at, each.id))
    lacks = [(each, each.needed - min(each.needed, each.held - waits[each.id])) for each in ordered]
    return [(each, n) for each, n in lacks if n]


def _doubts(campaign: Campaign, source: Shown, now: datetime) -> Mapping[HeldSeat, Doubt]:
    if source == "draft":
        return draft_doubts.draft_doubts(campaign, now=now)
    found = unsure.found(Duty.campaign_id == campaign.id, now=now)
    return {HeldSeat.from_row(each): each.doubt for each in found}


def _waits(of: Of) -> Counter[int]:
    """Shift id → how many are in the draft who have not agreed to be there; what is published waits for nobody."""
    if of.source != "draft":
        return Counter()
    return Counter(shift_id for shift_id, _person in consents.waiting_seats(of.campaign_id))


def _doubtful(of: Of, doubts: Collection[HeldSeat]) -> dict[int, Doubtful]:
    """By shift id. Those who have not agreed are not there: whether they would be sure to come is no question."""
    waiting = consents.waiting_seats(of.campaign_id) if of.source == "draft" else set()
    waits = Counter(shift_id for shift_id, _person in waiting)
    doubted = Counter(each.shift_id for each in doubts if (each.shift_id, each.person_id) not in waiting)
    return {
        each.id: Doubtful(each.unit_id, each.on, each.needed, each.held, doubted[each.id], waits[each.id])
        for each in queries.shifts(of, waits.keys() | doubted.keys())
    }


def _said(of: Of, campaign: Campaign, now: datetime) -> tuple[dict[int, SeatAnswers], dict[Key, int]]:
    """Return what each unit's holders have said; and by unit and day, how many of those who begin soon have said
    nothing."""
    rows = queries.answers(of, now=now, soon=now + TO_RING) if campaign.revision else []
    waiting = defaultdict[Key, int](int)
    by_unit = defaultdict[int, list[AnsweredSeat]](list)
    for each in rows:
        by_unit[each.unit_id].append(each)
        if each.state is None and each.is_soon:
            waiting[each.unit_id, each.on] += each.seats
    return {unit_id: _sum(some) for unit_id, some in by_unit.items()}, waiting


def _sum(some: Iterable[AnsweredSeat]) -> SeatAnswers:
    seats = Counter[str | None]()
    for each in some:
        seats[each.state] += each.seats
    return SeatAnswers(seats.total(), seats["confirmed"], seats["refused"])


def _states(
    campaign: Campaign,
    wanting: Collection[int],
    with_shifts: Collection[int],
    lists: Mapping[int, int],
    *,
    drafted: Collection[int],
    changed: Mapping[int, int],
) -> dict[int, UnitState]:
    in_draft: Standing = "submitted" if approval.waits(campaign) else "draft"
    return {
        each: UnitState("published", lists[each], changed.get(each, 0))
        if each in lists
        else UnitState(in_draft if each in drafted else "empty" if each in with_shifts else "shiftless")
        for each in wanting
    }
