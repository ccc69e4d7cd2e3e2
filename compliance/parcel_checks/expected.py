"""From when on a point is expected to tell its days: since its campaign began, else since it told one itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from compliance.parcel_checks import queries
from core.db import db
from people import reference
from roster.campaigns.models import Campaign


def since(unit_ids: Collection[int], today: date) -> dict[int, date | None]:
    """point → its first expected day; ``None``: nothing is expected of it yet."""
    above = reference.ancestors_of(frozenset(unit_ids))
    everybody = {each for found in above.values() for each in found}
    running = select(Campaign.unit_id, Campaign.starts_on).where(
        Campaign.unit_id.in_(everybody), Campaign.starts_on <= today, Campaign.ends_on >= today
    )
    begins: dict[int, date] = {}
    for unit_id, day in db.session.execute(running):
        begins[unit_id] = min(day, begins.get(unit_id, day))
    told = queries.first_days(unit_ids)
    found: dict[int, date | None] = {}
    for each in unit_ids:
        days = [begins[one] for one in above[each] if one in begins]
        found[each] = min(days) if days else told.get(each)
    return found
