"""Staying close to the roster that people know."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.problem import Staff
from planning.rules.change import known_shifts


def least_change(builder: Builder, person: Staff) -> None:
    """Every shift lost has its price, and so has every shift gained."""
    if not builder.problem.baseline:
        return
    price, known = builder.price("change.least") or 0, known_shifts(builder.problem).get(person.id, frozenset())
    builder.model.constant += price * len(known)
    for shift in builder.own[person.id]:
        column = builder.pair_column[shift.id, person.id]
        builder.charge(column, -price if shift.id in known else price)
