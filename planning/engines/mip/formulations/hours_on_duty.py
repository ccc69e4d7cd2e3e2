"""How long on-site duty lasts: without a break, and within any 24 hours."""

from __future__ import annotations

from collections.abc import Iterator

from planning.engines.mip.builder import Builder
from planning.engines.mip.model import Tag
from planning.problem import Shift, Staff
from planning.rules.hours.continuous import excused_minutes
from planning.rules.hours.rolling import minutes_within, windows
from planning.rules.rest.between_shifts import rest_minutes
from planning.time.minutes import DAY, slots


def _own(builder: Builder, person: Staff) -> list[Shift]:
    return [shift for shift in builder.own[person.id] if shift.form == "onsite"]


def _counted(shift: Shift, most: int) -> int:
    return shift.minutes - excused_minutes(shift, most)


def _are_apart(builder: Builder, person: Staff, own: list[Shift], most: int) -> bool:
    """Whether rest alone keeps the person within the limit: short duties far enough apart, whichever they are."""
    if not builder.is_hard("rest.between_shifts") or any((shift.id, person.id) in builder.pins for shift in own):
        return False
    rest = rest_minutes(builder.problem, on_site=True)
    return rest >= max(1, DAY - most) and all(_counted(shift, most) <= most for shift in own)


def continuous(builder: Builder, person: Staff) -> None:
    """Allow all but one of shifts that touch and together last too long; soft, the last of them has the price."""
    most, own = builder.value("hours.continuous", "most", person), _own(builder, person)
    if most is None or not own or _are_apart(builder, person, own, most):
        return
    price = builder.price("hours.continuous")
    for shift in own:
        chains = list(_chains([shift], own, most))
        if not chains or price == 0:
            continue
        breach = builder.model.column(price, 0, 1) if price is not None else None
        for chain in chains:
            terms = builder.terms(person, chain)
            if breach is None:
                builder.at_most("hours.continuous", terms, len(chain) - 1, staff_id=person.id)
            else:
                row = [*terms, (breach, -1)]
                builder.model.row(row, upper=len(chain) - 1, tag=Tag("hours.continuous", person.id, shift.id))


def _chains(chain: list[Shift], own: list[Shift], most: int) -> Iterator[list[Shift]]:
    """The shortest rows of touching shifts that end with this chain and last too long."""
    if sum(_counted(shift, most) for shift in chain) > most:
        yield chain
        return
    for before in own:
        if before.end == chain[0].start:
            yield from _chains([before, *chain], own, most)


def rolling(builder: Builder, person: Staff) -> None:
    """The 24 hours that begin with a shift; soft, they are counted only where the person has that shift."""
    most, own = builder.value("hours.rolling", "most", person), _own(builder, person)
    if most is None or not own or _are_apart(builder, person, own, most):
        return
    price, every = builder.price("hours.rolling"), slots(builder.problem)
    held = [(shift, every[shift.id]) for shift in own]
    for shift, slot in held:
        for since in windows((shift, slot), most):
            parts = {s.id: minutes_within((s, at), since, most) for s, at in held}
            beyond = sum(parts.values()) - parts[shift.id] - most
            lift = max(0, beyond) if price is not None else 0
            parts[shift.id] += lift
            terms = [(builder.pair_column[s.id, person.id], parts[s.id]) for s in own if parts[s.id]]
            builder.at_most("hours.rolling", terms, most + lift, staff_id=person.id)
