"""What a page of set-up would make, and making it: break, demand and campaign, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from people.access import guard
from people.models import Person, PersonDuty, Unit
from roster.campaigns import demand_expansion, services as campaigns
from roster.campaigns.copying import LeftOut
from roster.campaigns.services import CampaignWanted, Made
from roster.draft.page_head import TetFacts
from roster.refit import of_break, services as refit
from roster.refit.deciding import BreakChoice as Rest, decide
from roster.setting_up import reckoning
from roster.setting_up.lines import PHASES, SetUpLine
from roster.setting_up.reckoning import Able, Outlook, SetUpShift
from roster.sources import services as sources
from roster.sources.models import Demand


@dataclass(frozen=True)
class SetUp:
    """``serves``: codes of units without demand that get the ``lines``; ``rest``: the break as it is decided, None as
    it is kept."""

    campaign: CampaignWanted
    serves: tuple[str, ...] = ()
    lines: tuple[SetUpLine, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True)
class SetUpUnit:
    """A unit that a campaign could be for; ``rows``: of demand that it has, ``people`` who may serve in it."""

    unit: Unit
    depth: int
    rows: int
    people: int


@dataclass(frozen=True)
class SetUpLook:
    outlook: Outlook
    left_out: tuple[LeftOut, ...] = ()
    from_model: int = 0
    rules: int = 0


def places(unit: Unit, tree: Iterable[tuple[int, Unit]]) -> list[SetUpUnit]:
    """Return the unit and those below it out of the ``tree`` (depth, unit), in its order."""
    ids = set(people.subtree_ids(unit.id))
    rows = dict(db.session.execute(select(Demand.unit_id, func.count()).group_by(Demand.unit_id)).tuples().all())
    serving = select(Person.unit_id, func.count(Person.id.distinct())).join(PersonDuty).where(Person.active)
    able = dict(db.session.execute(serving.group_by(Person.unit_id)).tuples().all())
    below = [(depth, each) for depth, each in tree if each.id in ids]
    base = min((depth for depth, _each in below), default=0)
    return [SetUpUnit(each, depth - base, rows.get(each.id, 0), able.get(each.id, 0)) for depth, each in below]


def kinds_of(unit_ids: Collection[int]) -> set[str]:
    """Kinds of duty that anybody of these units may take."""
    rows = select(PersonDuty.duty).join(Person).where(Person.active, Person.unit_id.in_(unit_ids))
    return set(db.session.scalars(rows.distinct()))


def look(asked: SetUp, tet: TetFacts | None, *, actor: Actor, now: datetime) -> SetUpLook:
    """Return what ``set_up`` would make; ``tet``: of its year as it is kept. Reads only. Raises as ``set_up``."""
    wanted = asked.campaign
    unit = campaigns.check(wanted, actor=actor, now=now)
    if asked.rest is not None:
        _check_rest(asked.rest, actor, now)
    rest = asked.rest or tet
    assert rest is not None  # noqa: S101 - ``campaigns.check`` has refused years that have none
    days = reckoning.phases(wanted.starts_on, wanted.ends_on, (rest.starts_on, rest.ends_on))
    fresh = [row for each in _free(asked.serves, unit) for row in _shifts_from_lines(each, asked.lines)]
    able = _able(unit)
    if wanted.copy_from is None:
        rows = [*map(_shift_from_demand, demand_expansion.below(unit.id)), *fresh]
        found = reckoning.outlook(days, rows, able)
        if not found.shifts:
            raise Invalid("campaign.no_demand", field="unit", unit=unit.name)
        return SetUpLook(found)
    copy = campaigns.preview(wanted, actor=actor, now=now)
    shifts = Counter(
        SetUpShift(
            row["unit_id"],
            row["duty"],
            row["phase"],
            int((row["ends_at"] - row["starts_at"]).total_seconds()) // 60,
            max(row["headcount"], row["wanted"] or 0),
            row["form"] == "onsite",
        )
        for row in copy.shifts
    )
    number: dict[str, int] = {each.phase: each.number for each in days}
    counted = [*shifts.items(), *((row, number[row.phase]) for row in fresh)]
    return SetUpLook(reckoning.counted(days, counted, able), copy.left_out, copy.from_model, len(copy.rules))


def set_up(asked: SetUp, *, actor: Actor, now: datetime) -> Made:
    """The break where it is decided anew, the demand of the units that get it, and the campaign. Raises Invalid,
    NotFound, Forbidden, Conflict where another campaign would change with the break, or a unit has demand by now."""
    wanted = asked.campaign
    if asked.rest is None and not asked.serves:
        return campaigns.create(wanted, actor=actor, now=now)
    with transaction():
        unit = campaigns.check(wanted, actor=actor, now=now)
        if asked.rest is not None:
            _check_rest(asked.rest, actor, now)
            refit.save_break(asked.rest, stamp=None, actor=actor, now=now)
        for each in _free(asked.serves, unit):
            for values in _values(each.code, asked.lines):
                sources.save_demand(values, actor=actor, now=now)
        return campaigns.create(wanted, actor=actor, now=now)


def is_decided_anew(rest: Rest, known: TetFacts | None) -> bool:
    """Whether that is another break, or another word on it, than what is kept or known of the year."""
    if known is None:
        return False
    kept = (known.starts_on, known.ends_on, known.status, known.source.strip())
    return kept != (rest.starts_on, rest.ends_on, rest.status, rest.source.strip())


def _check_rest(rest: Rest, actor: Actor, now: datetime) -> None:
    """Raises Forbidden, Invalid; Conflict where it would change other campaigns, which is looked at on a page of its
    own."""
    guard.refuse_unless(actor, "holiday.write", None, now=now)
    found = of_break.effect(decide(rest), follows=False, takes_people=False, actor=actor, now=now)
    if found.campaigns:
        names = ", ".join(each.campaign.name for each in found.campaigns[:3])
        raise Conflict("set_up.break_elsewhere", state={"year": rest.year}, n=len(found.campaigns), names=names)


def _free(codes: Sequence[str], top: Unit) -> list[Unit]:
    """Return those units, each once. Raises NotFound, and Conflict where one has demand."""
    if not codes:
        return []
    below = people.subtree_ids(top.id)
    found = {
        unit.code: unit for unit in db.session.scalars(select(Unit).where(Unit.code.in_(codes))) if unit.id in below
    }
    asking = set(db.session.scalars(select(Demand.unit_id).where(Demand.unit_id.in_(below)).distinct()))
    for code in codes:
        if code not in found:
            raise NotFound("unit.unknown", field="serves", unit=code)
        if found[code].id in asking:
            raise Conflict("set_up.has_demand", unit=found[code].name)
    return [found[code] for code in dict.fromkeys(codes)]


def _values(code: str, lines: Sequence[SetUpLine]) -> list[dict[str, object]]:
    return [
        {
            "unit_code": code,
            "duty": line.duty,
            "phase": phase,
            "shift": line.template,
            "start": line.start,
            "hours": line.minutes,
            "headcount": line.people[phase],
            "form": line.form,
            "replaces_work": line.replaces_work,
        }
        for line in lines
        for phase in PHASES
        if line.people.get(phase)
    ]


def _shifts_from_lines(unit: Unit, lines: Sequence[SetUpLine]) -> list[SetUpShift]:
    return [
        SetUpShift(unit.id, line.duty, phase, line.minutes, number, line.form == "onsite")
        for line in lines
        for phase, number in line.people.items()
        if number
    ]


def _shift_from_demand(row: Demand) -> SetUpShift:
    return SetUpShift(
        row.unit_id, row.duty, row.phase, row.minutes, max(row.headcount, row.wanted or 0), row.form == "onsite"
    )


def _able(unit: Unit) -> list[Able]:
    """Active people of the unit and below with what they may take, and where: in their own unit and those above."""
    ids = people.subtree_ids(unit.id)
    rows = select(Person.id, Person.unit_id, PersonDuty.duty).join(PersonDuty)
    duties: dict[tuple[int, int], set[str]] = {}
    for person, home, duty in db.session.execute(rows.where(Person.active, Person.unit_id.in_(ids))).tuples():
        duties.setdefault((person, home), set()).add(duty)
    above = people.ancestors_of({home for _person, home in duties})
    return [
        Able(person, frozenset(own), frozenset({home, *above.get(home, ())})) for (person, home), own in duties.items()
    ]
