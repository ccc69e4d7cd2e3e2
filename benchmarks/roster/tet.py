"""Made Tết rosters, 20 to 1,600 people: the same size, days and seed give the same Problem.

    python -m benchmarks.roster.tet --staff 60 --days 30 --seed 1 --out F.json
    python -m benchmarks.roster.tet --all        # the instances committed beside this file

One unit: leadership day and night (12 h), operations at 06, 14 and 22 (8 h), emergency day and night (12 h), with
cross-qualified people, leave, protected people, loads carried in, wishes. Many units: each a team of its own with
a day and a night duty of 12 h. Mùng 1 is 6 February 2027.
"""

from __future__ import annotations

import argparse
import lzma
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from math import ceil
from pathlib import Path

from core.calendar.holidays import DayClass, suggest_break
from planning.codec import to_json
from planning.problem import Absence, Problem, Shift, Staff, Want, Wish
from planning.settings import Setting
from planning.time.points import is_night, peaks, points

VN = timezone(timedelta(hours=7))
TET_YEAR, MUNG_1 = 2027, date(2027, 2, 6)
INSTANCES = Path(__file__).parent / "instances"
OFF = Setting(on=False)
SETTINGS = {
    "hours.week": Setting(on=True, hard=True, values={"most": 48 * 60}),
    "runs.max_days": Setting(on=True, hard=True, values={"most": 5}),
    "nights.in_a_row": Setting(on=True, hard=True, values={"most": 2}),
    "nights.most": Setting(on=True, hard=True, values={"most": 5}),
    # The measurements this follows did not ask these.
    **dict.fromkeys(("hours.month", "hours.year", "rest.weekly", "work.ordinary"), OFF),
}
# (duty, template, start hour, hours, share of the seats of a day)
TEMPLATES = (
    ("leadership", "Ngày", 6, 12, 0.12),
    ("leadership", "Đêm", 18, 12, 0.06),
    ("operations", "Sáng", 6, 8, 0.24),
    ("operations", "Chiều", 14, 8, 0.18),
    ("operations", "Đêm", 22, 8, 0.12),
    ("emergency", "Ngày", 6, 12, 0.17),
    ("emergency", "Đêm", 18, 12, 0.11),
)
TEAM = (("operations", "Ngày", 6, 12, 0.5), ("operations", "Đêm", 18, 12, 0.5))
# People have their first duty in proportion to the hours it asks; at most one in ten of a team is protected.
DUTY_SHARES = (("leadership", 0.21), ("operations", 0.43), ("emergency", 0.36))
PROTECTED_SHARE, MOST_PROTECTED = 0.08, 0.1
SEATS_PER_PERSON_DAY = 17 / 60


def generate(staff: int, days: int, seed: int, *, units: int = 1) -> Problem:
    """A Problem of so many people over so many days around Mùng 1, split into independent units of equal size."""
    rng = random.Random(f"{staff}/{days}/{seed}/{units}")  # noqa: S311 - makes data, guards nothing
    first = MUNG_1 - timedelta(days=days // 2)
    holidays = suggest_break(TET_YEAR).days
    shifts: list[Shift] = []
    people: list[Staff] = []
    for number in range(units):
        name, size = f"U{number + 1:03d}", staff // units
        templates = TEMPLATES if units == 1 else TEAM
        heads = _headcounts(templates, ceil(size * SEATS_PER_PERSON_DAY) if units == 1 else 2)
        for day in range(days):
            for template, head in zip(templates, heads, strict=True):
                shifts.append(_shift(len(shifts) + 1, name, first + timedelta(days=day), template, head, holidays))
        duties = _duties(rng, size) if units == 1 else [frozenset(["operations"])] * size
        protected = _protected(rng, size)
        people += [_person(rng, len(people) + 1 + k, name, duties[k], k in protected) for k in range(size)]
    absences = tuple(a for person in people for a in _leave(rng, person.id, first, days))
    wishes = tuple(w for person in people for w in _wishes(rng, person.id, first, days))
    return Problem(tuple(shifts), tuple(people), absences, wishes, settings=SETTINGS)


def _headcounts(templates: tuple[tuple[str, str, int, int, float], ...], seats: int) -> list[int]:
    """Seats of one day by template: at least one each, the rest to those furthest below their share."""
    heads = [1] * len(templates)
    while sum(heads) < seats:
        lacking = [share * seats - head for (*_, share), head in zip(templates, heads, strict=True)]
        heads[lacking.index(max(lacking))] += 1
    return heads


def _shift(
    number: int,
    unit: str,
    on: date,
    template: tuple[str, str, int, int, float],
    head: int,
    holidays: Mapping[date, DayClass],
) -> Shift:
    duty, name, hour, hours, _ = template
    start = datetime.combine(on, time(hour), VN).astimezone(UTC)
    end = start + timedelta(hours=hours)
    return Shift(
        id=number,
        duty=duty,
        unit=unit,
        start=start,
        end=end,
        form="onsite",
        headcount=head,
        points=points(start, end, "onsite", holidays),
        night=is_night(start, end),
        peak=peaks(start, end),
        local_date=on,
        template=name,
    )


def _duties(rng: random.Random, size: int) -> list[frozenset[str]]:
    """The primary duty of each person by share; a quarter may take a second one."""
    primary = [duty for duty, share in DUTY_SHARES for _ in range(round(share * size))]
    primary = (primary + ["operations"] * size)[:size]
    found = []
    for duty in primary:
        others = [each for each, _ in DUTY_SHARES if each != duty]
        found.append(frozenset([duty, rng.choice(others)] if rng.random() < 0.25 else [duty]))
    return found


def _protected(rng: random.Random, size: int) -> list[int]:
    drawn = [k for k in range(size) if rng.random() < PROTECTED_SHARE]
    return drawn[: max(1, int(size * MOST_PROTECTED))]


def _person(rng: random.Random, number: int, unit: str, duties: frozenset[str], protected: bool) -> Staff:
    worked_last = rng.random() < 0.2
    return Staff(
        id=number,
        code=f"P{number:04d}",
        name=f"P{number:04d}",
        duties=duties,
        eligible_units=frozenset([unit]),
        unit=unit,
        no_night=protected,
        history_points=rng.randint(0, 40) * 100,
        last_giao_thua=worked_last,
    )


def _leave(rng: random.Random, staff_id: int, first: date, days: int) -> Iterator[Absence]:
    """Half of the people are away once, for one to four days."""
    if rng.random() < 0.5:
        begin = first + timedelta(days=rng.randrange(days))
        yield Absence(staff_id, _midnight(begin), _midnight(begin + timedelta(days=rng.randint(1, 4))))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), VN).astimezone(UTC)


def _wishes(rng: random.Random, staff_id: int, first: date, days: int) -> Iterator[Wish]:
    dates = rng.sample(range(days), min(6, days))
    wants: list[Want] = ["off", "off", "off", "off", "on", "on"]
    for want, day in zip(wants, dates, strict=False):
        yield Wish(staff_id, first + timedelta(days=day), None, want, rng.randint(1, 3))


COMMITTED = (*((staff, 21 if staff == 30 else 30, 1) for staff in (20, 30, 60, 120, 240)), (1600, 30, 200))
"""(people, days, units) of the instances in `benchmarks/roster/instances`, each with seeds 1–5."""


def path_of(staff: int, days: int, seed: int) -> Path:
    return INSTANCES / f"tet-{staff}x{days}-{seed}.json.xz"


def write(path: Path, problem: Problem) -> None:
    path.write_bytes(lzma.compress(to_json(problem).encode(), preset=9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--staff", 60), ("--days", 30), ("--seed", 1), ("--units", 1)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--out", type=Path, help="one instance, as JSON")
    parser.add_argument("--all", action="store_true", help="make all committed instances anew")
    args = parser.parse_args()
    if args.all:
        INSTANCES.mkdir(exist_ok=True)
        for staff, days, units in COMMITTED:
            for seed in range(1, 6):
                write(path_of(staff, days, seed), generate(staff, days, seed, units=units))
    if args.out:
        args.out.write_text(to_json(generate(args.staff, args.days, args.seed, units=args.units)), encoding="utf-8")


if __name__ == "__main__":
    main()
