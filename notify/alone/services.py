"""Which suspect goes next, and what is noted when it has killed the process that carried it, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, text, true, update
from sqlalchemy.orm import Session, aliased

from core.db import db, transaction
from notify import delivery, pause
from notify.bundles import gathering, services as bundles
from notify.channels.registry import wholly_blocked
from notify.claims import QUIETLY, ClaimedMessage, ClaimedMessages, fenced, lease, locked, newest
from notify.deaths import rules, services as deaths
from notify.erasing import GONE, without_secrets
from notify.gateways import breakers
from notify.models import HAS_DIED, IS_PENDING, Delivery, Message
from notify.results import next_rung

MOST_LOOKED_AT = 50
_Killer = aliased(Message)


def is_any(*, now: datetime) -> bool:
    """Whether any suspect is due, its turn or not: a look without locks, by indexes that are mostly empty."""
    found = db.session.scalar(_due(now).limit(1)) is not None
    db.session.rollback()
    return found


def in_turn(*, now: datetime) -> Sequence[int]:
    """Suspects that may go now, the first to go first; a look without locks. The others wait for all of their urgency
    to leave."""
    if pause.current() is not None:
        return []
    down = breakers.blocked(now=now)
    but_not = wholly_blocked(down) if down else ()
    # Those that have died least often are the most likely to be innocent.
    order = Message.rank, Message.deaths_alone, Message.deaths, Message.next_at, Message.id
    line = _due(now).where(Message.channel.not_in(but_not)).order_by(*order).limit(MOST_LOOKED_AT)
    told = Message.id, Message.channel, Message.rank, Message.next_at, deaths.died_with().label("died")
    rows = db.session.execute(line.with_only_columns(*told)).all()
    # What is here for its company alone keeps its place: a first call is no later for what another call may do.
    suspects = [row for row in rows if row.died >= rules.SUSPECT_FROM]
    waiting = {key: _waits(*key, now) for key in {(row.channel, row.rank) for row in suspects}}
    behind = {row.id: waiting[row.channel, row.rank] for row in suspects}
    found = [row.id for row in rows if rules.is_its_turn(row.next_at, now, others_wait=behind.get(row.id, False))]
    db.session.rollback()
    return found


def claim(owner: str, *, now: datetime) -> ClaimedMessages | None:
    """Take the suspect that goes next, for a letter of its own; None when it is the turn of none."""
    for message_id in in_turn(now=now):
        with transaction() as session:
            first = locked(session, select(Message.id).where(Message.id == message_id, bundles.is_due(now)))
            together = _letter(session, first, now) if first is not None else []
            if together:
                return _in_plain_words(session, lease(session, together, owner, now), together)
    return None


def note_death(claimed: ClaimedMessages, how: str, *, now: datetime) -> None:
    """It has killed: in plain words the next time, and the person's next way at once. ``how`` its process ended.

    An urgent one is never given up; a notice is, after a few.
    """
    how = without_secrets(how)
    with transaction() as session:
        ours = set[int]()
        for (attempt, before), parts in _by_deaths(session, claimed).items():
            urgent, killed = parts[0].letter.urgent, before + 1
            values: dict[str, Any] = {"state": "pending", "next_at": rules.due_again(killed, now, urgent=urgent)}
            if rules.is_given_up(killed, urgent=urgent):
                values = {"state": "failed_permanent", **GONE}
            which = Message.id.in_([part.id for part in parts]), fenced(claimed, attempt), Message.state == "leased"
            noted = (
                update(Message)
                .where(*which)
                .values(
                    lease_owner=None,
                    leased_until=None,
                    deaths=Message.deaths + 1,
                    deaths_alone=killed,
                    last_error=how,
                    **values,
                )
            )
            marked = set(session.scalars(noted.returning(Message.id), execution_options=QUIETLY))
            ours |= marked
            for part in parts:
                if part.id in marked and part.ladder:
                    next_rung(part.ladder, part.rung, now=now)
        # Of what it noted as handed over before it died nothing else is said.
        if tried := [_delivery(part, how, now) for part in claimed.parts if part.id in ours]:
            session.execute(insert(Delivery), tried)


def cleared(claimed: ClaimedMessages) -> None:
    """It was carried alone, whatever became of it, and its process lives: it was in bad company."""
    ids = [part.id for part in claimed.parts]
    with transaction() as session:
        suspected = Message.id.in_(ids), Message.deaths > 0, Message.deaths_alone == 0
        session.execute(update(Message).where(*suspected).values(deaths=0), execution_options=QUIETLY)


def give_back(claimed: ClaimedMessages, *, now: datetime) -> None:
    """Nobody died: the sender was stopped, or lost the database. It goes again, and nothing is counted."""
    deaths.free_leases(claimed.owner, now=now, died=False)


def _due(now: datetime) -> Select[tuple[int]]:
    """Suspects, by themselves or by the company that they keep."""
    kinds: list[ColumnElement[bool]] = [and_(text(HAS_DIED), Message.deaths >= rules.SUSPECT_FROM - 1)]
    for deadly, column in ((deaths.deadly_topics, Message.topic), (deaths.deadly_addresses, Message.address)):
        found = db.session.scalars(deadly(now).distinct()).all()
        kinds += [column.in_(found)] if found else []
    # Not by the index of states: nearly all is due in a storm, and little of it a suspect.
    state = func.coalesce(Message.state, "")
    waiting = and_(state == "pending", Message.next_at <= now)
    left = and_(state == "leased", Message.leased_until <= now)
    good = or_(Message.good_until.is_(None), Message.good_until > now)
    # A clock that jumped ahead ends the lease of what a sender of this process has in hand.
    ours = Message.id.not_in(delivery.under_way())
    return select(Message.id).where(or_(*kinds), or_(waiting, left), ours, ~deaths.is_ordinary(now), good)


def _waits(channel: str, rank: int, now: datetime) -> bool:
    """Whether anything of that urgency, or more, that is not suspected has still to leave."""
    before = select(Message.id).where(
        text(IS_PENDING),
        Message.channel == channel,
        Message.rank <= rank,
        Message.next_at <= now,
        deaths.is_ordinary(now),
    )
    return db.session.scalar(before.limit(1)) is not None


def _letter(session: Session, first: Message, now: datetime) -> list[Message]:
    """It alone; what may have left with others goes again as it was. Nothing when somebody else has hold of that."""
    if not bundles.goes_again_with_others(first):
        return [newest(session, first, now, true())]
    leading = locked(session, bundles.leader(first, now))
    if leading is None:
        return []
    along = (gathering if gathering.is_gathered(leading) else bundles).companions(session, leading, now)
    return [leading, *along] if along is not None else []


def _in_plain_words(session: Session, claimed: ClaimedMessages, together: Sequence[Message]) -> ClaimedMessages:
    """Whose own words, or those of another call about the same, have killed is said in words that nobody wrote."""
    topics = {message.topic for message in together}
    killed = select(_Killer.id).where(text(HAS_DIED), _Killer.deaths_alone > 0, _Killer.topic.in_(topics))
    has_killed = bool(session.scalar(select(exists(killed))))
    return replace(claimed, plain=together[0].urgent and has_killed)


def _by_deaths(session: Session, claimed: ClaimedMessages) -> dict[tuple[int, int], list[ClaimedMessage]]:
    """(attempt, how often it has killed so far) → the parts of the claim."""
    ids = [part.id for part in claimed.parts]
    killed = dict(session.execute(select(Message.id, Message.deaths_alone).where(Message.id.in_(ids))).tuples().all())
    found: dict[tuple[int, int], list[ClaimedMessage]] = defaultdict(list)
    for part in claimed.parts:
        found[part.attempt, killed.get(part.id, 0)].append(part)
    return found


def _delivery(part: ClaimedMessage, how: str, now: datetime) -> dict[str, Any]:
    return {"message_id": part.id, "attempt": part.attempt, "at": now, "accepted": False, "answer": how, "detail": {}}
