"""The enterprise of the harness, and the harness's own idea of who must be called for what.

Nothing here asks the product: people and roster are made up here, handed over by the import folder and the public
API, and kept in memory. Expectations follow the words of the contract ("Meanings: Escalation"), not the code that
obeys them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

VN = timezone(timedelta(hours=7))
DUTIES = ("operations", "emergency", "leadership")
ROOT = "GOC"
TURNS = "AB"
"""Two people take turns by the day on each duty of each unit: nobody serves two days running."""
CHANGE = 0 if 6 <= datetime.now(VN).hour < 18 else 12
"""The hour at which they change: far from any hour of this run, also where it makes the clock jump."""


@dataclass(frozen=True)
class Policy:
    """Duty and wait (seconds since the call before; the first: since the report) of each step."""

    steps: tuple[tuple[str, float], ...]
    repeat: float = 3600
    ack_timeout: float = 3600

    def body(self) -> dict[str, Any]:
        steps = [{"duty": duty, "after_seconds": int(wait)} for duty, wait in self.steps]
        return {
            "steps": steps,
            "repeat_after_seconds": int(self.repeat),
            "ack_timeout_seconds": int(self.ack_timeout),
        }


@dataclass(frozen=True)
class Report:
    """An incident that the product promised to keep (it answered 2xx). Times: this machine's steady clock, seconds."""

    code: str
    unit: str
    sent: float
    """When the request left: nothing can be due earlier."""
    answered: float
    taken: float | None = None
    """When the acknowledgement was answered."""


@dataclass(frozen=True)
class Call:
    """One person must be told of one step of one incident."""

    code: str
    step: int
    mail: str


@dataclass
class World:
    """``units`` post offices under one head office; who serves is a rule of two, so any day can be asked."""

    units: int
    policy: Policy
    swapped: set[tuple[str, str]] = field(default_factory=set)
    """(unit, duty) whose turns were exchanged while the harness ran."""

    @property
    def codes(self) -> list[str]:
        return [f"D{number:02d}" for number in range(self.units)]

    def person(self, unit: str, duty: str, day: date) -> str:
        """The code of whoever serves that duty on the local day."""
        turn = (day.toordinal() + ((unit, duty) in self.swapped)) % len(TURNS)
        return f"{unit}-{duty[:2].upper()}-{TURNS[turn]}"

    def expected(self, report: Report, *, at: datetime) -> Iterator[Call]:
        """Every call of the first turn, in order; ``at``: the wall-clock moment at which it was reported.

        The waits between turns are far longer than a run, so the first turn is all there is.
        """
        for index, (duty, _wait) in enumerate(self.policy.steps):
            yield Call(report.code, index + 1, mail_of(self.person(report.unit, duty, day_of(at))))

    def folder(self) -> bytes:
        """The import folder of the contract, as a ZIP."""
        units = [(ROOT, "", "Bưu điện Gốc", "province", "0269 3000 000", "", "no")]
        units += [(code, ROOT, f"Bưu cục {code}", "service_point", "", "", "no") for code in self.codes]
        people, demand = [], []
        for unit in self.codes:
            for duty in DUTIES:
                for turn in TURNS:
                    code = f"{unit}-{duty[:2].upper()}-{turn}"
                    phone = f"09{len(people):08d}"
                    people.append(
                        (code, f"Trần {code}", unit, "", mail_of(code), phone, duty, "", "no", "yes", "shift")
                    )
                for phase in ("before", "during", "after"):
                    demand.append((duty, unit, phase, "Cả ngày", f"{CHANGE:02}:00", 24, 1, "standby", "no"))
        return _zip(
            {
                "units.csv": ("code,parent_code,name,kind,phone,address,serves_party_state", units),
                "people.csv": (
                    "code,full_name,unit_code,position,email,phone,duties,max_shifts,no_night,active,work_pattern",
                    people,
                ),
                "demand.csv": ("duty,unit_code,phase,shift,start,hours,headcount,form,replaces_work", demand),
            }
        )


def mail_of(code: str) -> str:
    return f"{code.lower()}@buudien.example"


def day_of(at: datetime) -> date:
    """The local day whose people serve at that moment."""
    return (at.astimezone(VN) - timedelta(hours=CHANGE)).date()


def days(now: datetime) -> tuple[date, date]:
    """First and last day of the roster: the day before and the days after, whatever the clock does meanwhile."""
    today = now.astimezone(VN).date()
    return today - timedelta(days=1), today + timedelta(days=1)


def wall() -> datetime:
    return datetime.now(UTC)


def _zip(sheets: Mapping[str, tuple[str, list[tuple[Any, ...]]]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, (header, rows) in sheets.items():
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(header.split(","))
            writer.writerows(rows)
            folder.writestr(name, text.getvalue())
    return content.getvalue()
