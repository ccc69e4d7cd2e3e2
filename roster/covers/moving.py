"""Seats of the published roster change hands and just they become a revision: worked out first, written in one piece.

What lets people do it (a cover of the day, a swap that was agreed) is asked by whoever calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people import queries as people
from people.models import Person
from roster.dividing import notices, split_preview, splitting
from roster.dividing.parting import SplitSpan, left_from
from roster.dividing.split_preview import Cut, SplitWish
from roster.models import Revision
from roster.publishing import amending, parts
from roster.publishing.terms import PublishTerms
from roster.snapshot.sitting import DraftCell
from roster.words import violations

Moves = Sequence[tuple[int, str, str]]
"""(shift id, code of who leaves, code of who comes)."""


@dataclass(frozen=True)
class MoveChange:
    """A move as a seat of the published roster. ``span``: the part of it that changes hands, None: all of it."""

    shift_id: int
    seat: int
    leaves: Person
    comes: Person
    span: SplitSpan | None


@dataclass(frozen=True)
class _MovePlan:
    """``drafted``: seats of the draft that follow; ``cuts``: seats of which a part changes hands."""

    part: amending.AmendedPart
    changes: Sequence[MoveChange]
    drafted: Mapping[int, DraftCell]
    cuts: Sequence[Cut]


@dataclass(frozen=True)
class MoveHooks:
    """What the revision notes of the moves, and what runs ``before`` and ``after`` them in the transaction that writes:
    what is asked there of the moment holds, and what is noted there is noted with it."""

    note: Callable[[Sequence[MoveChange]], str]
    before: Callable[[], None]
    after: Callable[[Sequence[MoveChange], Revision], None]


def publish(
    campaign_id: int,
    moves: Moves,
    hooks: MoveHooks,
    *,
    spans: Mapping[int, SplitSpan] | None = None,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Carry out the moves on the published roster; the draft follows where it said the same.

    ``spans``: shift id → the part of it that changes hands and becomes a shift of its own. Of a shift that runs it is
    what is left from now on, whoever asks: what was served before is not rewritten.

    ``reason``: why what it breaks or leaves open is borne.

    Raises what they raise; NotFound; Conflict when somebody is not on the shift (any more) or works here no more, a
    hard rule would be broken without a reason, or something would be left open.
    """
    coming = [people.person_by_code(comes).id for _shift, _leaves, comes in moves]

    def plan() -> _MovePlan:
        stands = parts.standing(campaign_id, now=now, also=coming)
        changes = _changes(stands, moves, spans or {}, now)
        whole = [each for each in changes if each.span is None]
        drafted = _followed(stands, whole, reason)
        stands, cuts = split_preview.cut(
            stands, [SplitWish(each.seat, each.shift_id, each.comes.id, each.span) for each in changes if each.span]
        )
        wanted = {each.seat: DraftCell(each.comes.id, False, reason) for each in whole} | split_preview.wanted(
            cuts, reason
        )
        part = amending.judged(stands, wanted, accept_gaps=reason, now=now)
        _refuse_broken(part)
        return _MovePlan(part, changes, drafted, cuts)

    def write(made: _MovePlan) -> Revision:
        words, drafted, part = hooks.note(made.changes), dict(made.drafted), made.part
        if made.cuts:
            amending.locked(campaign_id)
            part, pieces = splitting.carry_out(part, made.cuts, actor=actor, now=now)
            drafted |= pieces
        revision = amending.switch(part, PublishTerms(words, reason), drafted=drafted, may=True, actor=actor, now=now)
        for each in made.cuts:
            notices.tell_kept(campaign_id, revision.number, each, now)
        hooks.after(made.changes, revision)
        return revision

    for _try in range(amending.TRIES):
        made = plan()
        try:
            with transaction():
                shared_cache.hold_ground()  # before what ``before`` may lock
                hooks.before()
                return write(made)
        except amending.Moved:
            continue
    with transaction():  # others never stop editing, and a night cannot wait for them: think while they wait
        shared_cache.hold_ground()  # before what ``before`` may lock
        hooks.before()
        amending.locked(campaign_id)
        return write(plan())


def _changes(
    stands: parts.PartBaseline, moves: Moves, spans: Mapping[int, SplitSpan], now: datetime
) -> list[MoveChange]:
    found = []
    for shift_id, leaves, comes in moves:
        out, into = people.person_by_code(leaves), people.person_by_code(comes)
        seats = stands.taken.seats.get(shift_id, ())
        seat = next((each for each in seats if stands.published.get(each) == out.id), None)
        if seat is None:
            raise Conflict("shift.not_on_it", person=out.full_name)
        if not into.active:
            raise Conflict("cover.left", person=into.full_name)
        span = None if shift_id in stands.taken.fixed else _span(stands, shift_id, spans.get(shift_id), now)
        found.append(MoveChange(shift_id, seat, out, into, span))
    return found


def _span(stands: parts.PartBaseline, shift_id: int, asked: SplitSpan | None, now: datetime) -> SplitSpan | None:
    shift = stands.taken.problem.shift_of[shift_id]
    span = asked or SplitSpan(shift.start, shift.end)
    if span.start < now:
        span = left_from(span, now)
    return None if (span.start, span.end) == (shift.start, shift.end) else span


def _followed(stands: parts.PartBaseline, changes: Iterable[MoveChange], reason: str | None) -> dict[int, DraftCell]:
    """Seats of the draft that said what was published; where a manager has planned otherwise, the plan stays."""
    cells, found = stands.taken.cells, dict[int, DraftCell]()
    moved = [(each.shift_id, each.leaves.id, each.comes.id) for each in changes]
    for shift_id, leaves, comes in moved:
        seats = stands.taken.seats[shift_id]
        on = {cells[seat].person_id: seat for seat in seats if seat in cells}
        if leaves in on and comes not in on:
            found[on[leaves]] = DraftCell(comes, True, reason)
    return found


def _refuse_broken(part: amending.AmendedPart) -> None:
    broken = part.judged.verdict.violations
    if broken:
        raise Conflict("shift.breaks_rules", state={"violations": violations.listed(broken, part.judged.names)})
