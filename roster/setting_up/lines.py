"""PURE shifts as somebody writes them down for units without demand, and what they are offered to begin with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

Template = Literal["small", "two", "three"]
TEMPLATES: tuple[Template, ...] = get_args(Template)
SMALL = 6
"""People up to whom one on-site shift a day is what a unit can bear."""
PHASES = ("before", "during", "after")
_NOON, _HALF, _THIRD, _DAY = 7 * 60 + 30, 12 * 60, 8 * 60, 24 * 60


@dataclass(frozen=True)
class SetUpLine:
    """A shift of every day of a phase; ``people``: phase → how many it needs; a phase without it has no such shift."""

    duty: str
    template: str
    start: int
    """Local minutes after midnight."""
    minutes: int
    form: str
    replaces_work: bool
    people: Mapping[str, int]


def offered(template: Template, kinds: Collection[str]) -> tuple[SetUpLine, ...]:
    """Return what a unit begins with, of these kinds of duty: leaders and technicians can be called at home all day
    long, the desk is manned on site, as enterprises do it where nothing else is decided."""
    each_day = dict.fromkeys(PHASES, 1)
    home = SetUpLine("", "24/24", _NOON, _DAY, "standby", False, each_day)
    desk = SetUpLine("operations", "Ngày", _NOON, _HALF, "onsite", True, each_day)
    spans: Mapping[Template, Sequence[SetUpLine]] = {
        "small": (desk,),
        "two": (desk, replace(desk, template="Đêm", start=_NOON + _HALF)),
        "three": tuple(
            replace(desk, template=name, start=hour * 60, minutes=_THIRD)
            for name, hour in (("Sáng", 6), ("Chiều", 14), ("Đêm", 22))
        ),
    }
    lines = [replace(home, duty="leadership", form="command")]
    lines += spans[template]
    lines += [replace(home, duty="emergency")]
    lines += [replace(each, duty="support") for each in spans[template]]
    return tuple(line for line in lines if line.duty in kinds)


def fitting(people: int) -> Template:
    """Return the template for a unit of so many people."""
    return "small" if people <= SMALL else "two"
