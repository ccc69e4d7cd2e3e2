"""A unit and a person as the demo makes them, without the rest of it."""

from __future__ import annotations

from core.db import transaction
from people.models import Person, Unit


def demo_unit(code: str = "MAU") -> Unit:
    with transaction() as session:
        unit = Unit(code=code, name="Đơn vị mẫu", kind="province", is_demo=True)
        session.add(unit)
    return unit


def demo_person(unit: Unit) -> Person:
    with transaction() as session:
        person = Person(code="MAU1", full_name="Người Mẫu", unit_id=unit.id, sort_key="x", search_key="x", is_demo=True)
        session.add(person)
    return person
