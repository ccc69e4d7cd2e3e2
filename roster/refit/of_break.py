"""What a decision about the Tết break changes in campaigns: by day, shift and seat. Reads only."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from core.actor import Actor
from core.calendar.holidays import DayClass, Phase, day_class, phase
from people.access import guard
from planning.problem import Form
from roster.campaigns import demand_expansion
from roster.campaigns.models import Campaign
from roster.days import breaks
from roster.days.day_classes import listed
from roster.days.hour_percents import PayDay, rate
from roster.days.points_table import Worth
from roster.models import Shift
from roster.refit import reading
from roster.refit.deciding import BreakDecision
from roster.refit.seats import Columns, Refit, refit

_PAID: Mapping[DayClass, PayDay] = {
    "holiday": "holiday",
    "substitute": "rest",
    "weekly_rest": "rest",
    "ordinary": "ordinary",
}


PHASES: tuple[Phase, ...] = ("before", "during", "after")


@dataclass(frozen=True)
class DayChange:
    """``seats``: of that day's shifts that have not begun; ``points``: of all these, in hundredths, before and after;
    ``percents``: of an hour of overtime by day; ``begun``: seats of shifts that have, and whose hours count anew."""

    on: date
    phases: tuple[Phase, Phase]
    kinds: tuple[DayClass, DayClass]
    seats: int
    points: tuple[int, int]
    percents: tuple[int, int]
    begun: int = 0


@dataclass(frozen=True)
class CampaignBreak:
    """``values``: shift id → columns that change (phase, points); ``as_was``: shifts whose points stay, for they were
    published; ``refit``: what the demand of the new phase adds and takes."""

    campaign: Campaign
    days: tuple[DayChange, ...]
    values: Mapping[int, Mapping[str, Any]]
    as_was: int
    refit: Refit
    unused: tuple[Phase, ...] = ()
    """Phases that the demand knows, and that no day of the campaign is of any more."""
    is_theirs: bool = True
    """Whether seats are the actor's to change there; of others only what a break makes of them is told and written."""

    @property
    def seats(self) -> int:
        return sum(each.seats for each in self.days)

    @property
    def is_touched(self) -> bool:
        return bool(self.days or self.values or not self.refit.is_nothing)


@dataclass(frozen=True)
class BreakEffect:
    """``follows``: whether shifts follow the demand of their new phase; ``takes_people``: seats with people go, too."""

    decision: BreakDecision
    campaigns: tuple[CampaignBreak, ...]
    follows: bool
    takes_people: bool
    seen: Mapping[int, int]
    """Campaigns that are touched, by id, with the version of the draft that was looked at."""
    open: frozenset[int]
    """Ids of all campaigns that were looked at."""

    @property
    def stamp(self) -> str:
        """What was shown, so that only that is done."""
        told = [repr((self.decision.asked, sorted(self.decision.days.items())))]
        for each in self.campaigns:
            told.append(repr((each.campaign.id, self.seen[each.campaign.id], each.days, sorted(each.values.items()))))
            told.append(repr(each.refit))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def effect(decision: BreakDecision, *, follows: bool, takes_people: bool, actor: Actor, now: datetime) -> BreakEffect:
    """Return the effect in each campaign that is not closed: what of it that has not begun."""
    found, every = [], concerned(decision)
    for campaign in every:
        theirs = bool(guard.allowed(actor, "campaign.write", campaign.unit_id, now=now))
        one = _campaign_break(campaign, decision, follows=follows and theirs, takes_people=takes_people, now=now)
        one = replace(one, is_theirs=theirs)
        if one.is_touched:
            found.append(one)
    seen = {each.campaign.id: each.campaign.draft_version for each in found}
    return BreakEffect(decision, tuple(found), follows, takes_people, seen, frozenset(each.id for each in every))


def concerned(decision: BreakDecision) -> list[Campaign]:
    """The campaigns that it may touch."""
    return reading.open_campaigns(decision.first, decision.last, decision.asked.year)


def _campaign_break(
    campaign: Campaign, decision: BreakDecision, *, follows: bool, takes_people: bool, now: datetime
) -> CampaignBreak:
    phases = _phases(campaign, decision) if campaign.tet_year == decision.asked.year else {}
    every = reading.rows(campaign.id)
    shifts = [row for row in every if row.starts_at > now]
    there = reading.there(shifts, reading.published(campaign.id))
    span = campaign.starts_on, campaign.ends_on
    before, after = Worth(*span), Worth(*span, decision.classes(*span))
    signed = {each.id for each in there if any(seat.published for seat in each.seats)}
    values, as_was = dict[int, dict[str, Any]](), 0
    for row in shifts:
        columns = _values(row, phases, before, after)
        if row.id in signed and "points" in columns:
            columns = {name: value for name, value in columns.items() if name == "phase"}
            as_was += 1
        if columns:
            values[row.id] = columns
    fitted = Refit()
    if follows and phases:
        was, becomes = ([each for each in some if each["starts_at"] > now] for some in _asked(campaign, phases, after))
        fitted = refit(there, was, becomes, takes_people=takes_people)
    changes = _days(campaign, decision, phases, every, values=values, now=now)
    return CampaignBreak(campaign, changes, values, as_was, fitted, _unused(campaign, decision) if phases else ())


def _phases(campaign: Campaign, decision: BreakDecision) -> dict[date, tuple[Phase, Phase]]:
    """Days of the campaign whose phase changes."""
    both = {
        on: (phase(on, *decision.was), phase(on, *decision.becomes))
        for on in breaks.dates((campaign.starts_on, campaign.ends_on))
    }
    return {on: (was, becomes) for on, (was, becomes) in both.items() if was != becomes}


def _unused(campaign: Campaign, decision: BreakDecision) -> tuple[Phase, ...]:
    days = breaks.dates((campaign.starts_on, campaign.ends_on))
    before, after = ({phase(on, *rest) for on in days} for rest in (decision.was, decision.becomes))
    known = {row.phase for row in demand_expansion.below(campaign.unit_id)}
    return tuple(each for each in PHASES if each in before - after and each in known)


def _values(row: Shift, phases: Mapping[date, tuple[Phase, Phase]], before: Worth, after: Worth) -> dict[str, Any]:
    """Points change only where the decision changes what the hours are worth."""
    found: dict[str, Any] = {}
    if row.local_on in phases and row.phase != phases[row.local_on][1]:
        found["phase"] = phases[row.local_on][1]
    hours = row.starts_at, row.ends_at, cast(Form, row.form)
    becomes = after.points_for(*hours)
    if becomes != before.points_for(*hours) and becomes != (row.points, row.points_by):
        found |= {"points": becomes[0], "points_by": becomes[1]}
    return found


def _asked(
    campaign: Campaign, phases: Mapping[date, tuple[Phase, Phase]], worth: Worth
) -> tuple[list[Columns], list[Columns]]:
    """Return what the demand asks for on these days: of the phase before, and of that after."""
    rows = demand_expansion.below(campaign.unit_id)

    def columns_of(at: int) -> list[Columns]:
        return [
            demand_expansion.columns(on, row, worth)
            for on, both in phases.items()
            for row in rows
            if row.phase == both[at]
        ]

    return columns_of(0), columns_of(1)


def _days(
    campaign: Campaign,
    decision: BreakDecision,
    phases: Mapping[date, tuple[Phase, Phase]],
    shifts: Sequence[Shift],
    *,
    values: Mapping[int, Mapping[str, Any]],
    now: datetime,
) -> tuple[DayChange, ...]:
    before, after = listed(campaign.starts_on, campaign.ends_on), decision.classes(campaign.starts_on, campaign.ends_on)
    of_day = defaultdict[date, list[Shift]](list)
    for row in shifts:
        of_day[row.local_on].append(row)
    found = list[DayChange]()
    for on in breaks.dates((campaign.starts_on, campaign.ends_on)):
        kinds = day_class(on, before), day_class(on, after)
        own = [row for row in of_day[on] if row.starts_at > now]
        if on not in phases and kinds[0] == kinds[1] and not any(row.id in values for row in own):
            continue
        both = phases.get(on) or (phase(on, *decision.becomes),) * 2
        points = (
            sum(_seats(row) * row.points for row in own),
            sum(_seats(row) * values.get(row.id, {}).get("points", row.points) for row in own),
        )
        begun = sum(_seats(row) for row in of_day[on] if row.starts_at <= now) if kinds[0] != kinds[1] else 0
        found.append(DayChange(on, both, kinds, sum(map(_seats, own)), points, _percents(on, kinds), begun))
    return tuple(found)


def _percents(on: date, kinds: tuple[DayClass, DayClass]) -> tuple[int, int]:
    was, becomes = (rate(on, _PAID[kind], "day", overtime=True).percent for kind in kinds)
    return was, becomes


def _seats(row: Shift) -> int:
    return max(row.headcount, row.wanted or 0)
