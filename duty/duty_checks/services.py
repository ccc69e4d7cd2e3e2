"""An unannounced check: begun for some units, answered by those on duty there, closed by the worker.

Not answering raises nothing by itself: it is a check. Its messages are not urgent, so every call of an incident leaves
before them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core import audit
from core.actor import SYSTEM, Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.security import throttle
from core.text import nfc
from duty.duty_checks import notices, queries, rules
from duty.duty_checks.models import DutyCheck, DutyCheckAsk, DutyCheckUnit
from duty.on_duty import rehearsals
from people import queries as people
from people.access import guard
from people.links import answering
from roster.models import Rehearsal

LASTS = 15
"""Minutes, unless somebody says otherwise."""
SHORTEST, LONGEST = 5, 120
LONGEST_NOTE = 500
DEVICE_APART = timedelta(days=2)
"""A device whose clock is further off says nothing about when somebody answered."""


@dataclass(frozen=True)
class CheckWanted:
    """What is to be checked. ``who``: codes of people on duty there, None for all of them; ``second_yes``: said because
    it is night; ``rehearsal_id``: of an exercise that is running."""

    unit_ids: Sequence[int]
    who: Collection[str] | None = None
    note: str = ""
    minutes: int = LASTS
    second_yes: bool = False
    rehearsal_id: int | None = None


def start(wanted: CheckWanted, *, actor: Actor, now: datetime) -> DutyCheck:
    """Ask everybody who is on duty in these units now, each once.

    Raises Forbidden; NotFound; Conflict ``check.running`` (a unit is being checked), ``check.rehearsal_over``; Invalid
    by field: ``units`` (none, all, or nobody on duty there), ``second_yes``, ``minutes``, ``who``, ``note``.
    """
    with transaction() as session:
        for unit_id in wanted.unit_ids:
            guard.ensure(actor, "check.run", people.unit_by_id(unit_id).id, now=now)
        throttle.hold(throttle.key_of("duty-checks"))
        rehearsal = _rehearsal(wanted, now)
        serving = queries.on_now(now, rehearsal)
        running = queries.being_checked(now)
        _ensure_fit(wanted, serving, running, now)
        check = DutyCheck(
            asked_at=now,
            closes_at=now + timedelta(minutes=wanted.minutes),
            asked_by=actor.name,
            asked_by_person_id=actor.person_id,
            note=_note(wanted.note),
            at_night=rules.needs_second_yes(now),
            exercise=rehearsal is not None,
        )
        check.units = [DutyCheckUnit(unit_id=each, position=n) for n, each in enumerate(dict.fromkeys(wanted.unit_ids))]
        check.asks = _asks(wanted, serving)
        session.add(check)
        session.flush()
        _send(check, now)
        units = queries.unit_ids(check)
        audit.record(actor, "check.start", "duty-check", check.id, now=now, units=units, people=len(check.asks))
        return check


def _rehearsal(wanted: CheckWanted, now: datetime) -> Rehearsal | None:
    if wanted.rehearsal_id is None:
        return None
    found = rehearsals.get(wanted.rehearsal_id)
    if not rehearsals.is_running(found, now):
        raise Conflict("check.rehearsal_over", state={"ends_at": found.ends_at.isoformat()})
    return found


def _ensure_fit(wanted: CheckWanted, serving: queries.OnNow, running: Mapping[int, int], now: datetime) -> None:
    """``running``: unit → the check that is open there."""
    if not wanted.unit_ids:
        raise Invalid("check.no_unit", field="units")
    busy = next((each for each in wanted.unit_ids if each in running), None)
    if busy is not None:
        raise Conflict("check.running", state={"check": running[busy]}, name=people.unit_by_id(busy).name)
    if rules.is_everybody({*wanted.unit_ids, *running}, serving):
        raise Invalid("check.all_units", field="units", most=max(0, len(serving) - len(running.keys() & serving) - 1))
    empty = [each for each in wanted.unit_ids if each not in serving]
    if empty:
        names = ", ".join(unit.name for unit in people.units(empty))
        raise Invalid("check.nobody", field="units", names=names)
    if rules.needs_second_yes(now) and not wanted.second_yes:
        raise Invalid("check.second_yes", field="second_yes")
    if not SHORTEST <= wanted.minutes <= LONGEST:
        raise Invalid("check.minutes", field="minutes", least=SHORTEST, most=LONGEST)


def _asks(wanted: CheckWanted, serving: queries.OnNow) -> list[DutyCheckAsk]:
    served: dict[int, list[dict[str, int | str]]] = {}
    for unit_id in dict.fromkeys(wanted.unit_ids):
        for person_id, duty in serving[unit_id]:
            served.setdefault(person_id, []).append({"unit": unit_id, "duty": duty})
    if wanted.who is not None:
        named = {people.person_by_code(code).id: code for code in wanted.who}
        off = [code for person_id, code in named.items() if person_id not in served]
        if off or not named:
            raise Invalid("check.not_on_duty", field="who", names=", ".join(off))
        served = {person_id: duties for person_id, duties in served.items() if person_id in named}
    return [
        DutyCheckAsk(person_id=person_id, unit_id=duties[0]["unit"], duties=duties)
        for person_id, duties in served.items()
    ]


def _send(check: DutyCheck, now: datetime) -> None:
    away = queries.away(check)
    receivers = people.people_by_ids([each.person_id for each in check.asks if each.person_id not in away])
    channels = notices.ask(check, list(receivers.values()), now=now)
    for each in check.asks:
        each.channel = channels.get(each.person_id, "")


def answer(
    check_id: int,
    *,
    actor: Actor,
    now: datetime,
    person: str | None = None,
    note: str = "",
    device_at: datetime | None = None,
) -> DutyCheckAsk:
    """Somebody is on duty and says so; ``person``: the code of whom it is said for, else the person behind ``actor``.

    Whoever may note what holders of seats say may note this too, with how they heard it (``note``). The first answer
    stands. Raises NotFound; Conflict ``check.closed``, ``check.not_asked``; Forbidden; Invalid ``check.how``.
    """
    said = _note(note)
    with transaction() as session:
        check = queries.exclusively(session, check_id)
        meant = people.person_by_code(person).id if person is not None else actor.person_id
        ask = next((each for each in check.asks if each.person_id == meant), None)
        if ask is None:
            for unit_id in queries.unit_ids(check):
                guard.ensure(actor, "duty.confirm", unit_id, now=now)
            raise Conflict("check.not_asked", state={"check": check.id})
        own = actor.person_id == ask.person_id
        if not own:
            guard.ensure(actor, "duty.confirm", ask.unit_id, now=now)
            if not said:
                raise Invalid("check.how", field="note")
        if ask.answered_at is not None:
            return ask
        if not check.is_open(now):
            raise Conflict("check.closed", state={"closes_at": check.closes_at.isoformat()})
        trusted = device_at is not None and abs(device_at - now) <= DEVICE_APART
        ask.answered_at, ask.device_at = now, device_at if trusted else None
        ask.answered_by, ask.note = actor.name, said
        answering.put(ask, actor, ask.person_id)
        audit.record(actor, "check.answer", "duty-check", check_id, now=now, person=ask.person_id)
        notices.take_back(check_id, now=now, person_id=ask.person_id)
        return ask


def close_due(now: datetime) -> int:
    """Close what is over and send its sheet to who asked, once, however many workers run; how many."""
    over = select(DutyCheck.id).where(DutyCheck.closed_at.is_(None), DutyCheck.closes_at <= now)
    return sum(_close(check_id, now) for check_id in db.session.scalars(over.order_by(DutyCheck.id)).all())


def _close(check_id: int, now: datetime) -> bool:
    with transaction() as session:
        still = update(DutyCheck).where(DutyCheck.id == check_id, DutyCheck.closed_at.is_(None))
        if session.execute(still.values(closed_at=DutyCheck.closes_at)).rowcount != 1:  # type: ignore[attr-defined]
            return False
        check = queries.exclusively(session, check_id)
        notices.take_back(check_id, now=now)
        found = queries.counted(check)
        facts = {"asked": found.asked, "answered": found.answered, "unasked": len(found.unasked)}
        audit.record(SYSTEM, "check.close", "duty-check", check_id, now=now, **facts)
        notices.tell_result(check, now=now)
        return True


def ensure_visible(check: DutyCheck, actor: Actor, now: datetime) -> None:
    """Raise Forbidden unless the actor asked, or may note answers in every unit of it. Who asked reads the sheet also
    when their shift is over."""
    if actor.person_id is not None and actor.person_id == check.asked_by_person_id:
        return
    for unit_id in queries.unit_ids(check):
        guard.ensure(actor, "duty.confirm", unit_id, now=now)


def _note(note: str) -> str:
    tidy = " ".join(nfc(note).split())
    if len(tidy) > LONGEST_NOTE:
        raise Invalid("check.note_long", field="note", most=LONGEST_NOTE)
    return tidy
