"""What an engine's formulation of one rule consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from roster.planning.engines.mip.builder import Draft
from roster.planning.problem import Problem, Shift, Staff


@dataclass(frozen=True)
class Formulator:
    """`lone` is the amount of breach of a person on a shift whatever else they do: such pairs are left out while the
    rule is hard and priced while it is soft. `person` and `shift` write rows for one person, for one shift."""

    lone: Callable[[Problem, Staff, Shift], int] | None = None
    person: Callable[[Draft, Staff], None] | None = None
    shift: Callable[[Draft, Shift], None] | None = None
