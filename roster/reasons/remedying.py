"""Carry out what was chosen to fill empty seats: rules of the draft change, people are lent, those seats are solved.

Where less is asked of some shifts instead, those that the rest leaves empty need nobody any more. Nobody who sits
somewhere is moved. What was chosen is worked out anew from the draft as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core import audit, prepared
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from core.fast_path import shared_cache
from people.access.guard import ensure
from planning.explain.causes import EmptySeatCase, JointRemedies
from planning.explain.remedies import parameter_name
from planning.problem import Assignment
from roster.campaigns.queries import locked_campaign
from roster.draft import reduce_headcount, services as drafts
from roster.draft.editor import seated_codes
from roster.draft.shift_edits import ShiftEdit
from roster.reasons import services as explaining
from roster.reasons.services import EmptySeatReasons
from roster.rulebook import services as rule_settings
from roster.solving import services as solving
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from roster.words.names import RosterNames

SECONDS = 60
"""That filling may take; it mostly takes some."""


@dataclass(frozen=True)
class AppliedRemedies:
    """What became of it: `run` fills the seats that rules keep empty (None: nothing was left to solve); `lent`: seats
    with somebody of another unit; `less`: seats that need nobody any more."""

    run: SolveRun | None
    lent: int
    less: int = 0


def apply(
    run_id: int, keys: Collection[str], *, draft_version: int | None = None, actor: Actor, now: datetime
) -> AppliedRemedies:
    """Apply the remedies with these keys to the draft of the run's campaign.

    Raises Forbidden; Conflict when the draft has changed since ``draft_version``, when a remedy is no more, or while a
    solve waits or runs. All of it or nothing.
    """
    whole = explaining.explanation(run_id, actor=actor, now=now)
    case = _case(whole, keys)
    if draft_version is not None:
        _ensure_unchanged(whole.draft_version, draft_version)
    chosen = case.together(keys)
    campaign_id = whole.run.campaign_id
    is_solved = len(chosen.fills) > len(chosen.helping)
    told = {
        "remedies": sorted(keys),
        "seats": len(chosen.fills),
        "lent": len(chosen.helping),
        "less": sum(chosen.dropped.values()),
    }

    def act() -> AppliedRemedies:
        with transaction():
            shared_cache.hold_ground()
            campaign = locked_campaign(campaign_id)
            ensure(actor, "campaign.solve", campaign.unit_id, now=now)
            # What was found is of that draft: somebody may have edited it since it was read.
            _ensure_unchanged(campaign.draft_version, whole.draft_version)
            solving.refuse_while_live(campaign_id)
            _lend(chosen.helping, whole.names, actor=actor, now=now)
            less = reduce_headcount.lessen(campaign_id, chosen.dropped, actor=actor, now=now) if chosen.dropped else 0
            if changes := _changes(chosen):
                rule_settings.save(campaign_id, changes, actor=actor, now=now)
            audit.record(actor, "campaign.remedies", "campaign", campaign_id, now=now, **told)
            return AppliedRemedies(_fill(campaign_id, actor, now) if is_solved else None, len(chosen.helping), less)

    return prepared.restartable(act)


def _ensure_unchanged(is_now: int, was: int) -> None:
    if is_now != was:
        raise Conflict("draft.changed", state={"draft_version": is_now})


def _fill(campaign_id: int, actor: Actor, now: datetime) -> SolveRun:
    return solving.request_solve(
        campaign_id, SolveRequest(seconds=SECONDS, mode="replan", keeps_all=True), actor=actor, now=now
    )


def _case(whole: EmptySeatReasons, keys: Collection[str]) -> EmptySeatCase:
    case = whole.found.case
    known = case.remedies if case is not None else {}
    if case is None or not keys or any(key not in known or not known[key].can_be_applied for key in keys):
        raise Conflict("explain.remedy_gone")
    return case


def _changes(chosen: JointRemedies) -> dict[str, Mapping[str, Any]]:
    limits: dict[str, Mapping[str, Any]] = {
        code: {"parameters": {parameter_name(code): number}} for code, number in chosen.limits.items()
    }
    return {**limits, **{code: {"hard": False} for code in chosen.soft}}


def _lend(seats: Iterable[Assignment], names: RosterNames, *, actor: Actor, now: datetime) -> None:
    """People of other units are put on their seats by name, so that no later solve sends anybody elsewhere."""
    coming: dict[int, list[str]] = {}
    for seat in seats:
        coming.setdefault(seat.shift_id, []).append(names.people[seat.staff_id][0])
    if not coming:
        return
    edits = [
        ShiftEdit(shift_id, [*seated_codes(drafts.get_shift(shift_id)), *codes], keeps_pins=True)
        for shift_id, codes in coming.items()
    ]
    drafts.edit_shifts(edits, override_reason=_("Mượn người của đơn vị khác"), actor=actor, now=now)
