"""The worker looks for those who are not where they serve: they are called, then those who could stand in. What comes
after that is an incident, which the package above raises (``incidents.coverage.no_shows``).

All that was done is in ``no_shows``, written with the calls in one commit: a worker that is killed loses nothing, and
two do nothing twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from core.db import db, insert_into, transaction
from duty.attendance import calls
from duty.attendance.calling_off import call_off, topic
from duty.attendance.calls import AttendanceCall
from duty.attendance.deputies import candidates
from duty.attendance.services import one_at_a_time
from notify import pause
from people import queries as people
from people.models import Person
from people.reference import KindFact
from roster.campaigns.models import Campaign
from roster.coverage import doubt
from roster.coverage.doubt import HeldSeat
from roster.models import Duty
from roster.presence import moments, queries
from roster.presence.models import NoShow

EVERY = timedelta(seconds=10)
LONGEST = timedelta(days=2)
"""No shift is longer: what began earlier is over."""
KNOWN = ("absent", "refused", "left")
"""Causes of doubt for which nobody is awaited: whoever plans knows already."""


def look(now: datetime) -> int:
    """Call whoever is to be called at ``now``; about how many seats that was. While sending is paused nobody is."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    current_app.extensions[__name__] = now
    rows = {row.duty_id: row for row in db.session.scalars(select(NoShow).where(NoShow.ended_at.is_(None)))}
    if not (_kinds() or rows) or pause.current() is not None:
        return 0
    missing = missing_now(now)
    for duty_id in sorted(rows):
        found = missing.get(duty_id)
        if found is None or found.sequence != rows[duty_id].sequence:
            _end(duty_id, now)
    due = _due(missing, rows, now)
    return _call(due["call"], now) + _ask_deputies(due["deputy"], missing, now)


def _kinds() -> dict[str, KindFact]:
    return {code: kind for code, kind in queries.asking().items() if kind.check_in_since is not None}


def missing_now(now: datetime) -> dict[int, Duty]:
    """Return them by id, the running duties whose holder should have come by now, has not, and is not known to stay
    away. Of campaigns that are closed, and of rehearsals, nobody is awaited."""
    kinds = _kinds()
    if not kinds:
        return {}
    wanted = (
        select(Duty)
        .join(Campaign, Campaign.id == Duty.campaign_id)
        .options(joinedload(Duty.person).selectinload(Person.contacts), joinedload(Duty.unit))
        .where(
            Duty.duty.in_(sorted(kinds)),
            Duty.form == "onsite",
            Duty.cancelled_at.is_(None),
            Duty.starts_at > now - LONGEST,
            Duty.starts_at <= now - moments.LATE_AFTER,
            Duty.ends_at > now,
            Campaign.state != "closed",
            ~queries.is_here(),
        )
        .order_by(Duty.starts_at, Duty.id)
    )
    found = [
        duty
        for duty in db.session.scalars(wanted)
        if queries.asked_of(duty, kinds) and moments.late_from(duty.starts_at, duty.changed_at) <= now
    ]
    doubts = doubt.find_doubts([HeldSeat.from_row(duty) for duty in found], now=now)
    causes = {each: why.cause for each, why in doubts.items()}
    return {duty.id: duty for duty in found if causes.get(HeldSeat.from_row(duty)) not in KNOWN}


def _due(missing: Mapping[int, Duty], rows: Mapping[int, NoShow], now: datetime) -> dict[str, list[Duty]]:
    due: defaultdict[str, list[Duty]] = defaultdict(list)
    for duty in missing.values():
        row = rows.get(duty.id)
        known = row if row is not None and row.sequence == duty.sequence else None
        late_at = moments.late_from(duty.starts_at, duty.changed_at)
        step = moments.step_due(late_at, known.called_at if known else None, known.deputy_at if known else None, now)
        due[step or ""].append(duty)
    return due


def _call(duties: Sequence[Duty], now: datetime) -> int:
    if not duties:
        return 0
    with transaction():
        awaited = _still_missing(duties)
        values = [{"duty_id": each.id, "sequence": each.sequence, "called_at": now, "deputies": []} for each in awaited]
        if not values:
            return 0
        adding = insert_into(NoShow).values(values)
        again = {"sequence": adding.excluded.sequence, "called_at": now, "deputies": []}
        gone = {"deputy_at": None, "ended_at": None, "ended_as": None}
        # Missing once more, of a duty that has changed since: what was known of it has ended.
        adding = adding.on_conflict_do_update(
            index_elements=["duty_id"], set_=again | gone, where=NoShow.ended_at.is_not(None)
        )
        claimed = set(db.session.scalars(adding.returning(NoShow.duty_id)))
        mine = [each for each in awaited if each.id in claimed]
        calls.make([AttendanceCall(each.person, _key(each, now), [each], own=True) for each in mine], now=now)
        return len(mine)


def _ask_deputies(duties: Sequence[Duty], missing: Mapping[int, Duty], now: datetime) -> int:
    if not duties:
        return 0
    barred = {each.person_id for each in missing.values()}
    chosen = candidates.deputies_for(duties, barred, now)
    with transaction():
        mine = [each for each in _still_missing(duties) if _claimed(each, chosen[each.id], now)]
        asked: defaultdict[int, list[Duty]] = defaultdict(list)
        for duty in mine:
            for person_id in chosen[duty.id]:
                asked[person_id].append(duty)
        persons = people.people_by_ids(asked)
        about = [
            AttendanceCall(
                persons[who], _key(mine[0] if len(theirs) > 1 else theirs[0], now) + "/deputy", theirs, own=False
            )
            for who, theirs in sorted(asked.items())
        ]
        calls.make(about, now=now)
        return len(mine)


def _claimed(duty: Duty, chosen: list[int], now: datetime) -> bool:
    """Whether it is this worker that calls them."""
    waits = update(NoShow).where(NoShow.duty_id == duty.id, NoShow.ended_at.is_(None), NoShow.deputy_at.is_(None))
    done = db.session.execute(waits.values(deputy_at=now, deputies=chosen))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _still_missing(duties: Iterable[Duty]) -> list[Duty]:
    """Until commit none of their holders can check in: who has meanwhile, or has lost the duty, is not called."""
    by_person = sorted(duties, key=lambda each: (each.person_id, each.id))
    for person_id in dict.fromkeys(each.person_id for each in by_person):
        one_at_a_time(person_id)
    ids = [each.id for each in by_person]
    current = select(Duty.id, Duty.sequence).where(Duty.id.in_(ids), Duty.cancelled_at.is_(None), ~queries.is_here())
    missing = set(db.session.execute(current).tuples())
    return [each for each in by_person if (each.id, each.sequence) in missing]


def _end(duty_id: int, now: datetime) -> None:
    """Nobody is missed there any more, whatever the reason; what has not left of the calls is taken back."""
    with transaction():
        duty = db.session.get_one(Duty, duty_id)
        if duty.cancelled_at is None and duty.ends_at <= now:
            why = "over"
        elif queries.words_of([duty])[duty_id].check_in is not None:
            why = "arrived"
        else:
            why = "changed" if _is_another(duty) or not _is_known_away(duty, now) else "excused"
        ending = update(NoShow).where(NoShow.duty_id == duty_id, NoShow.ended_at.is_(None))
        db.session.execute(ending.values(ended_at=now, ended_as=why))
        call_off(duty_id, now)


def _is_another(duty: Duty) -> bool:
    row = db.session.get_one(NoShow, duty.id)
    return duty.cancelled_at is not None or row.sequence != duty.sequence


def _is_known_away(duty: Duty, now: datetime) -> bool:
    why = doubt.find_doubts([HeldSeat.from_row(duty)], now=now).get(HeldSeat.from_row(duty))
    return why is not None and why.cause in KNOWN


def _key(duty: Duty, now: datetime) -> str:
    return f"{topic(duty.id)}/{duty.sequence}/{now:%Y%m%d%H%M%S}"
