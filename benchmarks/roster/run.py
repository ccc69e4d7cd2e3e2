"""Runs the roster benchmarks and keeps what they measured.

    python -m benchmarks.roster.run [CASE …] [--curtois DIR] [--seeds 1 2 3 4 5]

Each case writes `benchmarks/roster/results/<case>.json` with the machine, the seeds and every run; without names
all cases run (about an hour and a half). `benchmarks.roster.report` makes tables and plots of the results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.roster import cases

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """Return what a reader must know of where the numbers come from."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "highspy": version("highspy"),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[*cases.CASES, []], help="cases to run (default: all)")
    parser.add_argument("--curtois", type=Path, help="folder with the files of the published instances")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    args = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for name in args.cases or cases.CASES:
        began, facts = monotonic(), machine()
        print(f"== {name}", file=sys.stderr, flush=True)
        runs = cases.CASES[name](args)
        if runs:
            found = {"machine": facts, "seconds": round(monotonic() - began, 1), "runs": runs}
            text = json.dumps(found, indent=1, ensure_ascii=False)
            (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
