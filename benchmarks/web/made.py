"""A made Tết roster as rows of the database: a campaign of 60 people over 30 days, assigned by the greedy."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

from benchmarks.roster.tet import generate
from core import text
from core.actor import Actor
from core.db import transaction
from people.models import Absence, Person, PersonDuty, Unit
from planning.problem import Problem
from planning.solve import SolveOptions, solve
from roster.campaigns import services as campaigns
from roster.snapshot import snapshot
from roster.solving.applying import plan, write
from roster.sources.models import Demand, Wish

VN = timezone(timedelta(hours=7))
DAY = timedelta(days=1)


def campaign(*, now: datetime, actor: Actor) -> snapshot.Snapshot:
    """Its draft, everybody working office hours besides."""
    made = generate(60, 30, 1)
    with transaction() as session:
        unit = Unit(code="MADE", name="Bưu điện thử", kind="province")
        session.add(unit)
        session.flush()
        session.add_all(_demand(made, unit.id))
        people = {each.id: _person(each.code, each.duties, each.no_night, unit.id) for each in made.staff}
        session.add_all(people.values())
        session.flush()
        session.add_all(
            Absence(
                person_id=people[each.staff_id].id,
                from_on=each.start.astimezone(VN).date(),
                to_on=each.end.astimezone(VN).date() - DAY,
                kind="annual_leave",
            )
            for each in made.absences
        )
        session.add_all(
            Wish(person_id=people[w.staff_id].id, on_date=w.local_date, template="any", want=w.want, weight=w.weight)
            for w in made.wishes
        )
    days = [shift.local_date for shift in made.shifts]
    row = campaigns.create_campaign(
        name="Tết", tet_year=2027, unit="MADE", starts_on=min(days), ends_on=max(days), actor=actor, now=now
    )
    taken = snapshot.take(row.id, now=now)
    with transaction():
        write(plan(taken, solve(taken.problem, SolveOptions(seconds=0)).assignments, now=now), now=now)
    return snapshot.take(row.id, now=now)


def _demand(made: Problem, unit_id: int) -> list[Demand]:
    """Return what is asked every day: the shifts of the first one."""
    first = min(shift.local_date for shift in made.shifts)
    return [
        Demand(
            unit_id=unit_id,
            duty=shift.duty,
            phase=phase,
            template=shift.template,
            headcount=shift.headcount,
            start_minute=_minutes(shift.start.astimezone(VN).time()),
            minutes=(shift.end - shift.start) // timedelta(minutes=1),
            form=shift.form,
            replaces_work=True,
        )
        for shift in made.shifts
        if shift.local_date == first
        for phase in ("before", "during", "after")
    ]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _person(code: str, duties: frozenset[str], no_night: bool, unit_id: int) -> Person:
    return Person(
        code=code,
        full_name=code,
        unit_id=unit_id,
        sort_key=text.name_sort_key(code),
        search_key=text.fold(code),
        duties=[PersonDuty(duty=duty) for duty in sorted(duties)],
        no_night=no_night,
        work_pattern="office5",
    )
