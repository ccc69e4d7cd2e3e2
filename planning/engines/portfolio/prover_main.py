"""The child process of a `Prover`: questions one after the other on standard input, an answer to each on output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from planning.codec import from_json
from planning.engines.mip import bound_prices, nearest, shortage_bound
from planning.engines.portfolio.inside_child import begin, say
from planning.problem import Problem


def _fewest(problem: Problem, question: dict[str, Any]) -> dict[str, Any]:
    missing, proven = shortage_bound.fewest_missing(problem, seconds=question["seconds"])
    return {"missing": missing, "proven": proven}


def _binding(problem: Problem, question: dict[str, Any]) -> dict[str, Any]:
    found = shortage_bound.binding_rules(problem, seconds=question["seconds"])
    return {"missing": found.missing, "rules": found.rules}


def _prices(problem: Problem, question: dict[str, Any]) -> dict[str, Any]:
    text, bound = bound_prices.find(problem, question["seconds"], question["target"])
    return {"prices": text, "bound": bound}


def _nearest(problem: Problem, question: dict[str, Any]) -> dict[str, Any]:
    found = nearest.nearest(problem, seconds=question["seconds"], seed=question["seed"])
    return {"found": None if found is None else asdict(found)}


ANSWERS = {"fewest": _fewest, "binding": _binding, "prices": _prices, "nearest": _nearest}


def main() -> None:
    out = begin()
    say(out, {"ready": True})
    # A parent that is gone closes our input, and that ends the loop.
    for line in sys.stdin:
        question = json.loads(line)
        say(out, ANSWERS[question["ask"]](from_json(question["problem"]), question))


if __name__ == "__main__":
    main()
