"""Reading whom one reaches outside, whether they were rung, and what they asked for in writing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from compliance.coordination.models import ContactCall, Coordination, LoggedFile, StateCustomer
from core.db import db
from core.errors import NotFound
from incidents.catalogue.models import Authority

FRESH = timedelta(days=30)
"""For how long a number that answered is taken to answer still."""


@dataclass(frozen=True)
class Tested:
    """Somebody outside with the last call to them; ``fresh``: it was answered, and not too long ago."""

    row: Authority | StateCustomer
    call: ContactCall | None
    fresh: bool


def authorities(unit_ids: Collection[int] | None, on: date) -> list[Authority]:
    """Return those valid on a day that serve these units or everybody; ``None``: all."""
    wanted = select(Authority).options(joinedload(Authority.unit)).where(*_valid(Authority, on))
    if unit_ids is not None:
        wanted = wanted.where(or_(Authority.unit_id.is_(None), Authority.unit_id.in_(unit_ids)))
    return list(db.session.scalars(wanted.order_by(Authority.role, Authority.name, Authority.id)))


def customers_on(unit_ids: Collection[int], on: date) -> list[StateCustomer]:
    wanted = select(StateCustomer).options(joinedload(StateCustomer.unit))
    wanted = wanted.where(StateCustomer.unit_id.in_(unit_ids), *_valid(StateCustomer, on))
    return list(db.session.scalars(wanted.order_by(StateCustomer.name, StateCustomer.id)))


def untested_customers(found: Sequence[StateCustomer], since: datetime, until: datetime) -> list[StateCustomer]:
    """Return those whom nobody rang, or who did not answer, between two moments."""
    answered = set(
        db.session.scalars(
            select(ContactCall.customer_id).where(
                ContactCall.customer_id.in_([each.id for each in found]),
                ContactCall.answered,
                ContactCall.at >= since,
                ContactCall.at <= until,
            )
        )
    )
    return [each for each in found if each.id not in answered]


def tested(rows: Sequence[Authority] | Sequence[StateCustomer], now: datetime) -> list[Tested]:
    """Return them with their last calls, in the order given."""
    of = ContactCall.customer_id if rows and isinstance(rows[0], StateCustomer) else ContactCall.authority_id
    newest = select(func.max(ContactCall.id)).where(of.in_([each.id for each in rows])).group_by(of)
    calls = db.session.scalars(select(ContactCall).where(ContactCall.id.in_(newest))).all()
    last = {each.customer_id or each.authority_id: each for each in calls}
    return [Tested(each, last.get(each.id), _is_fresh(last.get(each.id), now)) for each in rows]


def _is_fresh(call: ContactCall | None, now: datetime) -> bool:
    return call is not None and call.answered and call.at >= now - FRESH


def calls_statement(unit_ids: Collection[int] | None) -> Select[tuple[ContactCall]]:
    """The log of calls to authorities and customers of these units, in no order."""
    wanted = (
        select(ContactCall)
        .outerjoin(Authority, Authority.id == ContactCall.authority_id)
        .outerjoin(StateCustomer, StateCustomer.id == ContactCall.customer_id)
    )
    if unit_ids is None:
        return wanted
    theirs = Authority.unit_id.in_(unit_ids) | (ContactCall.authority_id.is_not(None) & Authority.unit_id.is_(None))
    return wanted.where(or_(theirs, StateCustomer.unit_id.in_(unit_ids)))


def received(unit_ids: Collection[int], since: datetime, until: datetime) -> list[Coordination]:
    """Written requests by the moment at which they came, between two moments."""
    wanted = select(Coordination).where(
        Coordination.unit_id.in_(unit_ids), Coordination.received_at >= since, Coordination.received_at < until
    )
    return list(db.session.scalars(wanted.order_by(Coordination.received_at, Coordination.id)))


def about_incident(incident_id: int) -> list[Coordination]:
    return list(db.session.scalars(select(Coordination).filter_by(incident_id=incident_id).order_by(Coordination.id)))


def statement(unit_ids: Collection[int] | None) -> Select[tuple[Coordination]]:
    """Select them in no order; ``None``: of all units."""
    wanted = select(Coordination).options(joinedload(Coordination.unit), joinedload(Coordination.incident))
    return wanted if unit_ids is None else wanted.where(Coordination.unit_id.in_(unit_ids))


def listed(unit_ids: Collection[int] | None) -> list[Coordination]:
    """Return what waits for an answer first, by its deadline; then the newest."""
    waits = Coordination.state != "open"
    ordered = statement(unit_ids).order_by(waits, Coordination.due_at.is_(None), Coordination.due_at)
    return list(
        db.session.scalars(ordered.order_by(Coordination.received_at.desc(), Coordination.id.desc()).limit(500))
    )


def one(coordination_id: int) -> Coordination:
    """Raises ``NotFound``."""
    row = db.session.get(Coordination, coordination_id)
    if row is None:
        raise NotFound("coordination.unknown")
    return row


def files(about: str) -> list[LoggedFile]:
    return list(db.session.scalars(select(LoggedFile).filter_by(about=about).order_by(LoggedFile.id)))


def _valid(model: type[Authority] | type[StateCustomer], on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        or_(model.valid_from.is_(None), model.valid_from <= on),
        or_(model.valid_to.is_(None), model.valid_to >= on),
    )
