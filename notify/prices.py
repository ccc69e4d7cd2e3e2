"""What one message costs by channel, as the enterprise pays its providers: for estimates before many are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import FieldError, ensure_none
from core.models import Setting

SETTING = "messages.prices"
PRICED = ("sms", "voice")
"""Channels that somebody charges for each time."""
MOST = 100_000
"""Đồng; more is a slip of the hand."""


def prices() -> dict[str, int]:
    """Channel → whole đồng a message; nothing where nobody wrote it down."""
    kept = db.session.get(Setting, SETTING)
    return {name: int(value) for name, value in (kept.value if kept else {}).items() if name in PRICED}


def write(typed: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """``typed``: channel → đồng, empty for unknown. Asks no right: its page does. Raises Invalid ``price.form``."""
    tidy = {name: typed.get(name, "").strip().replace(".", "").replace(" ", "") for name in PRICED}
    wrong = [name for name, text in tidy.items() if text and not (text.isascii() and text.isdecimal())]
    wrong += [name for name, text in tidy.items() if name not in wrong and text and int(text) > MOST]
    ensure_none([FieldError(name, "price.form", {"most": MOST}) for name in sorted(wrong)])
    known = {name: int(text) for name, text in tidy.items() if text}
    with transaction() as session:
        session.merge(Setting(key=SETTING, value=known))
        audit.record(actor, "prices.write", "setting", SETTING, now=now, **known)


def cost(counts: Mapping[str, int]) -> int | None:
    """Đồng for so many messages by channel; None while a price of theirs is not known."""
    known = prices()
    charged = {name: count for name, count in counts.items() if name in PRICED and count}
    return None if charged.keys() - known.keys() else sum(count * known[name] for name, count in charged.items())
