"""What an import would do: seats that nobody could be sure of any more, campaigns that ask for less or more."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from people import queries
from people.absences.effects import EligibleDuties
from people.absences.spans import Away
from people.imports.check import ImportedDirectory, ImportPlan
from people.imports.write import person_ids
from roster.coverage import unsure
from roster.coverage.unsure import UnsureSeat
from roster.importing import checks
from roster.refit import of_demand as demand
from roster.refit.of_demand import FollowingCampaign
from roster.sources import services as sources
from roster.sources.models import Demand


def forecast_unsure(plan: ImportPlan, *, now: datetime) -> list[UnsureSeat]:
    """Return by time the seats of those whom the files say to be absent, or who leave, lose a duty or move. Reads
    only."""
    ids = person_ids() if plan.absences or plan.people else {}
    aways: defaultdict[int, list[Away]] = defaultdict(list)
    for change in plan.absences:
        code, first, last = change.key
        if change.is_new and code in ids:
            aways[ids[code]].append(Away(clock.at_local(first), clock.at_local(last + timedelta(days=1)), now))
    return unsure.forecast(_standings(plan, ids), aways, now=now)


def forecast_demand(plan: checks.InputPlan, *, now: datetime) -> list[FollowingCampaign]:
    """Open campaigns that ask for something else than the files: they stay as they are until somebody has them follow.
    Units that the files bring are not among them: see ``unforeseen``."""
    if not plan.demand:
        return []
    units = queries.unit_ids()
    there = {(row.unit_id, row.duty, row.phase, row.template): row for row in db.session.scalars(select(Demand))}
    rows = []
    for each in plan.demand:
        code, *rest = each.key
        if code in units:
            key = units[code], *rest
            named = dict(zip(("unit_id", "duty", "phase", "template"), key, strict=True))
            rows.append(sources.demand_with(there.get(key), named, each.values))
    return demand.effects_of_rows(rows, now=now)


def unforeseen(plan: checks.InputPlan, directory: ImportedDirectory, *, now: datetime) -> tuple[str, ...]:
    """Codes of units that the files bring with their demand below the unit of an open campaign, where no campaign can
    follow it: they have no id that a shift could have."""
    known = queries.unit_ids()
    brought = {each.key[0] for each in plan.demand if each.key[0] not in known}
    if not brought:
        return ()
    open_in = demand.open_units(now=now)
    return tuple(sorted(code for code in brought if open_in & {known.get(each) for each in directory.above(code)}))


def _standings(plan: ImportPlan, ids: dict[str, int]) -> dict[int, EligibleDuties]:
    """How the people stand whom the files change."""
    changed = [change for change in plan.people if not change.is_new]
    units = {unit.code: unit.id for unit in queries.units()} if changed else {}
    found = {}
    for change in changed:
        facts = plan.directory.people[change.key[0]]
        # Nothing is published of a unit that the files bring: what counts is the first above it that is there.
        home = next((units[code] for code in plan.directory.above(facts.unit) if code in units), 0)
        found[ids[change.key[0]]] = EligibleDuties(change.values.get("active", True), home, facts.duties)
    return found
