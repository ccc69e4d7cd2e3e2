"""What stands beside the rows: each trouble of one of them with where it is mended, and whom to ring about its list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.actor import Actor
from people import queries as people
from people.access import guard
from people.accounts import queries as accounts
from people.models import Person, Unit as UnitRow
from roster.by_unit import queries, reading
from roster.by_unit.queries import Needed, Of
from roster.by_unit.reading import ByUnit
from roster.by_unit.tree import Node
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.coverage.doubt import Doubt, HeldSeat
from roster.patterns.offering import SMALL

MOST = 12
"""Troubles told one by one; the others are in the unit's own grid."""
Way = Literal["fill", "cover", "look"]
"""Put somebody there, find who stands in, or only look."""


@dataclass(frozen=True)
class Lack:
    """Seats of one shift that nobody has."""

    shift: Needed
    seats: int
    way: Way


@dataclass(frozen=True)
class UnsurePerson:
    """Somebody who is not sure to serve a shift."""

    shift: Needed
    doubt: Doubt
    person: str
    code: str
    way: Way


@dataclass(frozen=True)
class ListKeeper:
    """Who keeps the list of a unit. ``phone``: theirs where the reader may see it, else that of their office."""

    name: str
    position: str
    phone: str
    is_office: bool


@dataclass(frozen=True)
class UnitBeside:
    """``units``: codes → names of the units that the row is about, with demand; ``people``: active ones who may serve;
    ``more``: troubles that are not listed; ``waits``: whether the reader may note answers."""

    node: Node
    above: str
    units: dict[str, str]
    state: reading.UnitState | None
    published_at: datetime | None
    people: int
    lacks: list[Lack]
    doubts: list[UnsurePerson]
    more: int
    waits: bool
    may_part: bool
    may_solve: bool
    """Whether what is empty there can be assigned alone."""
    by_pattern: bool
    """Whether so few people serve there that a pattern does."""
    holder: ListKeeper | None


def beside_node(found: ByUnit, node: Node, *, actor: Actor, now: datetime) -> UnitBeside:
    campaign = found.campaign
    leaves = [each.unit for each in node.leaves() if each.unit is not None]
    ids = {each.id for each in leaves}
    row = people.unit_by_id(node.unit.id) if node.unit else None
    state = found.states.get(node.unit.id) if node.unit and node.kind != "branch" else None
    short = reading.short(found, ids, now=now) if node.total.missing else []
    doubted = sorted(
        ((held, why) for held, why in found.doubts.items() if held.unit_id in ids and held.ends_at > now),
        key=lambda each: (each[0].starts_at, each[0].shift_id, each[0].person_id),
    )
    lacks = [Lack(each, n, _fill(campaign, each.unit_id, actor, now)) for each, n in short[:MOST]]
    doubts = _named(found, doubted[: MOST - len(lacks)], actor, now)
    part = found.campaign.revision and any(found.states[each].changed for each in ids)
    served_by = queries.people_in(people.subtree_ids(row.id) if row is not None else ids)
    few = row is not None and node.wanting == 1 and 0 < served_by <= SMALL
    return UnitBeside(
        node=node,
        above=row.parent.name if row is not None and row.parent is not None and row.id != campaign.unit_id else "",
        units={each.code: each.name for each in leaves},
        state=state,
        published_at=queries.revision_date(campaign.id, state.revision) if state and state.revision else None,
        people=served_by,
        lacks=lacks,
        doubts=doubts,
        more=len(short) + len(doubted) - len(lacks) - len(doubts),
        waits=guard.reach(actor, "duty.confirm", now=now) != set(),
        may_part=bool(part) and all(rights.may(actor, "roster.amend", campaign, each, now=now) for each in ids),
        may_solve=_is_to_solve(found, node, actor, now),
        by_pattern=few and row is not None and _fill(campaign, row.id, actor, now) == "fill",
        holder=_holder(row, actor, now) if row is not None else None,
    )


def _is_to_solve(found: ByUnit, node: Node, actor: Actor, now: datetime) -> bool:
    campaign = found.campaign
    if node.unit is None or node.unit.id == campaign.unit_id or found.source != "draft" or campaign.state == "closed":
        return False
    return bool(node.total.missing) and rights.may(actor, "campaign.solve", campaign, node.unit.id, now=now)


def _fill(campaign: Campaign, unit_id: int, actor: Actor, now: datetime) -> Way:
    open_to = campaign.state != "closed" and rights.may(actor, "campaign.write", campaign, unit_id, now=now)
    return "fill" if open_to else "look"


def _named(found: ByUnit, doubted: Iterable[tuple[HeldSeat, Doubt]], actor: Actor, now: datetime) -> list[UnsurePerson]:
    told = list(doubted)
    if not told:
        return []
    of = Of(found.campaign.id, found.source)
    shifts = {each.id: each for each in queries.shifts(of, {held.shift_id for held, _why in told})}
    names = people.brief({held.person_id for held, _why in told})
    return [
        UnsurePerson(shifts[held.shift_id], why, who.full_name, who.code, _cover(held.unit_id, actor, now))
        for held, why in told
        if held.shift_id in shifts and (who := names.get(held.person_id)) is not None
    ]


def _cover(unit_id: int, actor: Actor, now: datetime) -> Way:
    return "cover" if guard.allowed(actor, "roster.cover", unit_id, now=now) else "look"


def _holder(unit: UnitRow, actor: Actor, now: datetime) -> ListKeeper | None:
    """The manager nearest to the unit; where nobody manages it by an account, its head."""
    managers = [user.person for user in accounts.managers_of(people.ancestor_ids(unit.id)) if user.person]
    person = next(iter(managers), None) or next(iter(people.heads_of(people.ancestor_ids(unit.id))), None)
    if person is None:
        return ListKeeper(unit.name, "", unit.phone, True) if unit.phone else None
    own = person.phone if person.id in guard.whose_contacts(actor, [person], now=now) else ""
    return ListKeeper(person.full_name, _place(person, unit), own or unit.phone, not own and bool(unit.phone))


def _place(person: Person, unit: UnitRow) -> str:
    """Their position, and where they are when it is another unit."""
    where = person.unit.name if person.unit_id != unit.id else ""
    return " · ".join(each for each in (person.position, where) if each)
