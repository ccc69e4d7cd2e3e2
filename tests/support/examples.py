"""Made-up cases that cost much each: one in ten with ``make test``, five at least, all with the rest."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

SHARE = 10
LEAST = 5
"""Hypothesis begins with the simplest, of which two would leave one that was made up."""
Test = Callable[..., None]


def for_any(*drawn: st.SearchStrategy[Any], examples: int) -> Callable[[Test], Test]:
    """In the place of ``given`` and ``settings``: the test twice, as ``[a-tenth]`` and, for the rest, as ``[all]``."""

    def decorate(holds: Test) -> Test:
        counts = {"a-tenth": max(LEAST, examples // SHARE), "all": examples}
        runs = {name: _with(count, drawn)(holds) for name, count in counts.items()}

        def run(run_of: str, **others: Any) -> None:
            runs[run_of](**others)

        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(run, name, getattr(holds, name))
        others = inspect.signature(runs["all"]).parameters.values()
        which = inspect.Parameter("run_of", inspect.Parameter.KEYWORD_ONLY)
        run.__signature__ = inspect.Signature([*others, which])  # type: ignore[attr-defined]
        both = ["a-tenth", pytest.param("all", marks=pytest.mark.rest)]
        return pytest.mark.parametrize("run_of", both)(run)

    return decorate


def seeds(count: int) -> list[Any]:
    """For ``parametrize``: made-up cases by number, of which all but each tenth are left to the rest."""
    return [pytest.param(seed, marks=[pytest.mark.rest] if seed % SHARE else []) for seed in range(count)]


def _with(count: int, drawn: tuple[st.SearchStrategy[Any], ...]) -> Callable[[Test], Test]:
    few = settings(max_examples=count, suppress_health_check=list(HealthCheck))
    return lambda holds: few(given(*drawn)(holds))
