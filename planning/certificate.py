"""What a solve can prove of its roster, kept with it; :mod:`certificate_facts` holds it against the facts again."""

from __future__ import annotations

import platform
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

Pairs = tuple[tuple[int, int], ...]
StoppedBy = Literal["proof", "work", "clock", "cancel", "nothing"]
PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
PAIRS = ("pins", "baseline")
LIBRARIES = ("highspy", "numpy")


@dataclass(frozen=True)
class Certificate:
    """Costs in hundredths of a point, memory in megabytes. `problem` and `roster` are SHA-256 fingerprints.

    `proved`: bound equals cost and no hard rule is broken but by pins. `groups` counts the subproblems that the roster
    was made of, `groups_proved` those that are best by themselves. `hard_breaches` leaves empty seats out, `soft_cost`
    their price. `stopped_by`: a proof; counted work (repeatable to the letter); the clock (a faster machine may find
    more); a cancel; or nothing, when no engine had more to say or none was run. `pins` and `baseline`: the (shift,
    person) pairs that the problem fixed and was to stay close to, so that the same question can be put to the facts of
    a later day; None in certificates of before. `prices`: dual prices of the programme's rows, from which
    `engines.mip.duals` works out a bound again without any solver; empty where there are none. `refused`: what engines
    claimed and was not believed.
    """

    problem: str
    roster: str
    versions: Mapping[str, str]
    seed: int
    seconds_asked: float
    seconds_used: float
    engines: tuple[str, ...]
    engine: str
    cost: int
    bound: int | None
    gap: float | None
    missing: int
    missing_bound: int
    groups: int
    groups_proved: int
    hard_breaches: int
    soft_cost: int
    proved: bool
    reproducible: bool
    stopped_by: StoppedBy
    memory_mb: int
    engines_memory_mb: int
    pins: Pairs | None = None
    baseline: Pairs | None = None
    prices: str = ""
    refused: tuple[str, ...] = ()

    @property
    def status(self) -> Literal["optimal", "feasible", "infeasible"]:
        """What the roster is worth, whatever ended the search."""
        if self.missing_bound:
            return "infeasible"
        return "optimal" if self.proved and not self.missing else "feasible"

    def as_json(self) -> dict[str, Any]:
        """Plain values only."""
        plain = {"versions": dict(self.versions), "engines": list(self.engines), "refused": list(self.refused)}
        return asdict(self) | plain | {name: _lists(getattr(self, name)) for name in PAIRS}


def from_json(raw: Mapping[str, Any]) -> Certificate:
    """Return what `as_json` gave. TypeError on anything else."""
    pairs = {name: _pairs(raw.get(name)) for name in PAIRS}
    told = {"refused": tuple(raw.get("refused", ()))}
    return Certificate(**{**raw, "engines": tuple(raw.get("engines", ())), **told, **pairs})


def _lists(pairs: Pairs | None) -> list[list[int]] | None:
    return None if pairs is None else [list(pair) for pair in pairs]


def _pairs(raw: Iterable[Sequence[int]] | None) -> Pairs | None:
    return None if raw is None else tuple((shift_id, staff_id) for shift_id, staff_id in raw)


def own_memory_mb() -> int:
    """The most memory that this process ever held, in megabytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


@cache
def versions() -> dict[str, str]:
    """Return the versions of the product, of Python and of what the engines compute with."""
    found = {"product": _product(), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _product() -> str:
    return str(tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"]) if PYPROJECT.exists() else ""
