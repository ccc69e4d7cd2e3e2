"""Links for inspectors: made, opened by a name, looked at, taken back. What was looked at is written down first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compliance.inspector.models import InspectorLink, InspectorLook, InspectorVisit
from compliance.register import queries
from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Gone, Invalid, NotFound
from core.form_values import fitting
from core.security import sealing, throttle, tokens
from core.security.throttle import AttemptLimit
from core.text import nfc
from people import queries as people
from people.access import guard
from people.accounts.still_here import still_here
from people.models import Unit, User

MOST_DAYS = 60
LONGEST_NAME = 120
OPENINGS = AttemptLimit(20, timedelta(hours=1))
"""Names given on one link, by whomever."""
SHOWN_LOOKS = 200


def make(directive_id: int, unit_code: str, made_for: str, days: int, *, actor: Actor, now: datetime) -> InspectorLink:
    """Reads the letter in the unit and all below. Raises NotFound, Forbidden, Invalid ``made_for``, ``days``."""
    unit = people.unit_by_code(unit_code)
    guard.ensure(actor, "inspector.manage", unit.id, now=now)
    whom = fitting(_tidy(made_for), LONGEST_NAME, "made_for", _("Cấp cho"))
    if not whom:
        raise Invalid("inspector.made_for", field="made_for")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("inspector.days", field="days", most=MOST_DAYS)
    with transaction() as session:
        queries.letter(directive_id)
        token = tokens.new_short_token()
        row = InspectorLink(
            digest=tokens.digest(token),
            sealed=sealing.seal({"token": token}),
            directive_id=directive_id,
            unit_id=unit.id,
            made_for=whom,
            made_at=now,
            made_by=actor.name,
            owner=actor.ref,
            expires_at=now + timedelta(days=days),
        )
        session.add(row)
        session.flush()
        told = {"unit": unit.code, "link": row.id, "made_for": whom, "days": days}
        audit.record(actor, "inspector.make", "directive", directive_id, now=now, **told)
        return row


def url(row: InspectorLink) -> str:
    """Empty where no SECRET_KEY opens it any more."""
    token = sealing.token_in(row.sealed)
    return f"{current_app.config['PUBLIC_URL']}/i/{token}" if token else ""


def end(link_id: int, *, actor: Actor, now: datetime) -> InspectorLink:
    """From now on it opens nothing; twice does no harm. Raises NotFound, Forbidden."""
    with transaction() as session:
        row = session.get(InspectorLink, link_id)
        if row is None:
            raise NotFound("inspector.unknown")
        guard.ensure(actor, "inspector.manage", row.unit_id, now=now)
        if row.ended_at is None:
            row.ended_at, row.ended_by = now, actor.name
            audit.record(actor, "inspector.end", "directive", row.directive_id, now=now, **_told(row))
        return row


def take_over(link_id: int, *, actor: Actor, now: datetime) -> InspectorLink:
    """The link is the actor's from now on: it opens again although its maker's account is closed. Raises NotFound,
    Forbidden, Gone, Conflict ``inspector.has_maker``."""
    with transaction() as session:
        row = session.get(InspectorLink, link_id)
        if row is None:
            raise NotFound("inspector.unknown")
        guard.ensure(actor, "inspector.manage", row.unit_id, now=now)
        if row.ended_at is not None or now >= row.expires_at:
            raise Gone("inspector.gone")
        if row.owner != actor.ref:
            if still_here([row.owner], now):
                raise Conflict("inspector.has_maker", person=row.made_by)
            was = {"was": row.owner}
            audit.record(actor, "inspector.take_over", "directive", row.directive_id, now=now, **_told(row), **was)
            row.owner, row.made_by = actor.ref, actor.name
        return row


def _told(row: InspectorLink) -> dict[str, Any]:
    return {"unit": row.unit.code, "link": row.id}


def left_behind(user: User, now: datetime) -> str:
    """Return what is said to whoever closes an account whose links had not ended."""
    wanted = select(func.count()).select_from(InspectorLink).where(InspectorLink.owner == f"user:{user.id}")
    count = db.session.scalar(wanted.where(InspectorLink.ended_at.is_(None), InspectorLink.expires_at > now)) or 0
    if not count:
        return ""
    return ngettext(
        "%(num)s đường dẫn cấp cho đoàn kiểm tra không mở được nữa: tiếp quản ở Công văn → Đoàn kiểm tra.",
        "%(num)s đường dẫn cấp cho đoàn kiểm tra không mở được nữa: tiếp quản ở Công văn → Đoàn kiểm tra.",
        count,
    )


def listed(directive_id: int, actor: Actor, now: datetime) -> list[InspectorLink]:
    """Return the letter's links in the actor's reach, the newest first."""
    reach = guard.reach(actor, "inspector.manage", now=now)
    wanted = select(InspectorLink).options(joinedload(InspectorLink.unit)).filter_by(directive_id=directive_id)
    rows = db.session.scalars(wanted.order_by(InspectorLink.id.desc()))
    return [row for row in rows if reach is None or row.unit_id in reach]


def looks(links: Sequence[InspectorLink]) -> list[InspectorLook]:
    """Return what was looked at on these links, the newest first."""
    wanted = select(InspectorLook).join(InspectorVisit).options(joinedload(InspectorLook.visit))
    wanted = wanted.where(InspectorVisit.link_id.in_([each.id for each in links]))
    return list(db.session.scalars(wanted.order_by(InspectorLook.id.desc()).limit(SHOWN_LOOKS)))


def opened(token: str, *, now: datetime) -> InspectorLink:
    """Raises NotFound for what was never a link; Gone for one that ended, also with its maker's account."""
    wanted = select(InspectorLink).options(joinedload(InspectorLink.unit), joinedload(InspectorLink.directive))
    row = db.session.scalar(wanted.where(InspectorLink.digest == tokens.digest(token)))
    if row is None:
        raise NotFound("inspector.unknown")
    if row.ended_at is not None or now >= row.expires_at or not still_here([row.owner], now):
        raise Gone("inspector.gone")
    return row


def enter(token: str, name: str, *, now: datetime) -> str:
    """Somebody says who they are; answers what their browser keeps. Raises NotFound, Gone, Invalid, Throttled."""
    link = opened(token, now=now)
    said = fitting(_tidy(name), LONGEST_NAME, "name", _("Họ tên, cơ quan người xem"))
    if not said:
        raise Invalid("inspector.name", field="name")
    throttle.take({throttle.key_of("inspector", str(link.id)): OPENINGS}, now=now)
    secret = tokens.new_short_token()
    with transaction() as session:
        session.add(InspectorVisit(link_id=link.id, digest=tokens.digest(secret), name=said, opened_at=now))
    return secret


def visit(link: InspectorLink, secret: str) -> InspectorVisit | None:
    """Who that is, if they said so on this link."""
    if not secret:
        return None
    return db.session.scalar(select(InspectorVisit).filter_by(link_id=link.id, digest=tokens.digest(secret)))


def look(visitor: InspectorVisit, page: str, what: str, *, now: datetime) -> None:
    """Written down before it is shown."""
    with transaction() as session:
        session.add(InspectorLook(visit_id=visitor.id, at=now, page=page, what=what))


def unit_within(link: InspectorLink, code: str) -> Unit:
    """Raises NotFound for what lies outside the link."""
    unit = people.find_unit(code)
    if unit is None or not people.is_within(unit.id, link.unit_id):
        raise NotFound("inspector.beyond")
    return unit


def _tidy(typed: str) -> str:
    return " ".join(nfc(typed).split())
