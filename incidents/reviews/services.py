"""Tổng kết sau sự cố: asked for after level 1 and 2, written together, followed until what was promised is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import d
from core.text import nfc
from incidents.paging import notices
from incidents.record import access, naming, states, timeline
from incidents.record.models import Incident
from incidents.reviews.models import Review, ReviewAction
from people import queries as people
from people.access import guard
from people.models import Person

PARTS = ("happened", "cause", "consequence", "remedy", "went_well", "went_badly")
NEEDED = ("happened", "cause", "remedy")
"""Without these it is not yet written."""
ASKED_UP_TO = 2
LONGEST, LONGEST_ACTION = 6000, 500


def is_asked(incident: Incident) -> bool:
    """Whether a review is asked for: after level 1 and 2, once it is over; never for an exercise, nor for what is told
    by another one's review."""
    over = incident.status not in states.UNFINISHED and incident.joined_to_id is None
    return over and incident.severity <= ASKED_UP_TO and incident.rehearsal_id is None


def is_written(review: Review | None) -> bool:
    return review is not None and all(getattr(review, part) for part in NEEDED)


def find_review(incident_id: int) -> Review | None:
    wanted = select(Review).options(joinedload(Review.actions).joinedload(ReviewAction.owner))
    return db.session.scalars(wanted.where(Review.incident_id == incident_id)).unique().one_or_none()


def save(incident_id: int, parts: Mapping[str, str], *, version: int, actor: Actor, now: datetime) -> Review:
    """Write the parts given; ``version`` is the one that was read (0: there was none).

    Raises ``Conflict("review.changed")`` when somebody wrote meanwhile, ``Invalid`` for what is too long or secret.
    """
    with _writing(incident_id, "review", actor, now) as (session, incident):
        review = session.get(Review, incident_id, populate_existing=True)
        if (review.version if review else 0) != version:
            raise Conflict("review.changed", by=review.updated_by if review else "", state={"version": version})
        texts = {part: nfc(parts[part]).strip() for part in PARTS if part in parts}
        for part, text in texts.items():
            if len(text) > LONGEST:
                raise Invalid("review.long", field=part, most=LONGEST)
            timeline.discreet(incident, text, actor, part)
        if review is None:
            review = Review(incident_id=incident_id, version=0, updated_at=now, updated_by=actor.name)
            session.add(review)
        for part, text in texts.items():
            setattr(review, part, text)
        review.version, review.updated_at, review.updated_by = version + 1, now, actor.name
        session.flush()
        return review


def add_action(
    incident_id: int, *, text: str, owner_id: int, due_on: date, actor: Actor, now: datetime
) -> ReviewAction:
    """Somebody will do something by a day. Raises ``Invalid``, ``NotFound``."""
    with _writing(incident_id, "review_action", actor, now) as (session, incident):
        words = nfc(text).strip()
        if not words:
            raise Invalid("review.action_missing", field="text")
        if len(words) > LONGEST_ACTION:
            raise Invalid("review.long", field="text", most=LONGEST_ACTION)
        timeline.discreet(incident, words, actor, "text")
        if due_on < clock.local_date(now):
            raise Invalid("review.due_past", field="due_on")
        owner = _able(people.person_by_id(owner_id), "owner")
        if session.get(Review, incident_id) is None:
            session.add(Review(incident_id=incident_id, version=1, updated_at=now, updated_by=actor.name))
            session.flush()
        action = ReviewAction(incident_id=incident_id, text=words, owner_id=owner_id, due_on=due_on)
        session.add(action)
        session.flush()
        if owner.id != actor.person_id:
            _tell_owner(incident, action, owner, actor, now=now, occasion=f"review/{action.id}")
        return action


def pass_on(incident_id: int, action_id: int, *, owner_id: int, actor: Actor, now: datetime) -> ReviewAction:
    """Somebody else is to do it; they and the person who was to do it are told, each time anew.

    Raises ``NotFound``, ``Invalid``, ``Conflict`` when it is done.
    """
    with _writing(incident_id, "review_passed", actor, now) as (session, incident):
        action = session.get(ReviewAction, action_id, with_for_update=True, populate_existing=True)
        if action is None or action.incident_id != incident_id:
            raise NotFound("review.no_action")
        if action.done_at is not None:
            raise Conflict("review.action_done")
        owner = _able(people.person_by_id(owner_id), owner_field(action_id))
        if action.owner_id != owner.id:
            former, occasion = action.owner, f"review/{action.id}/{now.isoformat()}"
            action.owner_id, action.owner_name = owner.id, ""
            session.flush()
            session.refresh(action, ["owner"])
            if owner.id != actor.person_id:
                _tell_owner(incident, action, owner, actor, now=now, occasion=occasion)
            if former is not None and former.active and former.id != actor.person_id:
                _tell_former(incident, former, owner, actor, now=now, occasion=occasion)
        return action


def owner_field(action_id: int) -> str:
    """The input in which the person to do it instead is chosen."""
    return f"owner-{action_id}"


def _able(owner: Person, field: str) -> Person:
    if not owner.active:
        raise Invalid("review.owner_left", field=field, name=owner.full_name)
    return owner


def _tell_owner(
    incident: Incident, action: ReviewAction, owner: Person, actor: Actor, *, now: datetime, occasion: str
) -> None:
    def words() -> tuple[str, str]:
        about = f"{incident.code} · {naming.outside(incident)}"
        what = "" if incident.restricted else f" {action.text}"
        return _("Việc phải làm sau sự cố %(code)s, hạn %(day)s", code=incident.code, day=d(action.due_on)), _(
            "%(who)s giao đồng chí một việc sau sự cố %(incident)s, hạn %(day)s.",
            who=actor.name,
            incident=about,
            day=d(action.due_on),
        ) + what

    path = f"/incidents/{incident.code}/review"
    notices.tell(incident, owner, words, occasion=occasion, path=path, now=now)


def _tell_former(
    incident: Incident, former: Person, owner: Person, actor: Actor, *, now: datetime, occasion: str
) -> None:
    def words() -> tuple[str, str]:
        about = f"{incident.code} · {naming.outside(incident)}"
        return _("Việc sau sự cố %(code)s đã giao người khác", code=incident.code), _(
            "%(who)s đã giao việc của đồng chí sau sự cố %(incident)s cho %(owner)s.",
            who=actor.name,
            incident=about,
            owner=owner.full_name,
        )

    notices.tell(incident, former, words, occasion=occasion, path=f"/incidents/{incident.code}/review", now=now)


def finish_action(incident_id: int, action_id: int, *, actor: Actor, now: datetime, done: bool = True) -> ReviewAction:
    """Done, or not done after all; its owner may say so too."""
    with transaction() as session:
        incident = session.get_one(Incident, incident_id)
        access.ensure_visible(actor, incident, now=now)
        action = session.get(ReviewAction, action_id, with_for_update=True, populate_existing=True)
        if action is None or not action.is_of(actor.person_id):
            guard.ensure(actor, "incident.act", incident.unit_id, now=now)
        if action is None or action.incident_id != incident_id:
            raise NotFound("review.no_action")
        action.done_at, action.done_by = (now, actor.name) if done else (None, "")
        audit.record(actor, "incident.review_done", "incident", incident.code, now=now, number=action_id, done=done)
        return action


def missing(actor: Actor, *, now: datetime, limit: int = 100) -> Sequence[Incident]:
    """Return those that ask for a review and have none, the latest first."""
    written = select(Review.incident_id).where(*(getattr(Review, part) != "" for part in NEEDED))
    wanted = _over(actor, now).where(
        Incident.severity <= ASKED_UP_TO, Incident.id.not_in(written), Incident.joined_to_id.is_(None)
    )
    return db.session.scalars(wanted.order_by(Incident.id.desc()).limit(limit)).all()


def written(actor: Actor, *, now: datetime, limit: int = 50) -> Sequence[Review]:
    seen = _over(actor, now).with_only_columns(Incident.id)
    wanted = select(Review).options(joinedload(Review.incident)).where(Review.incident_id.in_(seen))
    wanted = wanted.where(*(getattr(Review, part) != "" for part in NEEDED))
    return db.session.scalars(wanted.order_by(Review.updated_at.desc()).limit(limit)).all()


def open_actions(actor: Actor, *, now: datetime, limit: int = 200) -> Sequence[ReviewAction]:
    """Return what is still to be done, the longest due first."""
    seen = _over(actor, now).with_only_columns(Incident.id)
    wanted = select(ReviewAction).options(joinedload(ReviewAction.owner), joinedload(ReviewAction.review))
    wanted = wanted.where(ReviewAction.done_at.is_(None), ReviewAction.incident_id.in_(seen))
    return db.session.scalars(wanted.order_by(ReviewAction.due_on, ReviewAction.id).limit(limit)).all()


def own_actions(person_id: int) -> Sequence[ReviewAction]:
    """Return what somebody has promised and not done, the first due first."""
    wanted = select(ReviewAction).options(joinedload(ReviewAction.review).joinedload(Review.incident))
    wanted = wanted.where(ReviewAction.owner_id == person_id, ReviewAction.done_at.is_(None))
    return db.session.scalars(wanted.order_by(ReviewAction.due_on, ReviewAction.id)).all()


def _over(actor: Actor, now: datetime) -> Select[tuple[Incident]]:
    inside = guard.reach(actor, "incident.read", now=now)
    wanted = (
        select(Incident)
        .options(joinedload(Incident.unit))
        .where(
            Incident.rehearsal_id.is_(None),
            Incident.status.not_in(states.UNFINISHED),
            access.visible_to(actor, now=now),
        )
    )
    return wanted if inside is None else wanted.where(Incident.unit_id.in_(inside))


@contextmanager
def _writing(incident_id: int, verb: str, actor: Actor, now: datetime) -> Iterator[tuple[Session, Incident]]:
    with transaction() as session:
        incident = session.scalar(select(Incident).where(Incident.id == incident_id).with_for_update())
        if incident is None:
            raise NotFound("incident.unknown")
        access.ensure_visible(actor, incident, now=now)
        access.ensure_act(actor, incident, now=now)
        yield session, incident
        audit.record(actor, f"incident.{verb}", "incident", incident.code, now=now)
