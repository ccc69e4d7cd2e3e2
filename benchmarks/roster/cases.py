"""What is measured, case by case; every run is a flat row of numbers that can be checked against the targets."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from os import times
from pathlib import Path
from statistics import median
from time import monotonic, process_time

from benchmarks.roster import curtois, peers, tet
from benchmarks.roster.column_generation.plugin import COLUMN_GENERATION
from benchmarks.roster.measures import Row, least_second_peaks, quality, solved
from benchmarks.roster.rotations import ROTATIONS
from planning.engines.local_search.engine import build
from planning.engines.portfolio.prover import Prover
from planning.engines.portfolio.registry import joined_by
from planning.explain import candidates_for
from planning.explain.conflicts import conflict_of
from planning.explain.shortage import explain
from planning.problem import Absence, Problem
from planning.settings import Setting

CURTOIS_SECONDS = {**dict.fromkeys(range(1, 7), 60), 7: 600, 8: 600}
CURTOIS_BEST = {1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300}


def published(args: Namespace) -> list[Row]:
    """Curtois & Qu 1–8 with one seed each, column generation among the engines; needs their files."""
    if args.curtois is None:
        print("   skipped: --curtois names the folder with the instances", file=sys.stderr)
        return []
    return [_published(args.curtois / f"Instance{n}.txt", n, args.seeds[0]) for n in CURTOIS_SECONDS]


def _published(path: Path, number: int, seed: int) -> Row:
    with joined_by(COLUMN_GENERATION):
        _, row = solved(curtois.read_problem(path), seconds=CURTOIS_SECONDS[number], seed=seed)
    return row | {"instance": number, "best_known": CURTOIS_BEST[number]}


def tet_30(args: Namespace) -> list[Row]:
    return [_month(30, 21, seed, 30) for seed in args.seeds]


def tet_60(args: Namespace) -> list[Row]:
    return [_month(60, 30, seed, 180) for seed in args.seeds]


def _month(staff: int, days: int, seed: int, seconds: float) -> Row:
    least = least_second_peaks(tet.generate(staff, days, seed))
    return _tet(staff, days, seed, seconds) | {"second_peaks_least": least}


def growth(args: Namespace) -> list[Row]:
    """How time to a valid roster and the gap at 60 s grow with one coupled unit."""
    return [_tet(staff, 30, seed, 60) for staff in (20, 40, 60, 90, 120, 180, 240) for seed in args.seeds[:3]]


def province(args: Namespace) -> list[Row]:
    """1,600 people in 200 units."""
    return [_tet(1600, 30, args.seeds[0], 600, units=200)]


def folder(args: Namespace) -> list[Row]:
    """1,040 people in 69 units that help each other, from an import folder; some nights nobody may do."""
    from benchmarks.roster.folder import hopeless, read_problem

    problem = read_problem()
    asked = hopeless(problem)
    outcome, row = solved(problem, seconds=300, seed=args.seeds[0], unavoidable=len(asked))
    empty = {each.shift_id for each in outcome.shortages}
    facts = {"impossible": len(asked), "named_exactly": empty == asked, "missing_bound": outcome.missing_bound}
    return [row | facts | quality(problem, outcome.assignments)]


def rotations(args: Namespace) -> list[Row]:
    """Return what the rotations of on-call tools make of the 60 by 30 month."""
    return [row for seed in args.seeds for row in _rotations(seed)]


def _rotations(seed: int) -> Iterator[Row]:
    problem = tet.generate(60, 30, seed)
    for name, rotate in ROTATIONS.items():
        yield {"seed": seed, "rotation": name, **quality(problem, rotate(problem))}


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
    """With the limits that the product has; `cpu_s` is that of this process and of the child that proves."""
    from roster.reasons.cache import EXPLAIN_SECONDS
    from roster.reasons.services import CONFLICT_SECONDS

    roster, used, began = build(problem, seed=1), _cpu(), monotonic()
    with Prover() as proofs:
        found = explain(problem, roster, proofs=proofs, seconds=EXPLAIN_SECONDS)
        spent, began = monotonic() - began, monotonic()
        short = found.shortages[0].shift_id
        conflict = conflict_of(problem, roster, short, fewest=proofs.fewest_missing, seconds=CONFLICT_SECONDS)
    rests_on = ", ".join(f"{each.rule}: {len(each.tight)}" for each in found.bindings if each.tight)
    return {
        "case": name,
        "empty": found.missing,
        "at_least": found.at_least,
        "exact": found.is_exact,
        "binding": len(found.bindings),
        "rests_on": rests_on,
        "repairs": len(found.repairs),
        "explained_s": round(spent, 2),
        "conflict_s": round(monotonic() - began, 2),
        "conflict_facts": len(conflict.facts) if conflict else None,
        "conflict_irreducible": conflict.is_irreducible if conflict else None,
        "cpu_s": round(_cpu() - used, 2),
    }


def _cpu() -> float:
    """Of this process and of its children that are gone."""
    spent = times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _tet(staff: int, days: int, seed: int, seconds: float, *, units: int = 1) -> Row:
    problem = tet.generate(staff, days, seed, units=units)
    outcome, row = solved(problem, seconds=seconds, seed=seed)
    return row | {"staff": staff, "days": days, "units": units, **quality(problem, outcome.assignments)}


CASES: dict[str, Callable[[Namespace], list[Row]]] = {
    "published": published,
    "tet_30": tet_30,
    "tet_60": tet_60,
    "growth": growth,
    "province": province,
    "folder": folder,
    "rotations": rotations,
    "cell": cell,
    "shortage": shortage,
    "peers": peers.compare,
}
