"""Writing down: customers of KT1, calls to numbers outside, what authorities asked for and what was done, papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.coordination import queries
from compliance.coordination.models import ContactCall, Coordination, LoggedFile, StateCustomer
from core import audit
from core.actor import Actor
from core.calendar import dates
from core.db import insert_into, transaction
from core.errors import Conflict, FieldError, Invalid, NotFound, ensure_none
from core.files import content as files
from core.text import nfc, normalize_phone
from incidents.catalogue.models import Authority
from incidents.record import queries as incidents
from people import queries as people
from people.access import guard
from roster.days import phases

LONGEST, LONGEST_TEXT = 200, 4000
A_MOMENT = timedelta(minutes=1)
"""By how much a clock beside ours may run ahead."""
MOST_FILES = 20


@dataclass(frozen=True)
class CoordinationRequest:
    """A written request as it came. ``incident``: a code, or empty."""

    unit: str
    authority_id: int | None
    name: str
    number: str
    dated_on: date | None
    received_at: datetime | None
    scope: str
    due_at: datetime | None
    incident: str = ""


@dataclass(frozen=True)
class CoordinationStep:
    """``do``: answer (``text``, ``number``), hand_over (``text`` what, ``to`` whom), close."""

    do: str
    at: datetime | None
    text: str = ""
    number: str = ""
    to: str = ""


def save_customer(customer_id: int | None, typed: Mapping[str, str], *, actor: Actor, now: datetime) -> StateCustomer:
    """``typed``: unit (code), name, contact, phone, place, and days as ISO. Raises ``Invalid``, ``NotFound``."""
    with transaction() as session:
        row = session.get(StateCustomer, customer_id) if customer_id is not None else StateCustomer()
        if row is None:
            raise NotFound("coordination.no_customer")
        unit = people.unit_by_code(typed.get("unit", ""))
        guard.ensure(actor, "directory.write", unit.id, now=now)
        if customer_id is not None:
            guard.ensure(actor, "directory.write", row.unit_id, now=now)
        phone, since, until = _phone(typed.get("phone", "")), _day(typed, "valid_from"), _day(typed, "valid_to")
        ensure_none(
            [
                *_missing("name", typed.get("name", "")),
                *(f for name in ("name", "contact", "place") for f in _too_long(name, typed.get(name, ""), LONGEST)),
                *([] if phone else [FieldError("phone", "coordination.phone")]),
                *([FieldError("valid_to", "coordination.days")] if since and until and until < since else []),
            ]
        )
        row.unit_id, row.name, row.contact = unit.id, _line(typed["name"]), _line(typed.get("contact", ""))
        row.phone, row.place, row.valid_from, row.valid_to = phone, _line(typed.get("place", "")), since, until
        session.add(row)
        session.flush()
        audit.record(actor, "customer.save", "state_customer", row.id, now=now, unit=unit.code)
        return row


def rang(
    who: Authority | StateCustomer,
    *,
    answered: bool,
    remark: str = "",
    at: datetime | None = None,
    rang_by: str = "",
    actor: Actor,
    now: datetime,
) -> ContactCall:
    """Somebody rang the number by which they are reached at night. Raises ``Invalid``, ``Forbidden``."""
    with transaction() as session:
        if who.unit_id is None:  # 113 serves everybody, and whoever may ring at all may ring there
            guard.ensure_role(actor, "coordination.write", now=now)
        else:
            guard.ensure(actor, "coordination.write", who.unit_id, now=now)
        moment, said, caller = at or now, nfc(remark).strip(), _line(rang_by) or actor.name
        ensure_none(
            [
                *([] if moment <= now + A_MOMENT else [FieldError("at", "coordination.future")]),
                *_too_long("remark", said, LONGEST_TEXT),
                *_too_long("rang_by", caller, LONGEST),
            ]
        )
        is_authority = isinstance(who, Authority)
        phone = (who.phone_24h or who.phone) if isinstance(who, Authority) else who.phone
        row = ContactCall(
            authority_id=who.id if is_authority else None,
            customer_id=None if is_authority else who.id,
            at=moment,
            phone=phone,
            rang_by=caller,
            answered=answered,
            remark=said,
            written_at=now,
            written_by=actor.name,
            phase=phases.phase_at(who.unit_id, moment, None) if who.unit_id is not None else _enterprise_phase(moment),
        )
        session.add(row)
        session.flush()
        audit.record(actor, "contact.rang", "contact_call", row.id, now=now, answered=answered)
        return row


def receive(given: CoordinationRequest, *, actor: Actor, now: datetime) -> Coordination:
    """A written request has come. Raises ``Invalid`` at each field, ``NotFound``, ``Forbidden``."""
    unit = people.unit_by_code(given.unit)
    with transaction() as session:
        guard.ensure(actor, "coordination.write", unit.id, now=now)
        authority = session.get(Authority, given.authority_id) if given.authority_id is not None else None
        incident = incidents.readable(given.incident, actor, now) if given.incident else None
        name = _line(given.name) or (authority.name if authority else "")
        ensure_none([*_missing("name", name), *_request_faults(given, now)])
        at = given.received_at or now
        row = Coordination(
            unit_id=unit.id,
            authority_id=authority.id if authority else None,
            name=name,
            number=_line(given.number),
            dated_on=given.dated_on,
            received_at=at,
            scope=nfc(given.scope).strip(),
            due_at=given.due_at,
            incident_id=incident.id if incident else None,
            phase=phases.phase_at(unit.id, at, None),
            written_at=now,
            written_by=actor.name,
        )
        session.add(row)
        session.flush()
        audit.record(actor, "coordination.receive", "coordination", row.id, now=now, unit=unit.code)
        return row


def step(entry_id: int, version: int, given: CoordinationStep, *, actor: Actor, now: datetime) -> Coordination:
    """Answered, handed over or closed; what was said before stays. Raises ``Invalid``, ``Conflict``."""
    with transaction() as session:
        row = _locked(session, entry_id, actor, now)
        if row.version != version:
            raise Conflict("coordination.changed", state={"version": row.version, "state": row.state})
        at, said = given.at or now, nfc(given.text).strip()
        ensure_none(
            [
                *([] if row.received_at <= at <= now + A_MOMENT else [FieldError("at", "coordination.at")]),
                *_too_long("text", said, LONGEST_TEXT),
                *(_missing("text", said) if given.do != "close" else []),
                *(_missing("to", given.to) if given.do == "hand_over" else []),
            ]
        )
        _apply(row, given, said, at)
        row.version += 1
        audit.record(actor, f"coordination.{given.do}", "coordination", row.id, now=now)
        return row


def attach(about: str, unit_id: int, action: str, data: bytes, *, name: str, actor: Actor, now: datetime) -> LoggedFile:
    """The paper itself, as PDF or photo; the same file sent twice is one. Raises ``Invalid`` at ``file``."""
    guard.refuse_unless(actor, action, unit_id, now=now)
    file = files.read_file(data, name)
    with transaction() as session:
        guard.ensure(actor, action, unit_id, now=now)
        known = queries.files(about)
        if len(known) >= MOST_FILES and all(each.sent_sha256 != file.sent_sha256 for each in known):
            raise Conflict("coordination.many_files", most=MOST_FILES)
        values = {"about": about, **file.columns(), "added_at": now, "added_by": actor.name}
        session.execute(insert_into(LoggedFile).values(values).on_conflict_do_nothing())
        row = session.scalars(select(LoggedFile).filter_by(about=about, sent_sha256=file.sent_sha256)).one()
        audit.record(actor, "file.attach", "logged_file", row.id, now=now, about=about, sha256=row.sha256)
        return row


def _apply(row: Coordination, given: CoordinationStep, said: str, at: datetime) -> None:
    if given.do == "answer" and row.answered_at is None:
        row.answer, row.answer_number, row.answered_at = said, _line(given.number), at
        row.state = "answered" if row.state == "open" else row.state
    elif given.do == "hand_over" and row.handed_over_at is None:
        row.handed_over, row.handed_to, row.handed_over_at = said, _line(given.to), at
        row.state = "handed_over" if row.state != "closed" else row.state
    elif given.do == "close" and row.state in ("answered", "handed_over"):
        row.closed_at, row.state = at, "closed"
    else:
        raise Conflict("coordination.not_now", state={"state": row.state})


def _request_faults(given: CoordinationRequest, now: datetime) -> list[FieldError]:
    return [
        *_missing("number", given.number),
        *_missing("scope", given.scope),
        *_too_long("name", given.name, LONGEST),
        *_too_long("number", given.number, LONGEST),
        *_too_long("scope", given.scope, LONGEST_TEXT),
        *([] if given.dated_on else [FieldError("dated_on", "coordination.day")]),
        *([] if (given.received_at or now) <= now + A_MOMENT else [FieldError("received_at", "coordination.future")]),
        *(
            [FieldError("due_at", "coordination.due")]
            if given.due_at and given.due_at < (given.received_at or now)
            else []
        ),
    ]


def _locked(session: Session, entry_id: int, actor: Actor, now: datetime) -> Coordination:
    seen = queries.one(entry_id)
    guard.ensure(actor, "coordination.write", seen.unit_id, now=now)
    return session.scalars(
        select(Coordination)
        .where(Coordination.id == entry_id)
        .with_for_update(of=Coordination)
        .execution_options(populate_existing=True)
    ).one()


def _enterprise_phase(at: datetime) -> str | None:
    root = next(iter(people.root_units()), None)
    return phases.phase_at(root.id, at, None) if root else None


def _missing(name: str, value: str) -> list[FieldError]:
    return [] if _line(value) else [FieldError(name, "coordination.missing")]


def _too_long(name: str, value: str, most: int) -> list[FieldError]:
    return [FieldError(name, "coordination.long", {"most": most})] if len(value) > most else []


def _phone(typed: str) -> str:
    try:
        return normalize_phone(typed.strip()) if typed.strip() else ""
    except ValueError:
        return ""


def _day(typed: Mapping[str, str], name: str) -> date | None:
    given = typed.get(name, "").strip()
    found = dates.day(given)
    if given and found is None:
        raise Invalid("coordination.day", field=name)
    return found


def _line(typed: str) -> str:
    return " ".join(nfc(typed).split())
