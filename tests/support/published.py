"""Three days of Tết Canh Tý, published by the real services: three people take turns on each of the letter's kinds.

Codes: L1–L3 leadership, O1–O3 operations, E1–E3 emergency; O4 is a spare hand. Duties change at 07:30 and 19:30.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.actor import Actor
from roster.campaigns.models import Campaign
from roster.dividing import amendments
from roster.draft import services as drafts
from roster.feeds.models import FeedSubscription
from roster.models import Duty, Shift
from roster.publishing import services as publishing
from roster.publishing.parts import Only
from tests.support import factories, worlds

NOW = factories.NOW
LETTERS = {"leadership": "L", "operations": "O", "emergency": "E"}


class Published:
    """``campaign_id``, ``unit_id``, ``person`` (code → id), and hands to change the roster with."""

    def __init__(self, now: datetime = NOW) -> None:
        self.unit_id, self.person, self.campaign_id = worlds.begin(("published", now), lambda: self._write(now))

    def _write(self, now: datetime) -> tuple[int, dict[str, int], int]:
        unit = factories.make_unit("TINH", name="Bưu điện tỉnh")
        self.unit_id = unit.id
        self.person = dict[str, int]()
        for duty, letter in LETTERS.items():
            for number in range(1, 5 if letter == "O" else 4):
                code = f"{letter}{number}"
                phone = f"09000001{'LOE'.index(letter)}{number}"
                made = factories.make_person(code, unit, duties=(duty,), phone=phone, position="Nhân viên")
                self.person[code] = made.id
        factories.make_round_the_clock(unit)
        self.campaign_id = factories.make_campaign(unit, now=now).id
        for duty, letter in LETTERS.items():
            for turn, shift_id in enumerate(self.shifts(duty)):
                drafts.set_people(shift_id, [f"{letter}{turn % 3 + 1}"], actor=factories.ADMIN, now=now)
        publishing.publish(self.campaign_id, actor=factories.ADMIN, now=now)
        return self.unit_id, self.person, self.campaign_id

    def shifts(self, duty: str) -> list[int]:
        """Shift ids in order of start."""
        wanted = select(Shift.id).where(Shift.campaign_id == self.campaign_id, Shift.duty == duty)
        return list(factories.db.session.scalars(wanted.order_by(Shift.starts_at)))

    def reassign(self, duty: str, turn: int, code: str, *, at: datetime = NOW + timedelta(days=1)) -> None:
        """Put somebody else on the ``turn``-th shift of ``duty`` and publish the next revision: of one that runs what
        is left."""
        shift_id = self.shifts(duty)[turn]
        drafts.set_people(shift_id, [code], override_reason="Đổi ca", actor=factories.ADMIN, now=at)
        if factories.db.session.get_one(Shift, shift_id).starts_at <= at:
            only = Only(seats=(self.seat(duty, turn),))
            amendments.publish_only(self.campaign_id, only, actor=factories.ADMIN, now=at)
        else:
            publishing.publish(self.campaign_id, actor=factories.ADMIN, now=at)

    def seat(self, duty: str, turn: int) -> int:
        """The only seat of the ``turn``-th shift of ``duty``."""
        wanted = select(Duty.seat_id).where(Duty.shift_id == self.shifts(duty)[turn])
        return factories.db.session.scalars(wanted).unique().one()

    @property
    def campaign(self) -> Campaign:
        found = factories.db.session.get(Campaign, self.campaign_id)
        assert found is not None
        return found


def feed(scope: str, *, actor: Actor = factories.ADMIN, now: datetime = NOW, **of: object) -> FeedSubscription:
    from roster.feeds import services as subscriptions
    from roster.feeds.facts import Options, Subject

    options = Options(of.pop("lang", "vi"), of.pop("show_phones", False), of.pop("busy", False))  # type: ignore[arg-type]
    return subscriptions.subscribe(Subject(scope, **of), options, actor=actor, now=now)  # type: ignore[arg-type]
