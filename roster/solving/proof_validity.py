"""Whether what a solve proved still holds: of exactly the present draft, rules, people and absences.

A certificate speaks of the moment in which it was written. Each time somebody is to read its claims they are held
against the facts anew: the hash of the roster, then that of everything that the engine was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask import current_app
from sqlalchemy import select

from core.db import db
from core.fast_path import shared_cache
from planning.certificate import Certificate, from_json
from planning.codec import fingerprint
from planning.problem import Assignment, Pin, Problem
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.solving import parts
from roster.solving.models import SolveRun
from roster.solving.replan import as_part, asked_again
from roster.solving.run_facts import WRITTEN, facts_changed, gap_of, is_proved, left_of

State = Literal["proved", "bounded", "unproved", "edited", "outdated"]


@dataclass(frozen=True)
class ProofHolding:
    """What may be said of the draft by the run that filled it.

    ``proved``: nothing is better; ``bounded``: at most ``gap`` (0 to 1) is to be gained; ``unproved``: nothing was
    proven. ``edited``: the draft is another since ``at``; ``outdated``: people, absences or rules are. ``lost``: there
    was a proof or a bound, and it is gone. Of a run that ``fills`` all this is said of rosters that move nobody.
    """

    state: State
    run: SolveRun
    at: datetime | None
    gap: float | None = None
    lost: bool = False

    @property
    def left(self) -> int | None:
        """What is to be gained at most, in hundredths of a point; ``None``: nothing is proven."""
        return left_of(self.run) if self.stands else None

    @property
    def fills(self) -> bool:
        return self.run.keeps_all

    @property
    def part(self) -> str:
        """What all this is said of alone, in words; empty for the whole draft."""
        part = parts.part_of_run(self.run)
        return parts.in_words(part) if part is not None else ""

    @property
    def again(self) -> dict[str, Any]:
        """The fields of a form that asks for the same once more."""
        kept = {name: value for name, value in (self.run.part or {}).items() if value}
        if "people" in kept:
            kept["people"] = ",".join(kept["people"])
        return {"seconds": self.run.seconds} | kept

    @property
    def stands(self) -> bool:
        return self.state in ("proved", "bounded", "unproved")


def stamp() -> str | None:
    """Return the stamp that is to be read before the draft is: while it stays, nothing that rosters are planned by has
    changed."""
    return shared_cache.seen(shared_cache.GROUND)


def proof_of_draft(taken: Snapshot, *, seen: str | None = None) -> ProofHolding | None:
    """Return the proof by the last run that was written into the draft; ``None`` when there was none.

    ``seen``: the stamp from before the draft was ``taken``, under which the comparison is remembered.
    """
    wanted = select(SolveRun).where(SolveRun.campaign_id == taken.campaign_id, SolveRun.status.in_(WRITTEN))
    run = db.session.scalar(wanted.order_by(SolveRun.id.desc()).limit(1))
    return None if run is None else held(run, taken, seen=seen)


def proof_of_run(run: SolveRun, *, now: datetime) -> ProofHolding | None:
    """Return the proof of a run whose roster was written; ``None`` of any other."""
    return held(run, snapshot.take(run.campaign_id, now=now)) if run.status in WRITTEN else None


def that_stand(campaign_id: int, runs: Iterable[SolveRun], *, now: datetime) -> set[int]:
    """Ids of those runs of a campaign whose claims still hold of its draft."""
    written = [run for run in runs if run.status in WRITTEN]
    taken = snapshot.take(campaign_id, now=now) if written else None
    return {run.id for run in written if taken is not None and held(run, taken).stands}


def held(run: SolveRun, taken: Snapshot, *, seen: str | None = None) -> ProofHolding:
    """The claims of a run against the draft as it was ``taken``."""
    had = run.bound is not None
    asked = as_part(taken, parts.part_of_run(run))
    if not run.certificate or run.certificate.get("roster") != asked.fingerprint:
        return ProofHolding("edited", run, run.finished_at, lost=had)
    if facts_changed(run) or not knows(run, taken, seen=seen):
        return ProofHolding("outdated", run, run.finished_at, lost=had or facts_changed(run))
    if is_proved(run):
        return ProofHolding("proved", run, run.finished_at, gap=0.0)
    gap = gap_of(run)
    return ProofHolding("unproved" if gap is None else "bounded", run, run.finished_at, gap=gap)


def knows(run: SolveRun, taken: Snapshot, *, seen: str | None = None) -> bool:
    """Whether all that the engine was told is still so. More pins only forbid: what was proven then holds all the more.

    Fewer pins allow rosters that nobody looked at.
    """
    claimed = from_json(run.certificate)
    if not _still_pinned(run, claimed, taken):
        return False
    key = (run.campaign_id, run.id, taken.draft_version, claimed.problem, claimed.pins, claimed.baseline)
    kept = _compared(seen)
    if key not in kept:
        kept[key] = fingerprint(question(run, taken)) == claimed.problem
    return kept[key]


def _compared(seen: str | None) -> dict[Any, bool]:
    """Return what this process compared under the stamp: hashing a province takes a second. Rules count in the
    version."""
    if seen is None:
        return {}
    kept: tuple[str, dict[Any, bool]] | None = current_app.extensions.get("holding")
    if kept is None or kept[0] != seen:
        kept = current_app.extensions["holding"] = (seen, {})
    return kept[1]


def question(run: SolveRun, taken: Snapshot) -> Problem:
    """Return what the run was asked, of the facts as they were ``taken``: with the pins of then, and what it kept close
    to."""
    claimed, problem = from_json(run.certificate), as_part(taken, parts.part_of_run(run)).problem
    if claimed.pins is None or claimed.baseline is None:  # written before certificates kept them
        return problem
    pins = tuple(Pin(*pair) for pair in claimed.pins)
    if run.mode == "replan" and run.started_at is not None:
        return asked_again(problem, [Assignment(*pair) for pair in claimed.baseline], pins, begun_by=run.started_at)
    return problem.pinned(pins)


def _still_pinned(run: SolveRun, claimed: Certificate, taken: Snapshot) -> bool:
    """What had begun before a re-plan was fixed for it, pinned or not; one that ``keeps_all`` took every filled
    seat as fixed, so that what it proved stands while the same people sit there."""
    if claimed.pins is None:
        return True
    kept = {(pin.shift_id, pin.staff_id) for pin in taken.problem.pins}
    begun_by = run.started_at if run.mode == "replan" else None
    if begun_by is not None:
        start = {shift.id: shift.start for shift in taken.problem.shifts}
        there = (a for a in taken.assignments if run.keeps_all or start[a.shift_id] <= begun_by)
        kept |= {(a.shift_id, a.staff_id) for a in there}
    if (part := parts.part_of_run(run)) is not None:
        outside, free = part.outside(taken.problem, taken.assignments), part.members(taken.problem)
        there = (a for a in taken.assignments if a.shift_id in outside or a.staff_id not in free)
        kept |= {(a.shift_id, a.staff_id) for a in there}
    return set(claimed.pins) <= kept
