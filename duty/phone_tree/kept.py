"""The list as phones keep it: places instead of names where something is said twice, and a tag that changes too."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, i18n
from core.calendar import lunar
from core.db import db
from core.fast_path import shared_cache
from duty.phone_tree import book, halves
from duty.phone_tree.words import short
from roster.feeds import watch

EVERY = timedelta(hours=6)
"""A list that nobody changed is made anew so often, because time goes on."""
AHEAD = book.HOURS + EVERY.seconds // 3600
"""Hours: whoever fetches it just before it is made anew has the 72 as well."""


def since(now: datetime) -> datetime:
    """The moment from which on the list of ``now`` reaches ``book.HOURS``: the same for hours, so that it is made and
    fetched once."""
    return now - (now - datetime(2020, 1, 1, tzinfo=now.tzinfo)) % EVERY


def current(unit_id: int, now: datetime, *, with_phones: bool) -> tuple[str, str]:
    """The list as JSON, and its tag before it: the same as long as it says the same.

    Times are minutes since 1970 (UTC), units, kinds and people are places in their lists. It is made once for all who
    ask while nothing was written that it could show: after a revision every phone of a province asks for the same.
    """
    ground, chains = (shared_cache.seen(key) for key in (shared_cache.GROUND, book.STAMP))
    written = db.session.execute(select(watch.stamp())).scalar()
    memory = shared_cache.kept(ground, shared_cache.GROUND)
    key = ("phone_tree", chains, written, i18n.locale(), unit_id, with_phones, since(now))
    if key not in memory:
        listed = book.read_book(unit_id, since(now), with_phones=with_phones, hours=AHEAD)
        body = json.dumps(short_form(listed, since(now)), ensure_ascii=False, separators=(",", ":"))
        memory[key] = hashlib.sha256(body.encode()).hexdigest()[:20], body
    found: tuple[str, str] = memory[key]
    return found


def short_form(listed: book.PhoneBook, begins: datetime) -> dict[str, Any]:
    """Return what is written down of ``listed``, whose hours begin at ``begins`` (aware)."""
    units = {each.id: place for place, each in enumerate(listed.units)}
    kinds = {each.code: place for place, each in enumerate(listed.kinds)}
    people = {each: place for place, each in enumerate(listed.people)}

    def by_unit(found: dict[int, tuple[int, ...]]) -> dict[int, list[int]]:
        return {units[unit_id]: [people[who] for who in some] for unit_id, some in found.items()}

    return {
        "revision": listed.revision,
        "top": listed.top,
        "units": [[each.name, units.get(each.parent_id or 0, -1), each.phone] for each in listed.units],
        "kinds": [[each.colour, each.letter, short(each)] for each in listed.kinds],
        "operations": kinds.get("operations", -1),
        "people": list(listed.people.values()),
        "turns": [
            [
                units[turn.unit_id],
                kinds[turn.duty],
                _minute(turn.starts_at),
                _minute(turn.ends_at) - _minute(turn.starts_at),
                people[turn.person_id],
                int(turn.unsure),
            ]
            for turn in listed.turns
        ],
        "desks": [[units[unit_id], kinds[duty], phone] for (unit_id, duty), phone in listed.desks.items()],
        "chains": by_unit(listed.chains),
        "leaders": by_unit(listed.leaders),
        "halves": [[_minute(each.starts_at), *label(each)] for each in halves.coming(clock.local(begins), AHEAD)],
    }


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def label(half: halves.Half) -> tuple[str, str]:
    """Return what the half is called, on two short lines: "Mùng 1", "ban ngày"."""
    on = half.starts_at.date()
    lunar_day = lunar.to_lunar(on)
    name = f"{on:%d/%m}"
    if i18n.locale() != "en" and lunar_day.month == 1 and not lunar_day.leap and lunar_day.day <= 10:
        name = _("Mùng %(n)s", n=lunar_day.day)
    elif i18n.locale() != "en" and lunar.is_giao_thua(lunar_day):
        name = _("%(n)s Tết", n=lunar_day.day)
    return name, _("ban ngày") if half.what == "day" else _("ban đêm")
