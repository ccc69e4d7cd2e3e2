"""A Problem as JSON text and back: how it travels to a child process, and what its fingerprint is taken of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from planning.problem import (
    Absence,
    Assignment,
    Busy,
    NormalHours,
    Pair,
    Pin,
    Problem,
    Shift,
    Staff,
    Wanted,
    Wish,
    Work,
)
from planning.settings import Setting

_ROWS: dict[str, type] = {
    "shifts": Shift,
    "staff": Staff,
    "absences": Absence,
    "wishes": Wish,
    "pins": Pin,
    "busy": Busy,
    "work": Work,
    "pairs": Pair,
    "baseline": Assignment,
    "normal_hours": NormalHours,
}
_LASTING = _ROWS.keys() - {"pins", "baseline"}
"""Lists that one problem hands on to the next; the other two are made for one question."""
KEPT = 40
"""Lists whose text a process remembers: those of some four problems."""
_known: dict[int, tuple[tuple[Any, ...], str]] = {}


def to_json(problem: Problem) -> str:
    """Canonical: the same problem gives the same text."""
    return f"{{{','.join(_members(problem))}}}"


def _members(problem: Problem) -> Iterator[str]:
    """The text of each field, in order of name; of a list as it was worked out for the last problem that had it."""
    for name in sorted(field.name for field in fields(problem)):
        value = getattr(problem, name)
        if name == "closed" and not value:  # fingerprints of before there was such a thing still hold
            continue
        yield f'"{name}":{_list_text(value) if name in _LASTING else _text(value)}'


def _list_text(rows: tuple[Any, ...]) -> str:
    """Lists of a problem never change, and problems that are made of one another share them: known by identity."""
    known = _known.pop(id(rows), None) or (rows, _text(rows))
    _known[id(rows)] = known  # at the end, and with the list itself: while it is kept nothing else bears its identity
    for old in list(_known)[:-KEPT]:
        _known.pop(old, None)
    return known[1]


def _text(value: object) -> str:
    return json.dumps(value, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Problem:
    """The problem that `to_json` wrote, now or before it knew of later fields. ValueError, KeyError or TypeError."""
    raw = json.loads(text)
    rows = {name: tuple(_row(kind, row) for row in raw.get(name, ())) for name, kind in _ROWS.items()}
    return Problem(
        **rows,
        settings={code: _setting(each) for code, each in raw["settings"].items()},
        free_days={name: frozenset(map(date.fromisoformat, days)) for name, days in raw["free_days"].items()},
        parents=raw["parents"],
        span=_span(raw["span"]),
        closed=frozenset(raw.get("closed", ())),
    )


def fingerprint(problem: Problem) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(to_json(problem).encode()).hexdigest()


def _plain(value: object) -> Any:
    """One level of what JSON does not know; the encoder asks again for what is inside."""
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: getattr(value, name) for name in _names(kind)}
    if isinstance(value, frozenset):
        return sorted(each.isoformat() if isinstance(each, date) else each for each in value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


@lru_cache(maxsize=32)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _row(kind: type, raw: dict[str, Any]) -> Any:
    return kind(**{f.name: _READ.get(str(f.type), _same)(raw[f.name]) for f in fields(kind) if f.name in raw})


def _setting(raw: dict[str, Any]) -> Setting:
    return Setting(**{**raw, "pairs": tuple((one, other) for one, other in raw["pairs"])})


def _span(raw: list[str] | None) -> tuple[date, date] | None:
    return (date.fromisoformat(raw[0]), date.fromisoformat(raw[1])) if raw else None


def _wanted(raw: dict[str, int] | None) -> Wanted | None:
    return Wanted(**raw) if raw else None


def _same(value: Any) -> Any:
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "frozenset[str]": frozenset,
    "Wanted | None": _wanted,
}
