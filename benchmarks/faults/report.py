"""docs/benchmarks-faults.md from the results as they came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks-faults.md"
INTRODUCTION = """# What happens when things break

`make bench-faults` runs the product as an operator does (web server, workers, mail server, SQLite or PostgreSQL with
every commit on the disk: processes of their own), breaks something, and counts. Who must be called is known from a
model of policy and roster inside the harness (`benchmarks/faults/world.py`), which reads none of the product's tables
and none of its code: reports and rosters go in by the public API, calls come out at the mail server.

- **lost**: a call of an incident that was answered 2xx and that nobody took, which never arrived. Must be 0.
- **twice**: letters that arrived again, under the same Message-ID. At most one per sender thread (4 for mail) and
  crash, or one per line that broke after the letter was taken; none without either. In a storm a letter names several
  calls, so that more calls than letters can come again.
- **wrong**: calls of somebody whom the roster did not name, calls that came again under a new Message-ID, letters that
  came again with other calls in them, and calls first sent more than two seconds after somebody took the incident.
  Must be 0.
- **first call**: from the answer to the report until the first person of the incident has the letter. The aim: p99 of
  at most 5 s once a healthy worker is back; where more waits than leaves in that time, backlog ÷ throughput beyond.
  First calls leave before further steps, and those before reminders. Runs of before that order have no p99.
- Kills fall into work, not into imports: what is started again is forked from a process that has imported the program
  (`benchmarks/faults/nursery.py`); every fifth worker starts afresh and may die while it imports.
- Counter-runs have a safeguard removed on purpose; they must fail, or the harness would prove nothing.
"""


def write(results: Path) -> None:
    """Full runs, then quick ones that have no full run."""
    notes = [json.loads(path.read_text()) for path in sorted(results.glob("*.json"))]
    full = {(note["scenario"], note["database"]) for note in notes if not note["quick"]}
    shown = [note for note in notes if not note["quick"] or (note["scenario"], note["database"]) not in full]
    lines = [INTRODUCTION, "## Results\n", *_table([n for n in shown if not n["counter_run"]])]
    lines += ["\n## Counter-runs\n", *_table([n for n in shown if n["counter_run"]])]
    lines += ["\n## What was done\n", *(f"- **{name}**: {what}" for name, what in _said(shown))]
    lines += ["\n## Machine\n", *_machines(shown), ""]
    DOCUMENT.write_text("\n".join(lines))


def _table(notes: list[dict[str, Any]]) -> list[str]:
    named = (
        "scenario",
        "database",
        "incidents",
        "calls expected",
        "lost",
        "twice (allowed)",
        "wrong",
        "first call p50 / p95 / p99 / max s",
        "further steps late p95 s",
        "facts",
        "as it must",
    )
    lines = [f"| {' | '.join(named)} |", "|---" * len(named) + "|"]
    return lines + [_row(note) for note in notes]


def _row(note: dict[str, Any]) -> str:
    verdict, facts = note["verdict"], dict(note["facts"])
    allowed = facts.pop("allowed_duplicates", 0)
    wrong = sum(verdict.get(name, 0) for name in ("renamed", "strangers", "after_taken", "torn"))
    again = verdict.get("letters_again", verdict["duplicates"])
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())
    first = " / ".join(str(verdict.get(f"first_{name}", "–")) for name in ("p50", "p95", "p99", "max"))
    name = note["scenario"] + (" (quick)" if note["quick"] else "")
    return (
        f"| {name} | {note['database']} | {verdict['reported']} | {verdict['expected']} | {verdict['lost']} | "
        f"{again} ({allowed}) | {wrong} | {first} | "
        f"{verdict['step_p95']} | {said} | {'yes' if note['passed'] else '**no**'} |"
    )


def _said(notes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted({(note["scenario"], " ".join(note["what"].split())) for note in notes})


def _machines(notes: list[dict[str, Any]]) -> list[str]:
    said = sorted({f"- {n['cores']} cores, Python {n['python']}, {n['system']}" for n in notes})
    runs = [
        f"- {n['scenario']} on {n['database']}: {n['at']}, seed {n['seed']}, {n['seconds']} s, load {n['load_before']}"
        for n in notes
    ]
    return [*said, *runs]
