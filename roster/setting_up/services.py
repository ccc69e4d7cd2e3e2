"""What a page of set-up would make, and making it: break, demand and campaign, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries as people
from people.access import guard
from people.models import Person, PersonDuty, Unit
from roster.campaigns import demanded, services as campaigns
from roster.campaigns.copying import LeftOut
from roster.campaigns.services import Made, Wanted
from roster.draft import page_head
from roster.models import Demand
from roster.refit import of_break, services as refit
from roster.refit.deciding import Asked as Rest, decide
from roster.setting_up import reckoning
from roster.setting_up.lines import PHASES, Line
from roster.setting_up.reckoning import Able, Asked, Outlook
from roster.sources import services as sources


@dataclass(frozen=True)
class SetUp:
    """``serves``: codes of units without demand that get the ``lines``; ``rest``: the break as it is decided, None as
    it is kept."""

    campaign: Wanted
    serves: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True)
class Place:
    """A unit that a campaign could be for; ``rows``: of demand that it has, ``people`` who may serve in it."""

    unit: Unit
    depth: int
    rows: int
    people: int


@dataclass(frozen=True)
class Look:
    outlook: Outlook
    left_out: tuple[LeftOut, ...] = ()
    from_model: int = 0
    rules: int = 0


def places(unit: Unit) -> list[Place]:
    """The unit and those below it, in the order of the tree."""
    ids = set(people.subtree_ids(unit.id))
    rows = dict(db.session.execute(select(Demand.unit_id, func.count()).group_by(Demand.unit_id)).tuples().all())
    serving = select(Person.unit_id, func.count(Person.id.distinct())).join(PersonDuty).where(Person.active)
    able = dict(db.session.execute(serving.group_by(Person.unit_id)).tuples().all())
    tree = [(depth, each) for depth, each in people.unit_tree() if each.id in ids]
    base = min((depth for depth, _each in tree), default=0)
    return [Place(each, depth - base, rows.get(each.id, 0), able.get(each.id, 0)) for depth, each in tree]


def kinds_of(unit_ids: Collection[int]) -> set[str]:
    """Kinds of duty that anybody of these units may take."""
    rows = select(PersonDuty.duty).join(Person).where(Person.active, Person.unit_id.in_(unit_ids))
    return set(db.session.scalars(rows.distinct()))


def look(asked: SetUp, *, actor: Actor, now: datetime) -> Look:
    """What ``set_up`` would make. Reads only. Raises as ``set_up``."""
    wanted = asked.campaign
    unit = campaigns.check(wanted, actor=actor, now=now)
    rest = _rest(asked, actor, now)
    days = reckoning.phases(wanted.starts_on, wanted.ends_on, rest)
    fresh = [row for code in asked.serves for row in _of_lines(_free(code, unit), asked.lines)]
    able = _able(unit)
    if wanted.copy_from is None:
        rows = [*map(_of_demand, demanded.below(unit.id)), *fresh]
        found = reckoning.outlook(days, rows, able)
        if not found.shifts:
            raise Invalid("campaign.no_demand", field="unit", unit=unit.name)
        return Look(found)
    copy = campaigns.preview(wanted, actor=actor, now=now)
    shifts = Counter(
        Asked(
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
    return Look(reckoning.counted(days, counted, able), copy.left_out, copy.from_model, len(copy.rules))


def set_up(asked: SetUp, *, actor: Actor, now: datetime) -> Made:
    """The break where it is decided anew, the demand of the units that get it, and the campaign. Raises Invalid,
    NotFound, Forbidden, Conflict where another campaign would change with the break, or a unit has demand by now."""
    wanted = asked.campaign
    if asked.rest is None and not asked.serves:
        return campaigns.create(wanted, actor=actor, now=now)
    with transaction():
        unit = campaigns.check(wanted, actor=actor, now=now)
        if asked.rest is not None:
            _rest(asked, actor, now)
            refit.save_break(asked.rest, stamp=None, actor=actor, now=now)
        for code in asked.serves:
            _free(code, unit)
            for values in _values(code, asked.lines):
                sources.save_demand(values, actor=actor, now=now)
        return campaigns.create(wanted, actor=actor, now=now)


def is_decided_anew(rest: Rest) -> bool:
    """Whether that is another break, or another word on it, than what is kept or known."""
    known = page_head.tet_facts(rest.year)
    if known is None:
        return False
    kept = (known.starts_on, known.ends_on, known.status, known.source.strip())
    return kept != (rest.starts_on, rest.ends_on, rest.status, rest.source.strip())


def _rest(asked: SetUp, actor: Actor, now: datetime) -> tuple[date, date]:
    """The break that phases follow. Raises Forbidden, Invalid; Conflict where it would change other campaigns, which is
    looked at on a page of its own."""
    if asked.rest is None:
        known = page_head.tet_facts(asked.campaign.tet_year)
        assert known is not None  # noqa: S101 - ``campaigns.check`` has refused other years
        return known.starts_on, known.ends_on
    guard.refuse_unless(actor, "holiday.write", None, now=now)
    found = of_break.effect(decide(asked.rest), follows=False, takes_people=False, actor=actor, now=now)
    if found.campaigns:
        names = ", ".join(each.campaign.name for each in found.campaigns[:3])
        raise Conflict("set_up.break_elsewhere", state={"year": asked.rest.year}, n=len(found.campaigns), names=names)
    return asked.rest.starts_on, asked.rest.ends_on


def _free(code: str, top: Unit) -> Unit:
    """Raises NotFound, Conflict."""
    unit = people.unit_by_code(code)
    if unit.id not in people.subtree_ids(top.id):
        raise NotFound("unit.unknown", field="serves", unit=code)
    if db.session.scalar(select(Demand.id).filter_by(unit_id=unit.id).limit(1)) is not None:
        raise Conflict("set_up.has_demand", unit=unit.name)
    return unit


def _values(code: str, lines: Sequence[Line]) -> list[dict[str, object]]:
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


def _of_lines(unit: Unit, lines: Sequence[Line]) -> list[Asked]:
    return [
        Asked(unit.id, line.duty, phase, line.minutes, number, line.form == "onsite")
        for line in lines
        for phase, number in line.people.items()
        if number
    ]


def _of_demand(row: Demand) -> Asked:
    return Asked(
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
