"""Writing demand, wishes and history of a checked import. Existing campaigns and their shifts are never touched."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.db import db
from people.imports.job import RowChange
from people.imports.write import WrittenRow, person_ids, upsert
from people.models import Unit
from roster.fairness.models import LedgerEntry
from roster.importing.checks import IMPORTED, InputPlan
from roster.sources import columns
from roster.sources.models import Demand, PersonPair, Wish


def write(plan: InputPlan) -> None:
    """Write all changes, in the importer's transaction."""
    people = person_ids()
    _write_demand(plan.demand)
    wishes = [
        WrittenRow((people[code], *rest), columns.WISHES.kept(change.values))
        for change in plan.wishes
        for code, *rest in [change.key]
    ]
    upsert(Wish, ("person_id", "on_date", "template"), wishes)
    history = [
        WrittenRow((people[change.key[0]], change.key[1]), columns.HISTORY.kept(change.values))
        for change in plan.history
    ]
    imported = {"source": IMPORTED}
    upsert(LedgerEntry, ("person_id", "tet_year"), history, among=LedgerEntry.source == IMPORTED, fixed=imported)
    pairs = [
        WrittenRow(tuple(sorted(people[code] for code in each.key)), columns.PAIRS.kept(each.values))
        for each in plan.pairs
    ]
    upsert(PersonPair, ("first_id", "second_id"), pairs)


def _write_demand(changes: Sequence[RowChange]) -> None:
    units = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))} if changes else {}
    rows = [
        WrittenRow((units[change.key[0]], *change.key[1:]), columns.DEMAND.kept(change.values)) for change in changes
    ]
    upsert(Demand, ("unit_id", "duty", "phase", "template"), rows)
