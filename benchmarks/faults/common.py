"""What all scenarios share: sizes, policies, and the wait for what must still come."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.faults.judge import Verdict, all_came, judge
from benchmarks.faults.stack import Stack
from benchmarks.faults.world import Policy, Report, World

SHORT = Policy((("operations", 0), ("emergency", 3), ("leadership", 3)))
FIRST_ONLY = Policy((("operations", 0),))
THREADS = 4
"""Sender threads for mail of one worker: what one kill may send twice."""


@dataclass(frozen=True)
class Setup:
    kind: str
    seed: int
    quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full


Outcome = tuple[Verdict, dict[str, Any]]


def settle(stack: Stack, world: World, reports: Sequence[Report], at: Any, seconds: float) -> Verdict:
    """Wait until nothing is missing, and a little longer for what should not come; the verdict."""
    ends = time.monotonic() + seconds
    while not all_came(world, reports, stack.sink.arrivals, at=at) and time.monotonic() < ends:
        time.sleep(0.5)
    time.sleep(4)
    verdict = judge(world, reports, stack.sink.arrivals, at=at)
    for missing in verdict.missing:
        print(f"  missing: {missing}\n{_outbox(stack, missing)}", flush=True)
    return verdict


def _outbox(stack: Stack, missing: str) -> str:
    """Return what the product's outbox says of an incident, for whoever looks for the cause; no verdict rests on it."""
    code = missing.split()[0]
    query = text(
        "SELECT id, state, hold_reason, attempts, lease_owner, leased_until, next_at, letter_id, message_id,"
        " created_at, sent_at, last_error, address, subject"
        " FROM messages WHERE subject LIKE :code OR body LIKE :code ORDER BY id"
    )
    engine = create_engine(stack.url)
    with engine.connect() as line:
        rows = [" | ".join(map(str, row)) for row in line.execute(query, {"code": f"%{code}%"})]
    engine.dispose()
    return "\n".join(f"    {row}" for row in rows)
