"""What the events of a feed depend on, read in a few plain statements, whatever the number of events."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, func, or_, select

from core import clock, text
from core.db import db
from people import queries as people
from people.models import ContactMethod, DutyKind, Person, Unit
from roster.campaigns.models import Campaign
from roster.models import Duty, Rehearsal
from roster.resolver import numbers

CANCELLED_FOR = timedelta(days=60)
SHOWN_BEFORE = timedelta(days=400)
LONGEST_SHIFT = timedelta(days=3)


class Subject(NamedTuple):
    """What a feed is about; the columns of its row."""

    scope: str
    person_id: int | None = None
    unit_id: int | None = None
    campaign_id: int | None = None
    duty: str | None = None


class Options(NamedTuple):
    """How it is shown."""

    lang: str = "vi"
    phones: bool = False
    busy: bool = False


class Colleague(NamedTuple):
    name: str
    phone: str


class EventFacts(NamedTuple):
    """Everything that one event says. ``desk``: the number to ring, of a duty desk (``is_desk``) or else of an office.
    ``who`` is nobody in one's own calendar."""

    uid: str
    seat_id: int
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    drill: bool
    kind: str
    colour: str
    template: str
    form: str
    unit: str
    address: str
    campaign: str
    desk: str
    is_desk: bool
    who: Colleague | None
    beside: tuple[Colleague, ...]
    before: tuple[Colleague, ...]
    after: tuple[Colleague, ...]


def digest(fact: EventFacts, options: Options, edition: int) -> str:
    """Differs whenever the event's words may differ."""
    return hashlib.blake2b(repr((edition, options, fact)).encode(), digest_size=16).hexdigest()


def list_events(subject: Subject, options: Options, *, now: datetime) -> list[EventFacts]:
    """The events of a feed in order of start, each UID once: who has a seat stands before who lost it."""
    rows = _one_a_seat(db.session.execute(_statement(subject, options.lang, now)).all(), subject)
    around = FeedNeighbours(rows, with_phones=options.phones)
    facts = [_fact(row, subject, around) for row in rows]
    played = _played(subject, options, now)
    return sorted([*facts, *played], key=lambda fact: (fact.starts_at, fact.seat_id)) if played else facts


def scope_of(subject: Subject) -> list[Any]:
    """Return which duties belong to a feed, as conditions."""
    if subject.scope == "person":
        return [Duty.person_id == subject.person_id]
    if subject.scope == "campaign":
        return [Duty.campaign_id == subject.campaign_id]
    within = [Duty.unit_id.in_(people.subtree_ids(cast(int, subject.unit_id)))]
    return [*within, Duty.duty == subject.duty] if subject.scope == "duty" else within


def _statement(subject: Subject, lang: str, now: datetime) -> Select[Any]:
    scope = scope_of(subject)
    statement = _duties(lang).where(or_(Duty.cancelled_at.is_(None), Duty.cancelled_at > now - CANCELLED_FOR), *scope)
    # A campaign's own feed shows it whole, however long ago; the others forget after a good year.
    return statement if subject.scope == "campaign" else statement.where(Duty.ends_at > _since(scope, now))


def _duties(lang: str) -> Select[Any]:
    kind = DutyKind.name_en if lang == "en" else DutyKind.name_vi
    return (
        select(
            Duty.seat_id,
            Duty.shift_id,
            Duty.unit_id,
            Duty.duty,
            Duty.person_id,
            Duty.starts_at,
            Duty.ends_at,
            Duty.cancelled_at,
            Duty.sequence,
            Duty.changed_at,
            Duty.template,
            Duty.form,
            kind.label("kind"),
            DutyKind.colour,
            Person.full_name,
            Unit.name.label("unit"),
            Unit.address,
            Campaign.name.label("campaign"),
        )
        .join(Person, Person.id == Duty.person_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(DutyKind, DutyKind.code == Duty.duty)
        .join(Campaign, Campaign.id == Duty.campaign_id)
        .order_by(Duty.starts_at, Duty.seat_id, Duty.person_id)
    )


def _since(scope: list[Any], now: datetime) -> datetime:
    newest = db.session.scalar(select(func.max(Duty.ends_at)).where(*scope))
    # Counted from the newest duty, so that a sample of 2020 is not an empty calendar today.
    return min(newest, now) - SHOWN_BEFORE if newest else now - SHOWN_BEFORE


def _one_a_seat(rows: Sequence[Any], subject: Subject) -> list[Any]:
    """A seat with a current duty is never shown as cancelled; without one it is shown as its last holder lost it."""
    if subject.scope == "person":
        return list(rows)
    best: dict[int, Any] = {}
    for row in rows:
        kept = best.get(row.seat_id)
        if kept is None or _rank(row) > _rank(kept):
            best[row.seat_id] = row
    return list(best.values())


def _rank(row: Any) -> tuple[bool, int, datetime]:
    return row.cancelled_at is None, row.sequence, row.changed_at


class FeedNeighbours:
    """Who serves beside, before and after the shifts of a feed, by published duties of whatever campaign."""

    def __init__(self, rows: Sequence[Any], *, with_phones: bool) -> None:
        self._on: defaultdict[int, list[int]] = defaultdict(list)
        self._ending: defaultdict[Any, list[int]] = defaultdict(list)
        self._starting: defaultdict[Any, list[int]] = defaultdict(list)
        near = db.session.execute(_near(rows)).all() if rows else []
        for each in near:
            self._on[each.shift_id].append(each.person_id)
            self._ending[each.unit_id, each.duty, each.ends_at].append(each.person_id)
            self._starting[each.unit_id, each.duty, each.starts_at].append(each.person_id)
        names = {each.person_id: each.full_name for each in (*near, *rows)}
        phones = _phones(names) if with_phones else {}
        self._people = {each: Colleague(name, phones.get(each, "")) for each, name in names.items()}
        self._desks = numbers.to_ring_each({(row.unit_id, row.duty) for row in rows})

    def desk(self, row: Any) -> numbers.DialNumber:
        return self._desks[row.unit_id, row.duty]

    def person(self, person_id: int) -> Colleague:
        return self._people[person_id]

    def beside(self, row: Any) -> tuple[Colleague, ...]:
        return self._others(self._on[row.shift_id], row)

    def before(self, row: Any) -> tuple[Colleague, ...]:
        return self._others(self._ending[row.unit_id, row.duty, row.starts_at], row)

    def after(self, row: Any) -> tuple[Colleague, ...]:
        return self._others(self._starting[row.unit_id, row.duty, row.ends_at], row)

    def _others(self, ids: Iterable[int], row: Any) -> tuple[Colleague, ...]:
        return tuple(self._people[each] for each in dict.fromkeys(ids) if each != row.person_id)


def _near(rows: Sequence[Any]) -> Select[Any]:
    return (
        select(Duty.shift_id, Duty.unit_id, Duty.duty, Duty.starts_at, Duty.ends_at, Duty.person_id, Person.full_name)
        .join(Person, Person.id == Duty.person_id)
        .where(
            Duty.unit_id.in_(sorted({row.unit_id for row in rows})),
            Duty.duty.in_(sorted({row.duty for row in rows})),
            Duty.starts_at >= min(row.starts_at for row in rows) - LONGEST_SHIFT,
            Duty.starts_at <= max(row.ends_at for row in rows),
            Duty.cancelled_at.is_(None),
        )
        .order_by(Duty.starts_at, Duty.seat_id)
    )


def _phones(person_ids: Collection[int]) -> dict[int, str]:
    """The first phone of each of these people, as shown; one statement for the whole feed."""
    rows = db.session.execute(
        select(ContactMethod.person_id, ContactMethod.address)
        .where(ContactMethod.channel == "phone", ContactMethod.person_id.in_(person_ids))
        .order_by(ContactMethod.position.desc(), ContactMethod.id.desc())
    )
    return {row.person_id: text.format_phone(row.address) for row in rows}


def uid_of(subject: Subject, seat_id: int) -> str:
    """Return the UID of an event: in one's own calendar a seat that was lost must not hide the shift that others still
    have in the same program."""
    return f"seat-{seat_id}-person-{subject.person_id}" if subject.scope == "person" else f"seat-{seat_id}"


def _played(subject: Subject, options: Options, now: datetime) -> list[EventFacts]:
    """Duties that are played today in a rehearsal of what is published, at the time at which they are played.

    Until the day is over: who played is written nowhere, and tomorrow the roster may say others.
    """
    today = clock.at_local(clock.local_date(now))
    ended = func.coalesce(Rehearsal.ended_at, Rehearsal.ends_at)
    rehearsals = db.session.execute(
        select(Rehearsal.id, Rehearsal.campaign_id, Rehearsal.offset_seconds, Rehearsal.started_at)
        .add_columns(ended.label("ended"))
        .where(Rehearsal.source == "published", ended >= today)
        .order_by(Rehearsal.id)
    ).all()
    return [fact for each in rehearsals for fact in _rehearsal_events(each, subject, options)]


def _rehearsal_events(rehearsal: Any, subject: Subject, options: Options) -> list[EventFacts]:
    shift, begun, ended = timedelta(seconds=rehearsal.offset_seconds), rehearsal.started_at, rehearsal.ended
    rows = db.session.execute(
        _duties(options.lang).where(
            Duty.campaign_id == rehearsal.campaign_id,
            Duty.cancelled_at.is_(None),
            *scope_of(subject),
            Duty.starts_at < ended + shift,
            Duty.ends_at > begun + shift,
        )
    ).all()
    around = FeedNeighbours(rows, with_phones=options.phones)
    facts = [_fact(row, subject, around) for row in rows]
    return [
        fact._replace(
            uid=f"rehearsal-{rehearsal.id}-{fact.uid}",
            drill=True,
            starts_at=max(begun, fact.starts_at - shift),
            ends_at=min(ended, fact.ends_at - shift),
        )
        for fact in facts
    ]


def shift_facts(row: Any, desk: numbers.DialNumber) -> dict[str, Any]:
    """Return what an event says of its shift, whoever it is the event of."""
    names = ("seat_id", "starts_at", "ends_at", "colour", "template", "form", "unit", "address", "campaign")
    return {name: getattr(row, name) for name in names} | {"desk": desk.phone, "is_desk": desk.is_desk}


def _fact(row: Any, subject: Subject, around: FeedNeighbours) -> EventFacts:
    lost = row.cancelled_at is not None
    return EventFacts(
        **shift_facts(row, around.desk(row)),
        uid=uid_of(subject, row.seat_id),
        cancelled=lost,
        drill=False,
        kind=row.kind,
        who=None if subject.scope == "person" else around.person(row.person_id),
        beside=() if lost else around.beside(row),
        before=() if lost else around.before(row),
        after=() if lost else around.after(row),
    )
