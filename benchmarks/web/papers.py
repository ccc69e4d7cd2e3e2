"""What a document costs: typst in its own process, Word in ours, a page as a picture.

    python -m benchmarks.web.papers

Writes its section of docs/benchmarks.md. Nothing is kept or fetched: the papers are those of the tests.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from benchmarks.web.measure import calibration
from benchmarks.web.sections import replace
from documents.paper import Paper
from documents.rendering import docx, pdf, pictures, sheet
from tests.support import office_papers

TURNS = 7
ASK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
MARKS = "<!-- written by benchmarks/web/papers.py -->", "<!-- end of papers -->"
PAPERS = {
    "letter of a page and a half": office_papers.letter(),
    "notice, 24 shifts": office_papers.notice(),
    "notice, 400 shifts": office_papers.notice(400),
    "60 people × 23 days": office_papers.sheet(60, 23),
}


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and of the processors, ours and our children's; ``loops``: the latter as multiples of
    ``measure.calibration``."""

    wall: float
    cpu: float
    loops: float


def main() -> None:
    load = os.getloadavg()[0]
    lines = ["| document | pages | PDF, s | CPU s (loops) | KB | Word, CPU s | KB | a page as a picture, CPU s |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        app = Flask("papers")
        app.config["DATA_DIR"] = Path(folder)
        with app.app_context():
            lines.extend(_row(name, paper) for name, paper in PAPERS.items())
    most = max(_memory(paper) for paper in PAPERS.values())
    lines += [
        "",
        f"A process of typst held {most:.0f} MB at most. Medians of {TURNS}; {os.cpu_count()} cores,",
        f"Python {platform.python_version()}; {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}, load before {load:.2f}.",
    ]
    replace(MARKS, lines)
    print("\n".join(lines))


def _row(name: str, paper: Paper) -> str:
    printed, written = pdf.pdf(paper), docx.docx(paper)
    typeset = _spent(lambda: pdf.pdf(paper))
    word = _spent(lambda: docx.docx(paper))
    drawn = _spent(lambda: pictures.page(printed, 1))
    cells = (
        name,
        str(pictures.count(printed)),
        f"{typeset.wall:.2f}",
        f"{typeset.cpu:.2f} ({typeset.loops:.0f})",
        f"{len(printed) / 1024:.0f}",
        f"{word.cpu:.2f}",
        f"{len(written) / 1024:.0f}",
        f"{drawn.cpu:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _spent(make: Callable[[], object]) -> Spent:
    """The middle of ``TURNS``."""
    turns = [_turn(make) for _ in range(TURNS)]
    walls, cpus, loops = zip(*turns, strict=True)
    return Spent(statistics.median(walls), statistics.median(cpus), statistics.median(loops))


def _turn(make: Callable[[], object]) -> tuple[float, float, float]:
    loop = calibration()
    began, used = time.perf_counter(), _used()
    make()
    wall, cpu = time.perf_counter() - began, _used() - used
    return wall, cpu, cpu / ((loop + calibration()) / 2)


def _memory(paper: Paper) -> float:
    """MB that typst's process held. A small process asks: one that is begun by us counts what we hold as its own."""
    task = json.dumps(sheet.values(paper)).encode()
    command = (sys.executable, "-c", ASK, *pdf.COMMAND)
    asked = subprocess.run(command, cwd=pdf.ROOT, input=task, capture_output=True, check=True)  # noqa: S603 - our own
    return int(asked.stdout) / 1024


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


if __name__ == "__main__":
    main()
