"""The longest files first: they are dealt out whole, to several processes, and none must be what all wait for at last.

``tests/durations.txt`` keeps the seconds that each file lasted, waiting included, beside two others; ``make
durations`` runs the tests and writes it anew. It need not be exact: a file that is not in it is taken to last as long
as its size says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "durations.txt"


def read_durations(kept: Path = KEPT) -> dict[Path, float]:
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    return {ROOT / name: float(seconds) for seconds, name in (line.split() for line in lines)}


def keep(seconds: Mapping[str, float], kept: Path = KEPT) -> None:
    """What was run now, beside what was not; without the files that are gone."""
    known = {**read_durations(kept), **{ROOT / name: each for name, each in seconds.items()}}
    there = {path.relative_to(ROOT).as_posix(): each for path, each in known.items() if path.exists()}
    longest = sorted(there.items(), key=lambda each: (-round(each[1], 1), each[0]))
    lines = [f"{each:7.1f} {name}" for name, each in longest]
    kept.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def duration(known: Mapping[Path, float], files: Iterable[Path]) -> Callable[[Path], float]:
    """How long each of ``files`` lasts: as it is known, else by its size, as the known ones last by theirs."""
    sizes = {path: path.stat().st_size for path in files}
    measured = sum(size for path, size in sizes.items() if path in known)
    rate = sum(known[path] for path in sizes if path in known) / measured if measured else 1
    return lambda path: known[path] if path in known else sizes[path] * rate
