"""Measure: ``python -m benchmarks.latency.run [PART …] [--db sqlite|postgresql] [--quick]``.

Results go to ``benchmarks/latency/results`` as JSON and into docs/benchmarks-latency.md. Exit 1: a target was missed.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.faults.run import machine
from benchmarks.latency import calls, clicks, growth, report, resting, throughput

RESULTS = Path(__file__).with_name("results")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help="of: calls, resting, clicks, growth, alerta (default: all)"
    )
    parser.add_argument("--db", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, measures little")
    wanted = parser.parse_args()
    kinds = ("sqlite", "postgresql") if wanted.db == "both" else (wanted.db,)
    parts = wanted.parts or ["calls", "resting", "clicks", "growth", "alerta"]
    small, missed = wanted.quick, 0
    if "calls" in parts:
        for kind in kinds:
            count = 10 if small else 100
            missed += _note("idle", kind, small, lambda k=kind, n=count: calls.idle(k, n, 1))
            deaf = functools.partial(calls.idle, kind, count, 1, woken=False)
            missed += _note("idle_by_the_tick_alone", kind, small, deaf)
            missed += _note("steps", kind, small, lambda k=kind: calls.steps(k, 10 if small else 60))
            missed += _note("at_once", kind, small, lambda k=kind: calls.at_once(k, 60))
    for kind in kinds if "clicks" in parts else ():
        missed += _note("clicks", kind, False, lambda k=kind: clicks.measure(k))
    if "resting" in parts:
        for kind in kinds:
            seconds = 10 if small else 60
            missed += _note("resting_empty", kind, small, lambda k=kind, s=seconds: resting.resting(k, 0, s))
            count = 50 if small else 2000
            loaded = functools.partial(resting.resting, kind, count, seconds)
            missed += _note("resting_loaded", kind, small, loaded)
    for kind in kinds if "growth" in parts else ():
        missed += _note("growth", kind, small, lambda k=kind: growth.growth(k, 100 if small else 1000))
    if "alerta" in parts:
        sizes = (100, 400, 50, 1) if small else (1500, 10_000, 400, 3)
        missed += _note("alerta", "postgresql", small, lambda: throughput.compare(*sizes))
    report.write(RESULTS)
    return 1 if missed else 0


def _note(name: str, kind: str, quick: bool, measure: Callable[[], dict[str, Any]]) -> bool:
    """Measure and write it down; whether it missed its target."""
    load = os.getloadavg()[0]
    found = measure()
    missed = report.missed(name, found)
    note = {
        "part": name,
        "database": kind,
        "quick": quick,
        "found": found,
        "missed": missed,
        "load_before": round(load, 2),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        **machine(),
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{kind}{'-quick' if quick else ''}.json"
    path.write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n")
    print(f"{name} on {kind}: {json.dumps(found)} {'MISSED ' + ', '.join(missed) if missed else ''}", flush=True)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
