"""JSON API of reasons: who else could take a seat, who covers for somebody, why seats stay empty, what would help."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import api_call
from roster.api_blueprint import bp
from roster.campaigns import rights
from roster.covers import services as covering
from roster.draft.api import old_codes
from roster.draft.services import get_shift
from roster.reasons import causes_report as causes, remedying, services as explaining
from roster.reasons.api_models import (
    CandidatesOut,
    CellQuery,
    ConflictIn,
    CoveredOut,
    CoverIn,
    CoversOut,
    CoversQuery,
    ExplanationOut,
    MinimalConflictOut,
    RemediedOut,
    RemediesIn,
)
from roster.solving import queries as solve_queries
from roster.words import reasons as words, repairs, violations

MOST_REPAIRS = 50


@api_call(
    bp,
    "GET",
    "/shifts/<int:shift_id>/candidates",
    operation_id="candidates",
    query=CellQuery,
    returns={200: CandidatesOut},
    action="roster.read",
    tags=["campaigns"],
    summary="Who could take a seat, and why",
)
def candidates(shift_id: int, *, query: CellQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """Best first, in points. ``replacing`` asks about that person's seat. Others than managers may ask about their own.

    Of the draft; others than managers are answered by the published roster once there is one, as is everybody about
    somebody whom only that roster has: ``why.published``.
    ``never`` counts people of other duties and units, who are not judged.
    """
    cell = explaining.cell(shift_id, replacing=query.replacing, actor=actor, now=now)
    never = sum(len(ids) for ids in cell.pool.strangers.values()) + cell.pool.more
    return {
        "shift": shift_id,
        "draft_version": cell.draft_version,
        "never": never,
        "candidates": [words.candidate(each, cell.names) for each in cell.candidates],
        "why": why_facts(cell) if cell.why else None,
    }


def why_facts(cell: explaining.SeatReasons) -> dict[str, Any]:
    """Why somebody has their seat; who asks about their own hears of nobody else."""
    why = cell.why
    assert why is not None  # noqa: S101 - the caller asked
    published = cell.is_published
    if cell.is_own:
        told = words.own_why(why, published=published)
        of_others: dict[str, Any] = dict.fromkeys(("cheaper", "dearer", "regret", "next_best"))
    else:
        told = words.why(why, cell.names, cell.shift.id, published=published)
        of_others = {
            "cheaper": why.cheaper,
            "dearer": why.dearer,
            "regret": None if why.regret is None else why.regret / 100,
            "next_best": cell.names.people[why.next_best.staff_id][0] if why.next_best else None,
        }
    return {
        "person": cell.names.people[why.own.staff_id][0],
        "pinned": why.pinned,
        "cost_change": why.own.cost_change / 100,
        **of_others,
        "published": published,
        "text": told,
    }


# --- covering ------------------------------------------------------------------------------------------------------


@api_call(
    bp,
    "GET",
    "/shifts/<int:shift_id>/covers",
    operation_id="list_covers",
    query=CoversQuery,
    returns={200: CoversOut},
    action="roster.cover",
    tags=["campaigns"],
    summary="Who could cover for somebody",
)
def list_covers(shift_id: int, *, query: CoversQuery, actor: Actor, now: datetime) -> dict[str, Any]:
    """What breaks nothing comes first, then the nearest unit; one move, or two where they break nothing."""
    ways = explaining.ways_to_cover(shift_id, leaving=query.leaving, actor=actor, now=now)
    return {
        "shift": shift_id,
        "leaving": query.leaving,
        "draft_version": ways.draft_version,
        "covers": [words.cover(each, ways.names) for each in ways.found],
    }


@api_call(
    bp,
    "POST",
    "/shifts/<int:shift_id>/cover",
    operation_id="apply_cover",
    body=CoverIn,
    returns={200: CoveredOut},
    refused=409,
    action="roster.cover",
    tags=["campaigns"],
    summary="Carry out a suggested cover",
)
def apply_cover(shift_id: int, *, body: CoverIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """All moves or none; the first is on this shift. What breaks a hard rule needs a reason: else 409.

    In the draft; ``at_once``, and always for whoever may not edit the draft (leadership and operations on duty), in
    the published roster: seats of today and tomorrow become a revision of their own and everybody concerned is told.
    """
    moves = [(each.shift, each.out, each.into) for each in body.moves]
    shift = get_shift(shift_id)
    if body.at_once or not rights.may(actor, "campaign.write", shift.campaign, shift.unit_id, now=now):
        revision = covering.cover_now(shift_id, moves, override_reason=body.override_reason, actor=actor, now=now)
        return {"shifts": [], "revision": revision.number}
    with old_codes(shift_id):
        done = explaining.apply_cover(
            shift_id,
            moves,
            override_reason=body.override_reason,
            draft_version=body.draft_version,
            actor=actor,
            now=now,
        )
    return {
        "shifts": [
            {
                "id": each.shift_id,
                "campaign": each.campaign_id,
                "draft_version": each.draft_version,
                "people": each.people,
                "pinned": each.pinned,
                **each.verdict,
            }
            for each in done
        ],
        "revision": None,
    }


# --- empty seats ---------------------------------------------------------------------------------------------------


@api_call(
    bp,
    "GET",
    "/solve-runs/<int:run_id>/explanation",
    operation_id="explanation",
    returns={200: ExplanationOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="Why seats stay empty, and what would fill them at what price",
)
def explanation(run_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """About the draft as it is now; some seconds the first time. Sick leave and protection are never touched."""
    whole = explaining.explanation(run_id, actor=actor, now=now)
    found, names = whole.found, whole.names
    return {
        "run": run_id,
        "campaign": whole.run.campaign_id,
        "draft_version": whole.draft_version,
        "missing": found.missing,
        "at_least": found.at_least,
        "exact": found.is_exact,
        "text": repairs.headline(found),
        "shortages": [violations.shortage_facts(each, names) for each in found.shortages],
        "free": [
            {"shift": shift_id, "people": [names.people[each][0] for each in ids]}
            for shift_id, ids in found.free.items()
        ],
        "binding_rules": [repairs.binding(each) for each in found.bindings],
        "repairs": [repairs.repair(each, names) for each in found.repairs[:MOST_REPAIRS]],
        **causes.by_cause(found.case, names),
    }


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/remedies",
    operation_id="apply_remedies",
    body=RemediesIn,
    returns={200: RemediedOut},
    refused=409,
    action="campaign.solve",
    tags=["campaigns"],
    summary="Fill empty seats as chosen",
)
def apply_remedies(run_id: int, *, body: RemediesIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Keys of ``causes`` of the explanation: rules of the campaign change, people are lent, or less is asked of shifts,
    and what rules kept empty is solved; nobody is moved. 409 when the draft has changed since, or a key is no more.
    """
    done = remedying.apply(run_id, body.remedies, draft_version=body.draft_version, actor=actor, now=now)
    campaign = solve_queries.get_run(run_id).campaign
    return {
        "run": done.run.id if done.run else None,
        "lent": done.lent,
        "less": done.less,
        "draft_version": campaign.draft_version,
    }


@api_call(
    bp,
    "POST",
    "/solve-runs/<int:run_id>/conflict",
    operation_id="minimal_conflict",
    body=ConflictIn,
    returns={200: MinimalConflictOut},
    action="campaign.write",
    tags=["campaigns"],
    summary="A least set of facts against a seat",
)
def minimal_conflict(run_id: int, *, body: ConflictIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Changes nothing; thinks for ten seconds at most. ``minimal``: re-solved with only these, and without each."""
    answer = explaining.conflict(run_id, shift_id=body.shift, actor=actor, now=now)
    found = answer.found
    return {
        "run": run_id,
        "shift": answer.shift_id,
        "found": found is not None,
        "minimal": bool(found and found.is_irreducible),
        "facts": [repairs.fact_facts(each, found, answer.names, answer.headcounts) for each in found.facts]
        if found
        else [],
        "text": repairs.verdict(found, answer.seconds),
    }
