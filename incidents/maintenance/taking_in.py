"""What sources say: held where a window is over it, else an incident or part of one. The caller holds the sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from incidents.creation import dedup
from incidents.grouping import clearing, services as grouping
from incidents.maintenance import held_alarms
from incidents.record.models import Incident

Outcome = tuple[str, Incident | None]
"""As in ``IntakeEvent``, and the incident, if there is one."""


def fired(
    session: Session, told: Sequence[grouping.Firing], *, now: datetime, guarded: bool, stamp: str | None
) -> list[Outcome]:
    """``grouping.log_all``, but what falls into a window is held and calls nobody."""
    kept = [
        held_alarms.HeldReport(each.report, each.report.dedup_key, each.intake.id, each.key, each.form, each.details)
        for each in told
    ]
    held = held_alarms.hold(session, kept, now=now, stamp=stamp)
    left = [each for place, each in enumerate(told) if place not in held]
    logged = iter(grouping.log_all(session, left, now=now, guarded=guarded, stamp=stamp) if left else [])
    return [("held", None) if place in held else _named(*next(logged)) for place in range(len(told))]


def heard(
    session: Session, said: Sequence[clearing.ClearedAlarm], *, now: datetime, stamp: str | None
) -> dict[int, Outcome]:
    """Return what became of those that are held, or of which others are in one incident, by their place."""
    over = {each.kept for each in said if each.action == "resolve"}
    gone = held_alarms.clear(session, over, now=now, stamp=stamp)
    # Told again as what no window holds, it has become an incident beside what is held: that one is over as well.
    gone -= set(dedup.open_with(session, gone))
    known: dict[int, Outcome] = dict(clearing.answer(session, said, now=now))
    for place, each in enumerate(said):
        if place not in known and each.kept in gone:
            known[place] = "heard" if each.intake.kind == "heartbeat" else "cleared", None
    return known


def _named(incident: Incident, created: bool) -> Outcome:
    return "created" if created else "known", incident
