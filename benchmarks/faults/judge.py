"""What arrived, held against what had to arrive."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.faults.world import Call, Report, World
from tests.support.smtp_sink import Arrival

NAMED = re.compile(r"(SC-\d{4}-\d+)(?:(?!SC-\d{4}-).)*?bước (\d+)", re.IGNORECASE)
"""A code and its step, in a subject or in a line of a letter that lists several."""
AFTER_TAKEN = 2.0
"""Seconds within which a letter may still leave after somebody took the incident (promise P5)."""


@dataclass
class Verdict:
    """Counts; ``lost`` must be 0. Times are seconds."""

    reported: int = 0
    expected: int = 0
    arrived: int = 0
    letters: int = 0
    lost: int = 0
    duplicates: int = 0
    """Calls that came again: a letter may name several."""
    letters_again: int = 0
    """Letters that came again, which is what promise P3 limits."""
    torn: int = 0
    """Letters that came again under the same Message-ID, but with other calls in them: never allowed, for a mail
    server may throw the second one away."""
    renamed: int = 0
    """Duplicates under another Message-ID: never allowed."""
    strangers: int = 0
    """Calls of somebody whom the roster did not name: never allowed."""
    after_taken: int = 0
    """Calls first sent more than two seconds after somebody took it: never allowed."""
    first_p50: float = 0
    first_p95: float = 0
    first_p99: float = 0
    first_max: float = 0
    step_p95: float = 0
    """How much later than its wait a further step came."""
    missing: list[str] = field(default_factory=list)
    """The first few that were lost."""


def calls_in(arrival: Arrival) -> set[tuple[str, int]]:
    """(code, step) of everything that a letter says somebody is called for."""
    text = "\n".join([" ".join(str(arrival.mail["Subject"]).split()), arrival.body])
    return {(found[1], int(found[2])) for line in text.splitlines() for found in NAMED.finditer(line)}


def judge(world: World, reports: Sequence[Report], arrivals: Iterable[Arrival], *, at: datetime) -> Verdict:
    """``at``: when the run began (the roster of that day holds; the turn at midnight is allowed for)."""
    known = {report.code: report for report in reports}
    wanted = {call for report in reports if report.taken is None for call in world.expected(report, at=at)}
    came: dict[Call, list[Arrival]] = defaultdict(list)
    named: dict[tuple[str, str], list[set[tuple[str, int]]]] = defaultdict(list)
    letters = 0
    for arrival in arrivals:
        letters += 1
        calls = {(code, step) for code, step in calls_in(arrival) if code in known}
        if calls:
            named[arrival.message_id, arrival.recipient].append(calls)
        for code, step in calls:
            came[Call(code, step, arrival.recipient)].append(arrival)
    verdict = Verdict(len(reports), len(wanted), len(came), letters)
    for same in named.values():
        verdict.letters_again += len(same) - 1
        # What somebody took meanwhile may be left out.
        left_out = {code for code, _step in set.union(*same) - set.intersection(*same)}
        verdict.torn += any(known[code].taken is None for code in left_out)
    lost = sorted(wanted - came.keys(), key=lambda call: (call.code, call.step))
    verdict.lost, verdict.missing = len(lost), [f"{call.code} step {call.step} {call.mail}" for call in lost[:10]]
    for call, letters_of in came.items():
        verdict.duplicates += len(letters_of) - 1
        verdict.renamed += len({letter.message_id for letter in letters_of}) - 1
        verdict.strangers += call not in set(world.expected(known[call.code], at=at))
        taken = known[call.code].taken
        verdict.after_taken += taken is not None and min(each.at for each in letters_of) > taken + AFTER_TAKEN
    _times(verdict, world, known, came)
    return verdict


def _times(verdict: Verdict, world: World, known: dict[str, Report], came: dict[Call, list[Arrival]]) -> None:
    first: dict[tuple[str, int], float] = {}
    for call, letters in came.items():
        at = min(letter.at for letter in letters)
        first[call.code, call.step] = min(at, first.get((call.code, call.step), at))
    opening = [at - known[code].answered for (code, step), at in first.items() if step == 1]
    over = [
        at - first[code, step - 1] - world.policy.steps[step - 1][1]
        for (code, step), at in first.items()
        if step > 1 and (code, step - 1) in first
    ]
    verdict.first_p50, verdict.first_p95 = centile(opening, 50), centile(opening, 95)
    verdict.first_p99 = centile(opening, 99)
    verdict.first_max, verdict.step_p95 = round(max(opening, default=0), 3), centile(over, 95)


def centile(values: Sequence[float], which: int) -> float:
    """The percentile by nearest rank; 0 of nothing."""
    if len(values) < 2:
        return round(values[0], 3) if values else 0.0
    return round(statistics.quantiles(values, n=100, method="inclusive")[which - 1], 3)


def all_came(world: World, reports: Sequence[Report], arrivals: Sequence[Arrival], *, at: datetime) -> bool:
    """Whether nothing is missing any more: a run may end."""
    wanted = Counter(call for report in reports if report.taken is None for call in world.expected(report, at=at))
    there = {Call(code, step, each.recipient) for each in list(arrivals) for code, step in calls_in(each)}
    return wanted.keys() <= there
