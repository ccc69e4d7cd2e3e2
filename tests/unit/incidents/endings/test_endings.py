"""Who is told how it ended, when, by which way, in which words: the rules without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.endings import fitting, ways
from incidents.endings.rules import APART, SETTLED, Involved, decide, due_at
from notify import sms_text
from people.notification_rules.rules import Rung

NOW = datetime(2020, 1, 24, 19, 30, tzinfo=UTC)
RECENTLY, LONG_AGO = NOW - timedelta(minutes=29), NOW - timedelta(minutes=30)
MORNING = datetime(2020, 1, 24, 23, 35, tzinfo=UTC)

TABLE: list[tuple[str, dict[str, Any], int, str]] = [
    # Somebody else has it: at once for those who are awake, by an answer, a look, or a telephone that rang.
    ("taken", {}, 3, "morning"),
    ("taken", {"opened_at": RECENTLY}, 3, "awake"),
    ("taken", {"opened_at": LONG_AGO}, 3, "morning"),
    ("taken", {"rung_at": RECENTLY}, 3, "awake"),
    ("taken", {"rung_at": LONG_AGO}, 3, "morning"),
    ("taken", {"answer": "unreachable", "answered_at": RECENTLY}, 3, "awake"),
    ("taken", {"reached": False}, 3, ""),
    ("taken", {"answer": "passed", "answered_at": RECENTLY}, 3, ""),
    ("taken", {"holds": True, "answered_at": LONG_AGO}, 3, "on_the_way"),
    ("taken", {"holds": True, "answer": "passed"}, 3, "on_the_way"),
    ("taken", {"waited_for": True, "rung_at": RECENTLY}, 3, ""),
    ("taken", {"helps": True, "rung_at": RECENTLY}, 3, ""),
    ("taken", {"told": "taken", "rung_at": RECENTLY}, 3, ""),
    ("taken", {"told": "reopened", "rung_at": RECENTLY}, 3, "awake"),
    # Done: who was told that somebody else has it asks no more; whoever took part, and leaders of levels 1 and 2, do.
    ("done", {"told": "taken", "opened_at": RECENTLY}, 3, ""),
    ("done", {"opened_at": RECENTLY}, 3, "awake"),
    ("done", {"told": "taken", "held": True}, 3, "morning"),
    ("done", {"told": "taken", "answer": "confirmed", "answered_at": RECENTLY}, 3, "awake"),
    ("done", {"told": "taken", "leads": True}, 2, "morning"),
    ("done", {"told": "taken", "leads": True}, 3, ""),
    ("done", {"told": "taken", "leads": True, "opened_at": RECENTLY}, 1, "awake"),
    ("done", {"helps": True, "answered_at": LONG_AGO}, 4, "on_the_way"),
    ("done", {"holds": True, "answered_at": LONG_AGO}, 4, "on_the_way"),
    ("done", {"answer": "passed", "answered_at": RECENTLY}, 4, ""),
    # Called off: always at once for whoever is on the way.
    ("called_off", {"holds": True, "answered_at": LONG_AGO}, 4, "on_the_way"),
    ("called_off", {"helps": True, "answered_at": LONG_AGO}, 4, "on_the_way"),
    ("called_off", {}, 4, "morning"),
    ("called_off", {"told": "taken"}, 4, ""),
    # Open again: only for those who believe that it is over.
    ("reopened", {"rung_at": RECENTLY}, 1, ""),
    ("reopened", {"told": "taken", "rung_at": RECENTLY}, 4, "awake"),
    ("reopened", {"told": "done"}, 4, "morning"),
    ("reopened", {"told": "reopened"}, 4, ""),
    ("reopened", {"held": True, "answered_at": RECENTLY}, 4, "awake"),
    ("reopened", {"told": "done", "waited_for": True}, 4, ""),
    ("asked_no_more", {"rung_at": RECENTLY}, 4, "awake"),
    ("asked_no_more", {"waited_for": True, "rung_at": RECENTLY}, 4, ""),
]


@pytest.mark.parametrize(("event", "facts", "level", "when"), TABLE)
def test_who_is_told_and_when(event: Any, facts: dict[str, Any], level: int, when: str) -> None:
    told = decide(event, [Involved(7, **facts)], level=level, by=(1, None), now=NOW)
    assert told == ({7: when} if when else {})


@pytest.mark.parametrize("event", ["taken", "done", "called_off", "reopened", "asked_no_more"])
def test_never_who_did_it(event: Any) -> None:
    everybody = [Involved(each, held=True, holds=True, rung_at=RECENTLY) for each in (1, 2, 3)]
    assert set(decide(event, everybody, level=1, by=(1, 3), now=NOW)) == {2}


@pytest.mark.parametrize(
    ("when", "told_at", "due"),
    [
        ("morning", NOW, MORNING),
        ("awake", None, NOW + SETTLED),
        ("awake", NOW - timedelta(minutes=4), NOW + timedelta(minutes=6)),
        ("awake", NOW - APART, NOW + SETTLED),
        ("awake", NOW + timedelta(hours=2), NOW + APART),  # the clock jumped back since
        ("on_the_way", NOW - timedelta(minutes=4), NOW + SETTLED),
    ],
)
def test_when_it_leaves(when: Any, told_at: datetime | None, due: datetime) -> None:
    assert due_at(when, told_at=told_at, morning=MORNING, now=NOW) == due


def rung(channel: str, address: str = "0900000102", *, failing: bool = False) -> Rung:
    return Rung(channel, address, timedelta(0), 1, True, failing=failing)


MAIL, SMS, VOICE, PUSH = rung("email", "an@vidu.vn"), rung("sms"), rung("voice"), rung("push", "{}")


@pytest.mark.parametrize(
    ("ladder", "texts", "now", "morning"),
    [
        ([PUSH, MAIL, SMS, VOICE], True, "push", "email"),
        ([MAIL, SMS, VOICE], True, "sms", "email"),
        ([SMS, PUSH], True, "sms", "sms"),
        ([MAIL, SMS, VOICE], False, "email", "email"),
        ([MAIL], True, "email", "email"),
        ([VOICE], True, "sms", "sms"),
        ([VOICE], False, "", ""),
        ([rung("voice", "02693812345")], True, "", ""),
        ([rung("sms", failing=True), MAIL], True, "email", "email"),
        ([rung("sms", failing=True)], True, "sms", "sms"),
        ([rung("apprise", "zalo://x"), MAIL], True, "apprise", "email"),
        ([], True, "", ""),
    ],
)
def test_by_which_way(ladder: list[Rung], texts: bool, now: str, morning: str) -> None:
    found = ways.at_once(ladder, texts=texts), ways.in_the_morning(ladder, texts=texts)
    assert tuple(each.channel if each else "" for each in found) == (now, morning)


TAIL = "Đồng chí không phải làm gì nữa."


def test_those_that_went_alike_are_said_together() -> None:
    said = [("SC-1", "An đã nhận", "đã nhận"), ("SC-2", "đã xong", "đã xong"), ("SC-3", "An đã nhận", "đã nhận")]
    assert fitting.fitted(said, TAIL) == f"SC-1, SC-3: An đã nhận. SC-2: đã xong. {TAIL}"
    assert fitting.grouped((code, whole) for code, whole, _brief in said) == [
        (["SC-1", "SC-3"], "An đã nhận"),
        (["SC-2"], "đã xong"),
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 40, 400])
def test_however_many_there_are_it_is_one_text_with_its_end(count: int) -> None:
    codes = [f"SC-2020-{number:04}" for number in range(1, count + 1)]
    words = fitting.fitted([(code, "Trần Thị Bình đã nhận lúc 02:10", "đã có người nhận") for code in codes], TAIL)
    assert words.endswith(TAIL) and words.startswith("SC-2020-0001")
    assert sms_text.length(sms_text.ascii_only(words)) <= sms_text.LIMIT
    named = words.count("SC-2020")
    assert named == count or f"+{count - named}: " in words


def test_many_that_went_differently_are_said_shorter() -> None:
    said = [(f"SC-2020-{n:04}", f"Người {n} đã nhận lúc 02:{n:02}", "đã có người nhận") for n in range(1, 30)]
    words = fitting.fitted(said, TAIL)
    assert sms_text.length(sms_text.ascii_only(words)) <= sms_text.LIMIT
    assert "đã có người nhận" in words and words.endswith(TAIL)
