"""Optional peers beside our own engine: the same Problem and seconds, every roster scored by the same checker."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from time import monotonic

from benchmarks.roster import tet
from benchmarks.roster.measures import Row, quality, solved
from planning.problem import Problem

Peer = Callable[[Problem, int, int], Row]
SIZES = ((30, 21, 30), (60, 30, 60))
"""(people, days, seconds)"""
SEEDS = 3


def compare(args: Namespace) -> list[Row]:
    """Ours, Timefold and CP-SAT on made Tết rosters; a peer that is not installed is left out, and that is said."""
    known = {"this engine": _own, **dict(_installed())}
    return [
        _shown(people, days, seed, name, peer(tet.generate(people, days, seed), seconds, seed))
        for people, days, seconds in SIZES
        for seed in args.seeds[:SEEDS]
        for name, peer in known.items()
    ]


def _shown(people: int, days: int, seed: int, solver: str, found: Row) -> Row:
    print(f"   {people} × {days}, seed {seed}, {solver}: {found['cost']}", file=sys.stderr, flush=True)
    return {"people": people, "days": days, "seed": seed, "solver": solver, **found}


def _installed() -> Iterator[tuple[str, Peer]]:
    for name, load in (("Timefold", _timefold), ("CP-SAT, 8 workers", _cpsat)):
        try:
            yield name, load()
        except (ImportError, RuntimeError) as error:
            print(f"   {name} skipped: {error}", file=sys.stderr)


def _own(problem: Problem, seconds: int, seed: int) -> Row:
    outcome, row = solved(problem, seconds=seconds, seed=seed)
    proved = row["seconds"] if outcome.status == "optimal" else None
    return {"cost": row["cost"], "bound": row["bound"], "proved_after": proved, **quality(problem, outcome.assignments)}


def _timefold() -> Peer:
    from benchmarks.roster.timefold_peer import solve_with_timefold

    def peer(problem: Problem, seconds: int, seed: int) -> Row:
        told = quality(problem, solve_with_timefold(problem, seconds))
        return {"cost": told["cost_checked"], "bound": None, "proved_after": None, **told}

    return peer


def _cpsat() -> Peer:
    from benchmarks.roster.cpsat_peer import solve_with_cpsat

    def peer(problem: Problem, seconds: int, seed: int) -> Row:
        began = monotonic()
        found = solve_with_cpsat(problem, seconds, seed)
        told, spent = quality(problem, found.roster), round(monotonic() - began, 2)
        after = spent if found.is_optimal else None
        return {"cost": told["cost_checked"], "bound": found.bound, "proved_after": after, **told}

    return peer
