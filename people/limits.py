"""PURE What a person has of their own for a rule: ``hours.week:most=2400; limits.template:Đêm=2``.

The rules belong to the roster, which this package knows nothing of; that the list agrees with them is tested.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core import text

MOST = 40
TEMPLATE = "limits.template:"
"""Followed by the name of a shift: at most so many of them."""
KNOWN: dict[str, tuple[int, int]] = {
    "rest.weekly:minutes": (0, 5760),
    "work.ordinary:minutes": (0, 2880),
    "hours.continuous:most": (0, 2880),
    "hours.rolling:most": (0, 1440),
    "hours.day:most": (0, 1440),
    "hours.week:most": (0, 10080),
    "hours.month:most": (0, 44640),
    "hours.year:most": (0, 525600),
    "hours.year:special": (0, 1),
    "hours.total:least": (0, 1_000_000),
    "hours.total:most": (0, 1_000_000),
    "runs.max_days:most": (1, 366),
    "runs.min_days:least": (1, 31),
    "runs.min_off:least": (1, 31),
    "weekends.most:most": (0, 53),
    "nights.in_a_row:most": (1, 366),
    "nights.most:most": (0, 366),
    "limits.per_day:most": (1, 24),
}
"""Rule and parameter → least and most number; durations in minutes. Numbers of shifts have columns of their own."""
_OF_TEMPLATE = (0, 366)
_PART = re.compile(r"[;\n]")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029;=]")


class LimitError(ValueError):
    """``reason`` is unknown, number, form or many; ``params`` for its sentence."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason)
        self.reason, self.params = reason, params


def parsed(given: str) -> dict[str, int]:
    """The numbers of a cell or field, separated by ; or a new line. LimitError."""
    found: dict[str, int] = {}
    for part in (each.strip() for each in _PART.split(given)):
        key, sign, number = (each.strip() for each in part.rpartition("="))
        if part and not (sign and key and re.fullmatch(r"-?\d{1,9}", number)):
            raise LimitError("form", part=part)
        if part:
            found[key] = int(number)
    return tidy(found)


def tidy(given: Mapping[str, int]) -> dict[str, int]:
    """Sorted by key, names of shifts composed. LimitError for an unknown rule or parameter, or a number too far."""
    if len(given) > MOST:
        raise LimitError("many", most=MOST)
    return dict(sorted((_key(key), _number(key, number)) for key, number in given.items()))


def _key(key: str) -> str:
    if key.startswith(TEMPLATE):
        name = text.nfc(" ".join(key[len(TEMPLATE) :].split()))
        if not name or len(name) > 40 or _FORBIDDEN.search(name):
            raise LimitError("form", part=key)
        return TEMPLATE + name
    if key not in KNOWN:
        raise LimitError("unknown", key=key, known=", ".join([*KNOWN, f"{TEMPLATE}Đêm"]))
    return key


def _number(key: str, number: int) -> int:
    low, high = KNOWN.get(key, _OF_TEMPLATE)
    if not low <= number <= high:
        raise LimitError("number", key=key, low=low, high=high)
    return number


def shown(limits: Mapping[str, int]) -> str:
    """``hours.week:most=2400; limits.template:Đêm=2``"""
    return "; ".join(f"{key}={number}" for key, number in sorted(limits.items()))
