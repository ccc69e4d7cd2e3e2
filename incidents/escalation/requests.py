"""Questions to single people about a running incident: put, repeated until there is an answer, and answered.

A question is a row (``Ask``); its moments are in the database, so that any worker puts it, and each moment once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.db import db, transaction
from core.errors import NotFound
from incidents.escalation import calling
from incidents.escalation.models import Ask
from incidents.escalation.targets import TargetDirectory, TargetPeople, as_duty_person, marked
from incidents.policies import selection
from incidents.record import states, transitions
from incidents.record.models import Incident, Page
from notify import outbox
from people import queries as people
from people.models import Person
from roster.resolver.resolution import DutyPerson

log = logging.getLogger(__name__)
ALONE = 2
"""So often the next person is asked alone; then the policy's steps are asked as well, one after the other."""
MOST_AT_ONCE = 200
OF_ONESELF = ("handover", "reassign", "more", "confirm")
"""Kinds that are answered by taking the incident, or by saying that one cannot come."""
WHILE_HELD = ("confirm", "arrival", "handover")
"""Kinds that make sense only while somebody has it."""


@dataclass(frozen=True)
class NewAsk:
    """A question to put. ``occasion``: what each person is asked about once at most; ``rule``: why these people (of
    the resolver); ``by``: who asks; ``duty``: the one for which they are asked."""

    kind: str
    occasion: str
    rule: str
    by: str
    duty: str | None = None
    note: str = ""


def put(
    session: Session,
    incident: Incident,
    new: NewAsk,
    *,
    persons: Iterable[DutyPerson],
    now: datetime,
    call: bool = True,
) -> list[Ask]:
    """Ask each of ``persons`` who has not been asked on this occasion yet; ``call``: now, else at the next moment."""
    known = set(
        session.scalars(
            select(Ask.person_id).where(
                Ask.incident_id == incident.id, Ask.kind == new.kind, Ask.occasion == new.occasion
            )
        )
    )
    made = []
    for person in persons:
        if person.person_id in known:
            continue
        ask = Ask(
            incident_id=incident.id,
            kind=new.kind,
            occasion=new.occasion,
            person_id=person.person_id,
            duty=new.duty,
            rule=new.rule,
            asked_by=new.by,
            note=new.note,
            created_at=now,
            state="open",
            turn=0,
            widened=0,
        )
        ask.next_at = now + _pause(incident, ask)
        session.add(ask)
        session.flush()
        made.append(ask)
        if call:
            _call(session, incident, ask, person, now=now)
    return made


def _call(session: Session, incident: Incident, ask: Ask, person: DutyPerson, *, now: datetime) -> None:
    _wait(incident, ask, now=now)
    meant = TargetPeople(ask.rule, (person,))
    calling.put(session, incident, meant, calling.ExtraCall(ask.kind, ask.duty, ask_id=ask.id), now=now)


def _pause(incident: Incident, ask: Ask) -> timedelta:
    """The policy's wait after that many calls. Somebody who only has to confirm that they know of
    what has been taken is not hurried in an exercise either."""
    policy = selection.unhurried(incident) if ask.kind == "confirm" else selection.policy_of(incident)
    return policy.pause(max(1, ask.turn))


def must_confirm(session: Session, incident: Incident, pages: Sequence[Page], *, now: datetime) -> None:
    """Everybody of this call goes on being called until they have answered, no matter who takes the incident.

    The step's call counts as theirs: the wait until the next one begins with it.
    """
    for page in {page.person_id: page for page in pages}.values():
        person = as_duty_person(people.person_by_id(page.person_id))
        put(
            session,
            incident,
            NewAsk("confirm", f"step/{page.step}", rule=page.rule, by="worker", duty=page.duty),
            persons=[person],
            now=now,
            call=False,
        )
    called = {page.person_id for page in pages}
    for ask in open_requests(incident.id):
        if ask.kind == "confirm" and ask.person_id in called:
            ask.turn += 1
            ask.next_at = now + _pause(incident, ask)


def due(now: datetime) -> list[int]:
    """Ids of questions whose next moment has come, the longest overdue first."""
    waiting = select(Ask.id).where(Ask.state == "open", Ask.next_at <= now)
    return list(db.session.scalars(waiting.order_by(Ask.next_at).limit(MOST_AT_ONCE)))


def ask_due(now: datetime) -> int:
    """Put every question whose moment has come once more; how many. A fault of one stops no other."""
    asked = 0
    for ask_id in due(now):
        try:
            asked += again(ask_id, now)
        except Exception:
            db.session.rollback()
            log.exception("question %s could not be put", ask_id)
    return asked


def again(ask_id: int, now: datetime) -> bool:
    """One question once more, in one transaction; whether it was still there to put."""
    with transaction() as session:
        incident_id = session.scalar(select(Ask.incident_id).where(Ask.id == ask_id))
        if incident_id is None:
            return False
        incident = transitions.exclusively(session, incident_id)
        ask = session.get_one(Ask, ask_id, populate_existing=True)
        if ask.state != "open" or ask.next_at is None or ask.next_at > now:
            return False
        if incident.status not in states.UNFINISHED or incident.is_exercise_over(now):
            _end(ask, now)
            return False
        if incident.status == "open" and ask.kind in WHILE_HELD:
            # The steps are calling them by themselves.
            ask.next_at = now + _pause(incident, ask)
            return False
        person = people.people_by_ids([ask.person_id]).get(ask.person_id)
        if person is None or not person.active:
            _end(ask, now)
        elif ask.kind in calling.BY_DUTY and _is_away(incident, person, now):
            _wait(incident, ask, now=now)
        else:
            _call(session, incident, ask, as_duty_person(person), now=now)
        if ask.kind in ("handover", "arrival") and (ask.turn > ALONE or ask.state != "open"):
            _widen(session, incident, ask, now=now)
        return True


def _is_away(incident: Incident, person: Person, now: datetime) -> bool:
    return marked(incident, person, now).away_until is not None


def _wait(incident: Incident, ask: Ask, *, now: datetime) -> None:
    """A turn without a call: the question stays, and is put again once the person is back."""
    ask.turn += 1
    ask.next_at = now + _pause(incident, ask)


def _end(ask: Ask, now: datetime) -> None:
    ask.state, ask.next_at, ask.answered_at = "ended", None, now


def _widen(session: Session, incident: Incident, ask: Ask, *, now: datetime) -> None:
    """Nobody answers: the policy's next step is asked as well. Only the first question of an occasion leads."""
    if _leader(session, ask).id != ask.id:
        return
    policy, directory = selection.policy_of(incident), TargetDirectory(incident, now)
    for _ in policy.steps:
        step = policy.steps[ask.widened % len(policy.steps)]
        ask.widened += 1
        asked: list[Ask] = []
        for target, meant in directory.called(step):
            others = [each for each in meant.people if each.person_id != incident.acknowledged_by_id]
            asked += put(
                session,
                incident,
                NewAsk(ask.kind, ask.occasion, rule=meant.rule, by=ask.asked_by, duty=target.duty),
                persons=others,
                now=now,
            )
        if asked:
            return


def open_requests(incident_id: int) -> list[Ask]:
    """Every question about an incident that is still open, the oldest first."""
    asked = select(Ask).where(Ask.incident_id == incident_id, Ask.state == "open")
    return list(db.session.scalars(asked.order_by(Ask.id)))


def still_called(incident: Incident) -> list[Ask]:
    """Who goes on being called although somebody has it: nobody may say that the calls have stopped."""
    if incident.status != "acknowledged":
        return []
    return [ask for ask in open_requests(incident.id) if ask.person_id != incident.acknowledged_by_id]


def mine(incident_id: int, person_id: int | None) -> list[Ask]:
    """Return those that wait for this person's answer."""
    return [ask for ask in open_requests(incident_id) if ask.person_id == person_id] if person_id is not None else []


def settle(session: Session, incident: Incident, person_id: int, *kinds: str, state: str, now: datetime) -> int:
    """Write down a person's answer to their open questions of these kinds; how many that were."""
    done = session.scalars(
        update(Ask)
        .where(Ask.incident_id == incident.id, Ask.person_id == person_id, Ask.state == "open", Ask.kind.in_(kinds))
        .values(state=state, next_at=None, answered_at=now)
        .returning(Ask.id)
    ).all()
    for ask_id in done:
        outbox.cancel(transitions.ask_topic(incident.id, ask_id), now=now)
    word = "confirmed" if state == "accepted" else "passed"
    session.execute(
        update(Page).where(Page.ask_id.in_(done), Page.answer.is_(None)).values(answer=word, answered_at=now)
    )
    return len(done)


def ask_further(session: Session, incident: Incident, asked: Sequence[Ask], *, now: datetime) -> None:
    """Nobody of those ``asked`` is there: the policy's next step is asked at once."""
    if asked:
        _widen(session, incident, _leader(session, asked[0]), now=now)


def find(ask_id: int, incident_id: int) -> Ask:
    """Raises ``NotFound("ask.unknown")``."""
    ask = db.session.get(Ask, ask_id, populate_existing=True)
    if ask is None or ask.incident_id != incident_id:
        raise NotFound("ask.unknown")
    return ask


def leave_to_others(session: Session, incident: Incident, ask: Ask, *, now: datetime) -> None:
    """Somebody cannot take over: when everybody asked has said so, the policy's next step is asked at once."""
    left = select(Ask.id).where(*_same_occasion(ask), Ask.state == "open").limit(1)
    if session.scalar(left) is None:
        _widen(session, incident, _leader(session, ask), now=now)


def _leader(session: Session, ask: Ask) -> Ask:
    return session.scalars(select(Ask).where(*_same_occasion(ask)).order_by(Ask.id).limit(1)).one()


def _same_occasion(ask: Ask) -> list[ColumnElement[bool]]:
    return [Ask.incident_id == ask.incident_id, Ask.kind == ask.kind, Ask.occasion == ask.occasion]
