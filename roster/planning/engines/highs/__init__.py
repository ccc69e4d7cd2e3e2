"""The HiGHS engine: mixed-integer programmes, proven bounds. Import it in child processes only."""

from __future__ import annotations

from roster.planning.engines.highs.capacity import Binding, binding_rules, fewest_missing
from roster.planning.engines.highs.search import improve

__all__ = ["Binding", "binding_rules", "fewest_missing", "improve"]
