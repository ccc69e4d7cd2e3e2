"""Who could take a published seat, or exchange it, as the roster that everybody reads stands today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.errors import Conflict
from core.fast_path import shared_cache
from duty.swaps import swap_effects
from duty.swaps.swap_effects import Exchange, SwapEffect
from people.models import Person
from planning.explain.substitutes import Move, takers
from planning.problem import Assignment, Problem
from roster.covers import bases
from roster.dividing import parting
from roster.dividing.parting import SplitSpan
from roster.models import Duty
from roster.snapshot.snapshot import Snapshot
from roster.words import violations
from roster.words.names import RosterNames, names_of

Roster = tuple[Snapshot, tuple[Assignment, ...]]
"""What is known, and the published roster in it (``covers.bases.signed``)."""
NEAREST = 60
"""People judged for one seat: of a whole province that takes seconds."""
MOST = 20
"""People who are asked at once."""


@dataclass(frozen=True)
class Ways:
    """``takers``: ids of people who could take the seat alone, best first; ``exchanges``: shifts of others for it."""

    takers: Sequence[int]
    exchanges: Sequence[Exchange]


@dataclass(frozen=True)
class Passed:
    """In a chain: the duty that whoever takes the seat has now, and who takes that."""

    held: Duty
    heir: Person


@dataclass(frozen=True)
class Weighed:
    """An effect with the words for it."""

    effect: SwapEffect
    names: RosterNames


def ways(held: Duty, *, now: datetime) -> Ways:
    """Return the ways for whoever looks for somebody; kept until anything changes that rosters are judged by, because
    pages may be read again and again. Conflict ``shift.not_on_it`` when the seat is not theirs any more."""
    found = known(held, now=now)
    if found is not None:
        return found
    problem, seated = _roster(held, (), now)
    able = takers(problem, seated, held.shift_id, held.person_id, nearest=NEAREST)[:MOST]
    found = Ways(able, swap_effects.exchanges(problem, seated, held.shift_id, held.person_id, now=now))
    _memory()[_key(held)] = found
    return found


def known(held: Duty, *, now: datetime) -> Ways | None:
    """Return what was found before and still holds."""
    found: Ways | None = _memory().get(_key(held))
    if found is None:
        return None
    return replace(found, exchanges=[each for each in found.exchanges if each.starts_at > now])


def _memory() -> dict[Any, Any]:
    return shared_cache.kept_now(shared_cache.PLAN)


def _key(held: Duty) -> tuple[str, int, int]:
    return "swaps.ways", held.seat_id, held.sequence


def who_is_asked(
    held: Duty, person: Person | None, span: SplitSpan | None, *, reader: int | None, now: datetime
) -> list[int]:
    """Ids of whom an ask goes to: the one named, or everybody who could take it, best first. ``reader``: as below.

    Raises Conflict ``swap.moves_nothing``, ``swap.breaks_rules``, ``swap.nobody``.
    """
    if person is not None:
        refuse_broken(weighed(held, person, None, span, now=now), reader)
        return [person.id]
    problem, seated = _roster(held, (), now)
    shift_id = held.shift_id
    if span is not None:
        problem, seated = parting.parted(problem, seated, shift_id, held.person_id, given=span)
        shift_id = parting.GIVEN
    able = takers(problem, seated, shift_id, held.person_id, nearest=NEAREST)[:MOST]
    if not able:
        raise Conflict("swap.nobody")
    return able


def weighed(
    held: Duty,
    person: Person,
    in_return: Duty | None,
    span: SplitSpan | None = None,
    *,
    passed: Passed | None = None,
    now: datetime,
) -> Weighed:
    """Return what it would mean that ``person`` takes the seat (that ``span`` of it), and gives theirs ``in_return``,
    or to whom it is ``passed`` on.

    Raises Conflict ``swap.moves_nothing``, ``shift.not_on_it``.
    """
    problem, seated = _roster(held, [person.id, *([passed.heir.id] if passed else [])], now)
    shift_id = held.shift_id
    on = {each.shift_id for each in seated if each.staff_id == person.id}
    own = {each.shift_id for each in seated if each.staff_id == held.person_id}
    back = in_return.shift_id if in_return is not None else None
    if person.id == held.person_id or shift_id in on or (back is not None and back in own):
        raise Conflict("swap.moves_nothing")
    if span is not None:
        problem, seated = parting.parted(problem, seated, shift_id, held.person_id, given=span)
        shift_id = parting.GIVEN
    moves = [Move(shift_id, held.person_id, person.id)]
    if back is not None:
        moves.append(Move(back, person.id, held.person_id))
    if passed is not None:
        if Assignment(passed.held.shift_id, person.id) not in seated:
            raise Conflict("shift.not_on_it", person=person.full_name)
        if Assignment(passed.held.shift_id, passed.heir.id) in seated:
            raise Conflict("swap.moves_nothing")
        moves.append(Move(passed.held.shift_id, person.id, passed.heir.id))
    return Weighed(swap_effects.effect(problem, seated, moves), names_of(problem))


def _roster(held: Duty, also: Sequence[int], now: datetime) -> tuple[Problem, tuple[Assignment, ...]]:
    taken, seated = bases.signed(held.campaign_id, now, also)
    if Assignment(held.shift_id, held.person_id) not in seated:
        raise Conflict("shift.not_on_it", person=held.person.full_name)
    return taken.problem, seated


def refuse_broken(found: Weighed, reader: int | None) -> None:
    """Raises Conflict ``swap.breaks_rules``. ``reader``: the person who is told, and of others hears nothing: what
    keeps somebody from a shift may be an illness. None: those who edit rosters, who see all."""
    shown = [each for each in found.effect.breaks if reader is None or each.staff_id == reader]
    if found.effect.breaks:
        raise Conflict("swap.breaks_rules", state={"violations": violations.listed(shown, found.names)})
