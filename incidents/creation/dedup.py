"""The keys by which a report is known again: as they are kept, and which open incidents were reported with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from sqlalchemy import Integer, Select, bindparam, null, select, type_coerce, union_all
from sqlalchemy.orm import Session, aliased

from core.errors import Invalid
from incidents.record import states
from incidents.record.models import Incident
from roster.models import Rehearsal

_OURS = re.compile(r"(?:(?:rehearsal|intake)/\d+/|own/\w+:\w+/)+")
"""How keys of our own begin: those of an exercise, of one source, of one asker (``IncidentReport.apart``)."""


def dedup_key(given: str | None, rehearsal: Rehearsal | None, *, by_source: bool, apart: str = "") -> str | None:
    """The key as it is kept; a source's was made by us. Raises ``Invalid``."""
    # What is real never joins an exercise, nor the other way round.
    key = given or ""
    if by_source:
        return key
    key = key.strip()
    if _OURS.match(key):
        raise Invalid("incident.dedup_key", field="dedup_key")
    kept = f"rehearsal/{rehearsal.id}/{key}" if key and rehearsal else key or None
    return f"own/{apart}/{kept}" if kept and apart else kept


def plain(key: str | None) -> str | None:
    """The key as it was reported."""
    ours = _OURS.match(key) if key else None
    return key[ours.end() :] if key and ours else key


def open_with(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Key → id of the open incident that was reported with it."""
    found = session.execute(_OWN, {"keys": list(keys)}).all() if keys else ()
    return {str(row[0]): row[1] for row in found}


def meant(session: Session, keys: Iterable[str | None]) -> dict[str, int]:
    """``open_with``, and what was reported with a key and turned out to be another incident, which is still open."""
    wanted = {key for key in keys if key is not None}
    session.flush()
    # Plain rows: the session would only make the question dearer.
    found = session.connection().execute(_OWN_OR_JOINED, {"keys": list(wanted)}).all() if wanted else ()
    # Its own first, else the one that was joined last.
    return {str(key): each for key, each, at in sorted(found, key=lambda row: (row[2] is None, row[2] or 0))}


def _joined() -> Select[tuple[str | None, int, int]]:
    main = aliased(Incident)
    return (
        select(Incident.dedup_key, main.id, Incident.id)
        .join(main, main.id == Incident.joined_to_id)
        .where(_GIVEN, Incident.joined_to_id.is_not(None), main.status.in_(states.UNFINISHED))
    )


# Asked with every alarm: built once.
_GIVEN = Incident.dedup_key.in_(bindparam("keys", expanding=True))
_OWN = select(Incident.dedup_key, Incident.id, type_coerce(null(), Integer).label("joined")).where(
    _GIVEN, Incident.status.in_(states.UNFINISHED)
)
_OWN_OR_JOINED = union_all(_OWN, _joined())
