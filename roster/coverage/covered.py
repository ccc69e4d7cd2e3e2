"""How a campaign is covered at this moment: what is published, or before anything is, the draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.calendar.moments import rfc3339
from people import queries as people
from planning.coverage import Kind, Place
from planning.extent import Extent
from roster.campaigns.models import Campaign
from roster.coverage import edges, proving
from roster.coverage.edges import EdgeAnswer
from roster.coverage.proving import Stand


@dataclass(frozen=True)
class CoveredTime:
    """``answered``: who answers outside the shifts of the obligatory kinds."""

    source: Literal["published", "draft"]
    stand: Stand
    answered: Sequence[EdgeAnswer]


def covered_time(campaign: Campaign, *, now: datetime) -> CoveredTime:
    """Return the time covered with the people, absences and addresses of this moment, which a proof of yesterday did
    not know."""
    if campaign.state != "draft":
        return _covered("published", proving.prove_published(campaign.id), campaign, now)
    return _covered("draft", proving.prove_draft(campaign.id), campaign, now)


def _covered(
    source: Literal["published", "draft"], asked: Sequence[proving.ProvedShift], campaign: Campaign, now: datetime
) -> CoveredTime:
    stand = proving.stand(campaign, asked, now=now)
    return CoveredTime(source, stand, edges.answers(stand, campaign.id))


def as_facts(found: CoveredTime, *, with_people: bool) -> list[dict[str, Any]]:
    """The contract's ``kinds``: each duty kind with its gaps, one a shift and cause, in order of time."""
    gaps = defaultdict[str, list[dict[str, Any]]](list)
    for fact in [*_lacking(found.stand.places), *_open(found)]:
        gaps[fact.pop("duty")].append(fact if with_people else {**fact, "people": [], "answers": _nameless(fact)})
    spans = {duty: _span(place for place in found.stand.places if place.duty == duty) for duty in _kinds(found)}
    return [
        {
            "duty": duty,
            "obligatory": duty in found.stand.obligatory,
            "from": span[0],
            "to": span[1],
            "gaps": sorted(gaps[duty], key=lambda gap: (gap["starts_at"], gap["unit"], gap["why"])),
        }
        for duty, span in spans.items()
    ]


def extent_facts(each: Extent) -> dict[str, Any]:
    """Return the extent as stored proofs show it."""
    return {"unit": each.unit, "duty": each.duty, "from": rfc3339(each.span[0]), "to": rfc3339(each.span[1])}


def answered_facts(each: EdgeAnswer) -> dict[str, Any]:
    """Return as stored proofs show it who would have answered when it was signed."""
    return {
        "duty": each.duty,
        "units": list(each.units),
        "starts_at": rfc3339(each.span[0]),
        "ends_at": rfc3339(each.span[1]),
        "before": each.is_before,
        "rule": each.rule,
        "by": each.by,
        "people": [{"code": who.code, "name": who.name} for who in each.people],
    }


def _kinds(found: CoveredTime) -> list[str]:
    """Return those that have shifts or must have, in the order in which they are shown."""
    has = {place.duty for place in found.stand.places} | found.stand.obligatory
    return [kind.code for kind in people.duty_kinds() if kind.code in has]


def _span(places: Iterable[Place]) -> tuple[Any, Any]:
    spans = [(place.starts_at, place.ends_at) for place in places]
    return (min(s for s, _ in spans), max(e for _, e in spans)) if spans else (None, None)


def _lacking(places: Iterable[Place]) -> list[dict[str, Any]]:
    """A fact for each shift and cause; a gap of several shifts would not say which."""
    grouped = defaultdict[tuple[int, Kind], list[Place]](list)
    for place in places:
        if place.lacks is not None:
            grouped[place.shift_id, place.lacks].append(place)
    return [
        {
            "duty": some[0].duty,
            "unit": some[0].unit,
            "starts_at": some[0].starts_at,
            "ends_at": some[0].ends_at,
            "why": why,
            "shift": shift,
            "missing": len(some),
            "blocks": True,
            "people": sorted(place.person for place in some if place.person),
            "answers": [],
        }
        for (shift, why), some in grouped.items()
    ]


def _open(found: CoveredTime) -> list[dict[str, Any]]:
    """Minutes that the demand leaves open: between the shifts, and before and after all of them."""
    between: list[dict[str, Any]] = [
        {
            "duty": gap.duty,
            "unit": gap.unit,
            "starts_at": gap.starts_at,
            "ends_at": gap.ends_at,
            "why": gap.kind,
            "shift": None,
            "missing": 0,
            "blocks": gap.blocks,
            "people": [],
            "answers": [],
        }
        for gap in found.stand.proof.gaps
        if gap.kind == "open"
    ]
    around = [
        {
            "duty": each.duty,
            "unit": unit,
            "starts_at": each.span[0],
            "ends_at": each.span[1],
            "why": "open",
            "shift": None,
            "missing": 0,
            "blocks": False,
            "people": [],
            "answers": [_answer(each)],
        }
        for each in found.answered
        for unit in each.units
    ]
    return [*between, *around]


def _answer(each: EdgeAnswer) -> dict[str, Any]:
    return {"rule": each.rule, "unit": each.by, "people": [who.code for who in each.people]}


def _nameless(fact: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{**answer, "people": []} for answer in fact["answers"]]
