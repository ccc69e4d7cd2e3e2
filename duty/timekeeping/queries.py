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

from sqlalchemy import or_, select

from core import clock
from core.db import batched, db
from duty.attendance.deputies import queries as deputies
from duty.timekeeping import owed, sums, workers
from duty.timekeeping.reckoning import WorkPiece, WorkStretch, dates, reckon
from people.absences import spans as away
from people.models import Person
from roster.call_outs import queries as call_outs
from roster.call_outs.called import CallOutSpan
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.models import Duty, Shift

Span = tuple[datetime, datetime]
RealSpans = Callable[[Collection[int]], Mapping[int, Span]]
"""Duty ids → from when to when their holders really served, of those for whom that is known; others: as planned."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CountedDuty:
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
    stood_in_for: str = ""
    """Whose duty it was: the name of who had not come."""


@dataclass(frozen=True)
class CampaignHours:
    """One person in one campaign. ``served``: duties of every form that count, by time; ``to_come``: those that do not
    yet. ``calls``: call-outs that are over, by time (piece ``ref`` -1 is the first). ``beside``: minutes of ordinary
    work by date that no duty replaced."""

    person: Person
    served: tuple[CountedDuty, ...]
    calls: tuple[CallOutSpan, ...]
    pieces: tuple[WorkPiece, ...]
    to_come: tuple[CountedDuty, ...]
    beside: Mapping[date, int]

    @cached_property
    def lines(self) -> tuple[sums.MinutesLine, ...]:
        return sums.lines(self.pieces)

    @cached_property
    def sums(self) -> sums.Sums:
        return sums.Sums(self.lines)

    @cached_property
    def notes(self) -> list[owed.RestOwed]:
        return owed.notes(self.pieces, self.beside)

    @property
    def rest_owed(self) -> int:
        """Minutes."""
        return owed.rest_owed(self.notes)

    def pieces_of(self, ref: int) -> list[WorkPiece]:
        """Return the pieces of one duty (``ref``: its id), or of the n-th call-out (-n)."""
        return [each for each in self.pieces if each.ref == ref]


def hours_for_people(
    campaign: Campaign,
    asked: Iterable[Person],
    *,
    now: datetime,
    planned: bool = False,
    real: RealSpans = deputies.known_spans,
) -> dict[int, CampaignHours]:
    """Person id → their hours: of duties that are over, or (``planned``) of all that is published."""
    known = {each.id: each for each in asked}
    since, until = _around(campaign)
    aways = away.during(known, since, until)
    rows = _with_stints(_duties(known, since, until, aways, spans=real), known, since, until)
    calls = _calls(campaign, known, now)
    worked = {who: _stretches(rows[who], calls[who], None if planned else now) for who in known}
    of_each, work = workers.worker_days({who: each.work_pattern for who, each in known.items()}, worked, aways)
    found = {}
    for who, person in known.items():
        own = [each for each in rows[who] if each.campaign_id == campaign.id]
        counted = tuple(each for each in own if planned or each.ends_at <= now)
        to_come = tuple(each for each in own if not planned and each.ends_at > now)
        mine = {each.id for each in counted}
        pieces = tuple(each for each in reckon(worked[who], of_each[who]) if each.called or each.ref in mine)
        replaced = {on for each in rows[who] for on in each.replaces}
        beside = {on: minutes for on, minutes in work[who].items() if on not in replaced}
        found[who] = CampaignHours(person, counted, tuple(calls[who]), pieces, to_come, beside)
    return found


def _around(campaign: Campaign) -> Span:
    """The campaign with what is reckoned beside it: the whole of its first week, and what runs into that."""
    monday = campaign.starts_on - timedelta(days=campaign.starts_on.weekday())
    return clock.at_local(monday - _DAY), clock.at_local(campaign.ends_on + 3 * _DAY)


def _duties(
    known: Collection[int], since: datetime, until: datetime, aways: away.Aways, *, spans: RealSpans
) -> Mapping[int, list[CountedDuty]]:
    """Return person id → their duties, by time."""
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
    found: defaultdict[int, list[CountedDuty]] = defaultdict(list)
    for duty_id, who, campaign_id, unit_id, duty, template, form, starts_at, ends_at, replaces, refused in rows:
        real = times.get(duty_id)
        never = real is not None and real[0] == real[1]
        since, until = real if real is not None and not never else (starts_at, ends_at)
        absent = any(each.hits(starts_at, ends_at) for each in aways.get(who, ()))
        doubted = "absent" if absent else "refused" if refused else ""
        found[who].append(
            CountedDuty(
                id=duty_id,
                campaign_id=campaign_id,
                unit_id=unit_id,
                duty=duty,
                template=template,
                form=form,
                starts_at=since,
                ends_at=until,
                replaces=dates(starts_at, ends_at) if replaces else frozenset(),
                missed="never" if never else doubted if real is None else "",
            )
        )
    return found


def _with_stints(
    rows: Mapping[int, list[CountedDuty]], known: Collection[int], since: datetime, until: datetime
) -> Mapping[int, list[CountedDuty]]:
    """And what they served in the place of others who had not come."""
    found = defaultdict[int, list[CountedDuty]](list, {who: list(own) for who, own in rows.items()})
    for each in deputies.duties_for_people(known, since, until):
        duty = each.duty
        found[each.person_id].append(
            CountedDuty(
                id=duty.id,
                campaign_id=duty.campaign_id,
                unit_id=duty.unit_id,
                duty=duty.duty,
                template=duty.template,
                form=duty.form,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                replaces=dates(duty.starts_at, duty.ends_at) if duty.shift.replaces_work else frozenset(),
                stood_in_for=duty.person.full_name,
            )
        )
    for own in found.values():
        own.sort(key=lambda row: (row.starts_at, row.id))
    return found


def _calls(campaign: Campaign, known: Collection[int], now: datetime) -> Mapping[int, list[CallOutSpan]]:
    found: defaultdict[int, list[CallOutSpan]] = defaultdict(list)
    for each in call_outs.list_for_campaign(campaign.id, now=now, person_ids=known):
        if not each.out.running:
            found[each.person.id].append(each.out)
    for own in found.values():
        own.sort(key=lambda out: out.starts_at)
    return found


def _stretches(rows: Iterable[CountedDuty], calls: Sequence[CallOutSpan], until: datetime | None) -> list[WorkStretch]:
    onsite = [
        WorkStretch(each.starts_at, each.ends_at, each.id, replaces=each.replaces)
        for each in rows
        if each.form == "onsite" and not each.missed and (until is None or each.ends_at <= until)
    ]
    return onsite + [WorkStretch(out.starts_at, out.ends_at, -n, called=True) for n, out in enumerate(calls, 1)]


def campaigns_of(person: Person, since: datetime, until: datetime) -> Sequence[Campaign]:
    """Return those campaigns in which the person's duties, or those in which they stood in, ended in [since, until), by
    start."""
    own = or_(Duty.person_id == person.id, deputies.is_by(person.id))
    mine = select(Duty.campaign_id).where(own, Duty.cancelled_at.is_(None), Duty.ends_at >= since, Duty.ends_at < until)
    return db.session.scalars(select(Campaign).where(Campaign.id.in_(mine)).order_by(Campaign.starts_on)).all()
