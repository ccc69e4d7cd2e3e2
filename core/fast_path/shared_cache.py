"""What seldom changes is kept in memory until somebody changes it: units, policies, campaigns, targets.

A write to a table that is watched leaves a new stamp with the same commit (``core.storage.writing``). A reader that
wants to use what is kept reads the stamp first, beside what is asked anyhow: a stamp seen before means that nothing was
written since. Read before the data, it can be older than they are, never newer; so what is new holds from its commit
on, in every process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_app_context, request
from sqlalchemy import ScalarSelect, select

from core.db import db
from core.models import Setting
from core.storage import writing

Found = TypeVar("Found")
KEY = "standing.stamp"
GROUND = writing.GROUND
"""The stamp of what plans are made of (``core.prepared``): people, units, absences, demand …"""
PLAN = "plan.stamp"
"""The stamp of what a draft is judged by: that, and the shifts, seats and rules of campaigns. Not who sits there."""
DRAFT = "draft.stamp"
"""The stamp of who sits where in drafts."""
_SEEN = "seen"
_beside: dict[str, ScalarSelect[Any]] = {}
_block: ContextVar[dict[Any, Any] | None] = ContextVar("block", default=None)


def init(app: Flask) -> None:
    """A page that is only looked at (GET) asks once for the same, as inside ``within_a_block``."""
    app.before_request(_begin_look)
    app.teardown_request(_end_look)


def _begin_look() -> None:
    _block.set({} if request.method == "GET" else None)


def _end_look(_fault: BaseException | None) -> None:
    _block.set(None)


def watch(*tables: str, key: str = KEY) -> None:
    """What is kept under the stamp ``key`` depends on these tables."""
    for table in tables:
        writing.WATCHED[table].add(key)


def leave_out(table: str, *columns: str) -> None:
    """Nothing that is kept depends on these columns of a table that is watched."""
    writing.APART[table].update(columns)


def changes(*keys: str) -> None:
    """The present transaction changes what is kept under these stamps by a table that is not watched: of its rows only
    some matter to it, and each of the others would make plans stale for nothing."""
    if GROUND in keys:
        hold_ground()
    db.session.connection().info.setdefault(writing.CHANGED, set()).update(keys)


def stamp() -> ScalarSelect[Any]:
    """The stamp as a column of any statement; NULL before there is one."""
    return select(Setting.value).where(Setting.key == KEY).scalar_subquery()


def read_beside(name: str, column: ScalarSelect[Any]) -> None:
    """Ask for ``column`` with the stamp, at each call of the API: another number that says whether answers hold."""
    _beside[name] = column


def beside() -> list[ScalarSelect[Any]]:
    return list(_beside.values())


def seen(key: str) -> str | None:
    """The stamp ``key`` as the present transaction sees it.

    A look, and ``within_a_block``, asks once in a transaction, for all of them at one moment: what is read later can be
    newer than that, never older, and what is kept under one is no older than what is kept under another.
    """
    block = _block.get()
    if block is None:
        return db.session.scalar(select(Setting.value).where(Setting.key == key))
    last: tuple[Any, dict[str, str]] | None = block.get(_SEEN)
    if last is None or last[0] is not db.session().get_transaction():
        watched = sorted(set[str]().union(*writing.WATCHED.values()))
        wanted = select(Setting.key, Setting.value).where(Setting.key.in_(watched))
        found = dict(db.session.execute(wanted).tuples().all())
        last = block[_SEEN] = (db.session().get_transaction(), found)
    return last[1].get(key)


def hold_ground() -> str | None:
    """The stamp ``GROUND``, which nobody else changes until the present transaction ends.

    First in a transaction that locks or writes a campaign and writes what plans are made of: on PostgreSQL two who took
    these the other way round would wait for each other.
    """
    return db.session.scalar(select(Setting.value).where(Setting.key == GROUND).with_for_update())


def kept(seen: str | None, key: str = KEY) -> dict[Any, Any]:
    """Return what this process keeps under the stamp that the present transaction saw: to be read and filled by the
    caller.

    Of plain values, and of functions that keep such; never of rows: those belong to the session that read them.
    """
    if seen is None or _writes_itself(key):
        return {}
    place = f"standing.{key}"
    held: tuple[tuple[str, dict[Any, Any]], ...] = current_app.extensions.get(place, ())
    found = next((memory for stamp, memory in held if stamp == seen), None)
    if found is None:
        found = {}
        # Whoever looked before a change may still be at it: the two take nothing from each other.
        current_app.extensions[place] = ((seen, found), *held[:1])
    return found


def kept_now(key: str) -> dict[Any, Any]:
    """``kept`` under the stamp that the present transaction sees."""
    return kept(seen(key), key)


def _writes_itself(key: str) -> bool:
    """Whether the present transaction, if there is one, has written what the stamp is about."""
    return db.session().in_transaction() and key in db.session.connection().info.get(writing.CHANGED, ())


def remember(name: str, look_up: Callable[..., Found], *asked: Any) -> Found:
    """``look_up(*asked)``, or what an earlier request of the API found under the stamp that this one saw.

    Who saw none, as most pages do, remembers for the length of the look, or of ``within_a_block``.
    """
    memory, key = _memory(), (name, *asked)
    if key not in memory:
        memory[key] = look_up(*asked)
    found: Found = memory[key]
    return found


def _memory() -> dict[Any, Any]:
    stamp, block = g.get("standing") if has_app_context() else None, _block.get()
    if stamp is not None or block is None or _writes_itself(KEY):
        return kept(stamp)
    looked: tuple[Any, dict[str, str]] | None = block.get(_SEEN)
    is_seen = looked is not None and looked[0] is db.session().get_transaction() and KEY in looked[1]
    return kept(looked[1][KEY]) if looked is not None and is_seen else block


@contextmanager
def within_a_block() -> Iterator[None]:
    """Inside, ``remember`` asks once for the same. Never around a transaction that writes what is watched."""
    token = _block.set({} if _block.get() is None else _block.get())
    try:
        yield
    finally:
        _block.reset(token)
