"""What many tests begin with is written once in each process, and then put back.

``begin("night", make)`` runs ``make`` in the fresh database of a test. From the second time on that the same is asked
for, the database is put back as ``make`` left it, and what it answered (ids: no rows) is handed out again. Where
somebody has written already, or no ``app`` fixture is there, ``make`` simply runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from copy import deepcopy
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from core.db import db
from tests.support.stores import PostgresStore, SqliteStore

Made = TypeVar("Made")


class Stage:
    """``store``: of the test that runs, None when nobody may put anything back into it."""

    def __init__(self) -> None:
        self.store: SqliteStore | PostgresStore | None = None
        self._kept = dict[Hashable, tuple[Any, Any]]()
        self._asked = Counter[Hashable]()

    def open(self, store: SqliteStore | PostgresStore) -> None:
        """The database of ``store`` is fresh."""
        self.store = store

    def close(self) -> None:
        self.store = None

    def begin(self, world: Hashable, make: Callable[[], Made]) -> Made:
        store = self.store
        if store is None or db.session.info.get("writing") or _address() != store.url:
            return make()
        key = (store.url, world)
        if key in self._kept:
            kept, made = self._kept[key]
            store.put(kept, alone=_let_go(store))
            return deepcopy(made)  # type: ignore[no-any-return]
        made = make()
        self._asked[key] += 1
        if self._asked[key] > 1:
            _let_go(store)
            self._kept[key] = store.keep(f"world-{len(self._kept)}"), deepcopy(made)
        return made


def with_return(make: Callable[[], Made]) -> tuple[Made, Callable[[], None]]:
    """What ``make`` answers, and a way to put the database back as it left it: for a test that tells many stories."""
    store = STAGE.store
    assert store is not None, "somebody has written already"
    made = make()
    _let_go(store)
    kept: Any = store.keep("returned")

    def back() -> None:
        store.put(kept, alone=_let_go(store))

    return made, back


def _let_go(store: SqliteStore | PostgresStore) -> bool:
    """Whether nobody holds a connection now: no thread of a served application is about to answer."""
    db.session.remove()
    alone = db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    store.leave()
    return bool(alone)


def _address() -> str:
    return db.engine.url.render_as_string(hide_password=False)


STAGE = Stage()
begin = STAGE.begin


@event.listens_for(Engine, "commit")
def _written(_connection: Any) -> None:
    STAGE.close()
