"""What the QR sheets that hang say, and which must be printed again because the number or the name has changed since.

A sheet is printed from what holds at that moment; what was printed is written down when somebody says so.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import batched, db, insert_into, transaction
from core.models import AuditEntry
from core.security import tokens
from incidents.public_reports import beside, codes as report_codes, counter_codes
from incidents.public_reports.models import CounterCode, ReportSheet
from people import queries as people
from people.access import places
from people.models import Unit
from roster.resolver import numbers

KINDS = ("both", "public", "counter")
"""Which sheets are printed: each unit has one that hangs outside, and one that stays behind its counter."""
FIELDS = ("generation", "name", "phone", "address")


@dataclass(frozen=True)
class PrintableSheet:
    """What a unit's sheet says if it is printed now, as edition ``edition``; ``printed``: what hangs, if anybody said.

    ``desk``: whose number it is (unit id) and whether a duty desk's: an office's own telephone is not called a desk.
    """

    unit: Unit
    generation: int
    withdrawn: bool
    number: numbers.DialNumber
    address: str
    printed: ReportSheet | None
    counter: CounterCode | None = None
    has_counter: bool = True
    """Offices without a counter have the sheet outside alone."""

    @property
    def counter_generation(self) -> int:
        return self.counter.generation if self.counter else 1

    @property
    def is_counter_due(self) -> bool:
        """A sheet of before still does for the counter's, or its code was replaced since one was printed."""
        row = self.counter
        return self.has_counter and row is not None and row.printed_generation != row.generation

    def is_printed(self, kind: str) -> bool:
        """Whether the unit has a sheet of that kind: one that was withdrawn outside takes nothing from the counter."""
        outside, behind = kind != "counter" and not self.withdrawn, kind != "public" and self.has_counter
        return outside or behind

    @property
    def content(self) -> dict[str, Any]:
        values = (self.generation, self.unit.name, self.number.phone, self.address)
        return dict(zip(FIELDS, values, strict=True))

    @property
    def changed(self) -> list[str]:
        """What differs from the sheet that hangs: ``FIELDS``. Empty also while nobody has said what hangs."""
        if self.printed is None or self.withdrawn:
            return []
        hangs = {name: getattr(self.printed, name) for name in FIELDS} | {"phone": numbers.plain(self.printed.phone)}
        return [name for name, value in self.content.items() if hangs[name] != value]

    @property
    def edition(self) -> int:
        """Return the edition of the sheet that would be printed now."""
        if self.printed is None:
            return 1
        return self.printed.edition + bool(self.changed)


def sheets_for(units: Sequence[Unit]) -> list[PrintableSheet]:
    """The sheets of these units, in their order, in a few statements for all."""
    ids = [unit.id for unit in units]
    codes, counters = report_codes.states(ids), counter_codes.states(ids)
    printed = {row.unit_id: row for row in db.session.scalars(select(ReportSheet).where(ReportSheet.unit_id.in_(ids)))}
    found, with_counter = numbers.numbers_for_incidents(ids), beside.counters(ids)
    return [
        PrintableSheet(
            unit,
            codes[unit.id].generation if unit.id in codes else 1,
            unit.id in codes and codes[unit.id].revoked_at is not None,
            found[unit.id],
            current_app.config["PUBLIC_URL"],
            printed.get(unit.id),
            counters.get(unit.id),
            unit.id in with_counter,
        )
        for unit in units
    ]


def mark_printed(unit_ids: Collection[int], *, kind: str = "both", actor: Actor, now: datetime) -> int:
    """The sheets of these units, as they are now, were printed and will be used; of how many units."""
    with transaction() as session:
        places.ensure_each(unit_ids, "report.manage", actor, now)
        standing = [sheet for sheet in sheets_for(people.units(unit_ids)) if sheet.is_printed(kind)]
        if kind != "public":
            with_counter = [sheet.unit.id for sheet in standing if sheet.has_counter]
            counter_codes.mark_printed(session, with_counter, actor=actor, now=now)
        if kind != "counter":
            _mark_outside(session, [sheet for sheet in standing if not sheet.withdrawn], actor, now)
        session.expire_all()
        return len(standing)


def _mark_outside(session: Session, sheets: Sequence[PrintableSheet], actor: Actor, now: datetime) -> None:
    """All at once: a province prints hundreds. Each unit has an entry of its own, for those who answer for it."""
    by = {"printed_at": now, "printed_by": actor.name}
    for some in batched(sorted(sheets, key=lambda sheet: sheet.unit.id)):
        new = insert_into(ReportSheet).values(
            [{"unit_id": sheet.unit.id, **sheet.content, "edition": sheet.edition, **by} for sheet in some]
        )
        again = {name: new.excluded[name] for name in (*FIELDS, "edition", *by)}
        session.execute(new.on_conflict_do_update(index_elements=["unit_id"], set_=again))
    told = [
        audit.entry(
            actor,
            "report_sheet.printed",
            "unit",
            sheet.unit.id,
            now=now,
            edition=sheet.edition,
            phone=sheet.number.phone,
        )
        for sheet in sheets
    ]
    if told:
        session.execute(insert(AuditEntry), told)


def void(*, actor: Actor, now: datetime) -> None:
    """No sheet that was printed opens anything any more, outside or behind a counter: the key that signed them is lost.
    The list shows each of them to be printed anew."""
    with transaction() as session:
        session.execute(update(ReportSheet).values(generation=0))
        session.execute(update(CounterCode).values(printed_generation=0, old_generation=0))
        audit.record(actor, "report_sheet.void", "system", "sheets", now=now)


def tag(sheet: PrintableSheet) -> str:
    """Names a sheet with everything that is printed on it: a page that was shown earlier knows whether it still
    holds."""
    return tokens.digest(repr((sheet.unit.id, sheet.edition, sheet.counter_generation, sorted(sheet.content.items()))))
