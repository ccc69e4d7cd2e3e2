"""How many shifts a person may or must have: in all, a day, of one name."""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.engines.mip.formulations.days import by_date
from planning.problem import Staff
from planning.rules.limits.max_shifts import most_shifts
from planning.rules.limits.min_shifts import least_shifts
from planning.rules.limits.template import template_limits


def max_shifts(builder: Builder, person: Staff) -> None:
    most = most_shifts(builder.problem, person)
    if most is not None:
        builder.at_most("limits.max_shifts", builder.terms(person, builder.own[person.id]), most, staff_id=person.id)


def min_shifts(builder: Builder, person: Staff) -> None:
    least = least_shifts(builder.problem, person)
    if least is not None:
        builder.at_least("limits.min_shifts", builder.terms(person, builder.own[person.id]), least, staff_id=person.id)


def per_day(builder: Builder, person: Staff) -> None:
    most = builder.value("limits.per_day", "most", person)
    if most is not None:
        for shifts in by_date(builder, person).values():
            builder.at_most("limits.per_day", builder.terms(person, shifts), most, staff_id=person.id)


def template(builder: Builder, person: Staff) -> None:
    for name, most in template_limits(person).items():
        named = [shift for shift in builder.own[person.id] if shift.template == name]
        builder.at_most("limits.template", builder.terms(person, named), most, staff_id=person.id)
