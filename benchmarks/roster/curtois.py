"""The shift-scheduling instances of Curtois & Qu (2014), solved by the `solve()` that campaigns use,
joined by column generation.

    python -m benchmarks.roster.curtois FILE --seconds S --seed N --out F.json

The adapter only builds a Problem: each day and shift type becomes a Shift with soft cover, each contract a set of
personal limits, each request a wish of weight as given, so costs are those of the publication. The instances are
not part of the project; they are published at schedulingbenchmarks.org.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.roster.column_generation.plugin import COLUMN_GENERATION
from planning.engines.portfolio.registry import joined_by
from planning.outcome import Progress
from planning.problem import Absence, Assignment, Problem, Shift, Staff, Wanted, Wish
from planning.settings import Setting
from planning.solve import SolveOptions, solve

MONDAY = date(2018, 1, 1)  # day 0 of every instance is a Monday
VN = timezone(timedelta(hours=7))
DUTY = UNIT = "ward"
OFF = Setting(on=False)
# What the publication asks of nobody, and what it asks of everybody (numbers are each person's own).
SETTINGS = {
    **dict.fromkeys(
        (
            "rest.between_shifts",
            "work.ordinary",
            "hours.continuous",
            "hours.rolling",
            "hours.day",
            "hours.week",
            "hours.month",
            "hours.year",
            "rest.weekly",
            "nights.in_a_row",
            "fairness.load",
            "peaks.second",
            "peaks.repeat",
        ),
        OFF,
    ),
    **dict.fromkeys(("runs.max_days", "runs.min_days", "runs.min_off", "weekends.most"), Setting(on=True, hard=True)),
    "wishes.on": Setting(weight=1),
    "wishes.off": Setting(weight=1),
}
Sections = dict[str, list[list[str]]]


def read_problem(path: Path) -> Problem:
    """The instance in a text file. KeyError or ValueError when it is not one."""
    sections = _sections(path.read_text(encoding="utf-8"))
    days = int(sections["SECTION_HORIZON"][0][0])
    lengths = {row[0]: int(row[1]) for row in sections["SECTION_SHIFTS"]}
    banned = [(row[0], after) for row in sections["SECTION_SHIFTS"] for after in row[2].split("|") if after]
    ids = {row[0]: number for number, row in enumerate(sections["SECTION_STAFF"], start=1)}
    return Problem(
        shifts=tuple(_shifts(sections, days, lengths)),
        staff=tuple(_staff(row, ids[row[0]]) for row in sections["SECTION_STAFF"]),
        absences=tuple(_days_off(sections, ids)),
        wishes=(*_wishes(sections, ids, "ON"), *_wishes(sections, ids, "OFF")),
        settings={**SETTINGS, "sequence.templates": Setting(pairs=tuple(banned))},
    )


def _sections(text: str) -> Sections:
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("SECTION_"):
            section = line
        elif line and not line.startswith("#"):
            found[section].append([cell.strip() for cell in line.split(",")])
    return found


def _midnight(day: int) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(), VN).astimezone(UTC)


def _shifts(sections: Sections, days: int, lengths: dict[str, int]) -> Iterator[Shift]:
    """One per day and type, all from 06:00 so that nobody can do two on a day."""
    cover = {(int(row[0]), row[1]): Wanted(*map(int, row[2:5])) for row in sections["SECTION_COVER"]}
    number = 0
    for day in range(days):
        for name, minutes in lengths.items():
            number += 1
            start = _midnight(day) + timedelta(hours=6)
            yield Shift(
                id=number,
                duty=DUTY,
                unit=UNIT,
                start=start,
                end=start + timedelta(minutes=minutes),
                form="onsite",
                headcount=0,
                points=0,
                night=False,
                peak=frozenset(),
                local_date=MONDAY + timedelta(days=day),
                template=name,
                wanted=cover.get((day, name), Wanted(0, 0, 0)),
            )


def _staff(row: list[str], number: int) -> Staff:
    code, most_of_each, most, least, longest_run, shortest_run, shortest_off, weekends = row
    limits = {
        "hours.total:most": int(most),
        "hours.total:least": int(least),
        "runs.max_days:most": int(longest_run),
        "runs.min_days:least": int(shortest_run),
        "runs.min_off:least": int(shortest_off),
        "weekends.most:most": int(weekends),
    }
    for pair in filter(None, most_of_each.split("|")):
        name, _, count = pair.partition("=")
        limits[f"limits.template:{name}"] = int(count)
    return Staff(number, code, code, frozenset([DUTY]), frozenset([UNIT]), unit=UNIT, limits=limits)


def _days_off(sections: Sections, ids: dict[str, int]) -> Iterator[Absence]:
    for row in sections["SECTION_DAYS_OFF"]:
        for day in map(int, filter(None, row[1:])):
            yield Absence(ids[row[0]], _midnight(day), _midnight(day + 1))


def _wishes(sections: Sections, ids: dict[str, int], kind: str) -> Iterator[Wish]:
    for code, day, name, weight in sections[f"SECTION_SHIFT_{kind}_REQUESTS"]:
        on = MONDAY + timedelta(days=int(day))
        yield Wish(ids[code], on, name, "on" if kind == "ON" else "off", int(weight))


def roster_of(problem: Problem, assignments: Iterable[Assignment]) -> dict[str, list[str | None]]:
    """Employee → shift type or None for each day."""
    roster: dict[str, list[str | None]] = {person.code: [None] * len(problem.dates) for person in problem.staff}
    for each in assignments:
        shift = problem.shift_of[each.shift_id]
        roster[problem.person[each.staff_id].code][(shift.local_date - MONDAY).days] = shift.template
    return roster


def run(path: Path, *, seconds: float, seed: int, on_progress: Any = None) -> dict[str, Any]:
    """Solve one file and tell cost, bound, status, seconds used, the roster and the engine that found it.

    The status is that of the Outcome, or `unlawful` where the best roster breaks a rule: its cost says nothing then.
    """
    began = monotonic()
    problem = read_problem(path)
    listen = {"on_progress": on_progress} if on_progress else {}
    with joined_by(COLUMN_GENERATION):
        outcome = solve(problem, SolveOptions(seconds - (monotonic() - began), seed), **listen)
    return {
        "cost": outcome.objective,
        "bound": outcome.bound,
        "status": "unlawful" if any(violation.hard for violation in outcome.violations) else outcome.status,
        "seconds": round(monotonic() - began, 2),
        "engine": outcome.engine,
        "roster": roster_of(problem, outcome.assignments),
    }


def _say(progress: Progress) -> None:
    print(f"{progress.seconds:8.1f} s  cost {progress.cost}  bound {progress.bound}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quiet", action="store_true")
    args = parser.parse_args()
    found = run(args.file, seconds=args.seconds, seed=args.seed, on_progress=None if args.quiet else _say)
    if args.out:
        args.out.write_text(json.dumps(found), encoding="utf-8")
    print({key: value for key, value in found.items() if key != "roster"})


if __name__ == "__main__":
    main()
