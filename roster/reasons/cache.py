"""Explanations that this process has thought of, and who may think now: proofs keep a processor busy for seconds."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from planning.codec import fingerprint
from planning.engines.portfolio.prover import Prover
from planning.explain.shortage import Explanation, explain
from roster.snapshot.snapshot import Snapshot

EXPLAIN_SECONDS = 4.0
AT_ONCE = 2
PATIENCE = 5.0  # seconds that somebody waits for a turn; then they get what is known without proofs
FRESH = timedelta(seconds=60)
"""How long an answer is kept that time or patience cut short: another try may prove more. Each try that did not is
followed by a longer wait, so that a page which is looked at again and again does not think again and again."""
LONGER = 4
KEPT = 16

_turns = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def proving() -> Iterator[Prover | None]:
    """Somebody who proves things, in turn; None when too many others are at it and will be for a while."""
    if not _turns.acquire(timeout=PATIENCE):
        yield None
        return
    try:
        with Prover() as prover:
            yield prover
    finally:
        _turns.release()


@dataclass
class _Thought:
    asked_at: datetime
    answer: Future[Explanation]
    is_cut: bool = False
    """Nobody proved anything for it: all turns were taken."""
    kept: timedelta = FRESH

    def is_stale(self, now: datetime) -> bool:
        if not self.answer.done() or now - self.asked_at < self.kept:
            return False
        return self.answer.exception() is not None or self.is_cut or not self.answer.result().is_exact


def _patience_with(known: _Thought | None) -> timedelta:
    """How long the next answer is kept if it proves no more: after one that had its turn, longer."""
    had_its_turn = known is not None and not known.is_cut and known.answer.exception() is None
    return known.kept * LONGER if known is not None and had_its_turn else FRESH


class Cache:
    """The last explanations: asking again costs nothing, and who asks the same meanwhile waits for it.

    Different questions do not wait for each other, as long as there are turns (:func:`proving`).
    """

    def __init__(self) -> None:
        self._thoughts: OrderedDict[str, _Thought] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self,
        taken: Snapshot,
        movable: frozenset[tuple[int, date]],
        proven: int,
        *,
        now: datetime,
        problem: str | None = None,
        obligatory: frozenset[str] | None = None,
    ) -> Explanation:
        """Why seats of the draft are empty; ``proven`` of them are known to have to be. ``problem``: its fingerprint,
        for callers that have worked it out already; ``obligatory``: as for ``explain``."""
        roster = repr(sorted((a.shift_id, a.staff_id) for a in taken.assignments))
        about = f"{problem or fingerprint(taken.problem)}{roster}{sorted(movable)}{proven}"
        about += "" if obligatory is None else f"{sorted(obligatory)}"
        key = hashlib.sha256(about.encode()).hexdigest()
        with self._lock:
            known = self._thoughts.get(key)
            is_new = known is None or known.is_stale(now)
            mine = known if known is not None and not is_new else _Thought(now, Future(), kept=_patience_with(known))
            self._thoughts[key] = mine
            self._thoughts.move_to_end(key)
            while len(self._thoughts) > KEPT:
                self._thoughts.popitem(last=False)
        if is_new:
            self._think(key, mine, taken, proven, movable=movable, obligatory=obligatory)
        return mine.answer.result()

    def _think(self, key: str, mine: _Thought, taken: Snapshot, proven: int, **told: Any) -> None:
        try:
            with proving() as prover:
                mine.is_cut = prover is None
                found = explain(
                    taken.problem,
                    taken.assignments,
                    proofs=prover,
                    known_missing=proven,
                    seconds=EXPLAIN_SECONDS,
                    **told,
                )
            mine.answer.set_result(replace(found, thought_at=mine.asked_at))
        except BaseException as error:
            with self._lock:
                if self._thoughts.get(key) is mine:
                    del self._thoughts[key]  # the next one tries again
            mine.answer.set_exception(error)
