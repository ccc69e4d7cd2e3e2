"""What the page "Vì sao là tôi?" says: of the published rosters that somebody is still to serve in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.db import db
from core.i18n import named
from people import queries as people
from people.models import Person
from roster.campaigns.models import Campaign
from roster.confirmations import queries as published
from roster.covers import bases
from roster.fairness import years
from roster.fairness.models import LedgerEntry
from roster.models import Duty
from roster.why_me import comparing, words


@dataclass(frozen=True)
class WhyMePlan:
    """One campaign: ``load`` in sentences, by the kinds of duty that the person serves in it; ``ahead`` by start."""

    campaign: Campaign
    load: Sequence[str]
    ahead: Sequence[Duty]


@dataclass(frozen=True)
class WhyMeFilter:
    """``shift_id``: the shift about which ``others`` says who else could have and why not."""

    plans: Sequence[WhyMePlan]
    shift_id: int | None
    others: Sequence[str]


def has_any(person: Person, now: datetime) -> bool:
    """Whether there is anything to ask about."""
    return bool(published.coming(person.id, now=now))


def filter_for_person(person: Person, shift_id: int | None = None, *, now: datetime) -> WhyMeFilter:
    """``shift_id``: one of theirs, else others are not looked for: that takes longest."""
    ahead = published.coming(person.id, now=now)
    plans = [_plan(person, [duty for duty in ahead if duty.campaign_id == each], now) for each in _campaigns(ahead)]
    asked = next((duty for duty in ahead if duty.shift_id == shift_id), None)
    return WhyMeFilter(plans, asked.shift_id if asked else None, _others(asked, now) if asked else ())


def _campaigns(ahead: Sequence[Duty]) -> list[int]:
    return list(dict.fromkeys(duty.campaign_id for duty in ahead))


def _plan(person: Person, ahead: Sequence[Duty], now: datetime) -> WhyMePlan:
    campaign = ahead[0].shift.campaign
    taken, seated = bases.signed(campaign.id, now)
    kinds = {kind.code: named(kind) for kind in people.duty_kinds()}
    load: list[str] = []
    for duty in dict.fromkeys(each.duty for each in ahead):
        found = comparing.beside(taken.problem, seated, person.id, duty)
        load += [line for line in words.own_load(found, kinds[duty]) if line not in load] if found else []
    last = years.last_stood([person.id], before=campaign.tet_year).get(person.id, {}).get("giao_thua")
    return WhyMePlan(campaign, [*load, words.own_giao_thua(last, _first_year(campaign.tet_year))], ahead)


def _first_year(before: int) -> int | None:
    """The oldest Tết before that year of which anything is kept."""
    return db.session.scalar(select(func.min(LedgerEntry.tet_year)).where(LedgerEntry.tet_year < before))


def _others(duty: Duty, now: datetime) -> list[str]:
    taken, seated = bases.signed(duty.campaign_id, now)
    names = {each.id: each.name for each in taken.problem.staff}
    return words.against(comparing.others(taken.problem, seated, duty.person_id, duty.shift_id), names)
