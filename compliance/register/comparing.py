"""PURE What a letter asks beside another: new, gone, changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

FIELDS = ("excerpt", "text", "who", "wants", "computed", "due_on", "phase", "scope", "off_kinds")
"""What makes a requirement another one, in the order in which differences are said."""


class Comparable(Protocol):
    """What is compared of a requirement."""

    key: str
    excerpt: str
    text: str
    who: str
    wants: list[str]
    computed: str
    due_on: date | None
    phase: str
    scope: str
    off_kinds: list[str]


@dataclass(frozen=True)
class ChangedRequirement:
    before: Comparable
    after: Comparable
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    new: tuple[Comparable, ...]
    gone: tuple[Comparable, ...]
    changed: tuple[ChangedRequirement, ...]
    same: int


def compare(before: Sequence[Comparable], after: Sequence[Comparable]) -> Comparison:
    """Return it by the keys that a copy keeps, in the order of the letter that has them."""
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    both = [(old[key], each) for key, each in new.items() if key in old]
    changed = [ChangedRequirement(one, other, fields) for one, other in both if (fields := _different(one, other))]
    return Comparison(
        tuple(each for key, each in new.items() if key not in old),
        tuple(each for key, each in old.items() if key not in new),
        tuple(changed),
        len(both) - len(changed),
    )


def _different(one: Comparable, other: Comparable) -> tuple[str, ...]:
    return tuple(name for name in FIELDS if getattr(one, name) != getattr(other, name))
