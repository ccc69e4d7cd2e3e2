"""What the address of a campaign's page asks for: view, kind of duty, unit, whose month, which days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from core import arguments
from people import queries as people, reference
from people.models import Person
from people.reference import KindFact, UnitFact

VIEWS = ("people", "duties", "crews", "month", "days")


@dataclass(frozen=True)
class GridLook:
    """What the address asks for, as far as there is such a thing. ``person``: whose month it is."""

    view: str
    duty: str | None
    unit: UnitFact | None
    source: str
    mode: str
    person: Person | None
    page: int
    find: str
    on: date | None
    hide: Sequence[str]

    @property
    def unit_id(self) -> int | None:
        return self.unit.id if self.unit else None

    @property
    def asked(self) -> dict[str, str]:
        """Return them as addresses of the page carry it."""
        unit = self.unit.code if self.unit else ""
        return {"duty": self.duty or "", "unit": unit, "source": self.source, "mode": self.mode}


def look_of(args: MultiDict[str, str], source: str, every: Mapping[str, KindFact]) -> GridLook:
    """``every``: kinds of duty by code."""
    view = args.get("view", "")
    duty = args.get("duty", "")
    return GridLook(
        view=view if view in VIEWS else "people",
        duty=duty if duty in every else None,
        unit=reference.find_unit(args["unit"]) if args.get("unit") else None,
        source=source,
        mode="read" if args.get("mode") == "read" else "",
        person=_looked_at(args) if view == "month" else None,
        page=arguments.number("page", 1),
        find=args.get("find", ""),
        on=arguments.day("on"),
        hide=args.getlist("hide"),
    )


def _looked_at(args: MultiDict[str, str]) -> Person | None:
    """Whose month it is, unless the filter that is sent with it names somebody else, or nobody any more."""
    person = people.find_person(args["whose"]) if args.get("whose") else None
    return person if person and args.get("find", person.full_name).strip() == person.full_name else None
