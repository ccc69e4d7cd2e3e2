"""Call-outs of those who serve at home: work that nobody planned. They are told and counted, and forbid nothing.

Who had an incident from when to when is known above this package: ``incidents.routes`` registers
``incidents.record.holders``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, select

from core import clock
from core.db import BATCH, batched, db
from people import queries as people
from people.absences import spans as away
from people.models import Person
from planning.problem import Absence, Problem
from planning.rules.hours.ordinary_work import ORDINARY_WORK
from planning.rules.rest.between_shifts import REST
from roster.call_outs.called import CallOutSpan, Home, IncidentHolding, Onsite, call_outs
from roster.days.day_classes import listed, weeks
from roster.days.workdays import MARGIN, work_rows
from roster.models import Duty, Shift
from roster.presence import queries as presence
from roster.rulebook import queries as rule_queries

AHEAD = timedelta(days=3)
"""So far after a call-out duty on site is looked for: longer than any rest that a campaign may ask."""
SHOWN_FOR = timedelta(days=14)
"""So long somebody sees their own."""
_MOMENT = timedelta(microseconds=1)


class CallOutSource(Protocol):
    def __call__(self, person_ids: Collection[int], since: datetime, until: datetime) -> Sequence[IncidentHolding]: ...


class _Hooks:
    source: CallOutSource | None = None


def set_source(source: CallOutSource) -> None:
    _Hooks.source = source


@dataclass(frozen=True)
class CalledRest:
    """``required``: minutes of rest that the rules in force ask before what follows; None: they ask none."""

    person: Person
    out: CallOutSpan
    required: int | None

    @property
    def is_short(self) -> bool:
        return self.out.is_short(self.required)


@dataclass(frozen=True)
class CalledOut:
    """``ahead``: too little rest is left before what is still to come, the soonest first; ``others``: latest first."""

    ahead: tuple[CalledRest, ...]
    others: tuple[CalledRest, ...]


def split(found: Sequence[CalledRest], now: datetime) -> CalledOut | None:
    """Return them apart, for pages; None: nobody was called out."""
    if not found:
        return None
    ahead = [each for each in found if each.is_short and _coming(each) > now]
    others = tuple(each for each in found if each not in ahead)
    return CalledOut(tuple(sorted(ahead, key=lambda each: (_coming(each), each.person.id))), others)


def _coming(each: CalledRest) -> datetime:
    return each.out.following.starts_at if each.out.following is not None else each.out.ends_at


def list_for_campaign(
    campaign_id: int,
    *,
    now: datetime,
    duty: str | None = None,
    unit_id: int | None = None,
    person_ids: Collection[int] | None = None,
) -> list[CalledRest]:
    """Call-outs of those who served the campaign's duties at home, the latest first; of one kind, of one unit and
    those below, of some people."""
    within = None if unit_id is None else set(people.subtree_ids(unit_id))
    few = [] if person_ids is None or len(person_ids) > BATCH else [Duty.person_id.in_(sorted(person_ids))]
    if within is not None and len(within) <= BATCH:
        few.append(Duty.unit_id.in_(sorted(within)))
    return [
        each
        for each in _found(now, Duty.campaign_id == campaign_id, *few)
        if each.out.home.campaign_id == campaign_id
        and duty in (None, each.out.home.duty)
        and (person_ids is None or each.person.id in person_ids)
        and (within is None or each.out.home.unit_id in within)
    ]


def list_for_person(person_id: int, *, now: datetime) -> list[CalledRest]:
    """Their own of the last days, the latest first."""
    return _found(now, Duty.person_id == person_id, Duty.ends_at > now - SHOWN_FOR)


def minutes(found: Iterable[CalledRest]) -> dict[int, int]:
    """Person id → minutes called out."""
    total: defaultdict[int, int] = defaultdict(int)
    for each in found:
        total[each.person.id] += each.out.minutes
    return dict(total)


def _found(now: datetime, *where: ColumnElement[bool]) -> list[CalledRest]:
    begun = select(Duty.person_id, Duty.starts_at).where(_AT_HOME, Duty.starts_at <= now, *where)
    rows = db.session.execute(begun).tuples().all()
    if not rows or _Hooks.source is None:
        return []
    since = min(starts_at for _who, starts_at in rows)
    had: defaultdict[int, list[IncidentHolding]] = defaultdict(list)
    for each in _Hooks.source({who for who, _starts_at in rows}, since, now):
        had[each.person_id].append(each)
    if not had:
        return []
    known, facts = people.people_by_ids(had), _Facts(had, since, now)
    settings: dict[int, Problem] = {}
    found = []
    for who, spans in had.items():
        for out in call_outs(spans, facts.homes[who], facts.onsite[who], now):
            campaign_id = out.home.campaign_id
            if campaign_id not in settings:
                settings[campaign_id] = Problem((), (), settings=rule_queries.chosen(campaign_id))
            found.append(CalledRest(known[who], out, _required(settings[campaign_id], known[who], out.following)))
    return sorted(found, key=lambda each: (each.out.starts_at, each.person.id), reverse=True)


def _required(rules: Problem, person: Person, following: Onsite | None) -> int | None:
    """The person's own number, else the campaign's, else that of the law on the day."""
    if following is None:
        return None
    rule = ORDINARY_WORK if following.shift_id is None else REST
    if not rule.is_on(rules):
        return None
    own = person.limits.get(f"{rule.code}:minutes")
    return int(own) if own is not None else rule.number(rules, "minutes", on=clock.local_date(following.starts_at))


_AT_HOME = Duty.cancelled_at.is_(None) & (Duty.form != "onsite")


class _Facts:
    """The published duties of some people around [since, now), and their ordinary work."""

    def __init__(self, person_ids: Collection[int], since: datetime, now: datetime) -> None:
        self.homes: defaultdict[int, list[Home]] = defaultdict(list)
        self.onsite: defaultdict[int, list[Onsite]] = defaultdict(list)
        replaced: defaultdict[int, set[date]] = defaultdict(set)
        rows = list(_duties(person_ids, since - timedelta(days=1), now + AHEAD))
        really = presence.real_spans([row for row, _replaces in rows if row.form == "onsite"])
        for row, replaces in rows:
            if replaces:
                replaced[row.person_id] |= _dates(row.starts_at, row.ends_at)
            if row.form == "onsite":
                self.onsite[row.person_id].append(Onsite(*really[row.id], row.shift_id))
            elif row.starts_at <= now:
                home = Home(row.campaign_id, row.unit_id, row.duty, row.starts_at, row.ends_at)
                self.homes[row.person_id].append(home)
        self._add_work(person_ids, since, now + AHEAD, replaced)

    def _add_work(
        self, person_ids: Collection[int], since: datetime, until: datetime, replaced: Mapping[int, set[date]]
    ) -> None:
        first, last = clock.local_date(since), clock.local_date(until)
        patterns = {each.id: each.work_pattern for each in people.people_by_ids(person_ids).values()}
        aways = away.during(person_ids, since, until)
        leave = [Absence(who, each.starts_at, each.ends_at) for who, own in aways.items() for each in own]
        rows = work_rows(patterns, first, last, listed(first - MARGIN, last), absences=leave, patterns=weeks())
        for row in rows:
            if row.local_date not in replaced.get(row.staff_id, ()):
                self.onsite[row.staff_id].append(Onsite(row.start, row.end))


def _duties(person_ids: Collection[int], since: datetime, until: datetime) -> Iterable[tuple[Duty, bool]]:
    wanted = (
        select(Duty, Shift.replaces_work)
        .join(Shift, Shift.id == Duty.shift_id)
        .where(Duty.cancelled_at.is_(None), Duty.ends_at > since, Duty.starts_at < until)
        .order_by(Duty.starts_at, Duty.id)
    )
    for some in batched(sorted(person_ids)):
        yield from db.session.execute(wanted.where(Duty.person_id.in_(some))).tuples()


def _dates(starts_at: datetime, ends_at: datetime) -> set[date]:
    """The dates whose ordinary work a shift replaces: from its first minute's to its last one's."""
    return {clock.local_date(starts_at), clock.local_date(ends_at - _MOMENT)}
