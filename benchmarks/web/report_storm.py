"""The section of docs/benchmarks.md that shows what ``storm`` measured, beside a run of the time before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.web.sections import replace

MARKS = "<!-- written by benchmarks/web/report_storm.py -->", "<!-- end of storm -->"
ROWS = (
    ("alarms sent", "alarms_sent"),
    ("answered before the monitor hung up", "alarms_answered_before_the_monitor_hung_up"),
    ("alarms that are no incident", "alarms_lost"),
    ("alarm answered, p50 / p95 / max s", "alarm_answered_s"),
    ("`/healthz` asked / answered", ("healthz_asked", "healthz_answered")),
    ("`/healthz` answered, p50 / p95 / max s", "healthz_s"),
    ("pages asked / answered", ("pages_asked", "pages_answered")),
    ("sockets when all had left", "sockets_when_all_left"),
    ("busy after all had left, s", "busy_after_all_left_s"),
    ("MB before", "mb_before"),
    ("MB at most during it", "mb_peak"),
    ("MB afterwards", "mb_after"),
)


def write(results: Path) -> None:
    """The section anew, from the results as they came; a quick run is not shown."""
    now, before = (json.loads((results / f"{name}.json").read_text("utf-8")) for name in ("storm", "storm-before"))
    replace(MARKS, _section(now, before))


def missed(found: dict[str, Any]) -> list[str]:
    """Targets that this run does not meet."""
    unheard = found["alarms_sent"] - found["alarms_answered_before_the_monitor_hung_up"]
    targets = {
        "no alarm is lost": found["alarms_lost"] == 0,
        "nine of ten alarms are answered before the monitor hangs up": unheard <= found["alarms_sent"] / 10,
        "nothing is left to do ten seconds after all have left": found["busy_after_all_left_s"] <= 10,
        "no connection is left": max(found["sockets_then"]) <= 8,
        "memory grows by less than half": sum(found["mb_after"]) < 1.5 * sum(found["mb_before"]),
    }
    return [name for name, met in targets.items() if not met]


def _section(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    return [
        f"| {now['readers']} readers for {now['seconds']:.0f} s, two processes | before | now |",
        "|---|---|---|",
        *(f"| {name} | {_shown(before, key)} | {_shown(now, key)} |" for name, key in ROWS),
        "",
        f"{now['cores']} cores, Python {now['python']}, {now['system']};",
        *(
            f"{name}: {run['at']}, load before {run['load_before']}."
            for name, run in (("before", before), ("now", now))
        ),
    ]


def _shown(found: dict[str, Any], key: str | tuple[str, str]) -> str:
    values = [found[each] for each in key] if isinstance(key, tuple) else found[key]
    if isinstance(values, dict):
        values = list(values.values())
    return " / ".join(map(str, values)) if isinstance(values, list) else str(values)
