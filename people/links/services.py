"""Personal addresses: made for messages and slips, opened, shown to be somebody's, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import joinedload

from core import audit
from core.actor import SYSTEM, Actor
from core.db import batched, db, transaction
from core.errors import Conflict, Gone, NotFound
from core.security import sealing, throttle, tokens
from core.security.throttle import AttemptLimit
from people.access import guard
from people.channels import OF_PHONE
from people.links import answering, notices
from people.links.models import LinkDevice, PersonalLink
from people.models import ContactMethod, Person
from people.notification_rules.models import Endpoint
from people.notification_rules.rules import Rung

LONGEST_NAME = 80
"""Of a browser, as it calls itself."""
MOST_DEVICES = 20
"""Browsers that one link knows: then the oldest is forgotten, and asked again."""
TAPS = AttemptLimit(60, timedelta(hours=1))
"""Of one link: each leaves rows, and some write to people."""


@dataclass(frozen=True)
class DraftedLinks:
    """Addresses for messages that are not written yet: ``urls`` by person id; ``rows``: of those that are new."""

    urls: Mapping[int, str]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class LinkVisit:
    """Somebody at a personal address. ``known``: this browser has said that it is the owner's; ``is_first``: none has
    yet; ``is_shared``: the link went to an address that several people read. ``slip_of``: the name and the reference of
    whose slip it is as much as the person's own address: who printed it, or gave the address that it was sent to
    (``people.contact.givers``)."""

    link: PersonalLink
    known: bool
    is_first: bool
    is_shared: bool
    slip_of: tuple[str, str] | None = None

    @property
    def is_slip(self) -> bool:
        return self.slip_of is not None

    @property
    def person(self) -> Person:
        return self.link.person

    @property
    def may_act(self) -> bool:
        """Whoever taps first need not be asked; from the second browser on it may be somebody of a group chat, and in
        an office's mailbox anybody."""
        return self.known or (self.is_first and not self.is_shared)

    @property
    def actor(self) -> Actor:
        person = self.person
        own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
        return answering.as_slip(own, self.slip_of, given=not self.link.is_slip)


_SOMEBODY = Actor(name="?", role="viewer", via="link")
Follower = Callable[[int, datetime], None]
_followers: list[Follower] = []


def follow_ends(follower: Follower) -> None:
    """``follower(person_id, now)`` takes back what somebody got by their link, when links are taken back; registering
    twice does no harm. In the transaction that ends them."""
    if follower not in _followers:
        _followers.append(follower)


def drafted(ways: Mapping[int, Rung | None], *, now: datetime) -> DraftedLinks:
    """For each person the address that went that way before, or a new one. Writes nothing; ``add`` does."""
    wanted = {person_id: (_kind(rung.channel), rung.address) for person_id, rung in ways.items() if rung is not None}
    known, urls, rows = _readable(list(wanted)), {}, []
    for person_id, way in wanted.items():
        token = known.get((person_id, *way), "")
        if not token:
            token = tokens.new_short_token()
            rows.append(row_of(person_id, token, *way, now=now))
        urls[person_id] = url(token)
    return DraftedLinks(urls, tuple(rows))


def add(made: DraftedLinks) -> None:
    """Add them in the caller's transaction, with the messages that name them."""
    if made.rows:
        db.session.execute(insert(PersonalLink), list(made.rows))


def url(token: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/p/me/{token}"


def visit(token: str, device: str) -> LinkVisit:
    """``device``: the secret that this browser keeps for this address, or nothing. Reads only.

    Raises NotFound for what was never an address; Gone ``link.gone`` for one that was taken back, whose owner has left,
    or whose mail or number is the owner's no more: whoever has the number now is somebody else.
    """
    link = db.session.scalar(select(PersonalLink).where(PersonalLink.digest == tokens.digest(token)))
    if link is None:
        raise NotFound("link.unknown")
    if link.ended_at is not None or not link.person.active or not _is_theirs(link):
        raise Gone("link.gone")
    devices = set(db.session.scalars(select(LinkDevice.digest).where(LinkDevice.link_id == link.id)))
    row = _address_row(link)
    is_shared = isinstance(row, ContactMethod) and row.unit_id is not None
    known = bool(device) and tokens.digest(device) in devices
    printed = (link.printed_by, link.printed_ref) if link.is_slip else answering.giver_of(row)
    return LinkVisit(link, known, not devices, is_shared, printed)


def is_me(here: LinkVisit, agent: str, *, now: datetime) -> str:
    """Whoever is there says that they are the owner: the secret that their browser keeps; empty when it has one.

    It also shows that the address works to which the link was sent. Raises Conflict ``link.taken`` when another browser
    was quicker to be the first; Throttled.
    """
    actor = here.actor
    throttle.take({throttle.key_of("own-link", str(here.link.id)): TAPS}, now=now)
    with transaction() as session:
        first = update(PersonalLink).where(PersonalLink.id == here.link.id, PersonalLink.first_used_at.is_(None))
        done = session.execute(first.values(first_used_at=now))
        if here.is_first and done.rowcount != 1:  # type: ignore[attr-defined]  # two who were never asked
            raise Conflict("link.taken")
        if not here.is_shared and not here.is_slip:
            _prove(here.link, actor, now)
        if here.known:
            return ""
        device = tokens.new_token()
        name = agent[:LONGEST_NAME]
        session.add(LinkDevice(digest=tokens.digest(device), link_id=here.link.id, name=name, made_at=now))
        _forget_oldest(here.link.id)
        audit.record(actor, "link.use", "person", here.person.id, now=now, link=here.link.id)
        return device


def _forget_oldest(link_id: int) -> None:
    rows = select(LinkDevice.digest).where(LinkDevice.link_id == link_id).order_by(LinkDevice.made_at.desc())
    old = db.session.scalars(rows.offset(MOST_DEVICES)).all()
    if old:
        db.session.execute(delete(LinkDevice).where(LinkDevice.digest.in_(old)))


def devices_of(link: PersonalLink) -> Sequence[LinkDevice]:
    """The browsers that are taken for the owner's, the newest first."""
    wanted = select(LinkDevice).where(LinkDevice.link_id == link.id).order_by(LinkDevice.made_at.desc())
    return db.session.scalars(wanted).all()


def not_mine(here: LinkVisit, *, now: datetime) -> None:
    """Somebody else reads what was sent there: who manages the person looks after the address. Said once a day."""
    throttle.take({throttle.key_of("own-link", str(here.link.id)): TAPS}, now=now)
    with transaction():
        audit.record(_SOMEBODY, "link.not_me", "person", here.person.id, now=now, link=here.link.id)
        notices.not_mine(here.link, now=now)


def links_of(person_id: int) -> Sequence[PersonalLink]:
    """The live ones, the newest first."""
    wanted = select(PersonalLink).where(PersonalLink.person_id == person_id, PersonalLink.ended_at.is_(None))
    return db.session.scalars(wanted.order_by(PersonalLink.id.desc())).all()


def is_of(link: PersonalLink, ref: str) -> bool:
    """Whether somebody (``Actor.ref``) printed it, or gave the address that it went to."""
    row = _address_row(link)
    return link.printed_ref == ref if link.is_slip else row is not None and row.given_ref == ref != ""


def end_all(person: Person, *, actor: Actor, now: datetime) -> int:
    """Take back every address of this person and forget their browsers; answers how many. Raises Forbidden."""
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    with transaction():
        ids = [link.id for link in links_of(person.id)]
        if ids:
            end_some(ids, {person.id}, now)
            audit.record(actor, "link.end", "person", person.id, now=now, links=len(ids))
    return len(ids)


def end_lost(now: datetime) -> int:
    """Housekeeping: end those whose owner has left, or whose mail or number is the owner's no more, so that they do not
    come alive again with it. Nobody could use them since it went (``visit``). Answers how many."""
    live = select(PersonalLink).options(joinedload(PersonalLink.person).selectinload(Person.contacts))
    lost = [
        link
        for link in db.session.scalars(live.where(PersonalLink.ended_at.is_(None)))
        if not link.person.active or not _is_theirs(link)
    ]
    if lost:
        with transaction():
            end_some([link.id for link in lost], {link.person_id for link in lost}, now)
            for link in lost:
                audit.record(SYSTEM, "link.end", "person", link.person_id, now=now, link=link.id)
    return len(lost)


def end_some(ids: Sequence[int], owners: Iterable[int], now: datetime) -> None:
    """End them with what was got by them, and the browsers that they knew."""
    session = db.session
    live = update(PersonalLink).where(PersonalLink.id.in_(ids), PersonalLink.ended_at.is_(None))
    session.execute(live.values(ended_at=now, sealed=""))
    session.execute(delete(LinkDevice).where(LinkDevice.link_id.in_(ids)))
    for owner in owners:
        for follower in _followers:
            follower(owner, now)
    session.expire_all()


def row_of(
    person_id: int, token: str, channel: str = "", address: str = "", *, now: datetime, by: Actor | None = None
) -> dict[str, Any]:
    """The columns of a new one; ``by``: to whom it is shown, when it is no message that brings it."""
    return {
        "person_id": person_id,
        "digest": tokens.digest(token),
        "sealed": sealing.seal({"token": token}),
        "channel": channel,
        "address": address,
        "printed_by": by.name if by else "",
        "printed_ref": by.ref if by else "",
        "made_at": now,
    }


def _readable(person_ids: Sequence[int]) -> dict[tuple[int, str, str], str]:
    """(person id, kind of address, address) → the token of the newest live link that can still be read."""
    wanted = select(PersonalLink).where(PersonalLink.ended_at.is_(None)).order_by(PersonalLink.id)
    return {
        (row.person_id, row.channel, row.address): sealing.token_in(row.sealed)
        for some in batched(person_ids)
        for row in db.session.scalars(wanted.where(PersonalLink.person_id.in_(some)))
    }


def _kind(channel: str) -> str:
    """A number is one address, whether it is written to or rung."""
    return "phone" if channel in OF_PHONE else channel


def _is_theirs(link: PersonalLink) -> bool:
    return not link.channel or _address_row(link) is not None


def _address_row(link: PersonalLink) -> ContactMethod | Endpoint | None:
    own = [each for each in link.person.contacts if (each.channel, each.address) == (link.channel, link.address)]
    if own or link.channel in ("", "email", "phone"):
        return next(iter(own), None)
    wanted = select(Endpoint).where(Endpoint.person_id == link.person_id, Endpoint.channel == link.channel)
    return next((each for each in db.session.scalars(wanted) if each.address == link.address), None)


def _prove(link: PersonalLink, actor: Actor, now: datetime) -> None:
    row = _address_row(link)
    if row is not None and row.verified_at is None:
        row.verified_at = now
        audit.record(actor, "contact.verified", "person", link.person_id, now=now, channel=link.channel, by="link")
