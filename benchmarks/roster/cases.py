"""What is measured, case by case; every run is a flat row of numbers that can be checked against the targets."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import monotonic, process_time
from typing import Any

from benchmarks.roster import curtois, tet
from benchmarks.roster.rotations import ROTATIONS
from roster.planning.check import check, cost_of
from roster.planning.engines.greedy.build import build
from roster.planning.engines.proofs import Prover
from roster.planning.explain import candidates_for
from roster.planning.explain.conflicts import conflict_of
from roster.planning.explain.whole import explain
from roster.planning.ledger import spreads
from roster.planning.problem import Absence, Assignment, Outcome, Problem
from roster.planning.settings import Setting
from roster.planning.solve import solve

Row = dict[str, Any]
CURTOIS_SECONDS = {**dict.fromkeys(range(1, 7), 60), 7: 600, 8: 600}
CURTOIS_BEST = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300}
STEPS = (10, 30, 60, 120, 180, 300, 600)


def published(args: Namespace) -> list[Row]:
    """Curtois & Qu 1–8 with one seed each; needs their files."""
    if args.curtois is None:
        print("   skipped: --curtois names the folder with the instances", file=sys.stderr)
        return []
    return [_published(args.curtois / f"Instance{n}.txt", n, args.seeds[0]) for n in CURTOIS_SECONDS]


def _published(path: Path, number: int, seed: int) -> Row:
    began, problem = monotonic(), curtois.read_problem(path)
    outcome = solve(problem, seconds=CURTOIS_SECONDS[number], seed=seed)
    return _row(problem, outcome, monotonic() - began, seed) | {"instance": number, "best_known": CURTOIS_BEST[number]}


def tet_30(args: Namespace) -> list[Row]:
    return [_tet(30, 21, seed, 30) for seed in args.seeds]


def tet_60(args: Namespace) -> list[Row]:
    return [_tet(60, 30, seed, 180) for seed in args.seeds]


def growth(args: Namespace) -> list[Row]:
    """How time to a valid roster and the gap at 60 s grow with one coupled unit."""
    return [_tet(staff, 30, seed, 60) for staff in (20, 40, 60, 90, 120, 180, 240) for seed in args.seeds[:3]]


def province(args: Namespace) -> list[Row]:
    """1,600 people in 200 units."""
    return [_tet(1600, 30, args.seeds[0], 600, units=200)]


def rotations(args: Namespace) -> list[Row]:
    """What the rotations of on-call tools make of the 60 by 30 month."""
    return [row for seed in args.seeds for row in _rotations(seed)]


def _rotations(seed: int) -> Iterator[Row]:
    problem = tet.generate(60, 30, seed)
    for name, rotate in ROTATIONS.items():
        yield {"seed": seed, "rotation": name, **_quality(problem, rotate(problem))}


def cell(args: Namespace) -> list[Row]:
    """CPU of "why this person, who else" for cells all over the 60 by 30 month."""
    problem = tet.generate(60, 30, args.seeds[0])
    roster = build(problem, seed=1)
    spent = []
    for shift in problem.shifts[::7]:
        began = process_time()
        candidates_for(problem, roster, shift.id)
        spent.append((process_time() - began) * 1000)
    return [{"cells": len(spent), "cpu_ms_median": round(median(spent), 2), "cpu_ms_worst": round(max(spent), 2)}]


def shortage(args: Namespace) -> list[Row]:
    """A whole shortage explained, and one seat's least conflict, on the 60 by 30 month."""
    return [_explained(name, problem) for name, problem in _short(tet.generate(60, 30, args.seeds[0])).items()]


def _short(problem: Problem) -> dict[str, Problem]:
    """Three ways to lack people: all who may lead are away on one day; two nights each; 16 hours a week each."""
    first = next(s for s in problem.shifts if s.duty == "leadership" and "mung_1" in s.peak)
    day = first.start - timedelta(hours=6)
    leaders = [Absence(p.id, day, day + timedelta(days=1)) for p in problem.staff if "leadership" in p.duties]
    nights = {**problem.settings, "nights.most": Setting(on=True, hard=True, values={"most": 2})}
    hours = {**problem.settings, "hours.week": Setting(on=True, hard=True, values={"most": 16 * 60})}
    return {
        "leaders away": replace(problem, absences=(*problem.absences, *leaders)),
        "2 nights each": replace(problem, settings=nights),
        "16 h a week": replace(problem, settings=hours),
    }


def _explained(name: str, problem: Problem) -> Row:
    roster, began = build(problem, seed=1), monotonic()
    with Prover() as proofs:
        found = explain(problem, roster, proofs=proofs, seconds=5)
        spent, began = monotonic() - began, monotonic()
        short = found.shortages[0].shift_id
        conflict = conflict_of(problem, roster, short, fewest=proofs.fewest_missing, seconds=10)
    return {
        "case": name, "empty": found.missing, "at_least": found.at_least, "exact": found.is_exact,
        "binding": len(found.bindings), "repairs": len(found.repairs), "explained_s": round(spent, 2),
        "conflict_s": round(monotonic() - began, 2), "conflict_facts": len(conflict.facts) if conflict else None,
    }  # fmt: skip


def timefold(args: Namespace) -> list[Row]:
    """An optional peer on the 30 by 21 roster; needs Java and requirements-bench.txt."""
    try:
        from benchmarks.roster.timefold_peer import solve_with_timefold
    except (ImportError, RuntimeError) as error:
        print(f"   skipped: {error}", file=sys.stderr)
        return []
    rows = []
    for seed in args.seeds[:3]:
        problem, began = tet.generate(30, 21, seed), monotonic()
        roster = solve_with_timefold(problem, 30)
        quality = _quality(problem, roster)
        rows.append({"seed": seed, "seconds": round(monotonic() - began, 1), **quality})
    return rows


def _tet(staff: int, days: int, seed: int, seconds: float, *, units: int = 1) -> Row:
    problem = tet.generate(staff, days, seed, units=units)
    began = monotonic()
    outcome = solve(problem, seconds=seconds, seed=seed)
    row = _row(problem, outcome, monotonic() - began, seed)
    return row | {"staff": staff, "days": days, "units": units, **_quality(problem, outcome.assignments)}


def _row(problem: Problem, outcome: Outcome, seconds: float, seed: int) -> Row:
    """Cost, bound and gap at the end and on the way; `valid_after` is when the first roster was there."""
    row: Row = {
        "seed": seed, "people": len(problem.staff), "shifts": len(problem.shifts), "seconds": round(seconds, 2),
        "status": outcome.status, "cost": outcome.objective, "bound": outcome.bound, "gap": outcome.gap,
        "engine": outcome.engine, "valid_after": round(outcome.trace[0][0], 2) if outcome.trace else None,
        "hard_breaches": sum(violation.hard for violation in outcome.violations),
        "trace": [list(point) for point in outcome.trace],
    }  # fmt: skip
    if outcome.certificate is not None:
        facts = outcome.certificate
        row |= {
            "parts": facts.groups, "parts_proved": facts.groups_proved, "memory_mb": facts.memory_mb,
            "engines_memory_mb": facts.engines_memory_mb,
        }  # fmt: skip
    for step in STEPS:
        if step <= seconds + 5:
            row[f"gap_{step}"] = _gap_at(outcome, step)
    return row


def _gap_at(outcome: Outcome, seconds: float) -> float | None:
    seen = [point for point in outcome.trace if point[0] <= seconds]
    if not seen or seen[-1][2] is None or not seen[-1][1]:
        return None
    return max(0.0, (seen[-1][1] - seen[-1][2]) / seen[-1][1])


def _quality(problem: Problem, assignments: tuple[Assignment, ...]) -> Row:
    """What people feel: breaches, how even the load is per duty, and who has more than one peak shift."""
    violations = check(problem, assignments)
    lines = {each.duty: each for each in spreads(problem, assignments)}
    return {
        "breaches": sum(v.hard and not v.params.get("missing") for v in violations),
        "empty": sum(int(v.params.get("missing", 0)) for v in violations if v.rule == "coverage.headcount"),
        "cost_checked": cost_of(violations),
        "second_peaks": sum(v.rule == "peaks.second" for v in violations),
        "sd": {duty: round(each.deviation / 100, 2) for duty, each in lines.items()},
        "range": {duty: round((each.highest - each.lowest) / 100, 1) for duty, each in lines.items()},
    }


CASES: dict[str, Callable[[Namespace], list[Row]]] = {
    "published": published,
    "tet_30": tet_30,
    "tet_60": tet_60,
    "growth": growth,
    "province": province,
    "rotations": rotations,
    "cell": cell,
    "shortage": shortage,
    "timefold": timefold,
}
