"""The demo's story of the letter is told after its roster, and taken back with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, select, update

from compliance.register import queries
from compliance.register.models import Directive, Evidence, Requirement, RequirementEvent, RequirementPoint
from core import clock
from core.actor import SYSTEM
from core.db import db
from desk.demo.letter import canh_ty, coming, entered, scene
from people.models import Unit

UNTOLD = {
    "received_on": None,
    "received_by": "",
    "acknowledged_at": None,
    "acknowledged_by": "",
    "season_from": None,
    "season_to": None,
    "spread_at": None,
    "spread_by": "",
    "reminded_at": None,
    "reminded_by": "",
}


def may_tell() -> bool:
    """Whether nobody real is asked by a letter of the demo, and letter 77 is as it came: it is everybody's."""
    if db.session.scalar(select(Unit.id).where(Unit.is_demo.is_(False)).limit(1)) is not None:
        return False
    row = _seventy_seven()
    is_cut = any(each.off_kinds for each in queries.requirements(row.id))
    return not is_cut and all(getattr(row, name) == value for name, value in UNTOLD.items())


def tell(unit: str, *, manager: str, admin: str, tet_year: int, now: datetime) -> None:
    """``manager``, ``admin``: logins; ``tet_year``: of the coming Tết, whose campaign is there."""
    told = scene.set_scene(unit, manager, admin, clock.local_date(now))
    entered.begin()
    canh_ty.tell(told)
    coming.tell(told, _seventy_seven(), tet_year, now)


def _seventy_seven() -> Directive:
    return db.session.scalars(select(Directive).filter_by(seed=canh_ty.SEED)).one()


def take_back() -> None:
    """Take the demo's letters back, in the caller's transaction, after what units of the demo said is gone: letters
    that the demo entered go, and 77 is as it was before, unless somebody of a real unit has answered it meanwhile."""
    session, made = db.session, entered.ids()
    if made is None:
        return
    first = select(Directive.id).filter_by(seed=canh_ty.SEED)
    told = {*made, *session.scalars(first)} - set(session.scalars(_answered()))
    rows = select(Requirement.id).where(Requirement.directive_id.in_(told))
    for model in (RequirementPoint, RequirementEvent):  # what was computed of real units
        session.execute(delete(model).where(model.requirement_id.in_(rows)))
    session.execute(update(Requirement).where(Requirement.directive_id.in_(told)).values(off_kinds=[]))
    gone = told & made
    for model, of in ((Requirement, Requirement.directive_id), (Directive, Directive.id)):
        session.execute(delete(model).where(of.in_(gone)))
    session.execute(update(Directive).where(Directive.id.in_(told - gone)).values(**UNTOLD))
    entered.forget()


def _answered() -> Select[tuple[int]]:
    """Letters of which some person of a unit says something."""
    happened = select(RequirementEvent.requirement_id).where(RequirementEvent.who != SYSTEM.name)
    shown = select(Evidence.requirement_id)
    return select(Requirement.directive_id).where(Requirement.id.in_(happened.union(shown))).distinct()
