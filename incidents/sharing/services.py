"""Links to one incident: made, read, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Gone, Invalid, NotFound
from core.security import sealing, throttle, tokens
from incidents.record import access, queries
from incidents.record.models import Incident
from incidents.sharing import rules
from incidents.sharing.models import SharedIncident
from people.accounts.still_here import still_here


def share(code: str, news_at: datetime | None, *, actor: Actor, now: datetime) -> SharedIncident:
    """A link to how the incident stands, one for each who sends it: the same as long as it lives; it ends a day after
    the incident is closed. ``news_at`` (aware): when the group will hear more.

    Raises NotFound, Forbidden; Conflict with why it must not be in a group (``rules.why_not``); Invalid
    ``share.news_at``.
    """
    with transaction() as session:
        incident = queries.readable(code, actor, now)
        access.ensure_act(actor, incident, now=now)
        wrong = rules.why_not(incident, now)
        if wrong is not None:
            raise Conflict(wrong, state={"status": incident.status})
        if news_at is not None and news_at <= now:
            raise Invalid("share.news_at", field="news_at")
        throttle.hold(throttle.key_of("shared incident", f"{incident.id}/{actor.ref}"))
        known = session.scalars(_alike(incident, actor)).first()
        row = known if known is not None and url(known) else _new(incident, actor, now)
        row.news_at = news_at
        session.add(row)
        session.flush()
        told = {"link": row.id, "news_at": news_at.isoformat() if news_at else None}
        audit.record(actor, "incident.share", "incident", incident.code, now=now, **told)
        return row


def _alike(incident: Incident, actor: Actor) -> Select[tuple[SharedIncident]]:
    wanted = select(SharedIncident).where(SharedIncident.incident_id == incident.id, SharedIncident.ended_at.is_(None))
    return wanted.where(SharedIncident.owner == actor.ref).order_by(SharedIncident.id.desc())


def _new(incident: Incident, actor: Actor, now: datetime) -> SharedIncident:
    token = tokens.new_short_token()
    return SharedIncident(
        digest=tokens.digest(token),
        sealed=sealing.seal({"token": token}),
        incident_id=incident.id,
        made_at=now,
        made_by=actor.name,
        owner=actor.ref,
    )


def url(row: SharedIncident) -> str:
    """Empty where no SECRET_KEY opens it any more."""
    token = sealing.token_in(row.sealed)
    return f"{current_app.config['PUBLIC_URL']}/l/i/{token}" if token else ""


def opened(token: str, *, now: datetime) -> SharedIncident:
    """Raises NotFound for what was never a link; Gone for one that ended, also with its maker's account, and of an
    incident that must not be in a group any more."""
    wanted = select(SharedIncident).options(joinedload(SharedIncident.incident).joinedload(Incident.unit))
    row = db.session.scalar(wanted.where(SharedIncident.digest == tokens.digest(token)))
    if row is None:
        raise NotFound("share.unknown")
    if row.ended_at is not None or rules.why_not(row.incident, now) is not None:
        raise Gone("share.gone")
    if not still_here([row.owner], now):
        raise Gone("share.gone")
    return row


def live(incident: Incident) -> Sequence[SharedIncident]:
    """Links that nobody has taken back, the newest first; also those whose maker has gone, which open nothing."""
    wanted = select(SharedIncident).where(SharedIncident.incident_id == incident.id, SharedIncident.ended_at.is_(None))
    return db.session.scalars(wanted.order_by(SharedIncident.id.desc())).all()


def end(code: str, link_id: int, *, actor: Actor, now: datetime) -> None:
    """Whoever made it takes it back, or who directs the incident; twice does no harm. Raises NotFound, Forbidden."""
    with transaction() as session:
        incident = queries.readable(code, actor, now)
        row = session.get(SharedIncident, link_id)
        if row is None or row.incident_id != incident.id:
            raise NotFound("share.unknown")
        if row.owner != actor.ref:
            access.ensure_dispatch(actor, incident, now=now)
        if row.ended_at is None:
            row.ended_at = now
            audit.record(actor, "incident.unshare", "incident", incident.code, now=now, link=row.id)
