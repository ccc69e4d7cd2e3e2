"""Who is there, in words: for cards, lists and one's own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from core import clock
from core.i18n import dm, t
from roster.presence import queries
from roster.presence.queries import PresenceLine
from roster.resolver.resolution import OnDuty

ICONS = {
    "here": "check",
    "left": "logout",
    "missing": "alert",
    "expected": "clock",
    "silent": "alert",
    "ready": "check",
    "confirmed": "check",
    "not_ready": "clock",
    "ahead": "clock",
}
COLOURS = {
    "here": "green",
    "ready": "green",
    "confirmed": "green",
    "missing": "red",
    "not_ready": "gold",
    "silent": "gold",
}
SHOWN = ("here", "left", "missing", "expected", "ready", "not_ready")
"""States of which cards and lists of those on duty speak."""


@dataclass(frozen=True)
class PresenceMark:
    """One seat's word with the colour and the picture of its badge."""

    state: str
    text: str
    colour: str
    icon: str


def mark(line: PresenceLine, now: datetime) -> PresenceMark:
    return PresenceMark(line.state, said(line, now), COLOURS.get(line.state, "grey"), ICONS[line.state])


def said(line: PresenceLine, now: datetime) -> str:
    word = line.word
    if line.state == "here" and word.check_in is not None:
        return _("có mặt %(time)s", time=when(word.check_in.at, now))
    if line.state == "left" and word.check_out is not None:
        return _("rời ca %(time)s", time=when(word.check_out.at, now))
    if line.state == "ready" and word.ready is not None:
        return _("sẵn sàng %(time)s", time=when(word.ready.at, now))
    return {
        "missing": _("chưa có mặt"),
        "expected": _("chưa điểm danh"),
        "silent": _("không có ghi nhận"),
        "confirmed": _("đã xác nhận, coi như sẵn sàng"),
        "not_ready": _("chưa báo sẵn sàng"),
    }.get(line.state, _("chưa tới giờ"))


def when(at: datetime, now: datetime) -> str:
    """21:52, with the day when it is not today."""
    same = clock.local_date(at) == clock.local_date(now)
    return t(at) if same else f"{t(at)} {dm(at)}"


def marks_for_seats(seat_ids: Iterable[int], now: datetime) -> dict[int, PresenceMark]:
    """Seat id → its mark, of those of whom anything is asked now."""
    lines = queries.list_for_seats(set(seat_ids), now=now)
    return {line.duty.seat_id: mark(line, now) for line in lines if line.state in SHOWN}


def marks_for_answers(answers: Iterable[OnDuty], now: datetime) -> dict[int, PresenceMark]:
    """Return marks for those whom the resolver names: they stay named, with the word that they are not there."""
    return marks_for_seats((who.seat_id for answer in answers for who in answer.people if who.seat_id is not None), now)
