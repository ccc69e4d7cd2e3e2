"""PURE who had an incident from when to when, as its timeline tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

TAKEN = ("acknowledged", "taken_over", "handed_over", "reassigned")
GIVEN_BACK = ("passed", "timed_out", "escalated", "called_anew", "resolved", "closed", "reopened", "joined", "ended")
"""Timeline kinds after which somebody has it, and after which nobody has."""
PUT_OFF, BACK, UNDONE = "snoozed", ("snooze_ended", "returned"), "call_undone"
KINDS = (*TAKEN, *GIVEN_BACK, PUT_OFF, *BACK, UNDONE)


@dataclass(frozen=True)
class TimelineLine:
    """A line of the timeline; of one incident they come in the order in which they were written."""

    at: datetime
    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class HeldIncident:
    """``person`` (an id) had it over [starts_at, ends_at); None: has it still. What is put off is nobody's work."""

    person: int
    starts_at: datetime
    ends_at: datetime | None = None
    name: str = ""


def spans(lines: Iterable[TimelineLine]) -> list[HeldIncident]:
    """Everybody who had one incident, by time; what a call by hand said and took back is as if it had not been."""
    story = _Story()
    for line in lines:
        story.tell(line)
    return [*story.over, *([story.now] if story.now is not None else [])]


def is_taken_back(params: Mapping[str, Any]) -> bool:
    """Whether what a call by hand said, and is as if it had not been, had brought it into somebody's hands. Lines that
    do not tell whether it left them again: it did, if they had it still."""
    return params.get("outcome") == "taken" and bool(params.get("given_back", True))


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two lines tell of one person. Names are not unique: older lines have nothing else."""
    ids = one.get("person_id"), other.get("person_id")
    return ids[0] == ids[1] if None not in ids else one.get("person") == other.get("person")


@dataclass
class _Story:
    over: list[HeldIncident] = field(default_factory=list)
    now: HeldIncident | None = None
    waiting: HeldIncident | None = None
    """Who has it while it is put off."""
    before: list[tuple[int, HeldIncident | None, HeldIncident | None]] = field(default_factory=list)
    """As it was before each taking: how many spans were ``over``, ``now`` and ``waiting``."""

    def tell(self, line: TimelineLine) -> None:
        if line.kind in TAKEN:
            self.before.append((len(self.over), self.now, self.waiting))
            self._end(line.at)
            person = line.params.get("person_id")
            if person is not None:  # a machine that took it works no hours
                self.now = HeldIncident(person, line.at, name=str(line.params.get("person", "")))
        elif line.kind == UNDONE:
            self._undo(line)
        elif line.kind == PUT_OFF:
            held = self.now or self.waiting
            self._end(line.at)
            self.waiting = held
        elif line.kind in BACK:
            if self.waiting is not None:
                self.now, self.waiting = replace(self.waiting, starts_at=line.at, ends_at=None), None
        elif line.kind != "passed" or self._is_holder(line):
            # "Cannot go" of somebody who was merely called takes it from nobody.
            self._end(line.at)

    def _end(self, at: datetime) -> None:
        if self.now is not None:
            self.over.append(replace(self.now, ends_at=max(at, self.now.starts_at)))
        self.now = self.waiting = None

    def _is_holder(self, line: TimelineLine) -> bool:
        holder = self.now or self.waiting
        return holder is not None and is_same({"person_id": holder.person, "person": holder.name}, line.params)

    def _undo(self, line: TimelineLine) -> None:
        """Whatever they did with it meanwhile, also that they put it off, is undone with the taking."""
        if not is_taken_back(line.params) or not self._is_holder(line):
            return
        over, self.now, waited = self.before.pop()
        del self.over[over:]
        self.waiting = None
        if waited is not None:  # their putting it off ended when it was taken from them: they have it again
            self.now = replace(waited, starts_at=line.at)
