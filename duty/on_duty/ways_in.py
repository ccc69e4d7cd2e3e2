"""Everything by which somebody comes in, is called or is read as this person: shown to them, each with its end.

Who came by a link ends what links gave; sessions and devices are for who has signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.actor import Actor
from core.errors import Forbidden, NotFound
from core.form_values import whole_number
from duty.on_duty.own_sections import Form, OwnSection
from people.accounts import keys, queries as accounts, services as account_services
from people.contact import endpoints, givers
from people.desks.models import DeskPin
from people.links import services as links, slips
from people.links.models import LinkDevice, PersonalLink
from people.models import ApiKey, Invitation, LoginSession, Person
from people.notification_rules.models import Endpoint
from people.sign_in import pins, sessions
from roster.feeds import services as subscriptions
from roster.feeds.models import FeedSubscription


@dataclass(frozen=True)
class OwnWaysIn:
    """``links``: each with the browsers that are taken for the owner's."""

    links: Sequence[tuple[PersonalLink, Sequence[LinkDevice]]]
    devices: Sequence[Endpoint]
    feeds: Sequence[tuple[FeedSubscription, str]]
    sessions: Sequence[LoginSession]
    keys: Sequence[ApiKey]
    invitations: Sequence[Invitation]
    pin: DeskPin | None
    given: Sequence[givers.Address]
    """Addresses that another gave, and that wait for the person to say that they are theirs."""

    is_folded: ClassVar[bool] = False

    @staticmethod
    def name_of(row: givers.Address) -> str:
        return givers.name_of(row)

    def count(self, by_link: bool) -> int:
        """Count what is shown to somebody who came by a link, or signed in."""
        browsers: int = sum(1 + len(found) for _link, found in self.links)
        return browsers + len(self.given) + len(self.feeds) + (0 if by_link else self._signed_in)

    @property
    def _signed_in(self) -> int:
        return sum(map(len, (self.devices, self.sessions, self.keys, self.invitations))) + (self.pin is not None)


def read_ways_in(person: Person, now: datetime) -> OwnWaysIn:
    user = accounts.user_of_person(person.id)
    feeds = [each for actor in _owners(person) for each in subscriptions.feeds_of(actor)]
    return OwnWaysIn(
        [(each, links.devices_of(each)) for each in links.links_of(person.id)],
        endpoints.devices_of(person.id),
        [(each, subscriptions.feed_name(each)) for each in feeds],
        accounts.live_sessions(user.id, now) if user is not None else [],
        accounts.keys_of(person.id, now),
        list(accounts.open_invitations([user.id], now).values()) if user is not None else [],
        accounts.pin_of(user.id) if user is not None else None,
        givers.list_unconfirmed(person),
    )


def _owners(person: Person) -> list[Actor]:
    """As whom they subscribe to calendars: by their links, and signed in."""
    own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
    user = accounts.user_of_person(person.id)
    return [own] if user is None else [own, Actor(user.name, "staff", "session", user.id, person_id=person.id)]


def _end_link(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    slips.end_one(_number(form), person, actor=actor, now=now)


def _forget(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    slips.forget_device(form.get("which", ""), person, actor=actor, now=now)


def _own_address(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    givers.is_own(person, form.get("which", ""), actor=actor, now=now)


def _end_feed(person: Person, _actor: Actor, form: Form, now: datetime) -> None:
    number = _number(form)
    for owner in _owners(person):
        if number in {each.id for each in subscriptions.feeds_of(owner)}:
            subscriptions.revoke(number, now=now, actor=owner)
            return
    raise NotFound("feed.unknown")


def _end_device(person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _ensure_signed_in(actor)
    number = _number(form)
    if number not in {each.id for each in endpoints.devices_of(person.id)}:
        raise NotFound("contact.unknown")
    endpoints.remove(number, now=now, actor=actor)


def _end_session(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _ensure_signed_in(actor)
    sessions.end_session(_number(form), now=now, actor=actor)


def _end_key(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _ensure_signed_in(actor)
    keys.revoke_api_key(_number(form), now=now, actor=actor)


def _end_invitation(_person: Person, actor: Actor, form: Form, now: datetime) -> None:
    _ensure_signed_in(actor)
    account_services.withdraw_own_invitation(_number(form), now=now, actor=actor)


def _end_pin(_person: Person, actor: Actor, _form: Form, now: datetime) -> None:
    _ensure_signed_in(actor)
    if actor.user_id is not None:
        pins.clear(actor.user_id, actor=actor, now=now)


def _ensure_signed_in(actor: Actor) -> None:
    """Sessions and devices came by signing in. Raises Forbidden ``ways_in.sign_in``."""
    if actor.via != "session":
        raise Forbidden("ways_in.sign_in", field="do")


def _number(form: Form) -> int:
    return whole_number(form.get("which")) or 0


SECTION = OwnSection(
    "duty/on_duty/_ways_in.html",
    read_ways_in,
    {
        "end_link": _end_link,
        "forget_browser": _forget,
        "own_address": _own_address,
        "end_feed": _end_feed,
        "end_device": _end_device,
        "end_session": _end_session,
        "end_key": _end_key,
        "end_invitation": _end_invitation,
        "end_pin": _end_pin,
    },
    opens="ways",
    waiting=lambda person: len(givers.list_unconfirmed(person)),
)
