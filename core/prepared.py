"""Think first, write quickly: what takes long is worked out outside the transaction that writes it down.

SQLite has one writer, and calls wait for it. So a use-case that needs a thousand rows, or a second of thought, has two
halves: ``prepare`` reads and works everything out as plain values; ``act`` writes them, in a short transaction.
In between the world may change. Then ``act`` is not called, and ``prepare`` begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from core.db import db, transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from core.storage.failpoints import hit

TRIES = 6
Plan = TypeVar("Plan")
Result = TypeVar("Result")


class Stale(Exception):
    """Raised by ``act``: what the plan was made of is no longer so."""


@dataclass(frozen=True)
class _Made:
    """A plan, and how the ground lay before anything was read for it."""

    stamp: str | None
    plan: Any


class _Unprepared(Exception):
    """Inside a transaction that can begin again: leave it, work this out, and come back."""

    def __init__(self, name: Hashable, prepare: Callable[[], Any]) -> None:
        super().__init__(name)
        self.name, self.prepare = name, prepare


_plans: ContextVar[dict[Hashable, _Made] | None] = ContextVar("plans", default=None)
"""Plans made for the transaction that is running, where ``restartable`` runs it."""


def write(
    name: Hashable, prepare: Callable[[], Plan], act: Callable[[Plan], Result], *, insist: bool = False
) -> Result:
    """``act(prepare())``: ``prepare`` outside any transaction, ``act`` in one, when nothing has changed in between.

    Changed is what stands on the ground (``standing.GROUND``), or what ``act`` finds out itself (``Stale``). Joins the
    caller's transaction: begun by ``restartable`` it is left and begun again with the plan, which ``name`` tells from
    others; in any other one, thinking takes place there and then. Raises Conflict when the world would not hold still;
    to ``insist`` is to think inside a transaction then, for what nobody can be asked to try again.
    """
    if db.session.info.get("writing"):
        return _inside(name, prepare, act)
    for _try in range(TRIES):
        made = _make(prepare)
        try:
            with transaction():
                return _acted(made, act)
        except Stale:
            continue
    if insist:
        with transaction():
            return _at_once(prepare, act)
    raise Conflict("prepared.unsettled")


def think(name: Hashable, prepare: Callable[[], Plan]) -> Plan:
    """``prepare()`` for callers that write nothing: outside the transaction that ``restartable`` runs, else where it
    is."""
    return _inside(name, prepare, lambda plan: plan) if db.session.info.get("writing") else prepare()


def restartable(work: Callable[[], Result]) -> Result:
    """``work()``, which opens a transaction: begun again whenever something in it must be thought out before.

    Only for work that leaves nothing behind when its transaction is rolled back.
    """
    plans: dict[Hashable, _Made] = {}
    for _try in range(TRIES):
        token = _plans.set(plans)
        try:
            return work()
        except _Unprepared as asked:
            _plans.set(None)
            plans[asked.name] = _make(asked.prepare)
        finally:
            _plans.reset(token)
    raise Conflict("prepared.unsettled")


def _make(prepare: Callable[[], Any]) -> _Made:
    """The stamp is read first: it can be older than what is read after it, never newer."""
    db.session.rollback()
    # It reads only: the stamps, and what is remembered under them, are asked for once, as of one moment.
    with shared_cache.within_a_block():
        made = _Made(shared_cache.seen(shared_cache.GROUND), prepare())
    db.session.rollback()
    hit("plan.made")
    return made


def _inside(name: Hashable, prepare: Callable[[], Plan], act: Callable[[Plan], Result]) -> Result:
    plans = _plans.get()
    if plans is None:
        return _at_once(prepare, act)
    if name not in plans:
        raise _Unprepared(name, prepare)
    try:
        return _acted(plans.pop(name), act)
    except Stale:
        raise _Unprepared(name, prepare) from None


def _at_once(prepare: Callable[[], Plan], act: Callable[[Plan], Result]) -> Result:
    """Inside a transaction; where others write beside it (PostgreSQL), the first plan can still be late."""
    for _try in range(TRIES):
        try:
            return act(prepare())
        except Stale:
            continue
    raise Conflict("prepared.unsettled")


def _acted(made: _Made, act: Callable[[Any], Result]) -> Result:
    if shared_cache.hold_ground() != made.stamp:
        raise Stale
    result = act(made.plan)
    hit("plan.written")
    return result
