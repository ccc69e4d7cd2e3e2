"""Rows for tests, made directly: an enterprise of one or two units, people who may take duties, demand.

``sample("small-2020")`` loads a folder of tests/data without the importer, so that services can be tested alone.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from core import text
from core.actor import Actor
from core.db import db, transaction
from people.models import Absence, ContactMethod, Person, PersonDuty, Unit
from roster.campaigns.models import Campaign
from roster.fairness.models import LedgerEntry
from roster.sources.models import Demand, Wish
from tests.support import worlds
from tests.support.cast import ADMIN, name_of

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2020, 1, 10, 2, 0, tzinfo=UTC)


def manager_of(unit_id: int) -> Actor:
    return Actor(name="Quản lý", role="manager", via="cli", unit_id=unit_id)


def make_unit(code: str = "TINH", *, parent: Unit | None = None, name: str = "", kind: str = "province") -> Unit:
    with transaction() as session:
        unit = Unit(code=code, parent_id=parent.id if parent else None, name=name or f"Bưu điện {code}", kind=kind)
        session.add(unit)
    return unit


def make_person(
    code: str,
    unit: Unit,
    *,
    duties: tuple[str, ...] = ("operations",),
    name: str = "",
    email: str | None = "",
    phone: str = "",
    **fields: Any,
) -> Person:
    """Named by the code (``cast``). ``email=""`` makes one up; ``None`` = no mail. A phone only when given."""
    full_name = name or name_of(code)
    person = Person(
        code=code,
        full_name=full_name,
        unit_id=unit.id,
        sort_key=text.name_sort_key(full_name),
        search_key=text.fold(f"{full_name} {code} {phone}"),
        **fields,
    )
    person.duties = [PersonDuty(duty=duty) for duty in duties]
    mail = f"{code.lower()}@buudien.example" if email == "" else email
    found = [("email", mail), ("phone", phone)]
    person.contacts = [ContactMethod(channel=channel, address=address) for channel, address in found if address]
    with transaction() as session:
        session.add(person)
    return person


def make_demand(
    unit: Unit,
    duty: str = "operations",
    template: str = "Ngày",
    start: str = "07:30",
    hours: float = 12,
    headcount: int = 1,
    form: str = "onsite",
    phases: tuple[str, ...] = ("before", "during", "after"),
    replaces_work: bool = True,
) -> None:
    at = time.fromisoformat(start)
    with transaction() as session:
        session.add_all(
            Demand(
                unit_id=unit.id,
                duty=duty,
                phase=phase,
                template=template,
                start_minute=at.hour * 60 + at.minute,
                minutes=round(hours * 60),
                headcount=headcount,
                form=form,
                replaces_work=replaces_work,
            )
            for phase in phases
        )


def make_round_the_clock(unit: Unit) -> None:
    """The letter's three kinds, day and night, one person each (12-hour duties)."""
    for duty, form in (("leadership", "standby"), ("operations", "onsite"), ("emergency", "standby")):
        make_demand(unit, duty, "Ngày", "07:30", 12, form=form)
        make_demand(unit, duty, "Đêm", "19:30", 12, form=form)


def make_campaign(unit: Unit, *, first: str = "2020-01-23", last: str = "2020-01-25", now: datetime = NOW) -> Campaign:
    """A draft with shifts and empty seats, by the real service."""
    from roster.campaigns.services import create_campaign

    return create_campaign(
        name="Tết Canh Tý",
        tet_year=2020,
        unit=unit.code,
        starts_on=date.fromisoformat(first),
        ends_on=date.fromisoformat(last),
        actor=ADMIN,
        now=now,
    )


def make_all_hands(people: int) -> Campaign:
    """Three days round the clock in one unit, ``P01`` … of whom each may do everything; a world."""
    number = worlds.begin(("all hands", people), lambda: _write_all_hands(people))
    return db.session.get_one(Campaign, number)


def _write_all_hands(people: int) -> int:
    unit = make_unit()
    make_round_the_clock(unit)
    for number in range(1, people + 1):
        make_person(f"P{number:02d}", unit, duties=("leadership", "operations", "emergency"))
    return make_campaign(unit).id


def sample(name: str) -> Unit:
    """Load tests/data/<name> as rows; answers the top unit."""
    rows = {path.stem: _read_rows(path) for path in (DATA / name).glob("*.csv")}
    with transaction() as session:
        units: dict[str, Unit] = {}
        for row in rows["units"]:
            parent = units.get(row["parent_code"])
            units[row["code"]] = Unit(
                code=row["code"], name=row["name"], kind=row["kind"], parent_id=parent.id if parent else None
            )
            session.add(units[row["code"]])
            session.flush()
        people = {row["code"]: _person(row, units) for row in rows["people"]}
        session.add_all(people.values())
        session.flush()
        session.add_all(_demand(row, units) for row in rows["demand"])
        session.add_all(
            Absence(
                person_id=people[r["person_code"]].id,
                from_on=date.fromisoformat(r["from"]),
                to_on=date.fromisoformat(r["to"]),
                kind=r["kind"],
                note=r["note"],
            )
            for r in rows["absences"]
        )
        session.add_all(
            Wish(
                person_id=people[r["person_code"]].id,
                on_date=date.fromisoformat(r["date"]),
                template=r["shift"],
                want=r["want"],
                weight=int(r["weight"]),
            )
            for r in rows["wishes"]
        )
        session.add_all(
            LedgerEntry(
                person_id=people[r["person_code"]].id,
                tet_year=int(r["tet_year"]),
                points=round(float(r["points"]) * 100),
                giao_thua=int(r["giao_thua"]),
                mung_1=int(r["mung_1"]),
                nights=int(r["nights"]),
            )
            for r in rows["history"]
        )
    return next(unit for unit in units.values() if unit.parent_id is None)


def _person(row: dict[str, str], units: dict[str, Unit]) -> Person:
    person = Person(
        code=row["code"],
        full_name=row["full_name"],
        unit_id=units[row["unit_code"]].id,
        position=row["position"],
        sort_key=text.name_sort_key(row["full_name"]),
        search_key=text.fold(f"{row['full_name']} {row['code']}"),
        max_shifts=int(row["max_shifts"]) if row["max_shifts"] else None,
        no_night=row["no_night"] == "yes",
        active=row["active"] == "yes",
        work_pattern=row["work_pattern"],
    )
    person.duties = [PersonDuty(duty=duty) for duty in row["duties"].split(";") if duty]
    found = [("email", row["email"]), ("phone", row["phone"])]
    person.contacts = [ContactMethod(channel=channel, address=address) for channel, address in found if address]
    return person


def _demand(row: dict[str, str], units: dict[str, Unit]) -> Demand:
    at = time.fromisoformat(row["start"])
    return Demand(
        unit_id=units[row["unit_code"]].id,
        duty=row["duty"],
        phase=row["phase"],
        template=row["shift"],
        start_minute=at.hour * 60 + at.minute,
        minutes=round(float(row["hours"]) * 60),
        headcount=int(row["headcount"]),
        form=row["form"],
        replaces_work=row["replaces_work"] == "yes",
    )


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def clear_identity_map() -> None:
    """Forget loaded rows, as a new request would."""
    db.session.remove()
