"""The clocks of incidents, with what happened to them read for many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, and_, case, func, select
from sqlalchemy.orm import aliased

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Invalid
from core.form_values import fitting
from core.i18n import dt
from incidents.catalogue import queries as catalogue
from incidents.catalogue.clocks import Clock, Moments, Targets, clocks
from incidents.record import access, leadership, takings, timeline, transitions
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.record.timeline import SIGNS_OF_LIFE
from notify import queries as notify
from notify.models import Message

_First = aliased(Message)


def clocks_for(incident: Incident, now: datetime) -> list[Clock]:
    return clocks_by_incident([incident], now)[incident.id]


def clocks_by_incident(
    incidents: Sequence[Incident] | Sequence[Row[Any]], now: datetime, targets: Mapping[int, Targets] | None = None
) -> dict[int, list[Clock]]:
    """Incident id → its clocks, by the targets of its level as they are now (``targets``: if they are known)."""
    ids = [incident.id for incident in incidents if not is_untouched(incident)]
    called, signs, taken = _called(ids), _signs(ids), takings.takings_for(ids)
    targets = catalogue.targets() if targets is None else targets
    return {
        incident.id: clocks(
            _facts(incident, called.get(incident.id, NOBODY), signs, taken), targets[incident.severity], now
        )
        for incident in incidents
        if incident.severity in targets
    }


def is_untouched(incident: Incident | Row[Any]) -> bool:
    """Nothing was written down of it but that it was logged: nobody was called and nothing was heard."""
    return bool(incident.version <= 2)


@dataclass(frozen=True)
class _LeadershipCalls:
    """Calls to the leadership on duty: when the first message left, when one of them first showed that they know."""

    sent_at: datetime | None = None
    told_at: datetime | None = None


NOBODY = _LeadershipCalls()
LONGEST_WHOM = 200


def _facts(
    incident: Incident | Row[Any],
    called: _LeadershipCalls,
    signs: dict[int, datetime],
    taken: dict[int, takings.Takings],
) -> Moments:
    since = incident.clocks_from or incident.created_at
    mine = taken.get(incident.id, takings.NONE)
    return Moments(
        since,
        mine.first(since) or incident.acknowledged_at,
        _earliest(since, incident.leadership_told_at, called.told_at),
        _since(since, signs.get(incident.id)),
        incident.resolved_at or incident.closed_at,
        incident.shift_ends_at,
        called.sent_at,
        let_go_at(incident, mine),
    )


def let_go_at(incident: Incident | Row[Any], mine: takings.Takings) -> datetime | None:
    """Return from when on it waits to be taken again; ``None``: it does not."""
    since = incident.clocks_from or incident.created_at
    return mine.let_go_at if incident.status == "open" and mine.first(since) is not None else None


def _since(since: datetime, at: datetime | None) -> datetime | None:
    return at if at is not None and at >= since else None


def _earliest(since: datetime, *moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None and at >= since), default=None)


def _called(ids: Collection[int]) -> dict[int, _LeadershipCalls]:
    """Return what came of the calls to the leadership on duty, for each incident, since its clocks run.

    Told is who opened the page, answered, or lifted the receiver, at whichever of their numbers. That a mail or a text
    left tells nobody anything. What they did without such a call is the incident's own (``leadership.heard``).
    """
    if not ids:
        return {}
    rung = case((and_(Message.channel == "voice", Message.reported == "delivered"), Message.reported_at))
    moments = (
        Message.sent_at,
        case((Page.answer.in_(leadership.HEARD), Page.answered_at)),
        Page.opened_at,
        rung,
    )
    found = db.session.execute(
        select(Page.incident_id, *(func.min(each) for each in moments))
        .join(Incident, Incident.id == Page.incident_id)
        .outerjoin(_First, _First.id == Page.message_id)
        .outerjoin(Message, notify.same_call(_First))
        .where(
            Page.incident_id.in_(ids),
            Page.duty == leadership.DUTY,
            Page.created_at >= func.coalesce(Incident.clocks_from, Incident.created_at),
        )
        .group_by(Page.incident_id)
    )
    return {
        incident_id: _LeadershipCalls(sent_at, min((at for at in heard if at is not None), default=None))
        for incident_id, sent_at, *heard in found
    }


def _signs(ids: Collection[int]) -> dict[int, datetime]:
    if not ids:
        return {}
    last = (
        select(TimelineEntry.incident_id, func.max(TimelineEntry.at))
        .where(TimelineEntry.incident_id.in_(ids), TimelineEntry.kind.in_(SIGNS_OF_LIFE))
        .group_by(TimelineEntry.incident_id)
    )
    return dict(db.session.execute(last).tuples().all())


def tell_leadership(incident_id: int, *, whom: str, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Somebody told the leadership by word of mouth or telephone: who, whom, when.

    Raises ``Invalid`` without a name, ``Conflict`` when it was written down already.
    """
    with transitions.changing(incident_id, actor, "tell_leadership", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        named = fitting(whom.strip(), LONGEST_WHOM, "whom", _("Đã báo cho"))
        named = timeline.discreet(incident, named, actor, "whom")
        if not named:
            raise Invalid("incident.told_whom", field="whom")
        if incident.leadership_told_at is not None:
            raise Conflict(
                "incident.leadership_told",
                at=dt(incident.leadership_told_at),
                state={"code": incident.code, "at": incident.leadership_told_at, "by": incident.leadership_told_by},
            )
        incident.leadership_told_at, incident.leadership_told_by = now, actor.name
        timeline.write(session, incident, "leadership_told", actor, now=now, note=note, whom=named)
        return incident
