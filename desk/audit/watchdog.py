"""The sign of life for somebody outside: an address that is asked only when the audit passed.

Services of that kind (a cron job's monitor, another machine of the enterprise) call a person when it is *not* asked.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request

WITHIN = 5.0
"""Seconds; whoever does not answer has no right to hold up the audit."""
log = logging.getLogger(__name__)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Asked is the address that was set, and no other."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


def ping(url: str) -> bool:
    """Ask ``url`` (GET); whether it answered with a 2xx. Never raises: the other side's fault is not ours."""
    try:
        with urllib.request.build_opener(_Stay).open(url, timeout=WITHIN) as answer:  # set by the operator alone
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, OSError, ValueError) as fault:
        log.warning("the watchdog's address did not answer: %s", fault)
        return False
