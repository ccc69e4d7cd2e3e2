"""Why this person, who else, who covers, why a seat is empty: reading for managers, and acting on what was suggested.

Who could take a seat says who is on leave and who is protected, so only those who edit the campaign are told. Anybody
may ask why a seat of their own is theirs, and hears of nobody else: of the published roster alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Conflict as Clash, NotFound
from people import queries as people
from people.access.guard import ensure
from people.models import Absence
from planning.codec import fingerprint
from planning.explain.conflicts import Conflict, conflict_of
from planning.explain.eligible import Pool, pool
from planning.explain.shortage import Explanation
from planning.explain.substitutes import Cover
from planning.explain.who_else import Candidate, Why, candidates_for, choice
from planning.problem import Assignment
from roster.campaigns import rights
from roster.campaigns.models import Campaign
from roster.coverage.proving import obligatory_kinds
from roster.covers import bases, services as covering
from roster.draft.edits import Edited
from roster.draft.services import edit_shifts, get_shift
from roster.draft.shift_edits import ShiftEdit
from roster.models import Shift
from roster.reasons.cache import Cache, proving
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.solving import queries as solve_queries
from roster.solving.models import SolveRun
from roster.why_me.comparing import PlanBeside, beside
from roster.words.names import RosterNames, names_of

CONFLICT_SECONDS = 10
MOVABLE = ("annual_leave", "other")
"""Kinds of absence that somebody may be asked to move; the sick, and those sent elsewhere, are left alone."""


@dataclass(frozen=True)
class SeatReasons:
    """All about one seat, or about an empty one. ``why`` is there when it was asked about somebody who sits there.

    ``candidates`` is empty for those who may not edit the campaign; ``pool`` counts who may never serve there.
    """

    shift: Shift
    draft_version: int
    names: RosterNames
    candidates: tuple[Candidate, ...]
    pool: Pool
    why: Why | None
    is_own: bool
    is_published: bool = False
    """Of the roster that was signed, not of the draft."""
    beside: PlanBeside | None = None
    """Of whom it was asked about: their load beside their group's."""


@dataclass(frozen=True)
class Covers:
    """Ways to cover for one person on one shift, best first."""

    shift: Shift
    leaving: int
    draft_version: int
    names: RosterNames
    found: tuple[Cover, ...]
    edits: bool = True
    """May be carried out in the draft."""
    at_once: bool = False
    """May be carried out so that it holds at once."""


@dataclass(frozen=True)
class EmptySeatReasons:
    """Why the draft of a run's campaign has empty seats, as the draft is now."""

    run: SolveRun
    draft_version: int
    names: RosterNames
    found: Explanation
    seats: tuple[int, int] = (0, 0)
    """Filled and needed, of the whole draft."""
    pinned: int = 0
    proved_at: datetime | None = None
    """When it was proven that fewer empty seats cannot be, where that holds of the draft as it is."""


@dataclass(frozen=True)
class Conflicting:
    """A least set of facts for one shift; ``found`` None: none was proven in ``seconds``."""

    run: SolveRun
    shift_id: int
    names: RosterNames
    headcounts: dict[int, int]
    found: Conflict | None
    seconds: int


def cell(shift_id: int, *, replacing: str | None = None, actor: Actor, now: datetime) -> SeatReasons:
    """Who could take a seat of the shift, and why the person ``replacing`` (a code) has theirs.

    Raises NotFound, Forbidden; Conflict when that person is not on the shift.
    """
    shift = get_shift(shift_id)
    person = people.person_by_code(replacing) if replacing else None
    may_edit = rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now)
    is_own = person is not None and person.id == actor.person_id
    if not (may_edit or is_own):
        ensure(actor, "campaign.write", shift.campaign.unit_id, now=now)
    taken, seated, is_published = _roster(shift, person.id if person else None, may_edit=may_edit, now=now)
    if person is not None and Assignment(shift_id, person.id) not in seated:
        raise Clash("shift.not_on_it", person=person.full_name)
    found = candidates_for(taken.problem, seated, shift_id, replacing=person.id if person else None)
    pinned = person is not None and not is_published and _is_pinned(taken, shift_id, person.id)
    reasons = choice(found, person.id, pinned=pinned) if person else None
    shown = tuple(each for each in found if person is None or each.staff_id != person.id) if may_edit else ()
    return SeatReasons(
        shift=shift,
        draft_version=taken.draft_version,
        names=names_of(taken.problem),
        candidates=shown,
        pool=pool(taken.problem, taken.problem.shift_of[shift_id]),
        why=reasons,
        is_own=is_own and not may_edit,
        is_published=is_published,
        beside=beside(taken.problem, seated, person.id, shift.duty) if person else None,
    )


def ways_to_cover(shift_id: int, *, leaving: str, actor: Actor, now: datetime) -> Covers:
    """Who could take the shift when the person ``leaving`` (a code) cannot come. Raises as :func:`cell`.

    Those who may only cover (leadership, operations on duty) get answers from the published roster, for the day.
    """
    shift = get_shift(shift_id)
    edits = rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now)
    at_once = covering.may_cover(actor, shift, now=now)
    if not (edits or at_once):
        ensure(actor, "campaign.write", shift.campaign.unit_id, now=now)
    person = people.person_by_code(leaving)
    basis = bases.Rosters(shift.campaign_id, now).holding(Assignment(shift_id, person.id), edits=edits)
    if basis is None:
        raise Clash("shift.not_on_it", person=person.full_name)
    taken = basis.taken
    problem, ways = bases.ways(taken.problem, basis.seated, shift, person.id, now=now)
    found = bases.within_reach(ways, shift.campaign_id, edits=basis.edits, now=now)
    names = names_of(problem)
    return Covers(
        shift=shift,
        leaving=person.id,
        draft_version=taken.draft_version,
        names=names,
        found=tuple(found),
        edits=basis.edits,
        at_once=at_once,
    )


def apply_cover(
    shift_id: int,
    moves: Sequence[tuple[int, str, str]],
    *,
    override_reason: str | None = None,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> list[Edited]:
    """Carry out a suggestion: (shift, code of who leaves, code of who comes), the first of them on this shift.

    The draft changes as by hand, all moves or none; who comes is pinned, who stays is as before. Raises as
    ``drafts.set_people``.
    """
    first = get_shift(shift_id)
    rights.ensure(actor, "campaign.write", first.campaign, {first.unit_id}, now=now)
    if not moves or moves[0][0] != shift_id:
        raise Clash("shift.wrong_moves")
    for each, leaves, _comes in moves:
        if get_shift(each).campaign_id != first.campaign_id:
            raise NotFound("shift.unknown", id=each)
        people.person_by_code(leaves)
    edits = [ShiftEdit(each, leaves=leaves, comes=comes, keeps_pins=True) for each, leaves, comes in moves]
    return edit_shifts(edits, override_reason=override_reason, draft_version=draft_version, actor=actor, now=now)


def explanation(run_id: int, *, actor: Actor, now: datetime) -> EmptySeatReasons:
    """Empty seats of the draft as it is now: why, how many there must be, what would help. Takes some seconds once."""
    run = solve_queries.get_run(run_id)
    _ensure_may_read(actor, run.campaign, now)
    taken = snapshot.take(run.campaign_id, now=now)
    names = names_of(taken.problem)
    # What the run proved holds for as long as nothing that the engine was told has changed.
    problem = fingerprint(taken.problem)
    same = (run.certificate or {}).get("problem") == problem
    proven = int(run.certificate.get("missing_bound", 0)) if same else 0
    movable = _movable_leave(run.campaign, taken)
    obligatory = None if run.campaign.revision else obligatory_kinds()  # what is signed keeps its demand
    db.session.rollback()  # thinking holds no transaction open
    found = _cache.get(taken, movable, proven, now=now, problem=problem, obligatory=obligatory)
    run = solve_queries.get_run(run_id)
    proved_at = (run.finished_at if proven == found.missing else found.thought_at) if found.is_exact else None
    needed = sum(max(shift.headcount, 0) for shift in taken.problem.shifts)
    pinned = sum(cell.pinned for cell in taken.cells.values())
    return EmptySeatReasons(
        run=run,
        draft_version=taken.draft_version,
        names=names,
        found=found,
        seats=(needed - found.missing, needed),
        pinned=pinned,
        proved_at=proved_at if found.missing and not found.free else None,
    )


def conflict(run_id: int, *, shift_id: int | None = None, actor: Actor, now: datetime) -> Conflicting:
    """A least set of facts that keeps a seat of the shift empty, looked for during ten seconds at most.

    Without a shift the first one with an empty seat. Raises NotFound, Forbidden; Conflict when no seat is empty.
    """
    run = solve_queries.get_run(run_id)
    _ensure_may_read(actor, run.campaign, now)
    taken = snapshot.take(run.campaign_id, now=now)
    names = names_of(taken.problem)
    present = {seat.shift_id: 0 for seat in taken.assignments}
    for seat in taken.assignments:
        present[seat.shift_id] += 1
    empty = [each.id for each in taken.problem.shifts if present.get(each.id, 0) < each.headcount]
    if not empty or (shift_id is not None and shift_id not in empty):
        raise Clash("shift.full")
    asked = shift_id or empty[0]
    db.session.rollback()  # thinking holds no transaction open
    with proving() as prover:
        if prover is None:
            raise Clash("explain.busy")
        found = conflict_of(
            taken.problem, taken.assignments, asked, fewest=prover.fewest_missing, seconds=CONFLICT_SECONDS
        )
    headcounts = {each.id: each.headcount for each in taken.problem.shifts}
    return Conflicting(solve_queries.get_run(run_id), asked, names, headcounts, found, CONFLICT_SECONDS)


def _ensure_may_read(actor: Actor, campaign: Campaign, now: datetime) -> None:
    """Reasons name who is away and who is protected: they are for those who edit the campaign."""
    ensure(actor, "campaign.write", campaign.unit_id, now=now)


def _is_pinned(taken: Snapshot, shift_id: int, person_id: int) -> bool:
    return any(pin.shift_id == shift_id for pin in taken.problem.pins_of.get(person_id, ()))


def _roster(
    shift: Shift, person_id: int | None, *, may_edit: bool, now: datetime
) -> tuple[Snapshot, tuple[Assignment, ...], bool]:
    """The roster that an answer is about, and whether it is the published one.

    Those who edit ask about the draft, and about the published roster where only that has the person. Pages show
    others no draft, so they learn nothing of it here either.
    """
    if may_edit:
        taken = snapshot.take(shift.campaign_id, now=now)
        in_draft = person_id is None or Assignment(shift.id, person_id) in taken.assignments
        if in_draft or not shift.campaign.revision:
            return taken, taken.assignments, False
    return *bases.signed(shift.campaign_id, now), True


def _movable_leave(campaign: Campaign, taken: Snapshot) -> frozenset[tuple[int, date]]:
    """Days of leave that may be asked to move: not those on which the person is also ill, or sent elsewhere."""
    rows = db.session.scalars(
        select(Absence).where(
            Absence.person_id.in_(taken.problem.person),
            Absence.to_on >= campaign.starts_on,
            Absence.from_on <= campaign.ends_on + timedelta(days=2),
        )
    ).all()
    movable = _days_of(row for row in rows if row.kind in MOVABLE)
    return movable - _days_of(row for row in rows if row.kind not in MOVABLE)


def _days_of(rows: Iterable[Absence]) -> frozenset[tuple[int, date]]:
    return frozenset(
        (row.person_id, row.from_on + timedelta(days=n))
        for row in rows
        for n in range((row.to_on - row.from_on).days + 1)
    )


_cache = Cache()
