"""Who of a campaign has answered about overtime: a list for whoever rings them, or has them sign on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.pages import ListPage, part
from duty.overtime_consent import queries
from duty.overtime_consent.asking import WAITING
from duty.overtime_consent.queries import ConsentLine


@dataclass(frozen=True)
class ConsentList:
    """``part``: the asks in one state, by start; ``counts``: by state, of all; ``minutes``: of overtime, by state;
    ``unit_ids``: where there is anything to ask."""

    part: ListPage[ConsentLine]
    counts: Mapping[str, int]
    minutes: Mapping[str, int]
    unit_ids: frozenset[int]


def list_for_campaign(
    campaign_id: int, units: Collection[int] | None, state: str, page: int, *, now: datetime
) -> ConsentList:
    """``units``: ids, None = all; ``state``: one of ``asking.STATES``."""
    found = queries.asks(campaign_id, units=units, now=now)
    said = queries.answers(found)
    states = [said[each.duty_id].state if each.duty_id in said else WAITING for each in found]
    shown = part([each for each, its in zip(found, states, strict=True) if its == state], page)
    minutes: Counter[str] = Counter()
    for each, its in zip(found, states, strict=True):
        minutes[its] += each.minutes
    part_of = ListPage(queries.lines(shown.rows), shown.page, shown.pages, shown.total)
    return ConsentList(part_of, Counter(states), minutes, frozenset(each.unit_id for each in found))


def to_sign(
    campaign_id: int, units: Collection[int] | None, person_id: int | None = None, *, now: datetime
) -> Sequence[ConsentLine]:
    """The lines of the form for signatures, by person and start; who has said no is not asked to sign."""
    found = queries.asks(campaign_id, None if person_id is None else [person_id], units=units, now=now)
    shown = [line for line in queries.lines(found) if line.state != "refused"]
    return sorted(shown, key=lambda line: (line.duty.person.sort_key, line.duty.person_id, line.duty.starts_at))
