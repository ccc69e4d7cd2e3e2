"""Targets, and docs/benchmarks-latency.md from the results as they came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks-latency.md"
TARGETS: dict[str, list[tuple[str, str, float]]] = {
    "idle": [("p95", "≤", 0.5)],
    "steps": [("overshoot_p95", "≤", 1.0)],
    "at_once": [("p95", "≤", 5.0)],
    "clicks": [],
    "resting_empty": [("percent_of_a_core", "≤", 1.5)],
    "resting_loaded": [("percent_of_a_core", "≤", 3.0)],
    "alerta": [("intake_new.times", "≥", 2.0), ("intake_duplicate.times", "≥", 2.0), ("list.times", "≥", 5.0)],
}
APART = ("alerta", "clicks", "growth")
"""With tables of their own."""
INTRODUCTION = """# How soon, and how fast

`make bench-latency` starts the product as an operator does (web server, worker, mail server: processes of their own)
and reads the times at the mail server. Seconds count from the answer to the report, unless something else is said.
*resting* is the CPU time of a worker that has nothing to do, in percent of one core.
Shared machines are noisy: what counts is the ratio within one run.
"""


def value(found: dict[str, Any], path: str) -> Any:
    """``a.b`` of nested results."""
    for name in path.split("."):
        found = found[name]
    return found


def missed(part: str, found: dict[str, Any]) -> list[str]:
    """The targets that ``found`` does not meet, in words."""
    return [
        f"{path} {value(found, path)} {sign} {limit}"
        for path, sign, limit in TARGETS.get(part, [])
        if not (value(found, path) <= limit if sign == "≤" else value(found, path) >= limit)
    ]


def write(results: Path) -> None:
    """Full runs, then quick ones that have no full run."""
    notes = [json.loads(path.read_text()) for path in sorted(results.glob("*.json"))]
    full = {(note["part"], note["database"]) for note in notes if not note["quick"]}
    shown = [note for note in notes if not note["quick"] or (note["part"], note["database"]) not in full]
    lines = [INTRODUCTION, "## Calls\n", "| what | database | incidents | measured (s) | target | met |"]
    lines += ["|---|---|---|---|---|---|", *(_row(note) for note in shown if note["part"] not in APART)]
    lines += ["", *(line for note in shown if note["part"] == "clicks" for line in _clicks(note))]
    lines += ["", *_growth([note for note in shown if note["part"] == "growth"])]
    lines += ["", *(line for note in shown if note["part"] == "alerta" for line in _beside(note))]
    lines += ["\n## Machine\n", *sorted({f"- {n['cores']} cores, Python {n['python']}, {n['system']}" for n in shown})]
    lines += [f"- {_name(n)} on {n['database']}: {n['at']}, load before {n['load_before']}" for n in shown]
    DOCUMENT.write_text("\n".join([*lines, ""]))


def _name(note: dict[str, Any]) -> str:
    return note["part"].replace("_", " ") + (" (quick)" if note["quick"] else "")


def _row(note: dict[str, Any]) -> str:
    found = dict(note["found"])
    count = found.pop("incidents")
    said = ", ".join(f"{name.replace('_', ' ')} {each}" for name, each in found.items())
    target = ", ".join(f"{path} {sign} {limit}" for path, sign, limit in TARGETS.get(note["part"], []))
    met = "–" if not target else "**no**" if note["missed"] else "yes"
    return f"| {_name(note)} | {note['database']} | {count} | {said} | {target or '–'} | {met} |"


def _clicks(note: dict[str, Any]) -> list[str]:
    """Return what others waited for while somebody clicked."""
    lines = [
        f"## While somebody clicks, on {note['database']}\n",
        "A province of 1,040 people in 886 units and a campaign of 6,463 shifts; an incident is reported every half",
        "second meanwhile. Seconds: the click itself; the longest wait of another process for SQLite's one writer;",
        "the oldest that the worker's heartbeat got (it beats once a second); the slowest answer to a report; the",
        "latest first letter after its answer. *idle* is what this machine did to the numbers when nobody clicked",
        f"(load before: {note['load_before']}).\n",
        "| click | took | writer waited for | heartbeat's age | report answered | letter |",
        "|---|---|---|---|---|---|",
    ]
    for name, each in note["found"]["clicks"].items():
        wait = "–" if each["writer_wait"] is None else each["writer_wait"]
        lines.append(
            f"| {name} | {each['took']} | {wait} | {each['pulse_age']} | {each['report']} | {each['letter']} |"
        )
    return [*lines, ""]


def _growth(notes: list[dict[str, Any]]) -> list[str]:
    """A row a table, a column a database."""
    if not notes:
        return []
    found = {note["database"]: note["found"] for note in notes}
    names = sorted({name for each in found.values() for name in each["tables"]}, key=lambda name: _most(found, name))
    lines = [
        "## What the database grows by\n",
        "Kilobytes for 1,000 incidents, each logged, called about three times by mail (the letters are sent), taken,",
        "resolved and closed; tables with their indexes. What a letter said is gone once it has left; SQLite keeps the",
        "place where it stood for later changes of the same page. Photos are files beside the database.\n",
        f"| table | {' | '.join(found)} |",
        f"|---|{'---|' * len(found)}",
        f"| all | {' | '.join(format(each['kilobytes'], ',') for each in found.values())} |",
    ]
    for name in names:
        cells = (format(each["tables"][name], ",") if name in each["tables"] else "–" for each in found.values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def _most(found: dict[str, Any], name: str) -> int:
    return -max(each["tables"].get(name, 0) for each in found.values())


def _beside(note: dict[str, Any]) -> list[str]:
    found = note["found"]
    words = {
        "intake_new": "a new alarm",
        "intake_duplicate": "the same alarm again",
        "list": "list 50 of the open ones",
    }
    lines = [
        "## Beside Alerta\n",
        "`benchmarks/latency/throughput.py` says what was compared: alerta-server 9.1.0 and the product on the same",
        "PostgreSQL server (every commit on the disk), each in 2 processes (Alerta behind gunicorn), asked by 8",
        f"clients with kept connections in {found['rounds']} alternating rounds; medians. Neither notifies anybody",
        "meanwhile. The product checks a key with every request, Alerta none. The product answers an alarm after the",
        "commit that holds the incident, its first deadline, its audit entry and the alarm as it came; alarms that",
        "come side by side may share one. Nobody has been called about the incidents listed, so the product need not",
        "read calls and notes of them.\n",
        "| request | product a second | Alerta a second | times | target | met |",
        "|---|---|---|---|---|---|",
    ]
    for path, _sign, limit in TARGETS["alerta"]:
        name = path.split(".")[0]
        each = found[name]
        met = "yes" if each["times"] >= limit else "**no**"
        lines.append(
            f"| {words[name]} | {each['ours_per_s']} | {each['alerta_per_s']} | {each['times']} | ≥ {limit:g} | {met} |"
        )
    return [*lines, f"\nOpen incidents while listing: about {found['rows']}{' (quick)' if note['quick'] else ''}."]
