"""What history costs: each page, list and call in the first year of a province and in its fifth, and the ratio.

    python -m benchmarks.web.growth [NAME…]

The fifth year has sixteen campaigns and 100,000 incidents where the first has one and 2,000
(``benchmarks.web.world.years``); nothing of today differs. Without names everything is asked for, and the results are
written beside those of other benchmarks.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.faults.run import machine
from benchmarks.web import edits
from benchmarks.web.addresses import addresses
from benchmarks.web.measure import Asker, Cost
from benchmarks.web.world import kept, making
from core import clock

RESULTS = Path(__file__).parent / "results" / "growth-sqlite.json"
GROWN = 1.15
"""History is free up to this ratio of CPU time, and up to as many calibration loops as ``LEAST``."""
LEAST = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*")
    names = set(parser.parse_args().names)
    load = os.getloadavg()[0]
    first, fifth = (_costs(names, fifth_year=late) for late in (False, True))
    if unknown := names - first.keys():
        print(f"no such address: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    for name in grown(first, fifth):
        before, after = first[name], fifth[name]
        print(
            f"{name:28}{before.cpu:8.1f} → {after.cpu:8.1f} loops {after.cpu / before.cpu:7.2f} ×"
            f" {before.statements:5} → {after.statements:5} statements"
        )
    if not names:
        RESULTS.write_text(json.dumps(_note(first, fifth, load), indent=1) + "\n", "utf-8")
    return 0


def grown(first: Mapping[str, Cost], fifth: Mapping[str, Cost]) -> list[str]:
    """Return the names of what costs more for the years, that which costs most more first."""
    more = {name: fifth[name].cpu - cost.cpu for name, cost in first.items()}
    found = [name for name, cost in first.items() if more[name] > max(LEAST, cost.cpu * (GROWN - 1))]
    return sorted(found, key=lambda name: -more[name])


def _costs(names: set[str], *, fifth_year: bool) -> dict[str, Cost]:
    with kept.opened(fifth_year=fifth_year) as (app, facts), clock.travel(making.NOW):
        asker = Asker(app, facts)
        asked = (*addresses(facts), *edits.edits(app, facts))
        return {each.name: asker.cost(each) for each in asked if not names or each.name in names}


def _note(first: Mapping[str, Cost], fifth: Mapping[str, Cost], load: float) -> dict[str, object]:
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        **machine(),
        "load_before": round(load, 2),
        "rows": {
            name: {"first": cost.cpu, "fifth": fifth[name].cpu, "statements": [cost.statements, fifth[name].statements]}
            for name, cost in first.items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
