"""PURE: who had an incident from when to when, as its timeline tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

TAKEN = ("acknowledged", "taken_over", "handed_over", "reassigned")
GIVEN_BACK = ("passed", "timed_out", "escalated", "resolved", "closed", "reopened", "joined", "ended")
"""Timeline kinds after which somebody has it, and after which nobody has."""
PUT_OFF, BACK, UNDONE = "snoozed", ("snooze_ended", "returned"), "call_undone"
KINDS = (*TAKEN, *GIVEN_BACK, PUT_OFF, *BACK, UNDONE)


@dataclass(frozen=True)
class Line:
    """A line of the timeline; of one incident they come in the order in which they were written."""

    at: datetime
    kind: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """``person`` (an id) had it over [starts_at, ends_at); None: has it still. What is put off is nobody's work."""

    person: int
    starts_at: datetime
    ends_at: datetime | None = None
    name: str = ""


def spans(lines: Iterable[Line]) -> list[Held]:
    """Everybody who had one incident, by time; what a call by hand said and took back is as if it had not been."""
    story = _Story()
    for line in lines:
        story.tell(line)
    return [*story.over, *([story.now] if story.now is not None else [])]


@dataclass
class _Story:
    over: list[Held] = field(default_factory=list)
    now: Held | None = None
    waiting: Held | None = None
    """Whoever has it while it is put off."""

    def tell(self, line: Line) -> None:
        if line.kind in TAKEN:
            self._end(line.at)
            person = line.params.get("person_id")
            if person is not None:  # a machine that took it works no hours
                self.now = Held(person, line.at, name=str(line.params.get("person", "")))
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

    def _is_holder(self, line: Line) -> bool:
        """Names are not unique: older lines have nothing else."""
        holder, person = self.now or self.waiting, line.params.get("person_id")
        if holder is None:
            return False
        return holder.person == person if person is not None else holder.name == line.params.get("person")

    def _undo(self, line: Line) -> None:
        gave_back = line.params.get("outcome") == "taken" and line.params.get("given_back", True)
        if not gave_back or self.now is None or not self._is_holder(line):
            return
        began, self.now = self.now.starts_at, None
        if self.over and self.over[-1].ends_at == began:  # it was taken from somebody, who has it again
            self.now = replace(self.over.pop(), ends_at=None)
