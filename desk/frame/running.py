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
from incidents.record import queries, states
from incidents.record.models import Incident
from people import menu
from people.access import guard
from people.models import Unit

LISTED, STAMP = "running.listed", "running.stamp"


@dataclass(frozen=True)
class Running:
    """``open``: not finished; ``untaken``: of those, held by nobody."""

    open: int = 0
    untaken: int = 0


@dataclass(frozen=True)
class _One:
    unit_id: int
    is_untaken: bool
    is_restricted: bool


def watch() -> None:
    """Read with each page (``people.menu.read_beside``)."""
    menu.read_beside(LISTED, _listed)
    menu.read_beside(STAMP, shared_cache.stamp)


def current() -> Running | None:
    """For the frame of a page; ``None`` for those who read no incidents."""
    if "running" not in g:
        may = current_user.is_authenticated and guard.can("incident.read")
        g.running = of(guard.current_actor(), now=clock.now()) if may else None
    found: Running | None = g.running
    return found


def of(actor: Actor, *, now: datetime) -> Running:
    """As the desk of the reader's own unit counts them (``desk.home``)."""
    listed = _parsed(menu.beside(LISTED))
    if not listed:
        return Running()
    above = shared_cache.kept(menu.beside(STAMP))
    if "unit.above" not in above:
        above["unit.above"] = dict(db.session.execute(select(Unit.id, Unit.parent_id)).tuples().all())
    within = [each for each in listed if _is_within(each.unit_id, actor.unit_id, above["unit.above"])]
    if any(each.is_restricted for each in within):  # that it exists is part of the secret: asked one by one
        return _counted(actor, now)
    return Running(len(within), sum(each.is_untaken for each in within))


def _listed() -> ScalarSelect[Any]:
    """Unit, whether nobody has it, whether it is restricted: of every real incident that is not finished."""
    one = cast(Incident.unit_id, String) + "," + Incident.status + "," + cast(Incident.restricted, String)
    unfinished = Incident.status.in_(states.UNFINISHED), Incident.rehearsal_id.is_(None)
    return select(func.aggregate_strings(one, " ")).where(*unfinished).scalar_subquery()


def _parsed(listed: str | None) -> list[_One]:
    return [
        _One(int(unit_id), status == "open", restricted.lower() in ("1", "true"))
        for unit_id, status, restricted in (each.split(",") for each in (listed or "").split())
    ]


def _is_within(unit_id: int | None, top: int | None, above: Mapping[int, int | None]) -> bool:
    while top is not None and unit_id is not None and unit_id != top:
        unit_id = above.get(unit_id)
    return unit_id is not None


def _counted(actor: Actor, now: datetime) -> Running:
    wanted = queries.board(
        statuses=states.UNFINISHED, unit_id=actor.unit_id, actor=actor, now=now, told=select(Incident.status)
    )
    found = list(db.session.scalars(wanted.where(Incident.rehearsal_id.is_(None))))
    return Running(len(found), found.count("open"))
