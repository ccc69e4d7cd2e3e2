"""What the engine made of a problem is kept: tests that begin with the same solved campaign solve it once a process.

For stories that begin with a solve and are not about it. A solve that is cancelled is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from planning.codec import fingerprint
from planning.outcome import Outcome, Progress
from planning.problem import Problem
from planning.solve import SolveOptions
from roster.solving import jobs

KNOWN: dict[tuple[Any, ...], tuple[Outcome, list[Progress]]] = {}


def kept(real: Callable[..., Outcome]) -> Callable[..., Outcome]:
    def once(
        problem: Problem,
        options: SolveOptions,
        *,
        on_progress: Callable[[Progress], None] = lambda news: None,
        **asked: Any,
    ) -> Outcome:
        said = {name: value for name, value in asked.items() if name != "should_cancel"}
        key = (
            real.__name__,
            fingerprint(problem),
            options,
            *sorted((name, repr(value)) for name, value in said.items()),
        )
        if key not in KNOWN:
            heard: list[Progress] = []

            def both(news: Progress) -> None:
                heard.append(news)
                on_progress(news)

            outcome = real(problem, options, on_progress=both, **asked)
            if outcome.status != "cancelled":
                KNOWN[key] = outcome, heard
            return outcome
        outcome, heard = KNOWN[key]
        for news in heard:
            on_progress(news)
        return outcome

    return once


@contextmanager
def solves_kept() -> Iterator[None]:
    """While it lasts, the worker asks the engine of each problem once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("solve", "solve_least"):
            patch.setattr(jobs, name, kept(getattr(jobs, name)))
        yield
