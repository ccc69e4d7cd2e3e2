"""Tables and plots of what `benchmarks.roster.run` kept: docs/benchmarks-roster.md and docs/images/roster-*.svg."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.roster import cells, plots
from benchmarks.roster.run import RESULTS

DOCS = RESULTS.parents[2] / "docs"
Row = dict[str, Any]


def main() -> None:
    results = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))}
    sections = [section(results[name]) for name, section in SECTIONS.items() if name in results]
    page = "\n".join([INTRODUCTION, *sections])
    (DOCS / "benchmarks-roster.md").write_text(page, encoding="utf-8")


INTRODUCTION = """# How good the rosters are

Made by `make bench-roster` from what `benchmarks/roster/` measured; nothing here is written by hand. Costs are the
checker's, never a solver's own; the gap is (cost − bound) / cost with a proven bound. Wall seconds on the machine
named under each table; shared machines are noisy, so the spread over the seeds is given. Gaps of Tết rosters are
in the project's own points, whose total holds much that no roster can avoid: compare them with the other rows here,
not with gaps elsewhere. Engines: [roster-engine.md](roster-engine.md).
"""
ENGINES = {
    "greedy": "greedy and local search",
    "highs": "branch and bound",
    "lns": "neighbourhood search",
    "split": "several, piece by piece",
    "column_generation": "column generation",
}


def _published(found: Row) -> str:
    rows = [
        (
            r["instance"],
            r["people"],
            r["cost"],
            r["bound"],
            r["best_known"],
            cells.percent(_over(r)),
            r["status"],
            r["seconds"],
            _engine(r),
            r.get("cost_60"),
            r.get("cost_120"),
            r.get("cost_300"),
        )
        for r in found["runs"]
    ]
    heads = (
        "instance",
        "people",
        "cost",
        "bound",
        "best known",
        "above it",
        "status",
        "seconds",
        "best roster by",
        "cost at 60 s",
        "at 120 s",
        "at 300 s",
    )
    plots.curves([(f"instance {r['instance']}", r) for r in found["runs"] if r["instance"] in (7, 8)], "published")
    text = (
        "The files are not part of the project; the best known values are those listed by their publishers. One seed. "
        "Column generation is a plugin of this benchmark (`benchmarks/roster/column_generation/`) and works beside "
        "HiGHS' branch and bound here; no campaign reaches it."
    )
    return _section("Curtois & Qu, instances 1–8", [text, cells.table(heads, rows)], found, "published")


def _engine(row: Row) -> str:
    return ENGINES[row["engine"]]


def _over(row: Row) -> float:
    return (row["cost"] - row["best_known"]) / row["best_known"]


def _tet(title: str, name: str) -> Callable[[Row], str]:
    def section(found: Row) -> str:
        gaps = [key for key in ("gap_10", "gap_30", "gap_60", "gap_180") if key in found["runs"][0]]
        rows = [
            (
                r["seed"],
                r["valid_after"],
                *(cells.percent(r.get(key)) for key in gaps),
                r["status"],
                r["seconds"],
                _engine(r),
                r["breaches"],
                r["empty"],
                r["second_peaks"],
                r["second_peaks_least"],
                cells.duties(r["sd"]),
                cells.duties(r["range"]),
            )
            for r in found["runs"]
        ]
        heads = (
            "seed",
            "valid after s",
            *(key.replace("gap_", "gap at ") + " s" for key in gaps),
            "status",
            "seconds",
            "best roster by",
            "breaches",
            "empty seats",
            "second peaks",
            "unavoidable",
            "sd",
            "range",
        )
        plots.curves([(f"seed {r['seed']}", r) for r in found["runs"]], name)
        text = (
            "Valid: no empty seat and no hard breach, as the checker finds it. Standard deviation and range of the "
            f"load in points, {cells.order(found['runs'][0]['sd'])}. Unavoidable: so many second peak shifts there "
            "must be, proven on the peak shifts alone; where few may do a duty, some have to stand twice."
        )
        return _section(title, [text, cells.table(heads, rows)], found, name)

    return section


def _growth(found: Row) -> str:
    by_size: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found["runs"]:
        by_size[row["staff"]].append(row)
    rows = [
        (
            size,
            runs[0]["shifts"],
            cells.spread([r["valid_after"] for r in runs if r["valid_after"] is not None], "{:.2f}"),
            cells.spread([100 * r["gap_60"] for r in runs if r.get("gap_60") is not None], "{:.2f} %"),
        )
        for size, runs in sorted(by_size.items())
    ]
    plots.growth(by_size)
    heads = ("people in one unit", "shifts", "valid after s (range)", "gap at 60 s (range)")
    made_by = sorted({_engine(r) for r in found["runs"]})
    text = f"The first valid roster is the greedy's. Best rosters at the end by: {', '.join(made_by)}."
    return _section("Growth", [text, cells.table(heads, rows)], found, "growth")


def _rotations(found: Row) -> str:
    by_name: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found["runs"]:
        by_name[row["rotation"]].append(row)
    rows = [
        (
            name,
            cells.spread([r["breaches"] for r in runs], "{:.0f}"),
            cells.spread([r["empty"] for r in runs], "{:.0f}"),
            cells.spread([r["second_peaks"] for r in runs], "{:.0f}"),
            cells.spread([value for r in runs for value in r["sd"].values()], "{:.1f}"),
        )
        for name, runs in by_name.items()
    ]
    heads = ("rotation", "breaches of hard rules", "empty seats", "people with a second peak", "sd of a duty, points")
    text = "The same 60 people and 30 days given to the rotations of on-call tools, written from their published rules."
    return _section("Rotations", [text, cells.table(heads, rows)], found, "")


def _peers(found: Row) -> str:
    """Every solver beside ours, size by size and seed by seed."""
    best: dict[tuple[int, int], int] = {}
    for r in found["runs"]:
        key = (r["people"], r["seed"])
        best[key] = min(best.get(key, r["cost"]), r["cost"])
    rows = [
        (
            f"{r['people']} × {r['days']}",
            r["seed"],
            r["solver"],
            r["cost"],
            r["bound"],
            cells.percent(r["cost"] / best[r["people"], r["seed"]] - 1),
            r["proved_after"],
            r["breaches"],
            r["empty"],
            r["second_peaks"],
            cells.duties(r["sd"]),
        )
        for r in found["runs"]
    ]
    heads = (
        "people × days",
        "seed",
        "solver",
        "cost",
        "bound",
        "above the best",
        "proved after s",
        "breaches",
        "empty seats",
        "second peaks",
        "sd",
    )
    text = (
        "The same Problem, 30 s for 30 × 21 and 60 s for 60 × 30, two cores. Timefold: the default search of its "
        "Python package, a beta. CP-SAT: begun from the greedy's roster."
    )
    return _section("Peers", [text, cells.table(heads, rows)], found, "")


def _whole(title: str, text: str) -> Callable[[Row], str]:
    """A province: one run with many pieces, as a list of facts."""
    shown = {
        "people": "people",
        "shifts": "shifts",
        "valid_after": "first valid roster, s",
        "seconds": "seconds",
        "status": "status",
        "parts": "pieces",
        "parts_proved": "pieces proved best",
        "cost": "cost",
        "bound": "bound",
        "breaches": "breaches",
        "empty": "empty seats",
        "impossible": "shifts nobody may take",
        "named_exactly": "exactly those named",
        "missing_bound": "seats proved empty",
        "second_peaks": "second peaks",
        "memory_mb": "memory, MB",
        "engines_memory_mb": "memory of the largest engine, MB",
    }

    def section(found: Row) -> str:
        rows = [
            (label, *(_plain_cell(r[key]) for r in found["runs"]))
            for key, label in shown.items()
            if key in found["runs"][0]
        ]
        rows.append(("gap", *(cells.percent(r["gap"]) for r in found["runs"])))
        rows.append(("best roster by", *(_engine(r) for r in found["runs"])))
        heads = ("what", *(f"seed {r['seed']}" for r in found["runs"]))
        return _section(title, [text, cells.table(heads, rows)], found, "")

    return section


def _plain(title: str, text: str) -> Callable[[Row], str]:
    """A section whose rows are flat and few: every number as it is."""

    def section(found: Row) -> str:
        heads = [key for key in found["runs"][0] if key not in ("trace", "sd", "range")]
        return _section(
            title, [text, cells.table(heads, ([_plain_cell(r[h]) for h in heads] for r in found["runs"]))], found, ""
        )

    return section


def _plain_cell(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value


SECTIONS: dict[str, Callable[[Row], str]] = {
    "published": _published,
    "tet_30": _tet("Tết, 30 people × 21 days", "tet_30"),
    "tet_60": _tet("Tết, 60 people × 30 days", "tet_60"),
    "growth": _growth,
    "province": _whole(
        "1,600 people in 200 units, 30 days", "Each unit is a piece by itself; costs and bounds add up."
    ),
    "folder": _whole(
        "1,040 people in 69 units from an import folder, 11 days",
        "Units help those above, so nothing falls apart by itself. Three post offices have nobody for their nights.",
    ),
    "rotations": _rotations,
    "cell": _plain("Why this person, who else", "CPU for one cell of the 60 × 30 month, all candidates judged."),
    "shortage": _plain("Shortages explained, 60 × 30", "Seconds until the explanation is there."),
    "peers": _peers,
}


def _section(title: str, parts: list[str], found: Row, plot: str) -> str:
    machine = found["machine"]
    where = (
        f"{machine['cores']} cores ({machine['processor']}), Python {machine['python']}, highspy {machine['highspy']}; "
        f"load before the run {machine['load_before']}."
    )
    image = [f"![{title}](images/roster-{plot}.svg)", ""] if plot else []
    return "\n".join([f"## {title}", "", *(part + "\n" for part in parts), *image, where, ""])


if __name__ == "__main__":
    main()
