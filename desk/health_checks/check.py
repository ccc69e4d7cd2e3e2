"""PURE a check about this installation, what may be answered, and how a list of checks is asked.

A check that rests on another is not asked while that one is at fault: it would only say the same thing once more,
or something false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Severity = Literal["calls", "fault", "unsafe", "note"]
"""``calls``: perhaps nobody is called; ``fault``: wrong, but people are still called; ``unsafe``: a fault in
production, on a desk worth knowing; ``note``: worth knowing everywhere."""
Cost = Literal["cheap", "expensive"]
"""``cheap``: a few indexed look-ups or a glance at a folder, to be asked every few seconds; ``expensive``: files are
read to their end, other machines are asked: only when a person wants to know."""
Kind = Literal["ground", "engine", "machine", "copies", "set_up", "lines"]
"""``ground``: what everything else rests on."""


@dataclass(frozen=True)
class CheckFinding:
    """``kind`` is the name of the check, ``count`` how many things it is about, ``example`` names one of them."""

    kind: str
    count: int
    example: str = ""
    channels: tuple[str, ...] = ()
    """Channels that may be the ones at fault: administrators are told by another."""
    since: datetime | None = None
    total: bool = False
    """Nothing is left of what it is about."""
    severity: Severity = "calls"

    @property
    def grave(self) -> bool:
        return self.severity == "calls"


@dataclass(frozen=True)
class CheckPassed:
    """``detail``: what is worth reading of what is well, in the reader's language."""

    detail: str = ""


@dataclass(frozen=True)
class CheckSkipped:
    """Not looked at: until the check ``after`` is mended, or because it cannot be seen from here (``why``)."""

    after: str = ""
    why: str = ""


@dataclass(frozen=True)
class CheckError:
    """Looking ended with an error of its own."""

    why: str


Outcome = CheckFinding | CheckPassed | CheckSkipped | CheckError
Ask = Callable[[datetime], CheckFinding | CheckPassed | CheckSkipped | None]
"""None: fine, and nothing to say of it."""


@dataclass(frozen=True)
class HealthCheck:
    """``area``: under which word operators read it; ``needs``: names of checks above it that it rests on;
    ``told``: whether administrators are sent letters about it."""

    name: str
    area: str
    kind: Kind
    severity: Severity
    cost: Cost
    ask: Ask
    needs: tuple[str, ...] = ()
    told: bool = True


@dataclass(frozen=True)
class CheckResult:
    check: HealthCheck
    outcome: Outcome


Rescue = Callable[[Exception], CheckError]


def examine(checks: Sequence[HealthCheck], *, now: datetime, rescue: Rescue | None = None) -> Iterator[CheckResult]:
    """Each check once, in this order. Of what it ``needs`` only what is among ``checks`` counts.

    ``rescue``: what becomes of an error while looking; without it the error is raised.
    """
    hidden: dict[str, str] = {}
    for check in checks:
        behind = next((hidden[name] for name in check.needs if name in hidden), "")
        outcome = CheckSkipped(after=behind) if behind else _asked(check, now, rescue)
        if isinstance(outcome, CheckSkipped):
            hidden[check.name] = outcome.after or check.name
        elif not isinstance(outcome, CheckPassed):
            hidden[check.name] = check.name
        yield CheckResult(check, outcome)


def _asked(check: HealthCheck, now: datetime, rescue: Rescue | None) -> Outcome:
    try:
        found = check.ask(now)
    except Exception as why:
        if rescue is None:
            raise
        return rescue(why)
    if isinstance(found, CheckFinding):
        return replace(found, severity=check.severity)
    return found or CheckPassed()


def several(kind: str, found: Sequence[str]) -> CheckFinding | None:
    """Return a finding that names the first three of several things; None where there is none."""
    return CheckFinding(kind, len(found), "; ".join(found[:3])) if found else None
