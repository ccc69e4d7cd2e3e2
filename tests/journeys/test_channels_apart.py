"""Every channel has threads, time-outs and circuit breakers of its own: what hangs or fails holds up itself alone."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from core import clock
from core.db import db as database
from notify import delivery, outbox
from notify.channels import registry
from notify.channels.gateway import GatewayChannel
from notify.gateways import breakers
from notify.models import Delivery, Message
from notify.senders import POOLS, Senders
from tests.support.http_sink import HttpSink, http_sink
from tests.support.push_sink import Browser, push_service
from tests.support.reach_story import ReachStory
from tests.support.smtp_sink import wait_until


class Everything:
    """All five carriers, and a message for each that ``fill`` puts into the outbox."""

    def __init__(self, reach: ReachStory) -> None:
        self.sms, self.voice = reach.sink("sms"), reach.sink("voice")
        self.push, self.browser = reach.stack.enter_context(push_service())
        self.hook: HttpSink = reach.stack.enter_context(http_sink())
        self.mail = reach.mail

    def fill(self, number: int) -> None:
        addresses = {
            "sms": f"09000003{number:02}",
            "voice": f"09000003{number:02}",
            "push": self.subscription(number),
            "apprise": f"json://127.0.0.1:{self.hook.port}/{number}",
            "email": f"a{number}@vidu.vn",
        }
        for channel, address in addresses.items():
            outbox.enqueue(
                topic=f"t/{channel}/{number}",
                key=f"{channel}/{number}",
                channel=channel,
                address=address,
                recipient="Thử",
                subject="Thử",
                body="Tin thử",
                now=clock.now(),
            )

    def subscription(self, number: int) -> str:
        return Browser(self.push, self.browser.key, self.browser.secret, str(number)).subscription

    def arrived(self) -> dict[str, int]:
        return {
            "sms": len(self.sms.asked),
            "voice": len(self.voice.asked),
            "push": len(self.push.asked),
            "apprise": len(self.hook.asked),
            "email": len(self.mail.arrivals),
        }

    def sink_of(self, channel: str) -> HttpSink:
        return {"sms": self.sms, "voice": self.voice, "push": self.push, "apprise": self.hook}[channel]


@pytest.mark.parametrize("hanging", ["sms", "voice", "push", "apprise"])
def test_a_channel_whose_other_side_hangs_holds_up_no_other(reach: ReachStory, hanging: str) -> None:
    """Real sender threads: more messages hang than the channel has threads, and all others arrive meanwhile."""
    reach.close()
    carriers, count = Everything(reach), 4
    slow = carriers.sink_of(hanging)
    slow.script[:] = ["hang"] * count
    for number in range(count):
        carriers.fill(number)
    stop = threading.Event()
    senders = Senders(reach.app, "test/0/", stop)
    senders.start()
    try:
        senders.wake(delivery.due_channels(now=clock.now()))
        wait_until(lambda: slow.hanging == POOLS[hanging], what="every thread of that channel")
        expected = {channel: 0 if channel == hanging else count for channel in POOLS}
        wait_until(lambda: carriers.arrived() == expected, what=f"everything but {hanging}")
        assert slow.hanging == POOLS[hanging] and slow.asked == []
    finally:
        stop.set()
        slow._closing.set()
        senders.join(lambda: 20.0)
    assert senders.alive() == 0


def test_a_gateway_that_says_nothing_is_left_after_its_time_and_the_second_carries(
    reach: ReachStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time-out itself is fifteen seconds; here it is a third of one."""
    monkeypatch.setitem(registry.FACTORIES, "sms", lambda _settings: GatewayChannel("sms", within=0.3))
    first, second = reach.sink("sms"), reach.sink("sms", name="dự phòng", position=2)
    first.script[:] = ["hang"]
    incident = reach.log()
    reach.pulse()
    assert first.hanging == 1 and len(second.asked) == 1 and reach.states(incident)["sms"] == "sent"
    (tried,) = database.session.scalars(select(Delivery).join(Message).where(Message.channel == "sms"))
    assert tried.detail["gateway"] == "sms/dự phòng" and "sms/chính" in tried.detail["before"][0]


def test_each_gateway_service_and_host_has_a_breaker_of_its_own(reach: ReachStory) -> None:
    carriers = Everything(reach)
    other: HttpSink = reach.stack.enter_context(http_sink())
    carriers.sms.answer = carriers.hook.answer = "500 hỏng"
    for number in range(4):
        carriers.fill(number)
        outbox.enqueue(
            topic=f"o/{number}",
            key=f"o/{number}",
            channel="apprise",
            address=f"json://localhost:{other.port}/{number}",
            recipient="Thử",
            subject="Thử",
            body="Tin thử",
            now=reach.now,
        )
    reach.pulse()
    assert {row.name for row in breakers.known() if row.opened_at} == {"sms/chính", "apprise/127.0.0.1"}
    assert carriers.sms.connections and len(other.asked) == 4, "the same channel, another host: open as ever"
    assert carriers.arrived() == {"sms": 0, "voice": 4, "push": 4, "apprise": 0, "email": 4}
    asked = carriers.sms.connections
    for number in range(4, 8):
        carriers.fill(number)
    reach.pulse()
    assert carriers.sms.connections == asked, "nobody is asked while it is open"
    assert carriers.arrived() == {"sms": 0, "voice": 8, "push": 8, "apprise": 0, "email": 8}
    carriers.sms.answer = carriers.hook.answer = '200 {"id": "{n}"}'
    reach.at(5)
    reach.pulse()
    assert carriers.arrived() == {"sms": 8, "voice": 8, "push": 8, "apprise": 8, "email": 8}
    assert breakers.known() == []
