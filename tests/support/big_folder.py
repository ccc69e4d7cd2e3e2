"""A made import folder of a whole province: units in three levels, demand in every unit; 69 and 1,040 people at most.

    python -m tests.support.big_folder DIR [--impossible]

The province's leadership is drawn from everybody who may lead; districts and post offices have duties of their own,
which people of the units below may serve too, so the tree hangs together as real ones do. With `--impossible` three
post offices have nobody who may do their night: exactly their nights stay empty.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

DISTRICTS, POSTS, PEOPLE_PER_UNIT = 17, 3, 15
IMPOSSIBLE = ("BDX-H02-1", "BDX-H09-2", "BDX-H17-3")


def unit_rows(districts: int = DISTRICTS) -> list[tuple[str, str, str, str]]:
    """(code, parent, name, kind) of the province, its districts and their post offices."""
    rows = [("BDX", "", "Bưu điện tỉnh X (minh họa)", "province")]
    for number in range(1, districts + 1):
        district = f"BDX-H{number:02d}"
        rows.append((district, "BDX", f"Bưu điện huyện {number}", "district"))
        rows += [(f"{district}-{k}", district, f"Bưu cục {number}.{k}", "service_point") for k in range(1, POSTS + 1)]
    return rows


def write(folder: Path, *, impossible: bool = False, districts: int = DISTRICTS, seed: int = 1) -> None:
    """Write the folder's CSV files; the same arguments give the same files."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    units = unit_rows(districts)
    people = len(units) * PEOPLE_PER_UNIT + 5
    heads = ("code", "parent_code", "name", "kind", "phone", "address", "serves_party_state")
    _csv(folder / "units.csv", heads, [(*row, "", "", "no") for row in units])
    _csv(folder / "people.csv", PERSON, [_person(rng, n, units[n % len(units)], impossible) for n in range(people)])
    _csv(folder / "absences.csv", ("person_code", "from", "to", "kind", "note"), _absences(rng, people))
    _csv(folder / "wishes.csv", ("person_code", "date", "shift", "want", "weight"), _wishes(rng, people))
    _csv(
        folder / "history.csv",
        ("person_code", "tet_year", "points", "giao_thua", "mung_1", "nights"),
        _history(rng, people),
    )
    _csv(folder / "demand.csv", DEMAND, [row for unit in units for row in _demand(*unit)])


PERSON = (
    "code",
    "full_name",
    "unit_code",
    "position",
    "email",
    "phone",
    "duties",
    "max_shifts",
    "no_night",
    "active",
    "work_pattern",
    "overtime_month",
    "overtime_year",
)
DEMAND = ("duty", "unit_code", "phase", "shift", "start", "hours", "headcount", "form", "replaces_work")


def _person(rng: random.Random, n: int, unit: tuple[str, str, str, str], impossible: bool) -> Sequence[object]:
    code, _, _, kind = unit
    leads = n < 69 and kind != "service_point"
    duties = "leadership;operations" if leads else "operations"
    no_night = rng.random() < 0.05 or (impossible and code in IMPOSSIBLE)
    return (
        f"X{n:04d}",
        f"Nguyễn Văn {n}",
        code,
        "",
        f"x{n}@buudien.example",
        f"09{n:08d}",
        duties,
        "",
        "yes" if no_night else "no",
        "yes",
        "shift",
        rng.randint(0, 10),
        "",
    )


def _absences(rng: random.Random, people: int) -> list[Sequence[object]]:
    days = [(n, rng.randint(17, 30)) for n in range(people) if rng.random() < 0.1]
    return [(f"X{n:04d}", f"2020-01-{day:02d}", f"2020-01-{day + 1:02d}", "annual_leave", "") for n, day in days]


def _wishes(rng: random.Random, people: int) -> list[Sequence[object]]:
    some = [n for n in range(people) if rng.random() < 0.3]
    return [(f"X{n:04d}", f"2020-01-{rng.randint(17, 31):02d}", "any", "off", rng.randint(1, 3)) for n in some]


def _history(rng: random.Random, people: int) -> list[Sequence[object]]:
    return [(f"X{n:04d}", 2019, rng.randint(0, 30), int(rng.random() < 0.1), 0, 0) for n in range(people)]


def _demand(code: str, parent: str, name: str, kind: str) -> Iterable[Sequence[object]]:
    for phase in ("before", "during", "after"):
        if kind == "province":
            yield ("leadership", code, phase, "24/24", "07:30", 24, 1, "standby", "no")
        yield ("operations", code, phase, "Ngày", "07:00", 8, 1, "onsite", "yes")
        yield ("operations", code, phase, "Đêm", "22:00", 8, 1, "onsite", "yes")


def _csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--impossible", action="store_true")
    asked = parser.parse_args()
    write(asked.folder, impossible=asked.impossible)
