"""Break things and count: ``python -m benchmarks.faults.run [scenario …] [--db sqlite|postgresql|both] [--quick]``.

Each result is a JSON file in ``benchmarks/faults/results``; ``--report`` makes docs/benchmarks-faults.md of them.
Exit 1 when anything was lost, sent twice beyond what is promised, or a counter-run found nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from benchmarks.faults import report
from benchmarks.faults.judge import Verdict
from benchmarks.faults.scenarios import COUNTER, ONLY_POSTGRESQL, ONLY_SQLITE, SCENARIOS, Setup

RESULTS = Path(__file__).with_name("results")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="scenario", help=f"of: {', '.join(SCENARIOS)} (default: all)")
    parser.add_argument("--db", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, proves less")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", action="store_true", help="only write docs/benchmarks-faults.md from the results")
    wanted = parser.parse_args()
    if unknown := set(wanted.names) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    wrong = 0
    if not wanted.report:
        kinds = ("sqlite", "postgresql") if wanted.db == "both" else (wanted.db,)
        for name in wanted.names or SCENARIOS:
            for kind in kinds_of(name, kinds):
                wrong += not run(name, Setup(kind, wanted.seed, wanted.quick))
    report.write(RESULTS)
    return 1 if wrong else 0


def kinds_of(name: str, kinds: tuple[str, ...]) -> list[str]:
    if name in ONLY_SQLITE:
        return ["sqlite"] if "sqlite" in kinds else []
    if name in ONLY_POSTGRESQL:
        return ["postgresql"] if "postgresql" in kinds else []
    return list(kinds)


def run(name: str, setup: Setup) -> bool:
    """One scenario, noted; whether it came out as it must."""
    print(f"{name} on {setup.kind}{' (quick)' if setup.quick else ''} …", flush=True)
    began, load = time.monotonic(), os.getloadavg()[0]
    try:
        verdict, facts = SCENARIOS[name](setup)
    except Exception:
        traceback.print_exc()
        return False
    good = passed(name, verdict, facts)
    note: dict[str, Any] = {
        "scenario": name,
        "what": (SCENARIOS[name].__doc__ or "").strip(),
        "database": setup.kind,
        "quick": setup.quick,
        "seed": setup.seed,
        "passed": good,
        "counter_run": name in COUNTER,
        "facts": facts,
        "verdict": dataclasses.asdict(verdict),
        "seconds": round(time.monotonic() - began, 1),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load_before": round(load, 2),
        **machine(),
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{setup.kind}{'-quick' if setup.quick else ''}.json"
    path.write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n")
    said = json.dumps({**note["verdict"], **facts}, ensure_ascii=False)
    print(f"  {'as it must' if good else 'NOT AS IT MUST'}: {said}", flush=True)
    return good


def passed(name: str, verdict: Verdict, facts: dict[str, Any]) -> bool:
    """A counter-run must show its fault; every other run none."""
    if name in COUNTER:
        return bool(getattr(verdict, COUNTER[name]) > 0)
    never = (verdict.lost, verdict.renamed, verdict.strangers, verdict.after_taken, verdict.torn)
    in_time = facts.get("seconds_from_start_of_worker", 0) <= facts.get("target_seconds", 0)
    return not any(never) and verdict.letters_again <= facts.get("allowed_duplicates", 0) and in_time


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform(terse=True)}


if __name__ == "__main__":
    sys.exit(main())
