"""What an engine's formulation of one rule consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planning.engines.mip.builder import Builder
from planning.problem import Shift, Staff


@dataclass(frozen=True)
class Formulator:
    """`person` and `shift` write rows for one person, for one shift."""

    person: Callable[[Builder, Staff], None] | None = None
    shift: Callable[[Builder, Shift], None] | None = None
