"""Two incidents are one: the joined one stops calling and follows the main one; and which ones may be the same."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NoReturn

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from incidents.catalogue.models import IncidentCategory
from incidents.endings import services as endings
from incidents.merging import similarity as likely
from incidents.merging.models import IncidentJoin
from incidents.policies import selection
from incidents.record import access, outgoing, states, timeline, transitions
from incidents.record.models import Incident
from people import queries as people

Follows = Literal["note", "resolved", "closed", "reopened"]


def join(incident_id: int, *, main_id: int, actor: Actor, now: datetime, note: str = "") -> Incident:
    """``incident_id`` is the same as ``main_id``: its calls stop, its timeline stays; answers the main one.

    What is joined to it already goes along. Where either is restricted both are from now on; the worse severity and
    Party and State hold for the main one. Raises ``Conflict``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        incident, main = _both(session, incident_id, main_id, actor, now=now)
        access.ensure_dispatch(actor, incident, now=now)
        access.ensure_act(actor, main, now=now)
        _ensure_may_join(incident, main)
        before = incident.status
        incident.joined_to_id = main.id
        session.add(
            IncidentJoin(
                incident_id=incident.id, main_id=main.id, status_before=before, at=now, by=actor.name, note=note.strip()
            )
        )
        if before in states.UNFINISHED:
            transitions.move(session, incident, "join")
            incident.resolved_at = now
            transitions.stop(incident, now=now)
            endings.over(session, incident, off=True, by=(actor.person_id,), now=now)
        for follower in _followers(session, incident):
            follower.joined_to_id = main.id
            timeline.write(session, follower, "joined", actor, now=now, main=main.code)
        level = main.severity
        _share(session, incident, main, now)
        worse = {"before": level, "after": main.severity} if main.severity != level else {}
        timeline.write(session, incident, "joined", actor, now=now, note=note, main=main.code)
        timeline.write(session, main, "joined_here", actor, now=now, note=note, joined=incident.code, **worse)
        audit.record(actor, "incident.join", "incident", incident.code, now=now, main=main.code)
        session.flush()
        return main


def split(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """They were not the same: what was open when it was joined is open again and calls from the first step.

    Raises ``Conflict`` when it is joined to none, or when its key was reported anew meanwhile.
    """
    with transaction() as session:
        main_id = _main_id(incident_id)
        if main_id is None:
            _refuse_split(session, incident_id, actor, now)
        incident, main = _both(session, incident_id, main_id, actor, now=now)
        access.ensure_dispatch(actor, incident, now=now)
        if incident.joined_to_id != main.id:
            raise Conflict("join.none", state={"code": incident.code})
        row = session.scalars(select(IncidentJoin).filter_by(incident_id=incident.id, undone_at=None)).one()
        row.undone_at, row.undone_by = now, actor.name
        incident.joined_to_id = None
        timeline.write(session, incident, "split", actor, now=now, note=note, main=main.code)
        timeline.write(session, main, "split_here", actor, now=now, note=note, joined=incident.code)
        if row.status_before in states.UNFINISHED:
            _open_again(session, incident, now)
            endings.reopened(session, incident, by=(actor.person_id,), now=now)
        audit.record(actor, "incident.split", "incident", incident.code, now=now, main=main.code)
        session.flush()
        return incident


def _refuse_split(session: Session, incident_id: int, actor: Actor, now: datetime) -> NoReturn:
    """Those who may not split it are told that, and nothing else."""
    incident = transitions.exclusively(session, incident_id)
    access.ensure_visible(actor, incident, now=now)
    access.ensure_dispatch(actor, incident, now=now)
    raise Conflict("join.none", state={"code": incident.code})


def follow(session: Session, main: Incident, did: Follows, who: Actor, *, now: datetime, note: str = "") -> None:
    """What happened to the main one is said in those joined to it; they are closed and reopened with it."""
    for incident in _followers(session, main):
        if did == "closed" and incident.status == "resolved":
            incident.status, incident.closed_at = "closed", now
        elif did == "reopened" and incident.status == "closed":
            incident.status, incident.closed_at = "resolved", None
        timeline.write(session, incident, f"main_{did}", who, now=now, note=note, main=main.code)


def main_of(incident: Incident) -> Incident:
    """The one that is worked on: itself, or the one that it was joined to."""
    if incident.joined_to_id is None:
        return incident
    return db.session.get_one(Incident, incident.joined_to_id)


def target(incident_id: int) -> int:
    """The id of ``main_of``; for what is said about a joined one."""
    return _main_id(incident_id) or incident_id


def joined_to(incident: Incident, *, actor: Actor, now: datetime) -> list[Incident]:
    """Return those joined to it that ``actor`` may see, the oldest first."""
    mine = select(Incident).where(Incident.joined_to_id == incident.id, access.visible_to(actor, now=now))
    return list(db.session.scalars(mine.order_by(Incident.id)))


def hide_together(session: Session, incident: Incident) -> None:
    """What is restricted about one of them holds for all that were joined: each page names the others, and the title of
    none leaves any more."""
    head = incident.joined_to_id or incident.id
    same = or_(Incident.id == head, Incident.joined_to_id == head)
    session.execute(update(Incident).where(same).values(restricted=True))
    for each in session.scalars(select(Incident).where(same, Incident.id != incident.id)):
        outgoing.withhold(session, each)


def alike(
    unit_id: int, category: str, title: str, now: datetime, *, actor: Actor | None = None, limit: int = 5
) -> list[Incident]:
    """Real open incidents that may be what is about to be reported: in this unit, above or below it, of late.

    Only what ``actor`` may see; without an actor (reports without an account): nothing restricted.
    """
    kinds = {row.code: row.family for row in db.session.scalars(select(IncidentCategory))}
    related = [*people.ancestor_ids(unit_id), *people.subtree_ids(unit_id)]
    seen = access.visible_to(actor, now=now) if actor is not None else ~Incident.restricted
    wanted = (
        select(Incident)
        .options(joinedload(Incident.unit), joinedload(Incident.escalation))
        .where(
            Incident.status.in_(states.UNFINISHED),
            Incident.rehearsal_id.is_(None),
            Incident.unit_id.in_(related),
            Incident.created_at > now - likely.WINDOW,
            Incident.created_at <= now,
            seen,
        )
        .order_by(Incident.id.desc())
        .limit(300)
    )
    found = {each.id: each for each in db.session.scalars(wanted)}
    new = likely.Gist(category, kinds.get(category, ""), unit_id, title, now)
    known = ((key, _gist(each, kinds)) for key, each in found.items())
    return [found[key] for key in likely.most_alike(new, known, limit)]


def alike_to(incident: Incident, *, actor: Actor, now: datetime) -> list[Incident]:
    """Open ones that may be the same as this one."""
    if incident.rehearsal_id is not None:
        return []
    others = alike(incident.unit_id, incident.category, incident.title, now, actor=actor, limit=6)
    return [each for each in others if each.id != incident.id][:5]


def _gist(incident: Incident, kinds: dict[str, str]) -> likely.Gist:
    family = kinds.get(incident.category, "")
    return likely.Gist(incident.category, family, incident.unit_id, incident.title, incident.created_at)


def _main_id(incident_id: int) -> int | None:
    return db.session.scalar(select(Incident.joined_to_id).where(Incident.id == incident_id))


def _both(
    session: Session, incident_id: int, main_id: int, actor: Actor, *, now: datetime
) -> tuple[Incident, Incident]:
    """Both exclusively, always in the same order: two people who join crosswise must not wait for each other. What is
    joined comes after the one that it is joined to, as wherever something follows the main one."""
    if incident_id == main_id:
        raise Conflict("join.itself")
    order = sorted((incident_id, main_id), key=lambda each: (_main_id(each) is not None, each))
    held = {each: transitions.exclusively(session, each) for each in order}
    for each in held.values():
        access.ensure_visible(actor, each, now=now)
    return held[incident_id], held[main_id]


def _ensure_may_join(incident: Incident, main: Incident) -> None:
    state = {"code": incident.code, "main": main.code, "status": incident.status}
    for one in (incident, main):
        if one.joined_to_id is not None:
            known = main_of(one)
            raise Conflict("join.already", state=state, incident=one.code, main=known.code)
    if (incident.rehearsal_id, main.rehearsal_id) != (None, None) and incident.rehearsal_id != main.rehearsal_id:
        raise Conflict("join.rehearsal", state=state)
    if incident.status in states.UNFINISHED and main.status not in states.UNFINISHED:
        # Nobody would be called any more about something that nobody has looked at.
        raise Conflict("join.main_finished", state=state, main=main.code)
    if _is_legal(incident) and not _is_legal(main):
        raise Conflict("join.legal", state=state, incident=incident.code, main=main.code)


def _is_legal(incident: Incident) -> bool:
    kind = db.session.get(IncidentCategory, incident.category)
    return kind is not None and kind.legal


def _followers(session: Session, main: Incident) -> list[Incident]:
    ids = session.scalars(select(Incident.id).where(Incident.joined_to_id == main.id).order_by(Incident.id)).all()
    return [transitions.exclusively(session, each) for each in ids]


def _share(session: Session, incident: Incident, main: Incident, now: datetime) -> None:
    """What is worse or more secret about one of them holds for the matter that they are."""
    family = [incident, main, *_followers(session, main)]
    if any(each.restricted for each in family):
        for each in family:
            each.restricted = True
    main.party_state = main.party_state or incident.party_state
    for each in family:
        outgoing.withhold(session, each)
    if incident.severity < main.severity:
        main.severity = incident.severity
        if main.status in states.UNFINISHED:
            selection.apply_newest(main)
            latest = now if main.status == "open" else now + selection.policy_of(main).ack_timeout
            main.escalation.next_at = min(main.escalation.next_at or latest, latest)


def _open_again(session: Session, incident: Incident, now: datetime) -> None:
    incident.status = states.after(incident.status, "split") or "open"
    try:
        transitions.start_over(session, incident, now=now)
    except IntegrityError:
        raise Conflict("join.reported_anew", state={"code": incident.code}) from None
