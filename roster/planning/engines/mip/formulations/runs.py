"""Runs of days on and off. Each rule notes what it asks; then the person gets windows or a network of runs.

The network: an arc per run of work or of rest, from the day it begins to the day after it ends; exactly one way
leads through the plan, and a day is worked when an arc of work covers it. Windows are enough while no rule asks for
a least length, but with one the network is what makes the linear relaxation nearly whole.
"""

from __future__ import annotations

from roster.planning.engines.mip.builder import Draft
from roster.planning.engines.mip.cliques import is_one_at_most, works
from roster.planning.engines.mip.formulations.counts import windowed
from roster.planning.engines.mip.run_network import Lengths, Network
from roster.planning.problem import Staff


def max_days(draft: Draft, person: Staff) -> None:
    runs = draft.runs[person.id]
    runs.most, runs.most_price = draft.value("runs.max_days", "most", person), draft.price("runs.max_days")


def min_days(draft: Draft, person: Staff) -> None:
    runs = draft.runs[person.id]
    runs.least = draft.value("runs.min_days", "least", person)
    runs.least_price = draft.price("runs.min_days", least=True)


def min_off(draft: Draft, person: Staff) -> None:
    runs = draft.runs[person.id]
    runs.off, runs.off_price = draft.value("runs.min_off", "least", person), draft.price("runs.min_off", least=True)


def isolated(draft: Draft, person: Staff) -> None:
    draft.runs[person.id].isolated_price = draft.price("runs.isolated") or 0


def write(draft: Draft, person: Staff) -> None:
    """The rows for all that the rules have noted."""
    runs = draft.runs.get(person.id)
    if runs is None or not draft.days(person):
        return
    if runs.needs_network:
        _network(draft, person)
    elif runs.most is not None and runs.most < len(draft.dates):
        worked = {on: works(draft, person, on) for on in draft.days(person)}
        windowed(draft, person, "runs.max_days", worked, runs.most, nights=False)


def _network(draft: Draft, person: Staff) -> None:
    days = draft.days(person)
    pinned = [any((shift.id, person.id) in draft.pins for shift in days.get(on, ())) for on in draft.dates]
    network = Network(draft.model, len(draft.dates), _work(draft, person), _rest(draft, person), pinned)
    for number, on in enumerate(draft.dates):
        covering = [(column, -1) for column in network.work_on(number)]
        shifts = days.get(on, [])
        terms = draft.terms(person, shifts)
        if is_one_at_most(draft, person, shifts):
            draft.model.row([*terms, *covering], 0, 0)
            continue
        draft.model.row([*terms, *covering], lower=0)
        for term in terms:
            draft.model.row([term, *covering], upper=0)


def _work(draft: Draft, person: Staff) -> Lengths:
    """What a run of work of each length costs; beyond the last length each day costs `beyond` (None: cannot be)."""
    runs = draft.runs[person.id]
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


def _rest(draft: Draft, person: Staff) -> Lengths:
    runs = draft.runs[person.id]
    least = runs.off or 1
    lacking = [least - length for length in range(1, least + 1)]
    inner = [0 if not n else None if runs.off_price is None else n * runs.off_price for n in lacking]
    return Lengths(inner, [0] * least, 0)
