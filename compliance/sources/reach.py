"""What bears on a unit: the season's campaign that covers it, and what lies above or below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import select

from core.db import db
from people.models import Unit
from roster.campaigns.models import Campaign

Chains = Mapping[int, tuple[int, ...]]
"""Unit → itself and what is above it, nearest first."""


def chains() -> Chains:
    """Return for every unit its own id and those of the units above it, the nearest first."""
    parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).tuples().all())
    found: dict[int, tuple[int, ...]] = {}
    for unit_id in parents:
        walk: list[int] = []
        here: int | None = unit_id
        while here is not None and here not in found:
            walk.append(here)
            here = parents.get(here)
        above = found[here] if here is not None else ()
        for each in reversed(walk):
            above = found[each] = (each, *above)
    return found


def campaigns(unit_ids: Iterable[int], since: date, until: date, above: Chains) -> dict[int, Campaign]:
    """Unit → the campaign of these days that covers it: its own or the nearest above, one that is published first."""
    wanted = select(Campaign).where(Campaign.starts_on <= until, Campaign.ends_on >= since).order_by(Campaign.id)
    best: dict[int, Campaign] = {}
    for each in db.session.scalars(wanted):
        known = best.get(each.unit_id)
        if known is None or known.state == "draft" or each.state != "draft":
            best[each.unit_id] = each
    found = {}
    for unit_id in unit_ids:
        nearest = next((best[each] for each in above.get(unit_id, ()) if each in best), None)
        if nearest is not None:
            found[unit_id] = nearest
    return found


def bearing(
    unit_ids: Iterable[int], holding: Collection[int], above: Chains, *, upwards: bool = True
) -> dict[frozenset[int], list[int]]:
    """Units that lie alike to those of ``holding``: which of these are the unit, below it, or (``upwards``) above it →
    the units for which they are. A thousand points share a handful of answers."""
    below = defaultdict[int, set[int]](set)
    for each in holding:
        for top in above.get(each, ()):
            below[top].add(each)
    alike = defaultdict[frozenset[int], list[int]](list)
    for unit_id in unit_ids:
        over = {each for each in above.get(unit_id, ()) if each in holding} if upwards else set()
        alike[frozenset(below.get(unit_id, set()) | over)].append(unit_id)
    return alike
