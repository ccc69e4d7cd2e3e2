"""What ties the demo to what is real: that which must be parted first, and the history that only keeps a name."""

from __future__ import annotations

from typing import TypeAlias

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from core.db import db
from incidents.policies.models import PolicyTarget, PolicyVersion
from incidents.policies.selection import named_in
from incidents.record import states
from incidents.record.models import Escalation, Incident
from incidents.reviews.models import ReviewAction
from people.models import ContactMethod, Person, Unit, User
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift

Ids: TypeAlias = Select[tuple[int]]
SHOWN = 60
"""Characters of a promised action: enough to know it by."""


def incidents_of(units: Ids) -> Ids:
    """Ids of the incidents that go with the demo."""
    return select(Incident.id).where(or_(Incident.unit_id.in_(units), Incident.is_demo))


def real_things(units: Ids, people: Ids) -> list[str]:
    """Names of what is not of the demo and would lose a part of itself."""
    served = select(Duty.campaign_id).where(or_(Duty.person_id.in_(people), Duty.unit_id.in_(units)))
    planned = select(Shift.campaign_id).where(Shift.unit_id.in_(units))
    drafted = (
        select(Shift.campaign_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .where(DraftAssignment.person_id.in_(people))
    )
    campaigns = served.union(planned, drafted)
    signing_in = or_(User.unit_id.in_(units), User.person_id.in_(people))
    mailboxes = select(ContactMethod.person_id).where(ContactMethod.unit_id.in_(units))
    found = [
        select(Person.full_name).where(Person.unit_id.in_(units), ~Person.is_demo),
        select(Unit.name).where(Unit.parent_id.in_(units), ~Unit.is_demo),
        select(Campaign.name).where(Campaign.id.in_(campaigns), Campaign.unit_id.not_in(units)),
        select(User.name).where(signing_in, ~User.is_demo),
        select(Person.full_name).where(Person.id.in_(mailboxes), Person.unit_id.not_in(units)),
    ]
    named = [name for statement in found for name in db.session.scalars(statement)]
    return [*named, *_calling(units, people), *_promised(units, people)]


def _calling(units: Ids, people: Ids) -> list[str]:
    """Whose policies name people of the demo and hold now, or are those of a real incident that runs."""
    going = set(db.session.scalars(people))
    newer = aliased(PolicyVersion)
    same_slot = (newer.band == PolicyVersion.band) & (newer.slot == PolicyVersion.slot)
    same_unit = newer.unit_id.is_not_distinct_from(PolicyVersion.unit_id)
    is_old = exists().where(same_unit, same_slot, newer.number > PolicyVersion.number)
    running = select(Escalation.policy_id).join(Incident, Incident.id == Escalation.incident_id)
    running = running.where(Incident.status.in_(states.UNFINISHED), Incident.id.not_in(incidents_of(units)))
    holding = or_(~is_old, PolicyVersion.id.in_(running))
    counting = select(PolicyVersion).options(selectinload(PolicyVersion.steps)).where(_is_real(units), holding)
    whose = {each.unit_id for each in db.session.scalars(counting) if going & {*named_in(each), *_last(each)}}
    names = db.session.scalars(select(Unit.name).where(Unit.id.in_(whose - {None})).order_by(Unit.name))
    return [*names, *([_("Quy trình mặc định")] if None in whose else [])]


def _promised(units: Ids, people: Ids) -> list[str]:
    """Return what people of the demo are still to do after real incidents, and what to do about it."""
    wanted = (
        select(ReviewAction, Incident, Person.full_name)
        .join(Incident, Incident.id == ReviewAction.incident_id)
        .join(Person, Person.id == ReviewAction.owner_id)
        .where(ReviewAction.owner_id.in_(people), ReviewAction.done_at.is_(None))
        .where(ReviewAction.incident_id.not_in(incidents_of(units)))
        .order_by(ReviewAction.due_on, ReviewAction.id)
    )
    return [_action(action, incident, name) for action, incident, name in db.session.execute(wanted)]


def _action(action: ReviewAction, incident: Incident, owner: str) -> str:
    if incident.restricted:
        said = _("một việc %(owner)s còn phải làm sau sự cố %(code)s", owner=owner, code=incident.code)
    else:
        what = action.text if len(action.text) <= SHOWN else action.text[: SHOWN - 1].rstrip() + "…"
        said = _(
            "việc “%(what)s” %(owner)s còn phải làm sau sự cố %(code)s", what=what, owner=owner, code=incident.code
        )
    return _("%(action)s (mở bản tổng kết, giao người khác hoặc ghi đã làm xong)", action=said)


def leave_history(units: Ids, people: Ids) -> None:
    """What real units keep of the past names the people of the demo, and points to them no more.

    Caller's transaction, after :func:`real_things` has found nothing.
    """
    session, names = db.session, select(Person.full_name)
    owner = names.where(Person.id == ReviewAction.owner_id).scalar_subquery()
    session.execute(
        update(ReviewAction).where(ReviewAction.owner_id.in_(people)).values(owner_name=owner, owner_id=None)
    )
    target = names.where(Person.id == PolicyTarget.person_id).scalar_subquery()
    session.execute(update(PolicyTarget).where(PolicyTarget.person_id.in_(people)).values(gone=target, person_id=None))
    going = dict(session.execute(select(Person.id, Person.full_name).where(Person.id.in_(people))).tuples().all())
    for version in session.scalars(select(PolicyVersion).where(_is_real(units))):
        gone = [going[each] for each in _last(version) if each in going]
        if gone:
            version.catch_all = [each for each in _last(version) if each not in going]
            version.catch_all_gone = [*version.catch_all_gone, *gone]
    session.flush()


def _is_real(units: Ids) -> ColumnElement[bool]:
    return or_(PolicyVersion.unit_id.is_(None), PolicyVersion.unit_id.not_in(units))


def _last(version: PolicyVersion) -> list[int]:
    return [int(each) for each in version.catch_all]
