"""The cases of the law that `tests/data/law_cases.csv` holds: each as a problem of one person, and as a line to print.

`python -m tests.unit.planning.law_cases` writes them into docs/rules.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from core.calendar.holidays import seed_sets
from planning.problem import Problem, Shift, Staff
from planning.time.points import LOCAL, is_night
from roster.days.workdays import free_days, work_rows
from tests.unit.planning.tiny import person

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "rules.md"
BEGIN, END = "<!-- law cases: begin -->\n", "<!-- law cases: end -->\n"
DAYS = {on: kind for each in seed_sets() for on, kind in each.days.items()}
_DUTY = re.compile(
    r"(?P<first>\S{10})(?:\.\.(?P<last>\S{10}))? (?P<hour>\d\d):(?P<minute>\d\d) (?P<hours>[\d.]+)h(?P<flags>.*)"
)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class LawCase:
    """`breach`: by how much the rule is broken, in its own unit; 0: it is kept. `overtime`: minutes in all."""

    case: str
    rule: str
    article: str
    who: str
    before: str
    duties: str
    overtime: int
    breach: int
    says: str

    @property
    def problem(self) -> Problem:
        shifts = tuple(_shifts(self.duties))
        first, last = _week_of(shifts)
        one = self._person()
        rows = work_rows({1: one.work_pattern}, first - _WEEK, last + _WEEK, DAYS)
        free = free_days(first - _WEEK, last + _WEEK, DAYS)
        return Problem(shifts, (one,), work=tuple(rows), free_days=free, span=(first, last))

    def _person(self) -> Staff:
        pattern, *flags = self.who.split()
        when, hours = self.before.split() if self.before else ("month", "0h")
        earlier = {"overtime_month": 0, "overtime_year": 0} | {f"overtime_{when}": 60 * int(hours[:-1])}
        return person(1, work_pattern=pattern, **dict.fromkeys(flags, True), **earlier)

    @property
    def line(self) -> str:
        verdict = "kept" if not self.breach else f"broken by {self.breach}"
        who = ", ".join(filter(None, (self.who.replace("_", " "), self.before and f"{self.before} before")))
        cells = (self.case, f"`{self.rule}`", self.article, who, self.duties, str(self.overtime), verdict, self.says)
        return f"| {' | '.join(cells)} |"


def _shifts(text: str) -> Iterator[Shift]:
    number = 0
    for part in text.split(" + "):
        found = _DUTY.fullmatch(part)
        assert found, part
        day, last = date.fromisoformat(found["first"]), date.fromisoformat(found["last"] or found["first"])
        while day <= last:
            number += 1
            yield _shift(number, day, found)
            day += timedelta(days=1)


def _shift(number: int, day: date, found: re.Match[str]) -> Shift:
    flags = set(found["flags"].split())
    start = datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=LOCAL)
    end = start + timedelta(hours=float(found["hours"]))
    form = "standby" if "standby" in flags else "command" if "command" in flags else "onsite"
    return Shift(
        number,
        "operations",
        "U",
        start,
        end,
        form,
        headcount=1,
        points=0,
        night=is_night(start, end),
        peak=frozenset(),
        local_date=day,
        template="Ngày",
        replaces_work="replaces" in flags,
        grounded="ground" in flags,
    )


def _week_of(shifts: tuple[Shift, ...]) -> tuple[date, date]:
    """Monday of the first shift's week, Sunday of the last one's."""
    first, last = shifts[0].local_date, shifts[-1].local_date
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def cases() -> list[LawCase]:
    with (ROOT / "tests" / "data" / "law_cases.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [LawCase(**{**row, "overtime": int(row["overtime"]), "breach": int(row["breach"])}) for row in rows]


def table() -> str:
    """The block of docs/rules.md."""
    head = "| case | rule | article | who | duties | overtime | rule is | in words |\n|" + "---|" * 8 + "\n"
    return BEGIN + head + "".join(f"{case.line}\n" for case in cases()) + END


def written(text: str) -> str:
    """The page with the block as it should be."""
    before, _, rest = text.partition(BEGIN)
    return before + table() + rest.partition(END)[2]


if __name__ == "__main__":
    DOCS.write_text(written(DOCS.read_text(encoding="utf-8")), encoding="utf-8")
