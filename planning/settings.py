"""How a campaign applies a rule: what a manager may switch, and what a person has of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setting:
    """A campaign's choices for one rule; `None` and absent values mean: as the rule's own default says.

    `weight` is in hundredths of a point per unit of breach and counts while the rule is soft. `values` are the
    rule's parameters by name, in the units the rule states. `pairs` serves rules about pairs of shift names.
    """

    on: bool | None = None
    hard: bool | None = None
    weight: int | None = None
    values: Mapping[str, int] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
