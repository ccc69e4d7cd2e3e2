"""What may be wrong with the machine itself before anybody is called: it stands still, is paused, cannot send, or keeps
no copies. What a gateway has left on its account is said by none of them, so nothing is said of it here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from desk import trial
from desk.audit import shut_channels
from desk.audit.findings import CHECKS
from desk.health_checks.check import CheckFinding, CheckSkipped, examine
from desk.readiness.judging import ReadinessTrouble, Why
from desk.readiness.weights import Code
from notify import queries

COUNTED: dict[str, Code] = {
    "worker_late": "engine",
    "worker_hung": "engine",
    "sending_paused": "paused",
    "channels_unconnected": "channels",
    "channels_shut": "channels",
    "backup_late": "copies",
    "backup_never": "copies",
    "backup_old": "copies",
    "copies_gone": "copies",
    "copy_missing": "copies",
    "copy_cut": "copies",
}
"""Which of the checks about this installation cost points here, and as what."""
ASKED = tuple(each for each in CHECKS if each.name in COUNTED)


def look(*, now: datetime) -> tuple[list[ReadinessTrouble], dict[Code, Why]]:
    """Return what is wrong, and what nothing can be said of until something else is mended."""
    troubles: list[ReadinessTrouble] = []
    hidden: dict[Code, Why] = {}
    for answer in examine(ASKED, now=now):
        if isinstance(answer.outcome, CheckFinding):
            troubles.extend(_troubles(answer.outcome))
        elif isinstance(answer.outcome, CheckSkipped) and answer.outcome.after:
            hidden[COUNTED[answer.check.name]] = "after"
    return troubles, hidden | _untried()


def _troubles(found: CheckFinding) -> Iterator[ReadinessTrouble]:
    code, note = COUNTED[found.kind], ""
    if code == "channels":
        for channel in found.channels or ("unconnected",):
            yield ReadinessTrouble("channels", channel, since=found.since, note=channel, total=found.total)
        return
    if code == "copies":
        note = found.kind
    elif found.kind == "worker_hung":
        note = found.example
    yield ReadinessTrouble(code, note or found.kind, since=found.since, note=note)


def _untried() -> dict[Code, Why]:
    """In a copy for trials no gateway is set up on purpose, and from one by which nothing was ever sent nobody knows
    whether it works."""
    if shut_channels.is_unconnected(anywhere=True):
        return {"channels": "unconnected"} if trial.is_trial() else {}
    return {} if queries.has_sent() else {"channels": "untried"}
