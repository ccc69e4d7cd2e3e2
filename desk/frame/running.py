"""How many incidents are open where the reader belongs, and how many of them nobody has: a number on every page,
read with what every page asks anyhow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask_login import current_user
from sqlalchemy import ScalarSelect, String, cast, func, select

from core import clock
from core.actor import Actor
from core.db import db
from core.fast_path import shared_cache
from incidents.record import access, states
from incidents.record.models import Incident
from people import menu
from people.access import guard
from people.models import Unit

LISTED, STAMP = "running.listed", "running.stamp"


@dataclass(frozen=True)
class RunningIncidents:
    """``open``: not finished; ``untaken``: of those, held by nobody."""

    open: int = 0
    untaken: int = 0


@dataclass(frozen=True)
class _One:
    id: int
    unit_id: int
    is_untaken: bool
    is_restricted: bool


def watch() -> None:
    """Read with each page (``people.menu.read_beside``)."""
    menu.read_beside(LISTED, _listed)
    menu.read_beside(STAMP, shared_cache.stamp)


def current() -> RunningIncidents | None:
    """Return what runs, for the frame of a page; ``None`` for those who read no incidents."""
    if "running" not in g:
        may = current_user.is_authenticated and guard.can("incident.read")
        g.running = running_for(guard.current_actor(), now=clock.now()) if may else None
    found: RunningIncidents | None = g.running
    return found


def running_for(actor: Actor, *, now: datetime) -> RunningIncidents:
    """Return it as the desk of the reader's own unit counts them (``desk.home``)."""
    listed = _parsed(menu.beside(LISTED))
    if not listed:
        return RunningIncidents()
    above = shared_cache.kept(menu.beside(STAMP))
    if "unit.above" not in above:
        above["unit.above"] = dict(db.session.execute(select(Unit.id, Unit.parent_id)).tuples().all())
    within = [each for each in listed if _is_within(each.unit_id, actor.unit_id, above["unit.above"])]
    hidden = _hidden([each for each in within if each.is_restricted], actor, above["unit.above"], now)
    shown = [each for each in within if each.id not in hidden]
    return RunningIncidents(len(shown), sum(each.is_untaken for each in shown))


def _listed() -> ScalarSelect[Any]:
    """Id, unit, whether nobody has it, whether it is restricted: of every real incident that is not finished."""
    where = cast(Incident.id, String) + "," + cast(Incident.unit_id, String)
    one = where + "," + Incident.status + "," + cast(Incident.restricted, String)
    unfinished = Incident.status.in_(states.UNFINISHED), Incident.rehearsal_id.is_(None)
    return select(func.aggregate_strings(one, " ")).where(*unfinished).scalar_subquery()


def _parsed(listed: str | None) -> list[_One]:
    return [
        _One(int(incident_id), int(unit_id), status == "open", restricted.lower() in ("1", "true"))
        for incident_id, unit_id, status, restricted in (each.split(",") for each in (listed or "").split())
    ]


def _is_within(unit_id: int | None, top: int | None, above: Mapping[int, int | None]) -> bool:
    while top is not None and unit_id is not None and unit_id != top:
        unit_id = above.get(unit_id)
    return unit_id is not None


def _hidden(restricted: list[_One], actor: Actor, above: Mapping[int, int | None], now: datetime) -> set[int]:
    """Return those of which the reader may not even know (``access.visible_to``); asks only about those that they could
    not close."""
    closing = guard.tops(actor, "incident.close", now=now) if restricted else None
    if closing is None:
        return set()
    left = {each.id for each in restricted if not any(_is_within(each.unit_id, top, above) for top in closing)}
    own = select(Incident.id).where(Incident.id.in_(left), access.concerns(actor))
    return left - set(db.session.scalars(own)) if left else set()
