"""After a change of SECRET_KEY: what the key before has sealed and signed gets today's.

Both keys open everything while SECRET_KEY_OLD is set. Run twice it changes nothing more; stopped half-way it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import String, select, type_coerce, update
from sqlalchemy.orm import Session

from compliance.inspector.models import InspectorLink
from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.models import Setting
from core.security import sealing, signatures, tokens
from desk.copy_secrets import kept_passphrase
from duty.sharing.models import SharedList
from incidents.mailboxes.models import Mailbox
from incidents.public_reports import codes, links
from incidents.public_reports.models import PublicReport
from incidents.sharing.models import SharedIncident
from notify.channels import push_keys
from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from notify.models import Message
from people.desks.models import DeskPin
from people.links.models import PersonalLink
from people.models import Unit
from people.notification_rules.models import ContactCode, Endpoint
from people.sign_in import pins
from roster.feeds.models import FeedAddress
from roster.lists.models import UnitList

AT_ONCE = 200
"""Rows of one transaction: nobody waits long for the writer."""
ADDRESSES: tuple[Any, ...] = (Endpoint, Message, ContactCode, PersonalLink)
SIGNED_BY = "secrets.signed_by"


def _seal_anew(_session: Session, row: Any) -> None:
    """With today's SECRET_KEY, so that its owner goes on reading it; what no key opens stays as it is, and works."""
    row.sealed = sealing.seal_anew(row.sealed)


_ANEW: dict[Any, Callable[[Session, Any], None]] = {
    Unit: codes.sign_anew,
    Gateway: gateways.sign_anew,
    PublicReport: links.sign_anew,
    **dict.fromkeys(
        (FeedAddress, PersonalLink, SharedList, UnitList, SharedIncident, InspectorLink, Mailbox), _seal_anew
    ),
}


@dataclass(frozen=True)
class ResealResult:
    """How many were sealed or signed anew; ``pins`` wait for their next use; ``lost`` is opened by no key."""

    sealed: int
    signed: int
    pins: int
    lost: tuple[str, ...]


def reseal(*, actor: Actor, now: datetime) -> ResealResult:
    """Everything, a few rows at a time."""
    lost = _secrets()
    sealed = sum(_addresses(model) for model in ADDRESSES)
    signed = _sign(now) if current_app.config["SECRET_KEY_OLD"] else 0
    waiting = sum(not pins.is_current(kept) for kept in db.session.scalars(select(DeskPin.pin_hash)))
    db.session.rollback()
    with transaction():
        audit.record(actor, "secrets.reseal", "secrets", "all", now=now, sealed=sealed, signed=signed)
    return ResealResult(sealed, signed, waiting, tuple(lost))


def _secrets() -> list[str]:
    """Gateways and the push key; the names of those that no key opens."""
    lost = []
    with transaction() as session:
        for row in session.scalars(select(Gateway)):
            if not gateways.seal_anew(row):
                lost.append(gateways.name_of(row))
        try:
            push_keys.seal_anew()
        except ValueError:
            lost.append("push key")
        if not kept_passphrase.seal_anew():
            lost.append("passphrase of copies")
    return lost


def _addresses(model: Any) -> int:
    """Count the addresses of devices and services that were sealed by the key before, or not at all, and seal them
    anew."""
    kept, done, after = type_coerce(model.address, String), 0, 0
    while True:
        wanted = select(model.id, kept).where(model.id > after).order_by(model.id).limit(AT_ONCE)
        rows = db.session.execute(wanted).all()
        db.session.rollback()
        if not rows:
            return done
        after = rows[-1][0]
        changed = {
            number: fresh for number, was in rows if (fresh := sealing.seal_address(sealing.unseal_address(was))) != was
        }
        if changed:
            done += len(changed)
            with transaction() as session:
                for number, fresh in changed.items():
                    session.execute(update(model).where(model.id == number).values(address=type_coerce(fresh, String)))


def _sign(now: datetime) -> int:
    """What hangs on walls and was told to providers goes on working; what is printed from now on has today's
    key."""
    today = tokens.signed(signatures.secret_keys()[0], SIGNED_BY)
    done = 0
    for model, some in _batches(now):
        with transaction() as session:
            for row in session.scalars(select(model).where(_key(model).in_(some))):
                _ANEW[model](session, row)
                done += 1
    with transaction() as session:
        session.merge(Setting(key=SIGNED_BY, value=today))
    return done


def _key(model: Any) -> Any:
    return model.digest if model is FeedAddress else model.id


def _batches(now: datetime) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Nothing when today's key has signed already."""
    signed_by = db.session.get(Setting, SIGNED_BY)
    if signed_by is not None and signed_by.value == tokens.signed(signatures.secret_keys()[0], SIGNED_BY):
        return
    wanted = (
        (Unit, select(Unit.id)),
        (Gateway, select(Gateway.id)),
        (FeedAddress, select(FeedAddress.digest).where(FeedAddress.ended_at.is_(None), FeedAddress.sealed != "")),
        (PersonalLink, select(PersonalLink.id).where(PersonalLink.ended_at.is_(None))),
        (SharedList, select(SharedList.id).where(SharedList.ended_at.is_(None))),
        (InspectorLink, select(InspectorLink.id).where(InspectorLink.ended_at.is_(None))),
        (UnitList, select(UnitList.id).where(UnitList.link_ended_at.is_(None))),
        (SharedIncident, select(SharedIncident.id).where(SharedIncident.ended_at.is_(None))),
        (PublicReport, select(PublicReport.id).where(PublicReport.at > now - links.STATUS_LIFE)),
    )
    for model, statement in wanted:
        found = db.session.scalars(statement).all()
        db.session.rollback()
        for start in range(0, len(found), AT_ONCE):
            yield model, found[start : start + AT_ONCE]
