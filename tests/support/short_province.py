"""A province of 1,040 people that lacks 44 seats at Tết Đinh Mùi: 38 to the limit of the month, six to leave.

    python -m tests.support.short_province DIR

The folder is `big_folder`'s with more asked of some units. Twelve post offices stand by for emergencies on each day of
the break, with two people who have worked overtime before: at 30 hours a month 38 of their seats stay empty, at 40
none. Eleven post offices lend one person each, who could take two. Three more have support on duty, whose four people
are on leave for the same two days.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from tests.support import big_folder

FIRST, LAST = date(2027, 2, 3), date(2027, 2, 11)
"""Of the campaign; the break lasts from 04/02 to 10/02."""
LIMIT = 30 * 60
"""Minutes of overtime a month that the enterprise allows itself; the law goes to 40 hours."""
CAPPED = tuple(f"BDX-H{district:02d}-{post}" for district in (1, 3, 5, 7, 11, 13) for post in (1, 2))
LENDING = tuple(f"BDX-H{district:02d}-3" for district in (1, 3, 5, 7, 11, 13, 15, 16, 4, 6, 8))
ON_LEAVE = ("BDX-H02-2", "BDX-H09-3", "BDX-H10-1")
LEAVE = ("2027-02-06", "2027-02-07")
LACKING, LACKING_TO_LIMIT, LACKING_TO_LEAVE = 44, 38, 6
_HOURS = {4: (8, 8), 3: (8, 16)}
"""Seats of seven that two people can take at 30 hours → the hours that they have worked over before."""

Row = dict[str, str]


def write(folder: Path, *, alone: bool = False) -> None:
    """Write the folder's CSV files; always the same. ``alone``: nothing is asked for but what lacks people."""
    big_folder.write(folder)
    named: dict[str, list[str]] = {}
    _rewrite(folder / "people.csv", lambda rows: [_person(row, named) for row in rows])
    leave = [
        {"person_code": code, "from": LEAVE[0], "to": LEAVE[1], "kind": "annual_leave", "note": ""}
        for unit in ON_LEAVE
        for code in named[unit][:4]
    ]
    _rewrite(folder / "absences.csv", lambda rows: leave)
    for name in ("wishes.csv", "history.csv"):
        _rewrite(folder / name, lambda rows: [])
    _rewrite(folder / "demand.csv", lambda rows: [*(() if alone else rows), *_more_demand()])


def _person(row: Row, named: dict[str, list[str]]) -> Row:
    """The first of each unit are its people for emergencies or support, and serve nothing else."""
    unit = row["unit_code"]
    own = named.setdefault(unit, [])
    if "leadership" in row["duties"]:
        return row
    if unit in CAPPED and len(own) < 2:
        hours = _HOURS[3 if unit in CAPPED[:2] else 4][len(own)]
        row |= {"duties": "emergency", "work_pattern": "office5", "overtime_month": str(hours), "no_night": "no"}
    elif unit in LENDING and not own:
        row |= {"duties": "emergency", "work_pattern": "office5", "overtime_month": "14", "no_night": "no"}
    elif unit in ON_LEAVE and len(own) < 4:
        row |= {"duties": "support", "overtime_month": "0"}
    own.append(row["code"])
    return row


def _more_demand() -> Iterable[Row]:
    for units, duty, shift in ((CAPPED, "emergency", "Ứng cứu"), (ON_LEAVE, "support", "Hỗ trợ")):
        for unit in units:
            values = (duty, unit, "during", shift, "08:00", "8", "1", "onsite", "no")
            yield dict(zip(big_folder.DEMAND, values, strict=True))


def _rewrite(path: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        heads, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads)
        writer.writeheader()
        writer.writerows(change(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder)
