"""Sample import folders as Problems, without a database: enough of the import format for the engine's tests."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

from core.calendar.holidays import seed_sets
from planning.problem import Absence, Problem, Shift, Staff, Wish
from roster.days.workdays import free_days, work_rows

DATA = Path(__file__).parents[2] / "data"
VN = timezone(timedelta(hours=7))
FIRST, LAST = date(2020, 1, 17), date(2020, 2, 8)
BREAK = (date(2020, 1, 23), date(2020, 1, 29))
MUNG_1 = date(2020, 1, 25)
DAYS = next(spec for spec in seed_sets() if spec.year == 2020).days


def load(name: str) -> Problem:
    """The Problem of a folder in tests/data for Tết Canh Tý."""
    rows = {stem: _rows(DATA / name / f"{stem}.csv") for stem in _STEMS}
    parents = {row["code"]: row["parent_code"] for row in rows["units"]}
    active = [row for row in rows["people"] if row["active"] == "yes"]
    ids = {row["code"]: number for number, row in enumerate(active, start=1)}
    history = {row["person_code"]: row for row in rows["history"]}
    patterns = {ids[row["code"]]: row["work_pattern"] for row in active}
    absences = tuple(_absence(row, ids) for row in rows["absences"] if row["person_code"] in ids)
    return Problem(
        shifts=tuple(_shifts(rows["demand"])),
        staff=tuple(_staff(row, ids[row["code"]], parents, history.get(row["code"], {})) for row in active),
        absences=absences,
        wishes=tuple(_wish(row, ids) for row in rows["wishes"] if row["person_code"] in ids),
        work=tuple(work_rows(patterns, FIRST - timedelta(days=1), LAST + timedelta(days=1), DAYS, absences=absences)),
        free_days=free_days(FIRST, LAST + timedelta(days=1), DAYS),
        parents={code: above or None for code, above in parents.items()},
    )


_STEMS = ("units", "people", "absences", "wishes", "history", "demand")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VN).astimezone(UTC)


def _phase(day: date) -> str:
    return "before" if day < BREAK[0] else "after" if day > BREAK[1] else "during"


def _shifts(demand: list[dict[str, str]]) -> list[Shift]:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    rows = [(day, row) for day in days for row in demand if row["phase"] == _phase(day)]
    return [_shift(number, day, row) for number, (day, row) in enumerate(rows, start=1)]


def _shift(number: int, day: date, row: dict[str, str]) -> Shift:
    local = datetime.combine(day, time.fromisoformat(row["start"]), VN)
    end = local + timedelta(hours=float(row["hours"]))
    hours = [local + timedelta(hours=h) for h in range(int(float(row["hours"])))]
    night = any(h.hour >= 22 or h.hour < 6 for h in hours)
    rate = {"onsite": 100, "standby": 40, "command": 40}[row["form"]]
    points = sum(
        int(rate * (1.5 if h.hour >= 22 or h.hour < 6 else 1) * (2 if _phase(h.date()) == "during" else 1))
        for h in hours
    )
    return Shift(
        id=number,
        duty=row["duty"],
        unit=row["unit_code"],
        start=local.astimezone(UTC),
        end=end.astimezone(UTC),
        form=row["form"],
        headcount=int(row["headcount"]),
        points=points,
        night=night,
        peak=_peak(local, end),
        local_date=day,
        template=row["shift"],
        replaces_work=row["replaces_work"] == "yes",
    )


def _peak(start: datetime, end: datetime) -> frozenset[str]:
    new_year = datetime.combine(MUNG_1, time(), VN)
    spans = {
        "giao_thua": (new_year - timedelta(hours=6), new_year + timedelta(hours=6)),
        "mung_1": (new_year, new_year + timedelta(days=1)),
        "mung_2_3": (new_year + timedelta(days=1), new_year + timedelta(days=3)),
    }
    return frozenset(name for name, (first, last) in spans.items() if start < last and first < end)


def _staff(row: dict[str, str], number: int, parents: dict[str, str], past: dict[str, str]) -> Staff:
    units, unit = set(), row["unit_code"]
    while unit:
        units.add(unit)
        unit = parents[unit]
    return Staff(
        id=number,
        code=row["code"],
        name=row["full_name"],
        duties=frozenset(row["duties"].split(";")),
        eligible_units=frozenset(units),
        no_night=row["no_night"] == "yes",
        max_shifts=int(row["max_shifts"]) if row["max_shifts"] else None,
        history_points=round(float(past.get("points", 0)) * 100),
        last_giao_thua=past.get("giao_thua") == "1",
        last_mung_1=past.get("mung_1") == "1",
        work_pattern=row["work_pattern"],
        unit=row["unit_code"],
        overtime_month=_minutes(row["overtime_month"]),
        overtime_year=_minutes(row["overtime_year"]),
    )


def _minutes(hours: str) -> int | None:
    return round(float(hours) * 60) if hours else None


def away(staff_id: int, first: date, last: date) -> Absence:
    """Whole local days, the last one included."""
    return Absence(staff_id, _midnight(first), _midnight(last + timedelta(days=1)))


def _absence(row: dict[str, str], ids: dict[str, int]) -> Absence:
    return away(ids[row["person_code"]], date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))


def _wish(row: dict[str, str], ids: dict[str, int]) -> Wish:
    template = None if row["shift"] == "any" else row["shift"]
    day = date.fromisoformat(row["date"])
    return Wish(ids[row["person_code"]], day, template, row["want"], int(row["weight"]))
