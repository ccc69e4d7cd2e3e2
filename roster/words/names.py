"""Ids to words, for sentences about a roster: people, shifts, duty kinds and units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db
from core.fast_path import shared_cache
from core.i18n import dm, named, span
from people import queries as people
from people.models import DutyKind, Person, Unit
from planning.problem import Problem
from planning.rules.hours.continuous import HOURS_CONTINUOUS, lacks_ground
from roster.models import Shift as ShiftRow
from roster.rulebook import queries as rule_queries


@dataclass(frozen=True)
class ShiftName:
    """What a sentence says about a shift."""

    template: str
    duty: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    lacks_ground: bool = False
    """By itself longer on site than the campaign lets one person be, and the employer states no ground for it."""


@dataclass(frozen=True)
class RosterNames:
    """Ids to words: people by id (code, name), shifts by id, duty kinds and units by code."""

    people: Mapping[int, tuple[str, str]]
    shifts: Mapping[int, ShiftName]
    duties: Mapping[str, str]
    units: Mapping[str, str]

    def person(self, person_id: int | None) -> str:
        """The name; with the code only where somebody else bears the same name."""
        code, name = self.people.get(person_id or 0, ("", str(person_id)))
        return f"{name} ({code})" if code and self._bearers[name] > 1 else name

    def shift(self, shift_id: int) -> str:
        found = self.shifts.get(shift_id)
        if found is None:
            return _("ca đã xóa")
        duty = self.duties.get(found.duty, found.duty)
        facts = {"duty": duty, "shift": found.template, "when": span(found.starts_at, found.ends_at)}
        if self._spans_units:
            return _("%(duty)s, ca %(shift)s %(when)s, %(unit)s", unit=self.units.get(found.unit, found.unit), **facts)
        return _("%(duty)s, ca %(shift)s %(when)s", **facts)

    def brief(self, shift_id: int) -> str:
        """Its name and day before its kind, without its hours: "ca Đêm 05/02, Trực điều hành"."""
        found = self.shifts.get(shift_id)
        if found is None:
            return _("ca đã xóa")
        duty, day = self.duties.get(found.duty, found.duty), dm(clock.local_date(found.starts_at))
        return _("ca %(shift)s %(day)s, %(duty)s", shift=found.template, day=day, duty=duty)

    def lacks_ground(self, shift_id: int) -> bool:
        """``ShiftName.lacks_ground``; of a shift that is gone nothing is known."""
        return shift_id in self.shifts and self.shifts[shift_id].lacks_ground

    @cached_property
    def _bearers(self) -> Counter[str]:
        return Counter(name for _code, name in self.people.values())

    @cached_property
    def _spans_units(self) -> bool:
        """One unit's own sentences need not repeat its name."""
        return len({shift.unit for shift in self.shifts.values()}) > 1


def names_of(problem: Problem) -> RosterNames:
    """The words for what a Problem holds; duty kinds and units are read from the database."""
    if "words.names" not in problem.facts:
        problem.facts["words.names"] = _held_by(problem)
    people, shifts = problem.facts["words.names"]
    return RosterNames(people, shifts, *_kinds_and_units())


def _held_by(problem: Problem) -> tuple[dict[int, tuple[str, str]], dict[int, ShiftName]]:
    """Its people and shifts, which are thousands and the same for every draft of a plan."""
    people = {person.id: (person.code, person.name) for person in problem.staff}
    shifts = {
        each.id: ShiftName(each.template, each.duty, each.unit, each.start, each.end, lacks_ground(problem, each))
        for each in problem.shifts
    }
    return people, shifts


def names_for(shift_ids: Iterable[int], person_ids: Iterable[int]) -> RosterNames:
    """The words for rows named in something stored earlier (a solve run, a revision)."""
    people = db.session.execute(select(Person.id, Person.code, Person.full_name).where(Person.id.in_(set(person_ids))))
    wanted = set(shift_ids)
    rows = db.session.scalars(select(ShiftRow).where(ShiftRow.id.in_(wanted))).all() if wanted else ()
    long = _without_ground(rows)
    return RosterNames(
        {row.id: (row.code, row.full_name) for row in people},
        {row.id: ShiftName(row.template, row.duty, "", row.starts_at, row.ends_at, row.id in long) for row in rows},
        *_kinds_and_units(),
    )


def _without_ground(rows: Iterable[ShiftRow]) -> set[int]:
    """Ids of the rows that lack a ground by the rules of their campaigns as they are now."""
    found, rules = set[int](), dict[int, Problem]()
    for row in rows:
        if row.form == "onsite" and not row.legal_ground:
            if row.campaign_id not in rules:
                rules[row.campaign_id] = Problem((), (), settings=rule_queries.chosen(row.campaign_id))
            most = HOURS_CONTINUOUS.value(rules[row.campaign_id], "most", on=row.local_on)
            if most is not None and row.ends_at - row.starts_at > timedelta(minutes=most):
                found.add(row.id)
    return found


def maker_names(refs: Collection[str]) -> dict[str, str]:
    """Who did something, by the reference that is kept of them; commands have no name of their own."""
    return {ref: machine_word(ref) or name for ref, name in people.actor_names(refs).items()}


def machine_word(ref: str) -> str:
    """Return what is said of an actor that is no account, key or person; else ""."""
    way = ref.partition(":")[0]
    if way == "cli":
        return _("dòng lệnh")
    return _("hệ thống") if way == "system" else ""


def _kinds_and_units() -> tuple[dict[str, str], dict[str, str]]:
    memory = shared_cache.kept_now(shared_cache.PLAN)
    if "words.units" not in memory:
        memory["words.kinds"] = db.session.execute(select(DutyKind.code, DutyKind.name_vi, DutyKind.name_en)).all()
        memory["words.units"] = dict(db.session.execute(select(Unit.code, Unit.name)).tuples().all())
    return {kind.code: named(kind) for kind in memory["words.kinds"]}, memory["words.units"]
