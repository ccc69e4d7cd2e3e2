"""Numbers that may hang on a wall: those of desks and offices, never a person's."""

from __future__ import annotations

from collections.abc import Mapping

from core.text import format_phone
from people import queries as people
from roster.papers.by_days import Phones
from roster.papers.published import Published
from roster.resolver import numbers


def of(told: Published) -> Mapping[str, Phones]:
    """Code of a unit → kind of duty → the number to ring for it."""
    known = people.unit_ids()
    wanted = sorted({(row["unit"], row["duty"]) for row in told.rows if row["unit"] in known})
    found = numbers.to_ring_each((known[unit], duty) for unit, duty in wanted)
    phones: dict[str, dict[str, str]] = {}
    for unit, duty in wanted:
        number = found[known[unit], duty].phone
        if number:
            phones.setdefault(unit, {})[duty] = format_phone(number)
    return phones
