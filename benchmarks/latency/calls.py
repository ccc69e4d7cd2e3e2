"""From report to letter: idle, step by step, sixty at once. Real web server, worker, mail; times at the sink."""

from __future__ import annotations

import random
import time
from typing import Any

from benchmarks.faults import stack as stacks, world as worlds
from benchmarks.faults.judge import all_came, calls_in, centile, judge
from benchmarks.faults.load import Client, together
from benchmarks.faults.scenarios import FIRST_ONLY, broken
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import Policy, Report, World

STEPS = Policy((("operations", 0), ("emergency", 2), ("leadership", 2)))


def idle(kind: str, count: int, seed: int, *, woken: bool = True) -> dict[str, Any]:
    """One incident at a time, the next after about a second: answered → first letter taken by the mail server."""
    world, dice = World(24, FIRST_ONLY), random.Random(seed)  # noqa: S311
    with running(kind, world) as stack:
        stack.start_worker(command=stacks.WORKER if woken else broken("deaf"))
        stack.wait_for_beat()
        client = Client(stack)
        client.report(world.codes[0], "Khởi động")
        stacks.wait(lambda: stack.sink.arrivals, "the first letter", 60)
        reports = []
        for number in range(count):
            time.sleep(dice.uniform(0.7, 1.4))
            reports.append(client.report(world.codes[number % len(world.codes)]))
        # The notices of the published roster arrive too: a number of letters would not tell.
        stacks.wait(lambda: {report.code for report in reports} <= _first(stack).keys(), "the letters", 60)
        return {"incidents": count, **_from_answer(stack, reports), "from_request_p95": _from_request(stack, reports)}


def steps(kind: str, count: int) -> dict[str, Any]:
    """Three steps two seconds apart: how much later than its wait each further one is."""
    world = World(24, STEPS)
    with running(kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        reports = []
        client = Client(stack)
        for number in range(count):
            reports.append(client.report(world.codes[number % len(world.codes)]))
            time.sleep(0.25)
        stacks.wait(lambda: all_came(world, reports, stack.sink.arrivals, at=at), "all steps", 90)
        verdict = judge(world, reports, stack.sink.arrivals, at=at)
    return {"incidents": count, "overshoot_p95": verdict.step_p95, "lost": verdict.lost}


def at_once(kind: str, count: int) -> dict[str, Any]:
    """``count`` incidents of twenty units in one moment: answered → first letter, and from the first request on."""
    world = World(20, FIRST_ONLY)
    with running(kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        reports = together(stack, world.codes, count, clients=16)
        stacks.wait(lambda: all_came(world, reports, stack.sink.arrivals, at=at), "the letters", 120)
        began = min(report.sent for report in reports)
        last = max(arrival.at for arrival in stack.sink.arrivals)
        return {"incidents": count, **_from_answer(stack, reports), "all_within": round(last - began, 3)}


def _first(stack: Stack) -> dict[str, float]:
    found: dict[str, float] = {}
    for arrival in stack.sink.arrivals:
        for code, _step in calls_in(arrival):
            found[code] = min(arrival.at, found.get(code, arrival.at))
    return found


def _from_answer(stack: Stack, reports: list[Report]) -> dict[str, float]:
    first = _first(stack)
    waits = [max(0.0, first[report.code] - report.answered) for report in reports]
    return {
        "p50": centile(waits, 50),
        "p95": centile(waits, 95),
        "p99": centile(waits, 99),
        "max": round(max(waits), 3),
    }


def _from_request(stack: Stack, reports: list[Report]) -> float:
    first = _first(stack)
    return centile([first[report.code] - report.sent for report in reports], 95)
