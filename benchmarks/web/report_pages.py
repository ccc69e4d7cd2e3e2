"""The section of docs/benchmarks.md that shows what ``pages`` measured: the dearest, and the lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.web.sections import replace

MARKS = "<!-- written by benchmarks/web/report_pages.py -->", "<!-- end of pages -->"
DEAREST = 25


def write(results: Path) -> None:
    """The section anew, from the results as they came."""
    replace(MARKS, _section(json.loads(results.read_text("utf-8"))))


def _section(note: dict[str, Any]) -> list[str]:
    rows: dict[str, dict[str, float]] = note["rows"]
    dearest = sorted(rows, key=lambda name: -rows[name]["cpu"])[:DEAREST]
    light = [each["cpu"] for name, each in rows.items() if name not in dearest]
    return [
        "| page or call | statements | CPU, loops | KB |",
        "|---|---|---|---|",
        *(
            f"| {name} | {rows[name]['statements']} | {rows[name]['cpu']:,.0f} | {rows[name]['kilobytes']:,.0f} |"
            for name in dearest
        ),
        "",
        f"The other {len(light)} took {max(light):,.0f} loops at most. {note['cores']} cores, Python {note['python']},",
        f"{note['system']}; {note['at']}, load before {note['load_before']}.",
    ]
