"""How many files five calls walk through, and how often they come back to one: what ``benchmarks.web.walking`` counts.

    python -m benchmarks.web.walks [--files WALK | --json]

Prints a table as docs/architecture.md has it. ``--files``: the functions of one walk in the order in which they are
entered, each below whoever waits for it; ``+`` marks a file that is new, ``<`` a return. On SQLite, in the world of
``benchmarks.web.world`` (made first where it is not kept, which takes a minute), and warm: ``WARM`` calls of the same
kind come before the one that is followed. All are made each time, in the same order: the figures are the same in every
run of the same code, whichever are asked for.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace

from flask import Flask

from benchmarks.web.measure import statements
from benchmarks.web.walk_calls import Calls, Prepared
from benchmarks.web.walking import Walk, walked
from benchmarks.web.world import kept, making
from core import clock

WARM = 3
NAMES = ("quick-log", "first-call", "grid-edit", "confirm", "solve")
BELOW = "core"
"""What the figures in brackets leave out."""


def main() -> None:
    asked = _arguments()
    with kept.opened() as (app, facts), clock.travel(making.NOW):
        prepared = Calls(app, facts).all()
        walks = {name: _followed(app, name, prepared[name]) for name in NAMES}
    if asked.files:
        print("\n".join(_course(walks[asked.files])))
    elif asked.json:
        print(json.dumps({name: _figures(walk) for name, walk in walks.items()}, indent=1))
    else:
        print("\n".join(_table(walks)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--files", choices=NAMES, metavar="WALK", help=", ".join(NAMES))
    how.add_argument("--json", action="store_true")
    return parser.parse_args()


def _followed(app: Flask, name: str, prepare: Prepared) -> Walk:
    for _turn in range(WARM):
        _done(name, prepare()())
    call, did = prepare(), list[bool]()
    with statements(app) as sent:
        walk = walked(lambda: did.append(call()))
    _done(name, did[0])
    return replace(walk, statements=len(sent))


def _done(name: str, did: bool) -> None:
    if not did:
        raise RuntimeError(f"{name}: it did not do what is followed here")


def _table(walks: dict[str, Walk]) -> Iterator[str]:
    yield f"| walk | files (without `{BELOW}`) | returns | statements |"
    yield "|---|---|---|---|"
    for name, walk in walks.items():
        above = walk.without(BELOW)
        files, returns = f"{walk.files} ({above.files})", f"{walk.returns} ({above.returns})"
        yield f"| {name.replace('-', ' ')} | {files} | {returns} | {walk.statements} |"


def _figures(walk: Walk) -> dict[str, int]:
    above = walk.without(BELOW)
    return {
        "files": walk.files,
        "returns": walk.returns,
        f"files_without_{BELOW}": above.files,
        f"returns_without_{BELOW}": above.returns,
        "statements": walk.statements,
    }


def _course(walk: Walk) -> Iterator[str]:
    known, before = set[str](), ""
    for step in walk.steps:
        mark = " " if step.file == before else "<" if step.file in known else "+"
        known.add(step.file)
        before = step.file
        yield f"{mark} {'  ' * step.depth}{step.file} {step.function}"


if __name__ == "__main__":
    main()
