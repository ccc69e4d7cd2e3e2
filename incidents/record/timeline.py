"""The timeline of an incident: lines are appended to it, and tell who brought it where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core import i18n
from core.actor import Actor
from core.errors import Conflict
from incidents.record import discreet as rules
from incidents.record.models import Incident, TimelineEntry

DONE_BY = {"acknowledged": ("acknowledged", "taken_over"), "resolved": ("resolved",), "closed": ("closed", "ended")}
"""Timeline kinds that tell who brought an incident into a status."""


# Asked with every alarm: built once.
_LINES = (
    select(TimelineEntry)
    .where(TimelineEntry.incident_id.in_(bindparam("ids", expanding=True)), TimelineEntry.kind == bindparam("kind"))
    .order_by(TimelineEntry.id)
)


def write(
    session: Session, incident: Incident, kind: str, who: Actor | str, *, now: datetime, note: str = "", **params: Any
) -> TimelineEntry:
    """Append to the timeline; ``params`` are facts, never sentences."""
    entry = TimelineEntry(**line(incident, kind, who, now=now, note=note, **params))
    session.add(entry)
    incident.version += 1
    return entry


def line(
    incident: Incident, kind: str, who: Actor | str, *, now: datetime, note: str = "", **params: Any
) -> dict[str, Any]:
    """The fields of a line of the timeline, for callers that write many at once."""
    name = who if isinstance(who, str) else who.name
    if isinstance(who, Actor) and who.way:
        params = params | {"way": who.way}
    kept = rules.told(incident, note.strip(), who, "note")
    return {"incident_id": incident.id, "at": now, "who": name, "kind": kind, "params": params, "note": kept}


def count(session: Session, kind: str, said: Sequence[tuple[Incident, Actor, str]], *, now: datetime) -> None:
    """``write`` what machines say (``said``: of which incident, who, in which words), but the same one's lines of that
    kind are one line: the newest words, how many ``times``, and when ``last``.

    Tools repeat themselves for hours; a timeline of nothing else would hide what people did.
    """
    given = {"ids": list({incident.id for incident, _who, _note in said}), "kind": kind}
    lines = session.scalars(_LINES, given)
    counted = {(entry.incident_id, entry.who): entry for entry in lines if "times" in entry.params}
    for incident, who, note in said:
        entry = counted.get((incident.id, who.name))
        if entry is None:
            counted[incident.id, who.name] = write(session, incident, kind, who, now=now, note=note, times=1)
            continue
        entry.params = entry.params | {"times": entry.params["times"] + 1, "last": now.isoformat()}
        entry.note = rules.told(incident, note.strip(), who, "note")
        incident.version += 1


def discreet(incident: Incident, text: str, who: Actor | str, field: str = "note") -> str:
    """``text`` if it may be kept of an incident that concerns Party, State or KT1, or that few may see.

    Raises ``Invalid`` for marks of secrecy; from machines and one-tap links, which cannot mend it, they are taken out.
    """
    return rules.words(incident, text, who, field)


def refuse_joined(session: Session, incident: Incident) -> NoReturn:
    """Raise ``Conflict``: it is done to the incident that this one was joined to."""
    main = session.get_one(Incident, incident.joined_to_id)
    state = {"code": incident.code, "status": incident.status, "joined_to": main.code, "by": main.acknowledged_by}
    raise Conflict("join.joined", state=state, incident=incident.code, main=main.code)


def refuse(session: Session, incident: Incident) -> NoReturn:
    """Raise ``Conflict``: the incident is already in that state; who brought it there, and when."""
    by, at = who_did(session, incident)
    raise Conflict(
        f"incident.already_{incident.status}",
        state={"code": incident.code, "status": incident.status, "by": by, "at": at},
        incident=incident.code,
        by=by,
        at=i18n.dt(at),
    )


def who_did(session: Session, incident: Incident) -> tuple[str, datetime]:
    """Who brought the incident into its present status, and when."""
    if incident.status == "acknowledged" and incident.acknowledged_at is not None:
        return incident.acknowledged_by, incident.acknowledged_at
    kinds = DONE_BY.get(incident.status, ("reopened", "logged"))
    last = session.scalar(
        select(TimelineEntry)
        .where(TimelineEntry.incident_id == incident.id, TimelineEntry.kind.in_(kinds))
        .order_by(TimelineEntry.id.desc())
        .limit(1)
    )
    return (last.who, last.at) if last else (incident.created_by, incident.created_at)


SIGNS_OF_LIFE = (
    "note",
    "acknowledged",
    "taken_over",
    "handed_over",
    "reassigned",
    "call",
    "facts",
    "checked",
    "unchecked",
    "reclassified",
    "leadership_told",
    "alive",
    "arrival_expected",
    "arrived",
    "handover_note",
    "attached",
    "legal_step",
    "legal_added",
    "legal_corrected",
)
"""Timeline kinds by which those who look on learn something new."""
