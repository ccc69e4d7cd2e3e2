"""How often somebody may show a wrong key. Only wrong ones are counted: a right one is judged first, is always let in,
and is never slowed down by what others of its network do (a whole enterprise may stand behind one address).

Counted in this process and not in the database: a flood must cost no write and take no lock that an alarm waits for.
What protects a key are its 192 random bits; this protects the machine and its log.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from core.errors import Throttled
from people.attempts.limits import network

FREE = 20
"""Wrong keys from one network in ``WINDOW`` that are answered 401."""
WINDOW = timedelta(minutes=1)
MOST = 10_000
"""Networks that are remembered; the one that was longest quiet is forgotten first."""
log = logging.getLogger(__name__)


class WrongKeys:
    """Counts of this process."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, address: str, *, now: datetime) -> None:
        """One more from there. Raises ``Throttled`` with the seconds to wait once there have been too many."""
        place = network(address)
        with self._lock:
            began, count = self._seen.pop(place, (now, 0))
            if not began <= now < began + WINDOW:
                began, count = now, 0
            self._seen[place] = began, count + 1
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
        if count == FREE:
            log.warning("more than %s wrong API keys from %s within a minute: slowed down", FREE, place)
        if count >= FREE:
            wait = (began + WINDOW - now).total_seconds()
            raise Throttled("auth.throttled", retry_after=max(1, int(wait) + 1))
