"""Wishes for duty; those for days off are said by `candidates.single_shift`."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import is_one_at_most
from planning.engines.mip.model import Tag
from planning.problem import Staff
from planning.rules.base import may_serve
from planning.rules.wishes import asks_for, shifts_on


def wish_on(builder: Builder, person: Staff) -> None:
    for wish in builder.problem.wishes_of.get(person.id, ()):
        if wish.want == "off":
            continue
        cost = wish.weight * (builder.price("wishes.on") or 0)
        asked = [shift for shift in builder.own[person.id] if asks_for(wish, shift)]
        on_date = shifts_on(builder.problem).get(wish.local_date, ())
        if not any(asks_for(wish, shift) and may_serve(person, shift) for shift in on_date):
            continue
        if not asked:
            builder.model.constant += cost
            continue
        # With one such shift at most, granting it saves what refusing costs; else a column tells.
        if is_one_at_most(builder, person, asked):
            builder.model.constant += cost
            for shift in asked:
                builder.charge(builder.pair_column[shift.id, person.id], -cost)
        else:
            refused = builder.model.column(cost, 0, 1)
            builder.model.row([*builder.terms(person, asked), (refused, 1)], lower=1, tag=Tag("wishes.on", person.id))
