"""PURE the diary as it is read: one line for what the machine knows of an incident, one for each thing that a person
wrote; as JSON when it is signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

CALLS = ("called", "asked", "nobody", "more_called", "call")
"""Kinds of the timeline of which only the number is told."""
TOLD = (
    *("logged", "acknowledged", "taken_over", "passed", "handed_over", "reassigned", "arrived", "resolved", "closed"),
    *("reopened", "timed_out", "snoozed", "joined", "split", "reclassified", "leadership_told", "legal_step"),
    *("restricted", "escalated", "facts"),
)
"""Kinds that a line says in words; the log of the incident has the others."""
PLAIN_NOTES = ("note", "handover_note")
TWICE = ("joined_here", "split_here", "main_note")
"""Kinds that repeat at one incident what was written at another."""


@dataclass(frozen=True)
class DiaryEntry:
    """One entry of an incident's timeline, in words. ``note``: what was written with it: by a person, or
    ``by_machine``."""

    at: datetime
    kind: str
    text: str
    who: str
    note: str
    code: str
    title: str
    severity: int
    by_machine: bool = False


@dataclass(frozen=True)
class DiaryStep:
    """What happened to an incident at ``at``; ``calls`` of them until ``until`` where it is nothing but calls."""

    at: str
    text: str
    calls: int = 0
    until: str = ""


@dataclass(frozen=True)
class DiaryRow:
    """One line of the diary; times as ISO in UTC. ``number`` of the note that it is, ``corrects`` that of another."""

    at: str
    text: str = ""
    who: str = ""
    by_hand: bool = False
    code: str = ""
    title: str = ""
    severity: int = 0
    steps: tuple[DiaryStep, ...] = ()
    number: int = 0
    corrects: int = 0
    written_at: str = ""


@dataclass(frozen=True)
class DiaryDuty:
    name: str
    position: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True)
class Serving:
    """Who served one kind of duty, called ``kind`` in the reader's language."""

    kind: str
    people: tuple[DiaryDuty, ...]


@dataclass(frozen=True)
class Unfinished:
    """What the next shift takes over."""

    code: str
    severity: int
    title: str
    unit: str


@dataclass(frozen=True)
class Pages:
    """What stands in the diary of a span."""

    serving: tuple[Serving, ...] = ()
    rows: tuple[DiaryRow, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()


def one_an_incident(entries: Sequence[DiaryEntry]) -> list[DiaryRow]:
    """A line for each incident at its first entry, and one for each thing that somebody wrote about it, by time.
    ``entries`` in the order in which they happened."""
    by_code: dict[str, list[DiaryEntry]] = {}
    for each in entries:
        by_code.setdefault(each.code, []).append(each)
    rows = [row for found in by_code.values() if (row := _line(found)) is not None]
    rows += [_written(each) for each in entries if each.note and not each.by_machine and each.kind not in TWICE]
    return sorted(rows, key=lambda row: row.at)


def _line(entries: Sequence[DiaryEntry]) -> DiaryRow | None:
    """Nothing where all that happened is what somebody wrote."""
    steps: list[DiaryStep] = []
    for each in entries:
        if each.kind in CALLS and steps and steps[-1].calls:
            steps[-1] = replace(steps[-1], calls=steps[-1].calls + 1, until=each.at.isoformat())
        elif each.kind in CALLS:
            steps.append(DiaryStep(each.at.isoformat(), "", 1, each.at.isoformat()))
        elif each.by_machine and each.note and each.kind not in TWICE:
            steps.append(DiaryStep(each.at.isoformat(), _with_note(each)))
        elif each.kind in TOLD:
            steps.append(DiaryStep(each.at.isoformat(), _short(each)))
    if not steps:
        return None
    first = entries[0]
    return DiaryRow(steps[0].at, code=first.code, title=first.title, severity=first.severity, steps=tuple(steps))


def _short(entry: DiaryEntry) -> str:
    """Return the line without what is told elsewhere: of a report not why its level is what it is, of a legal step not
    its values: the line says the level anyway, the record of the steps the values. Neither may say what a restricted
    incident is about."""
    if entry.kind == "logged":
        return entry.text.split(",")[0]
    return entry.text.split(". ")[0] if entry.kind == "legal_step" else entry.text


def _with_note(entry: DiaryEntry) -> str:
    return entry.note if entry.kind in PLAIN_NOTES else f"{entry.text}: {entry.note}"


def _written(entry: DiaryEntry) -> DiaryRow:
    return DiaryRow(
        entry.at.isoformat(), _with_note(entry), entry.who, by_hand=True, code=entry.code, title=entry.title
    )


def as_content(pages: Pages) -> dict[str, Any]:
    """Return them as JSON keeps them."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(pages)))
    return content


def from_content(content: Mapping[str, Any]) -> Pages:
    """The way back."""
    return Pages(
        tuple(Serving(each["kind"], tuple(DiaryDuty(**one) for one in each["people"])) for each in content["serving"]),
        tuple(
            DiaryRow(**each | {"steps": tuple(DiaryStep(**one) for one in each["steps"])}) for each in content["rows"]
        ),
        tuple(Unfinished(**each) for each in content["unfinished"]),
    )


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one spelling."""
    spelt = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelt.encode()).hexdigest()


def without(pages: Pages, unseen: Collection[str], neutral: Mapping[str, str]) -> Pages:
    """Return the pages as they were signed, without the incidents (codes) that the reader may not see; of those in
    ``neutral`` by now the code and that title alone."""

    def kept(row: DiaryRow) -> DiaryRow | None:
        if row.code in unseen or (row.code in neutral and row.by_hand):
            return None
        return replace(row, title=neutral[row.code], steps=()) if row.code in neutral else row

    rows = [found for each in pages.rows if (found := kept(each)) is not None]
    left = [
        replace(each, title=neutral.get(each.code, each.title)) for each in pages.unfinished if each.code not in unseen
    ]
    return replace(pages, rows=tuple(rows), unfinished=tuple(left))
