"""Every page, list and call on the world of a thousand people: what each costs, and what grew.

    python -m benchmarks.web.pages [NAME…] [--budget] [--database URL]

Without names everything is asked for, and the results are written beside those of other benchmarks and into
docs/benchmarks.md. Exit 1 when something costs more than its budget; with ``--budget`` what was asked for gets a budget
by what it cost now. ``URL``: an empty PostgreSQL database, into which the world is made anew; the budgets are
SQLite's, so they are not judged there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from benchmarks.faults.run import machine
from benchmarks.web import budgets, edits, report_pages
from benchmarks.web.addresses import addresses
from benchmarks.web.measure import Asker, Cost
from benchmarks.web.world import kept, making
from core import clock

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    asked = _arguments()
    name = "pages-postgresql" if asked.database else "pages-sqlite"
    load = os.getloadavg()[0]
    with _world(asked.database) as (app, facts), clock.travel(making.NOW):
        found = dict(_measured(app, facts, set(asked.names)))
    if unknown := set(asked.names) - found.keys():
        print(f"no such address: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    results = RESULTS / f"{name}.json"
    for line in budgets.changes(found, budgets.committed(results)):
        print(line)
    if asked.budget:
        kept_budgets = budgets.budgets() if asked.names else {}
        budgets.write(kept_budgets | {name: budgets.with_spare(cost) for name, cost in found.items()})
    if not asked.names:
        results.write_text(json.dumps(_note(found, load), indent=1) + "\n", "utf-8")
        report_pages.write(results)
    return 0 if asked.database else _judged(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--budget", action="store_true")
    parser.add_argument("--database", metavar="URL")
    return parser.parse_args()


@contextmanager
def _world(url: str | None) -> Iterator[tuple[Flask, dict[str, str]]]:
    if url is None:
        with kept.opened() as opened:
            yield opened
        return
    with tempfile.TemporaryDirectory() as folder:
        app = kept.application(Path(folder), url)
        yield app, kept.fill(app)


def _measured(app: Flask, facts: dict[str, str], wanted: set[str]) -> Iterator[tuple[str, Cost]]:
    asker = Asker(app, facts)
    for address in (*addresses(facts), *edits.edits(app, facts)):
        if not wanted or address.name in wanted:
            cost = asker.cost(address)
            print(
                f"{address.name:28}{cost.statements:5} statements {cost.cpu:9.2f} loops {cost.kilobytes:9.1f} KB",
                flush=True,
            )
            yield address.name, cost


def _judged(found: dict[str, Cost]) -> int:
    """Say what costs more than it may; 1 when something does."""
    allowed, failed = budgets.budgets(), False
    for name, cost in found.items():
        over = budgets.exceeded(cost, allowed[name], with_cpu=True) if name in allowed else ["no budget"]
        if over:
            print(f"OVER   {name}: {'; '.join(over)}")
            failed = True
    return int(failed)


def _note(found: dict[str, Cost], load: float) -> dict[str, Any]:
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        **machine(),
        "load_before": round(load, 2),
        "rows": budgets.as_rows(found),
    }


if __name__ == "__main__":
    sys.exit(main())
