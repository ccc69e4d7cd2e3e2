"""PURE what a check found: all is well, something to know, or something that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Note:
    """``area``: what was looked at; ``remedy``: what to do, of everything but ``ok``."""

    area: str
    level: Level
    text: str
    remedy: str = ""

    def line(self) -> str:
        mark = {"ok": "ok", "warning": "!", "fault": "FAULT"}[self.level]
        return f"{mark:<6}{self.area}: {self.text}{f' → {self.remedy}' if self.remedy else ''}"


def ok(area: str, text: str) -> Note:
    return Note(area, "ok", text)


def warning(area: str, text: str, remedy: str) -> Note:
    return Note(area, "warning", text, remedy)


def fault(area: str, text: str, remedy: str) -> Note:
    return Note(area, "fault", text, remedy)


def unsafe(area: str, text: str, remedy: str, *, production: bool) -> Note:
    """Wrong where it matters, worth knowing on a desk."""
    return Note(area, "fault" if production else "warning", text, remedy)


def as_json(notes: Sequence[Note]) -> dict[str, Any]:
    return {"ok": is_well(notes), "checks": [asdict(note) for note in notes]}


def is_well(notes: Sequence[Note]) -> bool:
    return all(note.level != "fault" for note in notes)
