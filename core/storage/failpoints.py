"""Places where a test may kill the process, as a power cut would. Inert outside ``APP_ENV=test``.

``FAILPOINT=name`` dies at that place, ``FAILPOINT=name@3`` at the third passing, ``FAILPOINT=name~words`` only when
what passes there is ``about`` something with these words; each process counts its own passings. Every boundary
between two of the steps *plan, claim, send, mark* has one, so that each is tried
(``tests/journeys/test_power_cuts.py``). ``FREEZEPOINT=name`` stands still there, as a virtual machine does that is
paused, until somebody sends SIGCONT.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

PLACES = {
    "incident.logged": "an incident is written down, its commit is not made",
    "incident.changed": "an acknowledgement or another change is written, its commit is not made",
    "escalation.claimed": "a due step is claimed, nobody is named yet; not committed",
    "escalation.called": "calls, messages and the next deadline are written; not committed",
    "escalation.fired": "the step is committed, no sender was woken",
    "outbox.claimed": "a message is leased, the line to the gateway is not open",
    "outbox.opened": "the line is open, nothing was said",
    "outbox.worded": "the words are made, nothing of them was said",
    "outbox.accepted": "the gateway has taken the letter, nothing is noted",
    "outbox.marked": "it is noted that the letter was taken",
    "audit.kept": "what the auditor found is committed, its sign of life is not",
    "mail.counted": "that a mail is about to be parsed is committed, its parser is not started",
    "backup.made": "the database is copied and sound, the file of the copy is not begun",
    "backup.written": "the file is written, nobody has read it back, and it has no name yet",
    "plan.made": "what a use-case will write is worked out, the writer is not taken",
    "plan.written": "all of it is written, its commit is not made",
    "solve.claimed": "a worker has taken a queued solve",
    "solve.thought": "the roster is found, not written",
    "solve.finished": "the roster is written",
    "batch.claimed": "a worker has taken a batch of documents",
    "batch.file": "one of its files is made, and not told of",
}
"""Name → where that is."""
_seen: Counter[tuple[str, str]] = Counter()


def hit(name: str, *, about: str = "") -> None:
    """Die here, without any clean-up, when ``FAILPOINT`` names this place; stand still when ``FREEZEPOINT`` does.
    Raises ValueError when the environment names a place that is not in ``PLACES``; whether ``name`` is in it, a test
    asks (``test_power_cuts``)."""
    if os.environ.get("APP_ENV") != "test":
        return
    if _is_reached("FAILPOINT", name, about):
        os._exit(137)
    if _is_reached("FREEZEPOINT", name, about):
        os.kill(os.getpid(), signal.SIGSTOP)


def _is_reached(variable: str, name: str, about: str) -> bool:
    place, _about, words = os.environ.get(variable, "").partition("~")
    wanted, _at, count = place.partition("@")
    if wanted and wanted not in PLACES:
        raise ValueError(f"{variable}={wanted}: there is no such place")
    if wanted != name or words not in about:
        return False
    _seen[variable, name] += 1
    return _seen[variable, name] == int(count or 1)
