"""Whether a draft could be published now: its coverage, what it breaks, and what of both blocks. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.calendar.moments import rfc3339
from people import queries as people
from planning.coverage import Gap, Proof
from planning.outcome import Violation
from planning.score.check import check
from planning.score.unchecked import by_person
from roster.campaigns.lifecycle import PublishBlocks, gate
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign
from roster.consents import queries as consent_queries
from roster.coverage import proving
from roster.coverage.doubt import Doubt
from roster.coverage.proving import Stand
from roster.snapshot.snapshot import Snapshot
from roster.words.names import RosterNames, names_of


@dataclass(frozen=True)
class DraftBreaches:
    """What a draft breaks, and the gaps of what is looked at of it; ``obligatory``: codes of kinds of duty.

    ``doubts``: of the seats that were looked at for that, as ``Stand`` has them.
    """

    gaps: tuple[Gap, ...]
    violations: tuple[Violation, ...]
    names: RosterNames
    obligatory: frozenset[str]
    doubts: Mapping[tuple[int, int], Doubt | None]


@dataclass(frozen=True)
class JudgedDraft:
    """What publishing now would meet: coverage, breaches, what of both blocks, and whom nobody could check."""

    proof: Proof
    violations: tuple[Violation, ...]
    verdict: PublishBlocks
    names: RosterNames
    stand: Stand
    unchecked: list[dict[str, Any]]

    @property
    def seen(self) -> DraftBreaches:
        return DraftBreaches(self.proof.gaps, self.violations, self.names, self.stand.obligatory, self.stand.doubts)


def looked_at(draft: Snapshot, within: Collection[str] | None, *, now: datetime) -> DraftBreaches:
    """The draft as ``judge_draft`` judges it, for those who look at the units of these codes alone (None: at all).

    Gaps are then of those units, breaches of the whole: a province's coverage takes ten times as long to prove as to
    check its rules.
    """
    campaign, taken = get_campaign(draft.campaign_id), consent_queries.without_waiting(draft)
    part = _part(campaign, within)
    stand = proving.stand(campaign, proving.prove_snapshot(taken, part), now=now, answered=taken.excused)
    gaps = tuple(gap for gap in _gaps(stand, taken) if part is None or gap.unit in part)
    return DraftBreaches(gaps, _breaches(taken), names_of(taken.problem), stand.obligatory, stand.doubts)


def rows_breaches(draft: Snapshot, within: Collection[str] | None, *, obligatory: frozenset[str]) -> DraftBreaches:
    """Return what rows and foot of a grid show of what ``looked_at`` finds: of gaps those that the demand leaves open.

    Whether anybody can be called stands in neither, and takes longer to find out than all the rest of an edit.
    """
    campaign, taken = get_campaign(draft.campaign_id), consent_queries.without_waiting(draft)
    part = _part(campaign, within)
    found = proving.open_gaps(taken, part, obligatory=obligatory, unit_id=campaign.unit_id)
    gaps = tuple(gap for gap in found if part is None or gap.unit in part)
    return DraftBreaches(gaps, _breaches(taken), names_of(taken.problem), obligatory, {})


def _part(campaign: Campaign, within: Collection[str] | None) -> Collection[str] | None:
    """The units (codes) that are judged alone; None where the campaign's own is among them: it is all of it."""
    if within is None:
        return None
    ids = people.unit_ids()
    return None if campaign.unit_id in {ids[code] for code in within} else within


def judge_draft(draft: Snapshot, *, now: datetime, accept_gaps: str | None = None) -> JudgedDraft:
    """Judge the draft as publishing would: seats of those who have not agreed yet count as empty."""
    return judge(get_campaign(draft.campaign_id), consent_queries.without_waiting(draft), accept_gaps, now=now)


def judge(campaign: Campaign, taken: Snapshot, accept_gaps: str | None, *, now: datetime) -> JudgedDraft:
    """Judge seats as they would be published: without the people who have not agreed."""
    stand = proving.stand(campaign, proving.prove_snapshot(taken), now=now, answered=taken.excused)
    proof = replace(stand.proof, gaps=_gaps(stand, taken))
    shown = _breaches(taken)
    current = tuple(each for each in shown if not set(each.shift_ids) <= taken.fixed)
    verdict = gate(proof.gaps, current, excused=taken.excused, accept_gaps=accept_gaps)
    names = names_of(taken.problem)
    unknown = by_person(taken.problem, taken.assignments).items()
    unchecked = sorted((names.people[staff_id][0], list(codes)) for staff_id, codes in unknown)
    unchecked_rows = [{"person": code, "rules": codes} for code, codes in unchecked]
    return JudgedDraft(proof, shown, verdict, names, replace(stand, proof=proof), unchecked_rows)


def _breaches(taken: Snapshot) -> tuple[Violation, ...]:
    found = check(taken.problem, taken.assignments)
    return tuple(each for each in found if each.rule not in ("fairness.load", "pins.kept"))


def _gaps(stand: Stand, taken: Snapshot) -> tuple[Gap, ...]:
    """The gaps of a draft; those that somebody has answered for already do not block.

    Shifts that were served are over, and where somebody was seated although recorded absent, the seat has its reason:
    it is not asked for twice. The gap is listed all the same.
    """
    codes = {person.id: person.code for person in taken.problem.staff}
    excused = {(shift, codes[person]) for shift, person in taken.excused}
    asking = {(place.shift_id, place.person) for place in stand.places if place.doubt == "absent"} - excused
    return tuple(
        replace(gap, blocks=False) if gap.shift_ids and _is_answered(gap, asking, taken.fixed) else gap
        for gap in stand.proof.gaps
    )


def _is_answered(gap: Gap, asking: Collection[tuple[int, str | None]], over: Collection[int]) -> bool:
    given = gap.kind == "at_risk" and not any(shift in gap.shift_ids and who in gap.people for shift, who in asking)
    return given or all(shift in over for shift in gap.shift_ids)


def gap_facts(gap: Gap) -> dict[str, Any]:
    """A gap as the API and stored proofs show it."""
    return {
        "kind": gap.kind,
        "unit": gap.unit,
        "duty": gap.duty,
        "starts_at": rfc3339(gap.starts_at),
        "ends_at": rfc3339(gap.ends_at),
        "minutes": gap.minutes,
        "blocks": gap.blocks,
        "shifts": list(gap.shift_ids),
        "people": list(gap.people),
    }
