"""What each address may cost in the world (``budgets.toml``), and what has grown since the last committed run.

Statements and bytes are counted and hold in every run. CPU time is judged by ``make bench`` alone, in calibration
loops, because machines differ and are shared.
"""

from __future__ import annotations

import json
import math
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.web.measure import Cost

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUDGETS = HERE / "budgets.toml"
SPARE = Cost(statements=0, cpu=1.6, kilobytes=1.15)
"""A new budget is what was measured times so much (statements: a tenth more, and two)."""
NOISE = Cost(statements=0, cpu=1.3, kilobytes=1.02)
"""More than so many times what it was has grown."""
LEAST = Cost(statements=0, cpu=2.0, kilobytes=1.0)
"""Differences up to this are none, however small the whole is."""
HEAD = """# What each address may cost in the world of benchmarks/web/world: statements of a request that is not the
# first of its kind, CPU time in calibration loops, kilobytes. A budget that is raised needs a reason in the commit;
# `python -m benchmarks.web.pages --budget NAME…` writes those of some addresses anew by what they cost now.
"""


def budgets() -> dict[str, Cost]:
    read = tomllib.loads(BUDGETS.read_text("utf-8")) if BUDGETS.exists() else {}
    return {name: Cost(*each) for name, each in read.items()}


def write(found: Mapping[str, Cost]) -> None:
    """``found`` in place of what stood there."""
    lines = [f"{name} = [{each.statements}, {each.cpu:g}, {each.kilobytes:g}]" for name, each in sorted(found.items())]
    BUDGETS.write_text(HEAD + "\n".join([*lines, ""]), "utf-8")


def with_spare(cost: Cost) -> Cost:
    return Cost(
        math.ceil(cost.statements * 1.1) + 2,
        max(1, math.ceil(cost.cpu * SPARE.cpu)),
        max(1, math.ceil(cost.kilobytes * SPARE.kilobytes)),
    )


def exceeded(cost: Cost, budget: Cost, *, with_cpu: bool) -> list[str]:
    """In words, what is more than the budget."""
    names = [each.name for each in fields(Cost) if with_cpu or each.name != "cpu"]
    return [
        f"{getattr(cost, name):g} {name}, budget {getattr(budget, name):g}"
        for name in names
        if getattr(cost, name) > getattr(budget, name)
    ]


def grown(cost: Cost, before: Cost) -> list[str]:
    """In words, what is more than it was, by more than chance."""
    found = []
    for name in (each.name for each in fields(Cost)):
        was, now = getattr(before, name), getattr(cost, name)
        if now > max(was * max(getattr(NOISE, name), 1), was + getattr(LEAST, name)):
            found.append(f"{was:g} → {now:g} {name}")
    return found


def committed(results: Path) -> dict[str, Cost]:
    """The rows of that file as the last commit has it; none where there is no commit of it."""
    shown = subprocess.run(
        ["/usr/bin/env", "git", "show", f"HEAD:{results.relative_to(ROOT).as_posix()}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return {name: Cost(**each) for name, each in json.loads(shown.stdout)["rows"].items()} if shown.stdout else {}


def as_rows(found: Mapping[str, Cost]) -> dict[str, dict[str, float]]:
    return {name: asdict(each) for name, each in found.items()}


def changes(found: Mapping[str, Cost], before: Mapping[str, Cost]) -> Iterator[str]:
    """Line by line what grew, and what is new."""
    for name, cost in found.items():
        if name not in before:
            yield f"NEW    {name}: {cost.statements} statements, {cost.cpu:g} loops, {cost.kilobytes:g} KB"
        elif more := grown(cost, before[name]):
            yield f"GREW   {name}: {'; '.join(more)}"
