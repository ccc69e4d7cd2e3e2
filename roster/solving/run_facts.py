"""Reading for the page of a solve: what its roster costs and breaks, what could not be checked, and earlier solves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from core.db import db
from core.errors import Conflict
from people.models import Unit
from planning.outcome import Violation
from planning.score.unchecked import by_person
from roster.models import Shift
from roster.rulebook.words import rule_name
from roster.snapshot import snapshot
from roster.solving.models import SolveRun
from roster.solving.result import FACTS_CHANGED
from roster.words import sentences, violations
from roster.words.names import maker_names, names_for

WRITTEN = ("optimal", "feasible", "infeasible")
"""States of a run whose roster went into the draft."""
BELIEVED = (None, "confirmed")
"""Of ``SolveRun.recheck``: its bound counts."""
MOST_SENTENCES = 40
MOST_RUNS = 20
FAIRNESS = "fairness.load"
LIGHT = tuple(defer(column) for column in (SolveRun.progress, SolveRun.violations, SolveRun.conflicts))
"""For lists of runs: what only the page of one shows stays in the database."""


@dataclass(frozen=True)
class SoftRule:
    """How often a wish of one kind is not met and what that costs (hundredths of a point); the dearest in words."""

    code: str
    name: str
    count: int
    cost: int
    sentences: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.sentences)


@dataclass(frozen=True)
class Unchecked:
    """Somebody whose overtime could not be checked, and the rules that would have to be."""

    code: str
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """A solve of the campaign, by its name."""

    run: SolveRun
    by: str
    left: int | None

    @property
    def status(self) -> str:
        return status_of(self.run)


def bound_of(run: SolveRun) -> int | None:
    """Return what is believed that every roster costs at least; ``None``: nothing is proven.

    What was proven before claims passed one account counts once it has been verified again.
    """
    return run.bound if run.recheck in BELIEVED else run.recheck_bound


def status_of(run: SolveRun) -> str:
    """Its status as it may be said: ``optimal`` is a claim like any other."""
    return "feasible" if run.status == "optimal" and run.recheck not in BELIEVED else run.status


def course_of(run: SolveRun) -> list[Any]:
    """Its progress, without bounds that do not count."""
    return run.progress if run.recheck in BELIEVED else [[*row[:2], None, *row[3:5]] for row in run.progress]


def gap_of(run: SolveRun) -> float | None:
    """How much of the cost a better roster could save at most, between 0 and 1."""
    bound = bound_of(run)
    if run.objective is None or bound is None:
        return None
    return max(0.0, (run.objective - bound) / run.objective) if run.objective else 0.0


def left_of(run: SolveRun) -> int | None:
    """The same in hundredths of a point; ``None`` while nothing is proven."""
    bound = bound_of(run)
    return None if run.objective is None or bound is None else max(0, run.objective - bound)


def is_proved(run: SolveRun) -> bool:
    """The engines proved their roster, and it is the one that went into the draft."""
    claimed = run.certificate
    if run.status not in WRITTEN or not claimed.get("proved") or facts_changed(run) or run.recheck not in BELIEVED:
        return False
    return run.objective == claimed.get("cost") == claimed.get("bound")


def facts_changed(run: SolveRun) -> bool:
    """Leave, people, shifts or rules changed while the engine thought: nothing that it proved is about its roster."""
    return run.status in WRITTEN and run.error == FACTS_CHANGED


def soft_rules(run: SolveRun, *, in_words: bool) -> tuple[SoftRule, ...]:
    """The wishes that the roster in the draft does not meet, by rule, the dearest first; sentences name people."""
    if run.status not in WRITTEN:
        return ()
    groups: defaultdict[str, list[Violation]] = defaultdict(list)
    for row in run.violations:
        if not row["hard"]:
            groups[row["rule"]].append(violations.restored(row))
    told = {
        code: sorted(rows, key=lambda each: -each.cost)[: MOST_SENTENCES if in_words else 0]
        for code, rows in groups.items()
    }
    names = names_for(*violations.mentioned([each for rows in told.values() for each in rows], ()))
    found = [
        SoftRule(
            code,
            rule_name(code),
            len(rows),
            sum(each.cost for each in rows),
            tuple(sentences.sentence(each, names) for each in told[code]),
        )
        for code, rows in groups.items()
    ]
    uneven = _fairness_cost(run, sum(each.cost for each in found))
    found += [SoftRule(FAIRNESS, rule_name(FAIRNESS), 0, uneven)] if uneven else []
    return tuple(sorted(found, key=lambda each: (-each.cost, each.code)))


def _fairness_cost(run: SolveRun, others: int) -> int:
    """Return what is left of the soft cost: loads are not kept with the run. 0 when it cannot be told."""
    claimed = run.certificate
    return int(claimed["soft_cost"]) - others if claimed and claimed["cost"] == run.objective else 0


def unchecked_people(run: SolveRun, *, now: datetime) -> tuple[Unchecked, ...]:
    """Whose overtime nobody could check, in the present draft; nothing once a later solve has been asked for."""
    if run.status not in WRITTEN or run.id != _latest_id(run.campaign_id):
        return ()
    taken = snapshot.take(run.campaign_id, now=now)
    rules = by_person(taken.problem, taken.assignments)
    named = [(taken.problem.person[staff_id], found) for staff_id, found in rules.items()]
    return tuple(Unchecked(person.code, person.name, found) for person, found in named)


def past_runs(campaign_id: int) -> tuple[Past, ...]:
    """The campaign's solves, the newest first."""
    mine = select(SolveRun).filter_by(campaign_id=campaign_id).options(*LIGHT)
    statement = mine.order_by(SolveRun.id.desc()).limit(MOST_RUNS)
    runs: Sequence[SolveRun] = db.session.scalars(statement).all()
    by = maker_names({run.requested_by for run in runs})
    return tuple(Past(run, by[run.requested_by], left_of(run)) for run in runs)


def units_of(shift_ids: Iterable[int]) -> dict[int, Unit]:
    """The units whose shifts these are, by shift id."""
    statement = select(Shift.id, Unit).join(Unit, Unit.id == Shift.unit_id).where(Shift.id.in_(set(shift_ids)))
    return dict(db.session.execute(statement).tuples().all())


def certificate_of(run: SolveRun) -> Mapping[str, Any]:
    """Return what the solve vouches for. Conflict while there is nothing: before the end, or when it never began."""
    if not run.certificate:
        raise Conflict("solve.no_certificate", id=run.id)
    return run.certificate


def _latest_id(campaign_id: int) -> int | None:
    statement = select(SolveRun.id).filter_by(campaign_id=campaign_id).order_by(SolveRun.id.desc()).limit(1)
    return db.session.scalar(statement)
