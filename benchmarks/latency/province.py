"""The import folder of a whole province as one asks for it at Tết: 1,040 people, 886 units, 69 with demand.

A campaign of its 23 days has 6,463 shifts.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from core.calendar import lunar
from tests.support import big_folder

ROOT = "BDX"
PEOPLE, UNITS, SHIFTS_A_DAY, WISHES = 1040, 886, 281, 4672
TET_YEAR, DAYS = 2027, 23
FIRST = lunar.tet(TET_YEAR) - timedelta(days=8)
LAST = FIRST + timedelta(days=DAYS - 1)


def files() -> dict[str, bytes]:
    """Name → content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        big_folder.write(path)
        units = big_folder.unit_rows()
        small = [(f"{ROOT}-V{n:03d}", units[n % len(units)][0]) for n in range(UNITS - len(units))]
        _append(path / "units.csv", [(c, above, f"Điểm {c}", "service_point", "", "", "no") for c, above in small])
        _append(path / "demand.csv", _more_demand([unit[0] for unit in units]))
        _wishes(path / "wishes.csv", len(units) * big_folder.PEOPLE_PER_UNIT + 5)
        (path / "absences.csv").unlink()
        return {each.name: each.read_bytes() for each in sorted(path.glob("*.csv"))}


def _more_demand(units: Sequence[str]) -> Iterable[Sequence[object]]:
    """Besides the province's command and every unit's day and night."""
    for number in range(SHIFTS_A_DAY - 2 * len(units) - 1):
        turn, unit = divmod(number, len(units))
        for phase in ("before", "during", "after"):
            start = "15:00" if turn == 0 else "11:00"
            yield ("operations", units[unit], phase, f"Ca {turn + 3}", start, 7, 1, "onsite", "yes")


def _wishes(path: Path, people: int) -> None:
    rng = random.Random(7)  # noqa: S311
    asked = [(n, FIRST + timedelta(days=day)) for n in range(people) for day in range(DAYS)]
    rows = [(f"X{n:04d}", day.isoformat(), "any", "off", 1) for n, day in rng.sample(asked, WISHES)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("person_code", "date", "shift", "want", "weight"), *rows])


def _append(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
