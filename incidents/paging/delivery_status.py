"""What became of every message of an incident's calls: attempts, answers, reports, and what it waits for now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core import i18n
from core.text import format_phone
from incidents.record.models import Page
from notify import queries as notify
from notify.models import Message

ORDER = ("sent", "leased", "pending", "held", "failed_permanent", "superseded", "cancelled")
"""Of several messages of one call the best one tells its state."""
WORDS = {"pending": "queued", "leased": "sending", "failed_permanent": "failed"}


@dataclass(frozen=True)
class Attempt:
    at: datetime
    accepted: bool
    answer: str
    gateway: str
    bundle: int
    """How many calls shared the letter; 0: it went alone."""
    second: bool = False
    """The second ring of the same try."""


@dataclass(frozen=True)
class Trace:
    """One message: to what address, and what it waits for. ``waiting`` is a sentence, empty when it waits no more."""

    address: str
    state: str
    attempts: tuple[Attempt, ...]
    waiting: str
    report: str
    report_at: datetime | None


@dataclass(frozen=True)
class Course:
    """What became of one page."""

    state: str
    sent_at: datetime | None
    traces: tuple[Trace, ...] = ()

    @property
    def tried(self) -> int:
        """Second rings are no tries of their own."""
        return sum(not each.second for trace in self.traces for each in trace.attempts)


def courses_for(pages: Sequence[Page], now: datetime) -> dict[int, Course]:
    """The course of each page, by its id, in a handful of statements."""
    ladders = {page.message.ladder for page in pages if page.message is not None and page.message.ladder}
    sent: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in notify.messages_of_ladders(ladders):
        sent[message.ladder, message.channel].append(message)
    again = notify.second_rings([each.id for some in sent.values() for each in some if each.channel == "voice"])
    down = {row.name: row.probe_at for row in notify.open_breakers()}
    found = {}
    for page in pages:
        first = page.message
        messages = sent.get((first.ladder, first.channel), [first]) if first is not None else []
        found[page.id] = _course(page, messages, again, down, now=now)
    return found


def state_of(page: Page, messages: Sequence[Message]) -> str:
    """Return what became of a call: what its person answered, else what became of its messages."""
    if page.answer is not None:
        return page.answer
    if page.opened_at is not None:
        return "opened"
    if not messages:
        return "by_hand"
    best = min(messages, key=lambda message: ORDER.index(message.state))
    if best.state == "sent" and best.reported:
        return best.reported
    return WORDS.get(best.state, best.state)


def _course(
    page: Page,
    messages: Sequence[Message],
    again: Mapping[int, Message],
    down: dict[str, datetime | None],
    *,
    now: datetime,
) -> Course:
    sent = [message.sent_at for message in messages if message.sent_at is not None]
    traces = tuple(_trace(message, again.get(message.id), down, now) for message in messages)
    return Course(state_of(page, messages), min(sent, default=None), traces)


def _trace(message: Message, again: Message | None, down: dict[str, datetime | None], now: datetime) -> Trace:
    """A call that rang twice is one try of two rings."""
    attempts = tuple(_attempt(row.at, row.accepted, row.answer, row.detail) for row in message.deliveries)
    if again is not None:
        attempts += tuple(
            replace(_attempt(row.at, row.accepted, row.answer, row.detail), second=True) for row in again.deliveries
        )
    return Trace(
        _address(message),
        WORDS.get(message.state, message.state),
        attempts,
        _waiting(message, down, now) or _rings_again(again),
        message.reported,
        message.reported_at,
    )


def _attempt(at: datetime, accepted: bool, answer: str, detail: dict[str, Any]) -> Attempt:
    return Attempt(at, accepted, answer, str(detail.get("gateway", "")), int(detail.get("bundle", 0)))


def _address(message: Message) -> str:
    """As people read it. Addresses of devices and services are secrets: the first letters of none are shown."""
    if message.channel in ("sms", "voice"):
        return format_phone(message.address)
    return message.address if message.channel == "email" else ""


def _rings_again(again: Message | None) -> str:
    if again is None or again.state != "pending":
        return ""
    return _("Gọi lại lần hai lúc %(time)s nếu chưa ai trả lời", time=i18n.dts(again.next_at))


def _waiting(message: Message, down: dict[str, datetime | None], now: datetime) -> str:
    if message.state != "pending":
        return ""
    names = [name for name in down if name.split("/")[0] == message.channel or name == message.waits_for]
    if message.waits_for in down or (names and message.channel == "email"):
        probe = down.get(message.waits_for) or down[names[0]]
        return _("Cổng đang hỏng, thử lại lúc %(time)s; máy thử ngay kênh tiếp theo", time=i18n.dts(probe or now))
    if message.attempts:
        return _("Thử lại lúc %(time)s", time=i18n.dts(message.next_at))
    if message.next_at > now:
        return _("Gửi lúc %(time)s nếu chưa ai nhận", time=i18n.dts(message.next_at))
    return ""
