"""PURE whether a report was signed by whoever has the key: HMAC-SHA256 of its bytes and of when it was sent.

As the app "SMS Gateway for Android" signs (headers X-Signature, X-Timestamp): each attempt anew, so that one that was
delayed for hours by a dead line still says when it was sent.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=5)
"""How far the clocks of telephone and server may lie apart; an older report is somebody's who kept it."""


def is_right(body: bytes, headers: Mapping[str, str], key: str, now: datetime) -> bool:
    """``headers``: as received, their names in any case."""
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    stamp, told = sent.get("x-timestamp", ""), sent.get("x-signature", "").lower()
    if not (key and stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and told.isascii()):
        return False
    if abs(int(stamp) - now.timestamp()) > WITHIN.total_seconds():
        return False
    made = hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(made, told)
