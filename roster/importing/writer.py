"""Writing demand, wishes and history of a checked import. Existing campaigns and their shifts are never touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.db import db
from people.imports.job import Change
from people.imports.write import Row, person_ids, upsert
from people.models import Unit
from roster.importing.checks import IMPORTED, Plan
from roster.models import Demand, LedgerEntry, PersonPair, Wish

_DEMAND = {
    "start": "start_minute",
    "hours": "minutes",
    "headcount": "headcount",
    "form": "form",
    "replaces_work": "replaces_work",
    "skills": "skills",
    "wanted": "wanted",
    "legal_ground": "legal_ground",
}
_WISH = {"want": "want", "weight": "weight"}
_HISTORY = {"points": "points", "giao_thua": "giao_thua", "mung_1": "mung_1", "nights": "nights"}


def write(plan: Plan) -> None:
    """Write all changes, in the importer's transaction."""
    people = person_ids()
    _write_demand(plan.demand)
    wishes = [
        Row((people[code], *rest), _values(change, _WISH)) for change in plan.wishes for code, *rest in [change.key]
    ]
    upsert(Wish, ("person_id", "on_date", "template"), wishes)
    history = [Row((people[change.key[0]], change.key[1]), _values(change, _HISTORY)) for change in plan.history]
    imported = {"source": IMPORTED}
    upsert(LedgerEntry, ("person_id", "tet_year"), history, among=LedgerEntry.source == IMPORTED, fixed=imported)
    pairs = [
        Row(tuple(sorted(people[code] for code in each.key)), {"kind": each.values["kind"]}) for each in plan.pairs
    ]
    upsert(PersonPair, ("first_id", "second_id"), pairs)


def _write_demand(changes: Sequence[Change]) -> None:
    units = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))} if changes else {}
    rows = [Row((units[change.key[0]], *change.key[1:]), _values(change, _DEMAND)) for change in changes]
    upsert(Demand, ("unit_id", "duty", "phase", "template"), rows)


def _values(change: Change, attributes: Mapping[str, str]) -> dict[str, Any]:
    return {attribute: change.values[name] for name, attribute in attributes.items() if name in change.values}
