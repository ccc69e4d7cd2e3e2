"""Targets, and the section of docs/benchmarks.md that shows what ``peers`` measured, as it came."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by benchmarks/web/report.py -->", "<!-- end -->"
FLAT = 0.2
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ON_SQLITE, ON_POSTGRESQL = NAMES
TARGETS = {
    ("team", "each"): 20.0,
    ("team", "unchanged"): 100.0,
    ("person", "each"): 8.0,
    ("on_duty", "every"): 2.0,
}
WORDS = {
    "first_ever": "the first reader ever: everything rendered and kept",
    "first": "first request of a fresh process",
    "each": "each of those that follow",
    "unchanged": "unchanged (theirs: sent again)",
    "one": "one kind of duty (theirs: one role)",
    "every": "every kind (theirs: every role)",
    "with_next": "every kind, and who is next (theirs: summary)",
}


def write(results: Path) -> list[str]:
    """The section anew, from a full run or else a quick one; the targets that were missed."""
    path = next(each for each in (results / "peers.json", results / "peers-quick.json") if each.exists())
    note = json.loads(path.read_text())
    lines, missed = _section(note)
    text = DOCUMENT.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(before + "\n".join([BEGIN, *lines, END]) + after)
    for each in missed:
        print(f"MISSED {each}")
    return missed


def _section(note: dict[str, Any]) -> tuple[list[str], list[str]]:
    missed: list[str] = []
    sizes = sorted(note["on_duty"], key=int)
    lines: list[str] = []
    for name, title in (("team", "Calendar of a team"), ("person", "Calendar of a person")):
        found = note["feeds"][name]
        head = f"{title}, {found['events_and_bytes']['sqlite'][0]} shifts"
        lines += ["", *_table(head, name, found["figures"], ("first_ever", "first", "each", "unchanged"), missed)]
    for size in sizes:
        head = f"Who is on duty, {int(size):,} shifts"
        lines += ["", *_table(head, "on_duty", note["on_duty"][size], ("first", "one", "every", "with_next"), missed)]
    lines += ["", *_flat(note["on_duty"], sizes, missed), "", *_publishing(note["publishing"])]
    lines += ["", *_circumstances(note)]
    return lines, missed


def _table(head: str, part: str, figures: dict[str, Any], rows: Sequence[str], missed: list[str]) -> Iterator[str]:
    yield f"| {head} | oncall | product, SQLite | times | product, PostgreSQL | times | target | met |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        theirs = figures["oncall"].get({"first_ever": "first"}.get(row, row), [])
        ours = {kind: figures[kind].get({"with_next": "every"}.get(row, row), []) for kind in NAMES}
        if not theirs or not all(ours.values()):
            continue
        times = {kind: _total(theirs) / _total(each) for kind, each in ours.items()}
        target = TARGETS.get((part, row))
        failed = [kind for kind in NAMES if target is not None and times[kind] < target]
        missed += [f"{head}, {WORDS[row]}, {NAMES[kind]}: {times[kind]:.1f} ≥ {target:g}" for kind in failed]
        met = "–" if target is None else _met(failed)
        cells = [_cell(theirs)]
        for kind in NAMES:
            cells += [_cell(ours[kind]), _short(times[kind])]
        yield f"| {WORDS[row]} | {' | '.join(cells)} | {'–' if target is None else f'≥ {target:g}'} | {met} |"


def _flat(found: dict[str, Any], sizes: Sequence[str], missed: list[str]) -> Iterator[str]:
    """Whether the cost stays as history grows: every kind, beside what it is with the fewest shifts."""
    yield f"| As history grows, every kind | {' | '.join(f'{int(each):,} shifts' for each in sizes)} | target | met |"
    yield "|---" * (len(sizes) + 3) + "|"
    for side in ("oncall", *NAMES):
        totals = [_total(found[size][side]["every"]) for size in sizes]
        changes = [each / totals[0] - 1 for each in totals]
        cells = [
            f"{total:.2f}" + (f" ({change:+.0%})" if at else "")
            for at, (total, change) in enumerate(zip(totals, changes, strict=True))
        ]
        if side == "oncall":
            yield f"| oncall | {' | '.join(cells)} | – | – |"
            continue
        worst = max(changes, key=abs)
        if abs(worst) > FLAT:
            missed.append(f"flat on {NAMES[side]}: {worst:+.0%}")
        met = "**no**" if abs(worst) > FLAT else "yes"
        yield f"| product, {NAMES[side]} | {' | '.join(cells)} | ± {FLAT:.0%} | {met} |"


def _publishing(found: dict[str, dict[str, int]]) -> Iterator[str]:
    yield "| Publishing, CPU ms without the database server's | SQLite | PostgreSQL |"
    yield "|---|---|---|"
    for name in found[ON_SQLITE]:
        yield f"| {name} | {found[ON_SQLITE][name]:,} | {found[ON_POSTGRESQL][name]:,} |"


def _circumstances(note: dict[str, Any]) -> Iterator[str]:
    shown = note["feeds"]["team"]["events_and_bytes"]
    count, own = shown[ON_SQLITE]
    yield f"The {count} events are {own // 1000} KB, the peer's {shown['oncall'][1] // 1000}."
    yield f"{note['peer']}, MariaDB {note['mariadb'].split('-')[0]}; {note['sizes']['rounds']} rounds;"
    yield f"{note['cores']} cores, Python {note['python']}, {note['system']}; {note['at']},"
    yield f"load before {note['load_before']}."
    if note["quick"]:
        yield "A quick run: it shows that it works and measures little."


def _met(failed: Sequence[str]) -> str:
    if not failed:
        return "yes"
    return "**no**" if len(failed) == len(NAMES) else f"**not on {NAMES[failed[0]]}**"


def _total(costs: Sequence[Sequence[float]]) -> float:
    return statistics.median(web + database for web, database in costs)


def _cell(costs: Sequence[Sequence[float]]) -> str:
    web, database = (statistics.median(each) for each in zip(*costs, strict=True))
    return _short(web) + (f" + {_short(database)}" if database else "")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
