"""A re-plan changes as little as can be; what it found that is fairer and changes more is offered, taken by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict, NotFound
from planning.codec import fingerprint
from planning.outcome import ReplanChanges
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.score.score import score_of
from roster.campaigns.queries import locked_campaign, require
from roster.draft import edit_log
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.solving import parts
from roster.solving.applying import AppliedSolution, is_current, plan, write
from roster.solving.models import SolveRun
from roster.solving.replan import as_part


@dataclass(frozen=True)
class FairerOffer:
    """``more`` seats change than in the least change, ``moves``: shift → people.

    ``saves``: hundredths of a point of the whole cost, in which changes count at their price.
    """

    more: int
    saves: int
    moves: Mapping[int, tuple[int, ...]]


def as_json(changes: ReplanChanges, roster: Iterable[Assignment], ground: Problem) -> dict[str, Any]:
    """Return it for ``SolveRun.changes``: of the fairer roster only the shifts on which it differs from ``roster``.

    ``ground`` is what the roster was judged by: once that changes, nothing said here is known to hold.
    """
    told: dict[str, Any] = {
        "changed": changes.changed,
        "at_least": changes.at_least,
        "is_proved": changes.is_proved,
        "is_fairest": changes.is_fairest,
        "ground": fingerprint(ground),
    }
    if changes.fairer is None:
        return told
    now, then = _by_shift(roster), _by_shift(changes.fairer.assignments)
    moves = {str(shift_id): sorted(then[shift_id]) for shift_id in {*now, *then} if now[shift_id] != then[shift_id]}
    more = changes.fairer.changed - changes.changed
    return told | {"fairer": {"more": more, "saves": changes.fairer.saves, "net": True, "moves": moves}}


def as_told(run: SolveRun) -> dict[str, Any] | None:
    """``SolveRun.changes`` for readers outside; ``fairer`` is None where nothing can be offered."""
    if run.changes is None:
        return None
    told = {key: value for key, value in run.changes.items() if key not in ("ground", "fairer")}
    if offer_of(run) is None:
        return told | {"fairer": None}
    return told | {"fairer": {key: value for key, value in run.changes["fairer"].items() if key != "net"}}


def offer_of(run: SolveRun) -> FairerOffer | None:
    """Return what the run offers; whether it still can is for :func:`holds`.

    Runs of earlier releases left the price of changes out of ``saves``; they lack the mark ``net`` and offer nothing.
    """
    found = (run.changes or {}).get("fairer")
    if not found or not found.get("net"):
        return None
    return FairerOffer(found["more"], found["saves"], {int(shift): tuple(ids) for shift, ids in found["moves"].items()})


def holds(run: SolveRun, today: Snapshot) -> bool:
    """Whether the draft is still the roster of this re-plan, and people, leave and rules are as they were."""
    told, proof = run.changes or {}, run.certificate or {}
    if proof.get("roster") != as_part(today, parts.part_of_run(run)).fingerprint:
        return False
    return told.get("ground") == fingerprint(today.problem)


def take(run_id: int, *, actor: Actor, now: datetime) -> SolveRun:
    """Make the draft what the run offers. Conflict when the draft, or what it is judged by, has changed since."""
    run = _run(run_id)
    part = parts.part_of_run(run)
    parts.ensure(actor, run.campaign, part, now=now, asks=True)
    campaign_id = run.campaign_id

    def prepare() -> AppliedSolution:
        today = snapshot.take(campaign_id, now=now)
        found = _run(run_id)
        offer = offer_of(found)
        if offer is None or not holds(found, today):
            raise Conflict("solve.offer_gone", id=run_id)
        return _planned(today, offer, run_id, now)

    def act(applied: AppliedSolution) -> SolveRun:
        campaign = locked_campaign(campaign_id)
        parts.ensure(actor, campaign, part, now=now)
        require(campaign, "solve")
        if not is_current(applied):
            raise prepared.Stale
        write(applied, now=now)
        edit_log.note(campaign, applied.changes, source=edit_log.EditSource("solve"), by=actor.ref, now=now)
        audit.record(actor, "solve.fairer", "solve_run", run_id, now=now, campaign=campaign_id)
        return _run(run_id)

    return prepared.write(("solve.fairer", run_id), prepare, act)


def _planned(today: Snapshot, offer: FairerOffer, run_id: int, now: datetime) -> AppliedSolution:
    others = [each for each in today.assignments if each.shift_id not in offer.moves]
    coming = [Assignment(shift_id, person) for shift_id, ids in offer.moves.items() for person in ids]
    wanted = [*others, *coming]
    known = all(a.shift_id in today.problem.shift_of and a.staff_id in today.problem.person for a in wanted)
    if not known or _breaks_more(today, wanted):
        raise Conflict("solve.offer_gone", id=run_id)
    applied = plan(today, wanted, now=now)
    if set(applied.assignments) != set(wanted):  # somebody pinned meanwhile, or a shift began
        raise Conflict("solve.offer_gone", id=run_id)
    return applied


def _breaks_more(today: Snapshot, wanted: Sequence[Assignment]) -> bool:
    """Facts may have changed since the offer was worked out: leave, limits, rules."""
    after, before = (score_of(check(today.problem, roster)) for roster in (wanted, today.assignments))
    return after[:3] > before[:3]


def _run(run_id: int) -> SolveRun:
    run = db.session.get(SolveRun, run_id, populate_existing=True)
    if run is None:
        raise NotFound("solve_run.unknown", id=run_id)
    return run


def _by_shift(roster: Iterable[Assignment]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for each in roster:
        found[each.shift_id].add(each.staff_id)
    return found
