"""Who may be put in the crews of a unit, which shifts it has to rotate in, and even crews to begin with. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import clock
from people.models import Unit
from planning.problem import Staff
from roster.crews.models import Crew
from roster.crews.services import Joining
from roster.snapshot.snapshot import Snapshot

MOST = 200
"""People listed to choose from; whoever is beyond that is named by the API."""


@dataclass(frozen=True)
class CrewChoices:
    """``people``: who may serve the unit's shifts, its own first; ``left_out``: how many more there are."""

    people: tuple[Staff, ...]
    left_out: int
    duties: tuple[str, ...]
    """Codes of the kinds that the unit's shifts are of."""


def choices(taken: Snapshot, unit: Unit, crew: Crew | None = None) -> CrewChoices:
    """Whoever is in the crew is among them, wherever they are from."""
    duties = tuple(dict.fromkeys(shift.duty for shift in taken.problem.shifts if shift.unit == unit.code))
    within = {each.person_id for each in crew.members} if crew else set()
    able = [
        each
        for each in taken.problem.staff
        if each.id in within or each.unit == unit.code or may_serve(each, unit, duties)
    ]
    ordered = sorted(able, key=lambda each: (each.id not in within, each.unit != unit.code, each.code))
    listed = ordered[: max(MOST, len(within))]
    return CrewChoices(
        tuple(sorted(listed, key=lambda each: (each.unit != unit.code, each.code))), len(able) - len(listed), duties
    )


def may_serve(person: Staff, unit: Unit, duties: Sequence[str]) -> bool:
    return unit.code in person.eligible_units and not person.duties.isdisjoint(duties)


def templates_of(taken: Snapshot, unit: Unit) -> list[str]:
    """Names of the unit's shifts, in the order in which a day has them."""
    shifts = [each for each in taken.problem.shifts if each.unit == unit.code and taken.seats[each.id]]
    ordered = sorted(shifts, key=lambda each: (clock.local(each.start).time(), each.template))
    return list(dict.fromkeys(each.template for each in ordered))


def even(taken: Snapshot, unit: Unit, number: int) -> list[list[Joining]]:
    """The unit's own people dealt to so many crews: those who serve the same kinds one to each, before a second."""
    duties = choices(taken, unit).duties
    own = [each for each in taken.problem.staff if each.unit == unit.code and may_serve(each, unit, duties)]
    ordered = sorted(own, key=lambda each: (sorted(each.duties), each.code))
    crews: list[list[Joining]] = [[] for _crew in range(number)]
    for at, each in enumerate(ordered):
        crews[at % number].append(Joining(each.code))
    return crews
