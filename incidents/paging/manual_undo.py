"""*Gọi tay*: the result of a call is taken back within two minutes, as if it had not been tapped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from incidents.endings import services as endings
from incidents.escalation import calling, pages
from incidents.escalation.models import Ask
from incidents.escalation.targets import TargetPeople, marked
from incidents.paging import manual_rules
from incidents.paging.models import HandCall
from incidents.record import access, leadership, timeline, transitions
from incidents.record.models import Incident, Page
from notify.models import Message
from people import queries as people
from roster.resolver.resolution import DutyPerson


@dataclass(frozen=True)
class Undoable:
    """A call whose result can still be taken back, until ``until``."""

    person_id: int
    outcome: str
    codes: tuple[str, ...]
    taken: tuple[str, ...]
    """Of ``codes``, those that they took."""
    at: datetime
    by: str

    @property
    def until(self) -> datetime:
        return self.at + manual_rules.UNDO


def undoable(actor: Actor, *, now: datetime) -> list[Undoable]:
    """Results of the last two minutes that ``actor`` may take back, the newest first; one for each call."""
    wanted = (
        select(HandCall, Incident)
        .join(Incident, Incident.id == HandCall.incident_id)
        .where(HandCall.outcome != "", HandCall.done_at > now - manual_rules.UNDO, access.visible_to(actor, now=now))
        .order_by(HandCall.done_at.desc(), HandCall.incident_id)
    )
    calls: dict[tuple[int, datetime], list[tuple[HandCall, Incident]]] = {}
    for row, incident in db.session.execute(wanted):
        if access.may(actor, "incident.dispatch", incident, now=now):
            calls.setdefault((row.person_id, row.done_at), []).append((row, incident))
    return [_undoable(person_id, at, rows) for (person_id, at), rows in calls.items()]


def _undoable(person_id: int, at: datetime, rows: list[tuple[HandCall, Incident]]) -> Undoable:
    taken = tuple(incident.code for row, incident in rows if row.outcome == "taken")
    first = rows[0][0]
    # Who took one and could not do the others took it.
    outcome = "taken" if taken else first.outcome
    return Undoable(person_id, outcome, tuple(incident.code for _row, incident in rows), taken, at, first.by_name)


def undo(incidents: Collection[Incident], person_id: int, *, actor: Actor, now: datetime) -> Undoable:
    """Take back what was written of the last call to that person about ``incidents``: they are rung, and called, as if
    it had not been.

    Whom the next step has called meanwhile stays called. Raises ``Conflict`` when it is too late, or when somebody has
    acted on it since, ``Forbidden``.
    """
    for incident in incidents:
        access.ensure_visible(actor, incident, now=now)
        access.ensure_dispatch(actor, incident, now=now)
    named = person_id, {each.code for each in incidents}
    last = next((each for each in undoable(actor, now=now) if (each.person_id, set(each.codes)) == named), None)
    if last is None:
        raise Conflict("call.undo_late")
    person = people.person_by_id(person_id)
    with transaction() as session:
        mine = HandCall.person_id == person_id, HandCall.done_at == last.at
        rows = session.scalars(select(HandCall).where(*mine)).all()
        for row in sorted(rows, key=lambda each: each.incident_id):
            with transitions.changing(row.incident_id, actor, "call", now) as (_same, incident):
                access.ensure_dispatch(actor, incident, now=now)
                given_back = _take_back(session, incident, row, now)
                timeline.write(
                    session,
                    incident,
                    "call_undone",
                    actor,
                    now=now,
                    person=person.full_name,
                    person_id=person.id,
                    outcome=row.outcome,
                    given_back=given_back,
                )
            row.outcome, row.done_at, row.again_at, row.before = "", None, None, {}
    return last


def _take_back(session: Session, incident: Incident, row: HandCall, now: datetime) -> bool:
    """Whether it is out of the hands of the person who was said to have taken it."""
    at, mine = row.done_at, [Page.incident_id == incident.id, Page.person_id == row.person_id]
    answered = [*mine, Page.answered_at == at]
    has_it = incident.status, incident.acknowledged_by_id, incident.acknowledged_at
    had_it = row.outcome == "taken" and has_it == ("acknowledged", row.person_id, at)
    before = row.before["status"], row.before["by_id"]
    if row.outcome == "taken" and not had_it and before != (incident.status, incident.acknowledged_by_id):
        raise Conflict("call.undo_changed", incident=incident.code)
    session.execute(update(Page).where(*answered).values(answer=None, answered_at=None))
    leadership.taken_back(incident, row.person_id, at)
    reopened = update(Ask).where(Ask.incident_id == incident.id, Ask.answered_at == at)
    session.execute(reopened.values(state="open", answered_at=None, next_at=now))
    if not had_it:
        return False
    if row.before["status"] == "open":
        transitions.open_again(incident)
        _restore(incident, row.before, now)
        endings.reopened(session, incident, by=(row.person_id,), now=now)
        _call_again(session, incident, {row.person_id, *_silenced(session, incident, at)}, now)
    else:
        transitions.wake_up(incident)
        incident.acknowledged_by_id, incident.acknowledged_by = row.before["by_id"], row.before["by"]
        incident.acknowledged_at = _moment(row.before["at"])
        _restore(incident, row.before, now)
        endings.taken(session, incident, before=row.person_id, by=(row.before["by_id"], row.person_id), now=now)
    return True


def _silenced(session: Session, incident: Incident, at: datetime | None) -> Collection[int]:
    """Ids of everybody whose words were taken back unsent when the incident seemed taken."""
    topic = Message.topic == transitions.topic(incident.id)
    stopped = select(Message.person_id).where(topic, Message.state == "cancelled", Message.next_at == at)
    return {each for each in session.scalars(stopped.distinct()) if each is not None}


def _call_again(session: Session, incident: Incident, person_ids: Collection[int], now: datetime) -> None:
    """As they were called last, but all of them under one number: the next step waits for each. Who was only told,
    because they are absent, is not called for it, nor is who has left; who is absent since is not rung, and where that
    leaves nobody to wait for the next step follows at once."""
    called: defaultdict[tuple[str, str | None, int], list[DutyPerson]] = defaultdict(list)
    for last in _last_pages(session, incident, person_ids):
        if not last.away and last.person.active:
            called[last.rule, last.duty, last.step].append(marked(incident, last.person, now))
    escalation, before = incident.escalation, incident.escalation.fired
    again = [person for persons in called.values() for person in persons]
    away = {person.person_id for person in again if person.away_until is not None}
    is_there, is_due = len(away) < len(again), escalation.waits_for == "step"
    is_vain = is_due and bool(away) and not is_there and not _anybody_waits(session, incident, away)
    for (rule, duty, step), persons in called.items():
        escalation.fired = before  # calling counts one on
        following = ("next" if escalation.step > step else "again") if is_vain else ""
        then, meant = "others" if is_there else following, TargetPeople(rule, tuple(persons))
        calling.put(session, incident, meant, calling.ExtraCall("call", duty, step=step, then=then), now=now)
    if is_vain:
        escalation.next_at = now


def _last_pages(session: Session, incident: Incident, person_ids: Collection[int]) -> Sequence[Page]:
    """The newest of each of these people."""
    newest = select(func.max(Page.id)).where(Page.incident_id == incident.id, Page.person_id.in_(person_ids))
    return session.scalars(select(Page).where(Page.id.in_(newest.group_by(Page.person_id))).order_by(Page.id)).all()


def _anybody_waits(session: Session, incident: Incident, away: Collection[int]) -> bool:
    """Whether a message of the last call went to somebody else who has not answered."""
    return any(
        page.answer is None and page.channel != pages.BY_HAND and page.person_id not in away
        for page in transitions.latest_pages(session, incident)
    )


def _restore(incident: Incident, before: dict[str, Any], now: datetime) -> None:
    """The timer as it was; what was due meanwhile is due now."""
    escalation = incident.escalation
    escalation.next_at = max(_moment(before["next_at"]) or now, now)
    escalation.waits_for, escalation.held_duty = before["waits_for"], before["held_duty"]
    escalation.since = before["since"]
    escalation.arrives_at, escalation.arrived_at = _moment(before["arrives_at"]), _moment(before["arrived_at"])
    if before.get("snoozed_until"):  # not in what an older version wrote down
        escalation.snoozed_until = _moment(before["snoozed_until"])
        escalation.snooze_reason, escalation.snoozed_by = before["snooze_reason"], before["snoozed_by"]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
