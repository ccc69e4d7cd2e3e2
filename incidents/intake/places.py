"""Where a source's incidents are: units that its rules name, as far as they are its own."""

from __future__ import annotations

from collections.abc import Iterable

from incidents.intake.models import Intake
from people import queries as people


def unit_id(source: Intake, codes: Iterable[str]) -> int:
    """The first of the units that stands where the source may report, at or below its own; else the source's own."""
    for code in codes:
        unit = people.find_unit(code) or people.find_unit(code.upper())
        if unit is not None and people.is_within(unit.id, source.unit_id):
            return unit.id
    return source.unit_id
