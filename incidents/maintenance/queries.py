"""Reading windows: which run, what they hold, and how long duty is demanded inside them. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.fast_path import shared_cache
from incidents.intake.models import Intake
from incidents.maintenance import rules
from incidents.maintenance.models import HeldAlarm, MaintenanceWindow
from incidents.maintenance.rules import HoldingWindow
from people import queries as people
from people.access import guard
from roster.models import Shift

STANDING = "incidents.maintenance"
LISTED = 100


@dataclass(frozen=True)
class ShownWindow:
    """``held``: how many alarms it holds or held; ``firing``: how many of them had not gone away by themselves."""

    window: MaintenanceWindow
    held: int
    firing: int
    is_holding: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for somebody's confirmation."""
        row = self.window
        return row.released_at is None and row.obligatory_minutes > 0 and row.confirmed_at is None


def plain(row: MaintenanceWindow) -> HoldingWindow:
    may_hold = row.released_at is None and (row.obligatory_minutes == 0 or row.confirmed_at is not None)
    return HoldingWindow(row.id, row.unit_id, row.intake_id, row.category, row.starts_at, row.over_at, may_hold)


def standing(stamp: str | None) -> Sequence[HoldingWindow]:
    """All that hold or will; kept until somebody writes one (``stamp``: what the transaction saw)."""
    kept = shared_cache.kept(stamp)
    if STANDING not in kept:
        rows = db.session.scalars(select(MaintenanceWindow).where(MaintenanceWindow.released_at.is_(None)))
        kept[STANDING] = tuple(plain(row) for row in rows)
    found: Sequence[HoldingWindow] = kept[STANDING]
    return found


def by_id(window_id: int) -> MaintenanceWindow:
    """Raises ``NotFound``."""
    row = db.session.get(MaintenanceWindow, window_id, populate_existing=True)
    if row is None:
        raise NotFound("maintenance.unknown")
    return row


def within(actor: Actor, now: datetime) -> Select[tuple[MaintenanceWindow]]:
    """Windows of units that the actor may read incidents of, unordered."""
    ids = guard.reach(actor, "incident.read", now=now)
    loaded = [joinedload(each) for each in (MaintenanceWindow.unit, MaintenanceWindow.intake, MaintenanceWindow.kind)]
    found = select(MaintenanceWindow).options(*loaded)
    return found if ids is None else found.where(MaintenanceWindow.unit_id.in_(ids))


def shown(rows: Collection[MaintenanceWindow], now: datetime) -> list[ShownWindow]:
    """Return them with what they hold, in one question for all."""
    firing = func.count().filter(HeldAlarm.cleared_at.is_(None))
    counted = select(HeldAlarm.window_id, func.count(), firing).group_by(HeldAlarm.window_id)
    ids = [row.id for row in rows]
    counts = {key: (held, left) for key, held, left in db.session.execute(counted.where(HeldAlarm.window_id.in_(ids)))}
    found = {row.id: counts.get(row.id, (0, 0)) for row in rows}
    return [
        ShownWindow(
            row, found[row.id][0] + row.forgotten, found[row.id][1], is_holding=rules.is_running(plain(row), now)
        )
        for row in rows
    ]


def held_now(rows: Collection[ShownWindow]) -> dict[int, list[HeldAlarm]]:
    """Window → what it holds, of those that have not let go; the newest first, ``LISTED`` of all at most."""
    ids = [each.window.id for each in rows if each.held and each.window.released_at is None]
    newest = select(HeldAlarm).options(joinedload(HeldAlarm.unit)).where(HeldAlarm.window_id.in_(ids))
    found = defaultdict[int, list[HeldAlarm]](list)
    for row in db.session.scalars(newest.order_by(HeldAlarm.id.desc()).limit(LISTED)) if ids else ():
        found[row.window_id].append(row)
    return dict(found)


def about(unit_id: int, now: datetime) -> list[ShownWindow]:
    """Return those that hold here, above or below, or wait to be confirmed; those that end first come first."""
    units = {*people.ancestor_ids(unit_id), *people.subtree_ids(unit_id)}
    open_now = select(MaintenanceWindow).options(
        joinedload(MaintenanceWindow.unit), joinedload(MaintenanceWindow.intake)
    )
    open_now = open_now.where(MaintenanceWindow.released_at.is_(None), MaintenanceWindow.ended_at.is_(None))
    rows = db.session.scalars(open_now.order_by(MaintenanceWindow.ends_at, MaintenanceWindow.id)).all()
    mine = [row for row in rows if row.unit_id in units and row.ends_at > now]
    return [each for each in shown(mine, now) if each.is_holding or each.is_waiting] if mine else []


def between(unit_ids: Collection[int], since: datetime, until: datetime) -> list[ShownWindow]:
    """Return those of these units that held at some time of the span, silences too; the first to begin comes first."""
    ended = func.coalesce(MaintenanceWindow.ended_at, MaintenanceWindow.ends_at)
    ran = select(MaintenanceWindow).where(
        MaintenanceWindow.unit_id.in_(unit_ids),
        MaintenanceWindow.starts_at < until,
        MaintenanceWindow.ends_at > since,
        ended > since,
        ended > MaintenanceWindow.starts_at,
        or_(MaintenanceWindow.obligatory_minutes == 0, MaintenanceWindow.confirmed_at.is_not(None)),
    )
    loaded = [joinedload(each) for each in (MaintenanceWindow.unit, MaintenanceWindow.intake, MaintenanceWindow.kind)]
    rows = db.session.scalars(ran.options(*loaded).order_by(MaintenanceWindow.starts_at, MaintenanceWindow.id)).all()
    return shown(rows, until) if rows else []


def list_for_source(intake: Intake, now: datetime) -> list[ShownWindow]:
    """Return those that are not over, of the source alone or of all that its unit is told."""
    above = MaintenanceWindow.intake_id.is_(None) & MaintenanceWindow.unit_id.in_(people.ancestor_ids(intake.unit_id))
    mine = select(MaintenanceWindow).where(
        or_(MaintenanceWindow.intake_id == intake.id, above),
        MaintenanceWindow.released_at.is_(None),
        MaintenanceWindow.ends_at > now,
        or_(MaintenanceWindow.ended_at.is_(None), MaintenanceWindow.ended_at > now),
    )
    rows = db.session.scalars(mine.order_by(MaintenanceWindow.starts_at)).all()
    return shown(rows, now) if rows else []


def sources_about(unit_ids: Collection[int]) -> Sequence[Intake]:
    """Sources that were not revoked, of these units and those above them: whose alarms may be about these."""
    above = people.ancestors_of(unit_ids)
    units = {each for chain in above.values() for each in chain}
    mine = select(Intake).options(joinedload(Intake.unit)).where(Intake.revoked_at.is_(None), Intake.unit_id.in_(units))
    return db.session.scalars(mine.order_by(Intake.name, Intake.id)).all()


def over_reports(unit_id: int, category: str, now: datetime) -> list[ShownWindow]:
    """Return those that would hold such a report if a program made it; a person is asked."""
    above = people.ancestor_ids(unit_id)
    return [
        each
        for each in about(unit_id, now)
        if each.is_holding and rules.covers(plain(each.window), above, None, category)
    ]


def obligatory_minutes(unit_id: int, starts_at: datetime, ends_at: datetime) -> int:
    """How long duty of the kinds that the letter names is demanded in the unit, above or below it."""
    units = {*people.ancestor_ids(unit_id), *people.subtree_ids(unit_id)}
    demanded = select(Shift.starts_at, Shift.ends_at).where(
        Shift.unit_id.in_(units),
        Shift.duty.in_(rules.DUTIES),
        Shift.headcount > 0,
        Shift.starts_at < ends_at,
        Shift.ends_at > starts_at,
    )
    return rules.minutes_within(db.session.execute(demanded.distinct()).tuples().all(), starts_at, ends_at)
