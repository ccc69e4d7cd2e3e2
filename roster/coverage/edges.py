"""Who answers before the first shift of a kind and after its last: what the resolver will say in those minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import batched, db
from people import queries as people
from people.absences import spans as away
from people.absences.spans import Aways
from people.models import Person
from planning.coverage import Span
from planning.extent import Edge
from roster.coverage.proving import ProvedShift, Stand
from roster.models import Duty
from roster.resolver import resolution as answering, resolver
from roster.resolver.resolution import Chains, DutyPerson, DutySpan as Served, OnDuty


@dataclass(frozen=True)
class EdgeAnswer:
    """Minutes outside a kind's shifts, and who answers in them. ``units``: codes of all for which it is the same.

    ``by``: the unit whose duty answers, ``None`` when nobody's does and a chain stands in.
    """

    duty: str
    span: Span
    is_before: bool
    units: tuple[str, ...]
    rule: str
    by: str | None
    people: tuple[DutyPerson, ...]


@dataclass(frozen=True)
class _Ground:
    """What the answers are made of: units by code and id, what is above each, duty of these units, absences."""

    ids: Mapping[str, int]
    codes: Mapping[int, str]
    above: Mapping[int, Sequence[int]]
    served: Mapping[tuple[int, str], Sequence[Served]]
    chains: Mapping[int, Chains]
    aways: Aways


def answers(stand: Stand, campaign_id: int) -> list[EdgeAnswer]:
    """Return who answers at every edge of ``stand``, in order of time; units for which the answer is the same are told
    together."""
    edges = [edge for each in stand.extents for edge in each.edges]
    if not edges:
        return []
    ground = _ground(edges, stand.asked, campaign_id)
    together = defaultdict[tuple[object, ...], list[tuple[str, EdgeAnswer]]](list)
    for edge in edges:
        for found in _edge_answers(edge, ground):
            key = (found.duty, found.span, found.is_before, found.by, tuple(who.code for who in found.people))
            together[key].append((edge.unit, found))
    merged = [replace(found[0][1], units=tuple(sorted(unit for unit, _ in found))) for found in together.values()]
    return sorted(merged, key=lambda each: (each.span, each.duty, each.units))


def _edge_answers(edge: Edge, ground: _Ground) -> Iterable[EdgeAnswer]:
    unit_id = ground.ids[edge.unit]
    above = ground.above[unit_id]
    spans = [span for each in above for span in ground.served.get((each, edge.duty), ())]
    cuts = {cut for span in spans for cut in (span.starts_at, span.ends_at) if edge.span[0] < cut < edge.span[1]}
    last: EdgeAnswer | None = None
    for start, end in pairwise(sorted({*edge.span, *cuts})):
        found = answering.resolve(edge.duty, above, spans, ground.chains[unit_id], at=start)
        piece = _answered(edge, (start, end), found, ground)
        if last is not None and (last.by, last.people) == (piece.by, piece.people):
            last = replace(last, span=(last.span[0], end))
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _answered(edge: Edge, span: Span, found: OnDuty | None, ground: _Ground) -> EdgeAnswer:
    if found is None:
        return EdgeAnswer(
            duty=edge.duty,
            span=span,
            is_before=edge.is_before,
            units=(edge.unit,),
            rule="catch_all",
            by=None,
            people=(),
        )
    by = ground.codes[found.unit_id] if found.is_assigned else None
    who = tuple(
        replace(each, at_risk=away.hit(ground.aways.get(each.person_id, ()), *span) is not None)
        for each in found.people
    )
    return EdgeAnswer(
        duty=edge.duty, span=span, is_before=edge.is_before, units=(edge.unit,), rule=found.rule, by=by, people=who
    )


def _ground(edges: Collection[Edge], asked: Iterable[ProvedShift], campaign_id: int) -> _Ground:
    ids = people.unit_ids()
    codes = {unit_id: code for code, unit_id in ids.items()}
    above = people.ancestors_of({ids[edge.unit] for edge in edges})
    within = min(edge.span[0] for edge in edges), max(edge.span[1] for edge in edges)
    units = {each for found in above.values() for each in found}
    kinds = {edge.duty for edge in edges}
    served = defaultdict[tuple[int, str], list[Served]](list)
    for span, duty in [*_here(asked, ids, units, kinds, within=within), *_elsewhere(campaign_id, units, kinds, within)]:
        served[span.unit_id, duty].append(span)
    chains = resolver.chains_of(list(above))
    who = {span.person.person_id for found in served.values() for span in found}
    who |= {each.person_id for chain in chains.values() for each in (*chain.standing, *chain.catch_all)}
    return _Ground(ids, codes, above, served, chains, away.during(who, *within))


def _here(
    asked: Iterable[ProvedShift],
    ids: Mapping[str, int],
    units: Collection[int],
    kinds: Collection[str],
    *,
    within: Span,
) -> list[tuple[Served, str]]:
    """The duty of this roster, as it is proven: of a draft, what would be published."""
    near = [
        each
        for each in asked
        if each.duty in kinds and ids[each.unit] in units and each.starts_at < within[1] and within[0] < each.ends_at
    ]
    rows = people.people_by_ids({who for each in near for who in each.on if who is not None})
    return [
        (_served(ids[each.unit], (each.starts_at, each.ends_at), rows[who]), each.duty)
        for each in near
        for who in each.on
        if who is not None and rows[who].active
    ]


def _elsewhere(
    campaign_id: int, units: Collection[int], kinds: Collection[str], within: Span
) -> list[tuple[Served, str]]:
    """Return what other campaigns have published for these units."""
    wanted = select(Duty).options(joinedload(Duty.person)).join(Person, Person.id == Duty.person_id)
    held = wanted.where(
        Duty.campaign_id != campaign_id,
        Duty.cancelled_at.is_(None),
        Duty.starts_at < within[1],
        Duty.ends_at > within[0],
        Duty.duty.in_(kinds),
        Person.active,
    )
    return [
        (_served(row.unit_id, (row.starts_at, row.ends_at), row.person), row.duty)
        for some in batched(sorted(units))
        for row in db.session.scalars(held.where(Duty.unit_id.in_(some)))
    ]


def _served(unit_id: int, span: Span, row: Person) -> Served:
    who = DutyPerson(row.id, row.code, row.full_name, row.position, "", "", *span)
    return Served(unit_id, *span, who)
