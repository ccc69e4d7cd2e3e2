"""A worker without one of its safeguards, for counter-runs: a harness that finds nothing there would prove nothing.

``python -m benchmarks.faults.broken guard|mark|deaf``; patched in this process alone.
"""

from __future__ import annotations

import sys
from typing import Any

import incidents.escalation.engine
import notify.delivery
import worker
from app import create_app
from core import clock
from core.server import commit_listener
from notify.results import AttemptResult


def without_guard() -> None:
    """Whoever read a due step fires it, whether or not another worker did so in between."""

    def claim(session: Any, batch: Any) -> Any:
        original(session, batch)
        return list(batch)

    original = incidents.escalation.engine.claim
    incidents.escalation.engine.claim = claim


def mark_first() -> None:
    """A letter is noted as sent, then handed over: as schedulers do that "never send twice"."""
    original = notify.delivery._carry

    def carry(claimed: Any, lines: Any) -> Any:
        notify.delivery.mark(claimed, AttemptResult("sent", "250 marked before it was sent"), now=clock.now())
        notify.delivery.still_ours = lambda claim: claim
        original(claimed, lines)

    notify.delivery._carry = carry


def deaf() -> None:
    """Nobody hears of commits, the tick alone finds what is due: no fault, but a measure of what hearing is worth."""
    commit_listener.watch = lambda _engine, _on_commit, stop: stop.wait()


if __name__ == "__main__":
    {"guard": without_guard, "mark": mark_first, "deaf": deaf}[sys.argv[1]]()
    sys.exit(worker.run(create_app()))
