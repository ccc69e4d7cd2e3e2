"""Runs of days on and off. Each rule notes what it asks; then the person gets windows or a network of runs.

The network: an arc per run of work or of rest, from the day it begins to the day after it ends; exactly one way
leads through the plan, and a day is worked when an arc of work covers it. Windows are enough while no rule asks for
a least length, but with one the network is what makes the linear relaxation nearly whole.
"""

from __future__ import annotations

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import is_one_at_most, works
from planning.engines.mip.formulations.days import windowed
from planning.engines.mip.run_network import Lengths, Network
from planning.problem import Staff


def max_days(builder: Builder, person: Staff) -> None:
    runs = builder.runs[person.id]
    runs.most, runs.most_price = builder.value("runs.max_days", "most", person), builder.price("runs.max_days")


def min_days(builder: Builder, person: Staff) -> None:
    runs = builder.runs[person.id]
    runs.least = builder.value("runs.min_days", "least", person)
    runs.least_price = builder.price("runs.min_days", least=True)


def min_off(builder: Builder, person: Staff) -> None:
    runs = builder.runs[person.id]
    runs.off, runs.off_price = builder.value("runs.min_off", "least", person), builder.price("runs.min_off", least=True)


def isolated(builder: Builder, person: Staff) -> None:
    builder.runs[person.id].isolated_price = builder.price("runs.isolated") or 0


def write(builder: Builder, person: Staff) -> None:
    """The rows for all that the rules have noted."""
    runs = builder.runs.get(person.id)
    if runs is None or not builder.days(person):
        return
    if runs.needs_network:
        _network(builder, person)
    elif runs.most is not None and runs.most < len(builder.dates):
        worked = {on: works(builder, person, on) for on in builder.days(person)}
        windowed(builder, person, "runs.max_days", worked, most=runs.most, nights=False)


def _network(builder: Builder, person: Staff) -> None:
    days = builder.days(person)
    pinned = [any((shift.id, person.id) in builder.pins for shift in days.get(on, ())) for on in builder.dates]
    network = Network(builder.model, len(builder.dates), _work(builder, person), _rest(builder, person), pinned=pinned)
    for number, on in enumerate(builder.dates):
        covering = [(column, -1) for column in network.work_on(number)]
        shifts = days.get(on, [])
        terms = builder.terms(person, shifts)
        if is_one_at_most(builder, person, shifts):
            builder.model.row([*terms, *covering], 0, 0)
            continue
        builder.model.row([*terms, *covering], lower=0)
        for term in terms:
            builder.model.row([term, *covering], upper=0)


def _work(builder: Builder, person: Staff) -> Lengths:
    """Return what a run of work of each length costs; beyond the last length each day costs `beyond` (None: cannot
    be)."""
    runs = builder.runs[person.id]
    least = runs.least or 1
    known = max(least, 2 if runs.isolated_price else 1)
    beyond: int | None = 0
    if runs.most is not None:
        known, beyond = (runs.most, None) if runs.most_price is None else (max(known, runs.most), runs.most_price)
    inner: list[int | None] = []
    edge: list[int | None] = []
    for length in range(1, known + 1):
        excess = max(0, length - runs.most) * (runs.most_price or 0) if runs.most is not None else 0
        short = 0 if length >= least else None if runs.least_price is None else (least - length) * runs.least_price
        alone = runs.isolated_price if length == 1 else 0
        inner.append(None if short is None else short + alone + excess)
        edge.append(excess)
    return Lengths(inner, edge, beyond)


def _rest(builder: Builder, person: Staff) -> Lengths:
    runs = builder.runs[person.id]
    least = runs.off or 1
    lacking = [least - length for length in range(1, least + 1)]
    inner = [0 if not n else None if runs.off_price is None else n * runs.off_price for n in lacking]
    return Lengths(inner, [0] * least, 0)
