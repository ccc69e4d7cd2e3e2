"""What sources send side by side is written down together: a commit for all that came while the last one was made.

Each is answered after the commit that holds its alarm, and no alarm is lost for another's sake: when several cannot be
written together, each is tried alone.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy.exc import IntegrityError

from core import tried_again
from core.db import db, transaction
from core.errors import Unavailable
from core.fast_path.group_commit import Gathering
from core.security import tokens
from core.storage import faults
from incidents.intake import ingest, sources as intakes
from incidents.intake.formats import Alarm
from incidents.intake.ingest import IntakeDelivery, Received

log = logging.getLogger(__name__)
Outcome = dict[str, Any] | None
"""What the sender is told; None: the key is none of a source of that kind."""


@dataclass(frozen=True)
class SentBatch:
    digest: str
    kind: str
    alarm: Alarm
    raw: bytes


def take_in(key: str, kind: str, alarm: Alarm, raw: bytes) -> Outcome:
    """Have it written down; answers when it is. Raises ``Unavailable`` and what the database raises."""
    door: Gathering[SentBatch, Outcome] = current_app.extensions.setdefault("intake", Gathering(_take_in))
    sent = SentBatch(tokens.digest(key), kind, alarm, raw)
    return tried_again.patiently(lambda: door.ask(sent))


def _take_in(sent: Sequence[SentBatch]) -> Sequence[Outcome | Exception]:
    try:
        return _together(sent, guarded=False)
    except IntegrityError:  # somebody was faster with one of them
        pass
    except Exception as fault:
        if len(sent) == 1 or _is_away(fault):
            raise
        log.exception("%s alarms could not be written down together; each is tried alone", len(sent))
    return [_alone(each) for each in sent]


def _together(sent: Sequence[SentBatch], *, guarded: bool) -> list[Outcome | Exception]:
    with transaction() as session:
        held = ingest.hold(session, digests={each.digest for each in sent})
        sources = {source.intake.digest: source for source in held}
        arrivals = {
            place: IntakeDelivery(source, each.alarm, each.raw)
            for place, each in enumerate(sent)
            if (source := sources.get(each.digest)) is not None and intakes.is_of(source.intake, each.kind)
        }
        done = ingest.receive_all(session, list(arrivals.values()), guarded=guarded) if arrivals else []
    told: dict[int, Outcome | Exception] = {
        place: each if isinstance(each, Unavailable) else _told(each)
        for place, each in zip(arrivals, done, strict=True)
    }
    return [told.get(place) for place in range(len(sent))]


def _alone(sent: SentBatch) -> Outcome | Exception:
    try:
        return _together([sent], guarded=True)[0]
    except Exception as fault:
        db.session.rollback()
        return fault


def _is_away(fault: Exception) -> bool:
    """The database itself, not what was asked of it. Class 40 is neither: PostgreSQL gave up for another's sake."""
    state = getattr(getattr(fault, "orig", None), "sqlstate", None) or ""
    return faults.is_line(fault) and not state.startswith("40")


def _told(done: Received) -> dict[str, Any]:
    told = {"status": "success", "message": "Event processed", "dedup_key": done.key, "outcome": done.outcome}
    return told | {"incident": done.incident.code if done.incident else None}
