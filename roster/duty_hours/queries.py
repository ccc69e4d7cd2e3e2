"""What people of a campaign served, read and reckoned; whoever shows, closes or prints hours asks here.

Work in other campaigns is reckoned beside it, because it uses up normal hours and makes a night follow overtime by day;
only what belongs to the campaign is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import batched, db
from people import queries as people
from people.absences import spans as away
from people.models import Person
from roster.confirmations import queries as confirmations
from roster.days import day_classes
from roster.days.workdays import MARGIN, classes, work_rows
from roster.duty_hours import owed, sums
from roster.duty_hours.reckoning import Piece, Stretch, Worker, reckon
from roster.holidays import DayClass
from roster.models import Campaign, Duty, Shift
from roster.onduty import call_outs
from roster.onduty.called import CallOut
from roster.planning.problem import Absence
from roster.planning.time.normal_hours import BY_ROSTER, in_force
from roster.presence import queries as presence

Span = tuple[datetime, datetime]
RealSpans = Callable[[Collection[int]], Mapping[int, Span]]
"""Duty ids → from when to when their holders really served, of those for whom that is known; others: as planned."""
_MOMENT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Served:
    """A published duty with the times for which it counts. ``replaces``: the dates whose ordinary work it replaces.

    ``missed``: it does not count, because its holder was recorded absent (``absent``) or had said that they could not
    come (``refused``) and nobody noted that they came; or because it is known that they were not there (``never``).
    """

    id: int
    campaign_id: int
    unit_id: int
    duty: str
    template: str
    form: str
    starts_at: datetime
    ends_at: datetime
    replaces: frozenset[date]
    missed: str = ""


@dataclass(frozen=True)
class Hours:
    """One person in one campaign. ``served``: duties of every form that count, by time; ``to_come``: those that do not
    yet. ``calls``: call-outs that are over, by time (piece ``ref`` -1 is the first). ``beside``: minutes of ordinary
    work by date that no duty replaced."""

    person: Person
    served: tuple[Served, ...]
    calls: tuple[CallOut, ...]
    pieces: tuple[Piece, ...]
    to_come: tuple[Served, ...]
    beside: Mapping[date, int]

    @cached_property
    def lines(self) -> tuple[sums.Line, ...]:
        return sums.lines(self.pieces)

    @cached_property
    def sums(self) -> sums.Sums:
        return sums.Sums(self.lines)

    @cached_property
    def notes(self) -> list[owed.Note]:
        return owed.notes(self.pieces, self.beside)

    @property
    def rest_owed(self) -> int:
        """Minutes."""
        return owed.rest_owed(self.notes)

    def pieces_of(self, ref: int) -> list[Piece]:
        """Of one duty (its id), or of the n-th call-out (-n)."""
        return [each for each in self.pieces if each.ref == ref]


def of_people(
    campaign: Campaign,
    asked: Iterable[Person],
    *,
    now: datetime,
    planned: bool = False,
    real: RealSpans = presence.known_spans,
) -> dict[int, Hours]:
    """Person id → their hours: of duties that are over, or (``planned``) of all that is published."""
    known = {each.id: each for each in asked}
    since, until = _around(campaign)
    aways = away.during(known, since, until)
    rows = _duties(known, since, until, aways, real)
    calls = _calls(campaign, known, now)
    worked = {who: _stretches(rows[who], calls[who], None if planned else now) for who in known}
    workers, work = _workers(known, worked, aways)
    found = {}
    for who, person in known.items():
        own = [each for each in rows[who] if each.campaign_id == campaign.id]
        counted = tuple(each for each in own if planned or each.ends_at <= now)
        to_come = tuple(each for each in own if not planned and each.ends_at > now)
        mine = {each.id for each in counted}
        pieces = tuple(each for each in reckon(worked[who], workers[who]) if each.called or each.ref in mine)
        replaced = {on for each in rows[who] for on in each.replaces}
        beside = {on: minutes for on, minutes in work[who].items() if on not in replaced}
        found[who] = Hours(person, counted, tuple(calls[who]), pieces, to_come, beside)
    return found


def _around(campaign: Campaign) -> Span:
    """The campaign with what is reckoned beside it: the whole of its first week, and what runs into that."""
    monday = campaign.starts_on - timedelta(days=campaign.starts_on.weekday())
    return clock.at_local(monday - _DAY), clock.at_local(campaign.ends_on + 3 * _DAY)


def _duties(
    known: Collection[int], since: datetime, until: datetime, aways: away.Aways, spans: RealSpans
) -> Mapping[int, list[Served]]:
    """Of these people, by time."""
    columns = (Duty.id, Duty.person_id, Duty.campaign_id, Duty.unit_id, Duty.duty, Duty.template, Duty.form)
    wanted = (
        select(*columns, Duty.starts_at, Duty.ends_at, Shift.replaces_work, confirmations.is_refused())
        .join(Shift, Shift.id == Duty.shift_id)
        .where(Duty.cancelled_at.is_(None), Duty.starts_at >= since, Duty.starts_at < until)
        .order_by(Duty.starts_at, Duty.id)
    )
    some_at_once = (wanted.where(Duty.person_id.in_(some)) for some in batched(sorted(known)))
    rows = [row for each in some_at_once for row in db.session.execute(each).tuples()]
    times = spans([row[0] for row in rows])
    found: defaultdict[int, list[Served]] = defaultdict(list)
    for duty_id, who, campaign_id, unit_id, duty, template, form, starts_at, ends_at, replaces, refused in rows:
        real = times.get(duty_id)
        never = real is not None and real[0] == real[1]
        since, until = real if real is not None and not never else (starts_at, ends_at)
        absent = any(each.hits(starts_at, ends_at) for each in aways.get(who, ()))
        doubted = "absent" if absent else "refused" if refused else ""
        found[who].append(
            Served(
                id=duty_id,
                campaign_id=campaign_id,
                unit_id=unit_id,
                duty=duty,
                template=template,
                form=form,
                starts_at=since,
                ends_at=until,
                replaces=_dates(starts_at, ends_at) if replaces else frozenset(),
                missed="never" if never else doubted if real is None else "",
            )
        )
    return found


def _dates(starts_at: datetime, ends_at: datetime) -> frozenset[date]:
    first, last = clock.local_date(starts_at), clock.local_date(ends_at - _MOMENT)
    return frozenset(first + _DAY * offset for offset in range((last - first).days + 1))


def _calls(campaign: Campaign, known: Collection[int], now: datetime) -> Mapping[int, list[CallOut]]:
    found: defaultdict[int, list[CallOut]] = defaultdict(list)
    for each in call_outs.of_campaign(campaign.id, now=now, person_ids=known):
        if not each.out.running:
            found[each.person.id].append(each.out)
    for own in found.values():
        own.sort(key=lambda out: out.starts_at)
    return found


def _stretches(rows: Iterable[Served], calls: Sequence[CallOut], until: datetime | None) -> list[Stretch]:
    onsite = [
        Stretch(each.starts_at, each.ends_at, each.id, replaces=each.replaces)
        for each in rows
        if each.form == "onsite" and not each.missed and (until is None or each.ends_at <= until)
    ]
    return onsite + [Stretch(out.starts_at, out.ends_at, -n, called=True) for n, out in enumerate(calls, 1)]


def _workers(
    known: Mapping[int, Person], worked: Mapping[int, Sequence[Stretch]], aways: away.Aways
) -> tuple[dict[int, Worker], Mapping[int, Mapping[date, int]]]:
    """What the days of their work are for each of them, and the minutes of their ordinary work by date."""
    ends = [moment for own in worked.values() for each in own for moment in (each.starts_at, each.ends_at)]
    if not ends:
        return {who: Worker({}) for who in known}, {who: {} for who in known}
    first, last = clock.local_date(min(ends)), clock.local_date(max(ends))
    weeks, days, chosen = day_classes.weeks(), day_classes.listed(first - MARGIN, last), day_classes.normal_hours()
    patterns = {who: each.work_pattern if weeks.get(each.work_pattern) else BY_ROSTER for who, each in known.items()}
    by_pattern: dict[str, dict[date, DayClass]] = {}
    for pattern in set(patterns.values()):
        by_pattern[pattern] = own = classes(weeks.get(pattern, {}), first, last, days)
        if pattern == BY_ROSTER:  # nobody but the roster gives them rest: a weekend is a day like any other
            by_pattern[pattern] = {on: "ordinary" if kind == "weekly_rest" else kind for on, kind in own.items()}
    work: defaultdict[int, dict[date, int]] = defaultdict(dict)
    busy = {who: patterns[who] for who, own in worked.items() if own}
    for row in work_rows(busy, first, last, days, absences=_leave(worked, aways), patterns=weeks):
        work[row.staff_id][row.local_date] = row.minutes
    return {
        who: Worker(
            by_pattern[pattern],
            {on: min(minutes, in_force(chosen, pattern, on).day) for on, minutes in work[who].items()},
            by_roster=pattern == BY_ROSTER,
            chosen=chosen,
            pattern=pattern,
        )
        for who, pattern in patterns.items()
    }, work


def _leave(worked: Mapping[int, Sequence[Stretch]], aways: away.Aways) -> list[Absence]:
    """Who is away has no ordinary work that duty could make up for. What was noted only after a duty had made up for it
    does not make that duty another one."""
    return [
        Absence(who, each.starts_at, each.ends_at)
        for who, own in worked.items()
        for each in aways.get(who, ())
        if all(each.hits(duty.starts_at, duty.ends_at) for duty in own if duty.replaces and _touches(each, duty))
    ]


def _touches(leave: away.Away, duty: Stretch) -> bool:
    return leave.starts_at < duty.ends_at and duty.starts_at < leave.ends_at


def campaigns_of(person: Person, since: datetime, until: datetime) -> Sequence[Campaign]:
    """In which of them the person's duties ended in [since, until), by start."""
    mine = select(Duty.campaign_id).where(
        Duty.person_id == person.id, Duty.cancelled_at.is_(None), Duty.ends_at >= since, Duty.ends_at < until
    )
    return db.session.scalars(select(Campaign).where(Campaign.id.in_(mine)).order_by(Campaign.starts_on)).all()


def serving(
    campaign_id: int, units: Collection[int] | None, *, person_id: int | None = None, q: str = ""
) -> Select[tuple[Person]]:
    """People with published duty in the campaign, of these units (None: all) or this person, by name; ``q`` as in
    the directory."""
    holds = select(Duty.person_id).where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    wanted = select(Person).where(Person.id.in_(holds)).options(joinedload(Person.unit))
    if units is not None:
        wanted = wanted.where(or_(Person.unit_id.in_(sorted(units)), Person.id == person_id))
    for word in people.search_words(q):
        wanted = wanted.where(Person.search_key.contains(word, autoescape=True))
    return wanted.order_by(Person.sort_key, Person.code)
