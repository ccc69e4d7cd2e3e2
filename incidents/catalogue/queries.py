"""Reading the catalogue: what each category of incident brings with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select

from core.db import db
from core.fast_path import shared_cache
from incidents.catalogue.clocks import Targets
from incidents.catalogue.models import Authority, IncidentCategory, ResponseTarget, Route, SeverityQuestion, Vehicle
from incidents.catalogue.severity import LevelAnswer, LevelQuestion
from people import queries as people
from roster.resolver import resolver

TARGETS = "incidents.targets"
COMMON_QUESTIONS = ("hurt", "kt1", "stopped")
"""Asked while nobody has said yet what kind of incident it is."""


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(ResponseTarget.__tablename__)


def all_categories() -> list[IncidentCategory]:
    """Return all of them, also those that are not offered any more, in the order of the form."""
    return list(db.session.scalars(select(IncidentCategory).order_by(IncidentCategory.position, IncidentCategory.code)))


def all_questions() -> list[SeverityQuestion]:
    ordered = select(SeverityQuestion).order_by(SeverityQuestion.position, SeverityQuestion.code)
    return list(db.session.scalars(ordered))


def questions_of(category: str) -> list[SeverityQuestion]:
    """Return what the quick log asks about such an incident: at most three, those in use."""
    row = db.session.get(IncidentCategory, category) if category else None
    wanted = list(row.questions) if row else list(COMMON_QUESTIONS)
    known = {each.code: each for each in all_questions() if each.active}
    return [known[code] for code in wanted if code in known]


def pure_questions() -> dict[str, LevelQuestion]:
    """Every question as the pure rule reads it; also retired ones, which old incidents have answered."""
    return {row.code: _pure(row) for row in all_questions()}


def _pure(row: SeverityQuestion) -> LevelQuestion:
    answers = {
        str(each["value"]): LevelAnswer(each.get("level"), bool(each.get("party_state")), bool(each.get("restricted")))
        for each in row.answers
    }
    return LevelQuestion(row.code, answers)


def targets() -> dict[int, Targets]:
    """Level → how soon."""
    return {
        row.severity: Targets(
            timedelta(seconds=row.acknowledge_seconds),
            timedelta(seconds=row.leadership_seconds) if row.leadership_seconds is not None else None,
            timedelta(seconds=row.update_seconds) if row.update_seconds is not None else None,
            timedelta(seconds=row.resolve_seconds),
        )
        for row in db.session.scalars(select(ResponseTarget))
    }


def standing_targets(stamp: str | None) -> dict[int, Targets]:
    """``targets()``, kept in memory while nobody changes them; ``stamp``: what this transaction saw of it."""
    kept = shared_cache.kept(stamp)
    if TARGETS not in kept:
        kept[TARGETS] = targets()
    found: dict[int, Targets] = kept[TARGETS]
    return found


def shift_end(unit_id: int, severity: int, now: datetime, *, stamp: str | None = None) -> datetime | None:
    """Return when the operations shift of the unit ends, if a target of the level asks for it and the roster knows.

    ``stamp``: what this transaction saw of what is standing.
    """
    target = standing_targets(stamp).get(severity)
    if target is None or None not in (target.leadership, target.update):
        return None
    return resolver.who_is_on(unit_id, "operations", now).until


def target_rows() -> list[ResponseTarget]:
    return list(db.session.scalars(select(ResponseTarget).order_by(ResponseTarget.severity)))


def authorities_for(unit_id: int, roles: Sequence[str], on: date) -> list[Authority]:
    """Whom to tell, in the order of ``roles``; of each role those who serve the nearest unit, else everywhere."""
    above = people.ancestor_ids(unit_id)
    rows = db.session.scalars(
        select(Authority).where(
            Authority.role.in_(roles),
            or_(Authority.unit_id.is_(None), Authority.unit_id.in_(above)),
            or_(Authority.valid_from.is_(None), Authority.valid_from <= on),
            or_(Authority.valid_to.is_(None), Authority.valid_to >= on),
        )
    ).all()
    distance = {each: place for place, each in enumerate(above)}
    return sorted(
        rows, key=lambda row: (list(roles).index(row.role), distance.get(row.unit_id or 0, len(above)), row.name)
    )


def authorities() -> list[Authority]:
    return list(db.session.scalars(select(Authority).order_by(Authority.role, Authority.unit_id, Authority.name)))


def routes(*, active: bool = True) -> list[Route]:
    found = select(Route).order_by(Route.code)
    return list(db.session.scalars(found.where(Route.active) if active else found))


def vehicles(*, active: bool = True) -> list[Vehicle]:
    found = select(Vehicle).order_by(Vehicle.plate)
    return list(db.session.scalars(found.where(Vehicle.active) if active else found))


def categories() -> list[IncidentCategory]:
    """Return those in use, in the order in which they are offered."""
    in_use = select(IncidentCategory).where(IncidentCategory.active)
    return list(db.session.scalars(in_use.order_by(IncidentCategory.position, IncidentCategory.code)))


def category_statement() -> Select[tuple[IncidentCategory]]:
    """Every category, unordered; also those that are not offered any more."""
    return select(IncidentCategory)


def category(code: str) -> IncidentCategory | None:
    return db.session.get(IncidentCategory, code)
