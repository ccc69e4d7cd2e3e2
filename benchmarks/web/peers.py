"""Feeds and who is on duty beside linkedin/oncall, in turns: ``python -m benchmarks.web.peers [--quick]``.

CPU time of one request: of the web server's processes and of the database server's, read from outside. Every round
starts each server anew: *first* is the first request of the fresh process, *each* the mean of those that follow.
Results go to ``benchmarks/web/results`` as JSON and into docs/benchmarks.md. Exit 1: a target was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.faults.run import machine
from benchmarks.faults.world import wall
from benchmarks.web import cpu, duties, feeds, oncall_peer, report, sides
from benchmarks.web.oncall_peer import Oncall
from benchmarks.web.server import Cost, Running
from benchmarks.web.sides import Product
from people.models import DutyKind
from tests.support.live import free_port

RESULTS = Path(__file__).with_name("results")
KINDS = ("sqlite", "postgresql")
TEAM, PEOPLE = 990, 17
STAFF = 40
"""People of the unit whose history grows."""


class Sizes(NamedTuple):
    rounds: int
    ours: int
    theirs: int
    """Requests that follow the first one, of theirs for the large calendar."""
    asked: int
    """Requests of who is on duty, and of small calendars."""
    shifts: tuple[int, ...]


FULL = Sizes(5, 100, 6, 600, (1_000, 10_000, 100_000))
QUICK = Sizes(1, 20, 2, 20, (1_000, 2_000))
Found = dict[str, dict[str, list[Cost]]]
"""Side → figure → a cost a round."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few requests: shows that it works, measures little")
    parser.add_argument("--report", action="store_true", help="only write docs/benchmarks.md from the results")
    wanted = parser.parse_args()
    if not wanted.report:
        load = os.getloadavg()[0]
        path = RESULTS / f"peers{'-quick' if wanted.quick else ''}.json"
        RESULTS.mkdir(exist_ok=True)
        for found in compare(QUICK if wanted.quick else FULL):
            note = {
                "quick": wanted.quick,
                **found,
                "load_before": round(load, 2),
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                **machine(),
            }
            path.write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n")
    return 1 if report.write(RESULTS) else 0


def compare(sizes: Sizes) -> Iterator[dict[str, Any]]:
    """Everything in one run, the sides in turns in every round: what was found so far, after each size of history."""
    with ExitStack() as ends:
        peer = ends.enter_context(oncall_peer.oncall())
        ours = {kind: ends.enter_context(sides.product(kind)) for kind in KINDS}
        found: dict[str, Any] = {
            "peer": oncall_peer.PACKAGES[0].replace("==", " "),
            "mariadb": oncall_peer.version(),
            "sizes": sizes._asdict(),
            "feeds": _feeds(peer, ours, sizes),
        }
        found["publishing"] = {kind: _publishing(kind, each) for kind, each in ours.items()}
        found["on_duty"] = {}
        for size, costs in _on_duty(peer, ours, sizes):
            found["on_duty"][size] = costs
            yield found


def _publishing(kind: str, one: Product) -> dict[str, int]:
    """Milliseconds, in this process."""
    _say(f"publishing on {kind}")
    with one.app.app_context():
        return {name: round(milliseconds) for name, milliseconds in feeds.publishing().items()}


def _feeds(peer: Oncall, ours: Mapping[str, Product], sizes: Sizes) -> dict[str, Any]:
    """The calendar of a team and of one of its people, at their secret addresses."""
    begins = _hour(wall()) + timedelta(days=20)
    peer.team("TEAM", PEOPLE)
    peer.events(PEOPLE, _events(begins, range(TEAM), 1, PEOPLE))
    paths = {"team": {"oncall": peer.calendar(1)}, "person": {"oncall": peer.calendar(1, person=True)}}
    for kind, each in ours.items():
        paths["team"][kind], paths["person"][kind] = each.team("TEAM", PEOPLE, begins=begins)
        each.shifts(range(TEAM), ("operations",))
    _settle(peer, ours)
    found: dict[str, Found] = {name: _empty() for name in paths}
    shown: dict[str, dict[str, list[int]]] = {name: {} for name in paths}
    for number in range(sizes.rounds):
        for name, at in paths.items():
            _say(f"round {number + 1}: calendar of a {name}")
            few = sizes.theirs if name == "team" else sizes.asked // 4
            with _Fresh(peer.start) as theirs:
                _calendar(theirs, at["oncall"], found[name]["oncall"], few, few)
                shown[name]["oncall"] = _size(theirs, at["oncall"])
            for kind, each in ours.items():
                each.forget()
                with _Fresh(each.start) as server:
                    found[name][kind]["first_ever"].append(server.cost(at[kind]))
                with _Fresh(each.start) as server:
                    _calendar(server, at[kind], found[name][kind], sizes.ours, sizes.asked)
                    shown[name][kind] = _size(server, at[kind])
    return {name: {"figures": _plain(each), "events_and_bytes": shown[name]} for name, each in found.items()}


def _calendar(server: Running, path: str, found: dict[str, list[Cost]], often: int, again: int) -> None:
    """``unchanged``: asked as a calendar program does that has the answer to the first request."""
    found["first"].append(server.cost(path))
    found["each"].append(server.cost(path, times=often))
    headers = server.get(path).headers
    asked = {"If-None-Match": headers.get("etag", '"none"')}
    if "last-modified" in headers:
        asked["If-Modified-Since"] = headers["last-modified"]
    found["unchanged"].append(server.cost(path, asked, times=again))


def _on_duty(peer: Oncall, ours: Mapping[str, Product], sizes: Sizes) -> Iterator[tuple[str, dict[str, Any]]]:
    """In one unit, whose shifts become more: three quarters of them are history, one of each kind runs now."""
    kinds = _duty_kinds(next(iter(ours.values())))
    most = sizes.shifts[-1]
    begins = _hour(wall()) - duties.HOURS * (most * 3 // 4 // len(kinds)) - timedelta(hours=1)
    peer.team("LIVE", STAFF)
    for each in ours.values():
        each.team("LIVE", STAFF, begins=begins)
    known: set[int] = set()
    for size in sizes.shifts:
        added = sorted(set(_around(most, size, len(kinds))) - known)
        known.update(added)
        peer.events(STAFF, _events(begins, added, len(kinds), STAFF))
        for each in ours.values():
            each.shifts(added, kinds)
        _settle(peer, ours)
        found = _empty()
        # Their cost grows with the history: seconds for one answer in the end.
        few = max(4, sizes.asked * sizes.shifts[0] // size)
        for number in range(sizes.rounds):
            _say(f"round {number + 1}: who is on duty among {size}")
            with _Fresh(peer.start) as theirs:
                _asked(
                    theirs, "/api/v0/teams/LIVE/oncall/secondary", "/api/v0/teams/LIVE/oncall", {}, found["oncall"], few
                )
                found["oncall"]["with_next"].append(theirs.cost("/api/v0/teams/LIVE/summary", times=few // 4))
            for kind, each in ours.items():
                with _Fresh(each.start) as server:
                    _asked(
                        server,
                        f"/api/v1/on-duty?unit=LIVE&duty={kinds[1]}",
                        "/api/v1/on-duty?unit=LIVE",
                        {"Authorization": f"Bearer {each.key}"},
                        found[kind],
                        sizes.asked,
                    )
        yield str(size), _plain(found)


def _asked(
    server: Running, one: str, every: str, headers: Mapping[str, str], found: dict[str, list[Cost]], times: int
) -> None:
    """For one kind of duty (their role), then for all of them. That somebody was found is checked."""
    found["first"].append(server.cost(one, headers))
    found["one"].append(server.cost(one, headers, times=times))
    found["every"].append(server.cost(every, headers, times=times))
    said = json.loads(server.get(every, headers).body)
    people = [each["people"] for each in said["duties"] if each["rule"] == "assigned"] if "duties" in said else said
    if len(people) != len(oncall_peer.ROLES):
        raise RuntimeError(f"{every} named {len(people)} on duty")


class _Fresh:
    """A server just started, ended afterwards."""

    def __init__(self, start: Callable[[int], Running]) -> None:
        self._server = start(free_port())

    def __enter__(self) -> Running:
        self._server.wait("/healthz")
        return self._server

    def __exit__(self, *_fault: object) -> None:
        self._server.stop()


def _events(begins: datetime, numbers: Iterable[int], kinds: int, people: int) -> Iterable[tuple[int, int, int, int]]:
    """The same shifts as ``duties.add`` writes."""
    for number in numbers:
        start = duties.starts(begins, number, kinds)
        yield number % kinds, number % people, int(start.timestamp()), int((start + duties.HOURS).timestamp())


def _around(most: int, size: int, kinds: int) -> range:
    """Numbers of so many shifts around now: three quarters before, the rest after."""
    now = most * 3 // 4 // kinds * kinds
    first = now - size * 3 // 4 // kinds * kinds
    return range(first, first + size)


def _duty_kinds(one: Product) -> tuple[str, ...]:
    with one.app.app_context():
        found = tuple(each.code for each in DutyKind.query.order_by(DutyKind.code))
    if len(found) != len(oncall_peer.ROLES):
        raise RuntimeError(f"kinds of duty: {found}; the peer has {oncall_peer.ROLES}")
    return found


def _settle(peer: Oncall, ours: Mapping[str, Product]) -> None:
    """Wait until database servers have done what they do after many writes, 20 s at most."""
    watched = [peer.database, *(each.database for each in ours.values() if each.database)]
    for _look in range(10):
        before = sum(map(cpu.seconds, watched))
        time.sleep(2)
        if sum(map(cpu.seconds, watched)) - before < 0.02:
            return


def _size(server: Running, path: str) -> list[int]:
    body = server.get(path).body
    return [body.count(b"BEGIN:VEVENT"), len(body)]


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _empty() -> Found:
    return {side: defaultdict(list) for side in ("oncall", *KINDS)}


def _plain(found: Found) -> dict[str, Any]:
    return {
        side: {name: [[round(each.web, 3), round(each.database, 3)] for each in costs] for name, costs in rows.items()}
        for side, rows in found.items()
    }


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what} …", flush=True)


if __name__ == "__main__":
    sys.exit(main())
