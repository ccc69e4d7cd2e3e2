"""What is broken, one scenario a function: ``scenario(setup) -> (Verdict, facts)``. ``Setup.size`` scales it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from benchmarks.faults import stack as stacks, world as worlds
from benchmarks.faults.common import FIRST_ONLY, SHORT, THREADS, Outcome, Setup, settle
from benchmarks.faults.hosts import clock_jumps, database_locked, database_restarted, disk_full
from benchmarks.faults.judge import Verdict, all_came, calls_in, judge
from benchmarks.faults.load import Client, together, under_load
from benchmarks.faults.postgresql import deadlocks, lock_timeouts
from benchmarks.faults.soak import soak
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.webhooks import webhook_hangs
from benchmarks.faults.world import Policy, Report, World


def kills(setup: Setup, *, hard: bool = False, command: tuple[str, ...] = stacks.WORKER, count: int = 0) -> Outcome:
    """The worker is killed (−9) at any moment under load; the mail server takes 0.3 s for a letter, half of it before
    it has the letter and half after."""
    world, dice = World(setup.size(45, 12), SHORT), random.Random(setup.seed)  # noqa: S311
    count = count or setup.size(200, 12)
    with running(setup.kind, world, forked=True) as stack:
        at, stack.sink.delay = worlds.wall(), 0.15
        stack.start_worker(command=command)
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=3, seed=setup.seed) as load:
            began = time.monotonic()
            for number in range(count):
                time.sleep(dice.uniform(0, 3))
                stack.kill_worker()
                if hard:
                    stack.kill_web()
                    stack.start_web()
                afresh = number % 5 == 4  # imports included: it may also die while it starts
                stack.start_worker(command=command, fresh=afresh)
                if not afresh:
                    stack.wait_for_start()
            between = (time.monotonic() - began) / count
        verdict = settle(stack, world, load.reports, at, 240)  # newest first: what is oldest leaves last
    return verdict, {
        "kills": count,
        "seconds_from_kill_to_kill": round(between, 1),
        "allowed_duplicates": count * THREADS,
        "told_to_come_again": len(load.refused),
    }


def kills_hard(setup: Setup) -> Outcome:
    """Worker and web server are killed (−9) at once, at any moment under load, with the same mail server."""
    return kills(setup, hard=True)


def smtp_down(setup: Setup, seconds: int = 600) -> Outcome:
    """The mail server is away for ten minutes (quick: 30 seconds, which tells less) while incidents come in."""
    world, away = World(setup.size(24, 6), SHORT), setup.size(seconds, 30)
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        before = together(stack, world.codes, 6)
        stacks.wait(lambda: all_came(world, before, stack.sink.arrivals, at=at), "the calls before the outage", 60)
        with outage(stack):
            with under_load(stack, world.codes, rate=1, seed=setup.seed) as load:
                time.sleep(min(away, 60))
            time.sleep(max(0, away - 60))
        back = time.monotonic()
        reports = before + load.reports
        verdict = settle(stack, world, reports, at, 240)
    last = max((arrival.at for arrival in stack.sink.arrivals), default=back)
    return verdict, {"away_seconds": away, "seconds_until_all_came": round(last - back, 1)}


@contextmanager
def outage(stack: Stack) -> Iterator[None]:
    """Nobody listens on the mail server's port; then somebody does again."""
    stack.sink.close()
    try:
        yield
    finally:
        stack.sink.open()


def smtp_drops(setup: Setup) -> Outcome:
    """Now and then the mail server takes a letter and drops the line before it says so, or drops it untaken."""
    world, dice = World(setup.size(24, 6), SHORT), random.Random(setup.seed)  # noqa: S311
    count = setup.size(300, 40)
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        taken = 0
        stack.sink.script[:] = [dice.choice(("", "", "", "drop", "take, drop")) for _each in range(3 * count)]
        planned = list(stack.sink.script)
        stack.start_worker()
        stack.wait_for_beat()
        with under_load(stack, world.codes, rate=4, seed=setup.seed) as load:
            stacks.wait(lambda: len(load.reports) >= count, "the reports", 600)
        verdict = settle(stack, world, load.reports, at, 240)
        used = planned[: len(planned) - len(stack.sink.script)]
        taken = used.count("take, drop")
    return verdict, {
        "lines_broken_after_taking": taken,
        "allowed_duplicates": taken,
        "lines_broken": used.count("drop"),
    }


def three_nodes(setup: Setup, command: tuple[str, ...] = stacks.WORKER) -> Outcome:
    """Three workers on one PostgreSQL, nobody dies: not one letter twice."""
    world, count = World(24, SHORT), setup.size(1000, 120)
    with running("postgresql", world) as stack:
        at = worlds.wall()
        for node in range(3):
            stack.start_worker(node, command)
        stack.wait_for_beat()
        reports = together(stack, world.codes, count)
        verdict = settle(stack, world, reports, at, 240)
    return verdict, {"nodes": 3, "allowed_duplicates": 0}


def ten_thousand_due(setup: Setup) -> Outcome:
    """No worker for a while, 10,000 first steps become due, then one worker starts."""
    world, count = World(200 if not setup.quick else 20, FIRST_ONLY), setup.size(10_000, 300)
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        reports = together(stack, world.codes, count)
        began = time.monotonic()
        stack.start_worker()
        verdict = settle(stack, world, reports, at, 600)
    first = min(arrival.at for arrival in stack.sink.arrivals)
    last = max(arrival.at for arrival in stack.sink.arrivals)
    target = 90 if setup.kind == "sqlite" else 60
    return verdict, {
        "people": len(world.codes),
        "target_seconds": target,
        "seconds_from_start_of_worker": round(last - began, 1),
        "seconds_from_first_to_last": round(last - first, 1),
    }


def roster_changed(setup: Setup) -> Outcome:
    """Called while mail is away, then somebody else gets the duty, then mail is back: whom the roster named when the
    step fired gets that step's letter; whoever has the duty now is told of it too, and gets the step fired later."""
    world = World(6, Policy((("operations", 0), ("operations", 20))))
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        campaign = stack.call("GET", "/campaigns?limit=1")["items"][0]["id"]
        with outage(stack):
            reports = together(stack, world.codes, 6)
            before = {call for report in reports for call in world.expected(report, at=at) if call.step == 1}
            time.sleep(3)
            world.swapped |= {(unit, "operations") for unit in world.codes}
            stacks.man(stack, world, campaign, since=worlds.wall())
        # Incoming people are told of what is open in their duty, as of the step that called for it.
        wanted = before | {call for report in reports for call in world.expected(report, at=at)}

        def came() -> set[tuple[str, int, str]]:
            letters = list(stack.sink.arrivals)
            return {(code, step, letter.recipient) for letter in letters for code, step in calls_in(letter)}

        names = {(call.code, call.step, call.mail) for call in wanted}
        ends = time.monotonic() + 90
        while not names <= came() and time.monotonic() < ends:
            time.sleep(0.5)
        time.sleep(3)
        found = came()
    verdict = Verdict(len(reports), len(names), len(found), len(stack.sink.arrivals))
    verdict.lost, verdict.strangers = len(names - found), len(found - names)
    verdict.missing = [str(each) for each in sorted(names - found)[:10]]
    return verdict, {}


def acks_race(setup: Setup) -> Outcome:
    """10,000 incidents are each taken within moments of their report, while their calls leave."""
    world, count = World(setup.size(100, 20), SHORT), setup.size(10_000, 200)
    with running(setup.kind, world) as stack:
        at = worlds.wall()
        stack.start_worker()
        stack.wait_for_beat()
        reports = _take_each(stack, world, count, at, setup.seed)
        time.sleep(12)
        verdict = judge(world, reports, stack.sink.arrivals, at=at)
    return verdict, {"taken": len(reports)}


def _take_each(stack: Stack, world: World, count: int, at: Any, seed: int) -> list[Report]:
    reports: list[Report] = []
    faults: list[BaseException] = []
    left, lock = iter(range(count)), threading.Lock()
    day = worlds.day_of(at)

    def run(dice: random.Random) -> None:
        client = Client(stack)
        try:
            while True:
                with lock:
                    number = next(left, None)
                if number is None:
                    return
                unit = world.codes[number % len(world.codes)]
                report = client.report(unit, f"Sự cố thử {number}")
                time.sleep(dice.choice((0, 0, 0.05, 0.2)))
                taken = client.take(report.code, world.person(unit, "operations", day))
                with lock:
                    reports.append(replace(report, taken=taken))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(random.Random(seed + each),), daemon=True) for each in range(8)]  # noqa: S311
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return reports


def broken(name: str) -> tuple[str, ...]:
    """The command of a worker from which one safeguard was removed (``benchmarks.faults.broken``)."""
    return (*stacks.WORKER[:2], "benchmarks.faults.broken", name)


def without_guard(setup: Setup) -> Outcome:
    """Counter-run: claims without their guard, three nodes. Must send twice."""
    return three_nodes(setup, broken("guard"))


def mark_then_send(setup: Setup) -> Outcome:
    """Counter-run: as kills_gentle, but letters are marked as sent before they are. Must lose some."""
    return kills(setup, command=broken("mark"), count=setup.size(40, 12))


SCENARIOS: dict[str, Callable[[Setup], Outcome]] = {
    "kills_gentle": kills,
    "kills_hard": kills_hard,
    "smtp_down": smtp_down,
    "smtp_drops": smtp_drops,
    "webhook_hangs": webhook_hangs,
    "database_locked": database_locked,
    "disk_full": disk_full,
    "clock_jumps": clock_jumps,
    "three_nodes": three_nodes,
    "lock_timeouts": lock_timeouts,
    "deadlocks": deadlocks,
    "database_restarted": database_restarted,
    "ten_thousand_due": ten_thousand_due,
    "roster_changed": roster_changed,
    "acks_race": acks_race,
    "soak": soak,
    "without_guard": without_guard,
    "mark_then_send": mark_then_send,
}
ONLY_SQLITE = ("clock_jumps",)
ONLY_POSTGRESQL = ("three_nodes", "database_restarted", "lock_timeouts", "deadlocks", "without_guard")
COUNTER = {"without_guard": "duplicates", "mark_then_send": "lost"}
"""What a counter-run must show to prove that the harness would have seen it."""
