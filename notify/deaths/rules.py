"""PURE which messages are suspected of killing whoever carries them, and what becomes of them.

Every message that was in hand when a process died is under suspicion, and most of them are innocent: twice they go
again from their old place in the line. From the third death on one goes alone, with a process of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from notify import backoff

SUSPECT_FROM = 3
"""Deaths."""
NOTICE_GIVEN_UP_AFTER = 3
"""Deaths of a process that carried nothing else. What is urgent is never given up."""
REMEMBERED = timedelta(days=1)
"""So long what is about the same as a message that has killed goes alone too."""
BEHIND_OTHERS = timedelta(seconds=30)
"""So long at most a suspect waits for others of its urgency to leave before it."""


def is_given_up(deaths_alone: int, *, urgent: bool) -> bool:
    return not urgent and deaths_alone >= NOTICE_GIVEN_UP_AFTER


def due_again(deaths_alone: int, now: datetime, *, urgent: bool) -> datetime:
    """Return when a message goes again after it has killed for the ``deaths_alone``-th time. An urgent one at once, in
    plain words; then as after failures of a gateway."""
    return now + backoff.wait_after(deaths_alone - 1 if urgent else deaths_alone)


def is_its_turn(due: datetime, now: datetime, *, others_wait: bool) -> bool:
    """Whether a suspect that is due since ``due`` goes now; ``others_wait``: something as urgent has not left yet."""
    return not others_wait or now - due >= BEHIND_OTHERS
