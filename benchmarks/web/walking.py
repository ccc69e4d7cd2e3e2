"""How far a reader has to walk through the product's files to follow one call: the one definition of its figures.

A *walk* is the list of the product's functions that a call enters, each once, in the order in which they are first
entered. Counted in it are

- **files**: in how many different files these functions stand;
- **returns**: how often the walk goes from one file into another in which it was before;
- **statements**: what is sent to the database, as budgets count it (``benchmarks.web.measure``).

The same *without core* leaves the functions of ``core`` out of the list, and counts what is left.

The product are the packages of ``tests.boundaries.tree``, ``app.py`` and ``worker.py``. A function is a ``def`` or a
``lambda``; comprehensions are read where they stand and belong to the function around them. What is made while it runs
(a dataclass's ``__init__``), templates and libraries have no file here; a function of the product that they call has.
A thread that the call starts walks after the thread that started it, whichever of them was faster.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.boundaries.tree import PACKAGES, ROOT

PRODUCT = frozenset({*PACKAGES, "app.py", "worker.py"})
INSIDE = frozenset({"<module>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Names of what belongs to the function, or the file, around it."""


@dataclass(frozen=True)
class Step:
    """A function where it is first entered; ``depth``: how many functions of the product wait for it."""

    file: str
    function: str
    depth: int

    @property
    def package(self) -> str:
        return self.file.partition("/")[0]


@dataclass(frozen=True)
class Walk:
    steps: tuple[Step, ...]
    statements: int = 0

    @property
    def files(self) -> int:
        return len({step.file for step in self.steps})

    @property
    def returns(self) -> int:
        """Each change of file goes into a new one, or is a return."""
        changes = sum(before.file != after.file for before, after in pairwise(self.steps))
        return changes - max(self.files - 1, 0)

    def without(self, package: str) -> Walk:
        return replace(self, steps=tuple(step for step in self.steps if step.package != package))


def walked(call: Callable[[], Any], *, root: Path = ROOT, product: Collection[str] = PRODUCT) -> Walk:
    """Follow one call; ``product``: the folders and files right below ``root`` that are counted."""
    follower = _Follower(root, product)
    with follower.following():
        call()
    return Walk(tuple(follower.steps()))


class _Follower:
    """Notes what each thread enters, on a path of its own."""

    def __init__(self, root: Path, product: Collection[str]) -> None:
        self._root, self._product = f"{root}/", product
        self._files: dict[str, str] = {}
        self._paths: list[dict[CodeType, Step]] = []
        """Of each thread, in the order in which they began."""
        self._own = threading.local()

    @contextmanager
    def following(self) -> Iterator[None]:
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def steps(self) -> Iterator[Step]:
        """Of all threads, each function once."""
        seen = set[CodeType]()
        for path in self._paths:
            for code, step in path.items():
                if code not in seen:
                    seen.add(code)
                    yield step

    def _note(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or not self._counts(frame.f_code):
            return
        if not hasattr(self._own, "path"):
            self._own.path = {}
            self._paths.append(self._own.path)
        path, code = self._own.path, frame.f_code
        if code not in path:
            path[code] = Step(self._file(code), code.co_qualname, self._depth(frame))

    def _depth(self, frame: FrameType) -> int:
        depth, below = 0, frame.f_back
        while below is not None:
            depth += self._counts(below.f_code)
            below = below.f_back
        return depth

    def _counts(self, code: CodeType) -> bool:
        return code.co_name not in INSIDE and self._file(code) != ""

    def _file(self, code: CodeType) -> str:
        """The file below the root in which it stands; nothing where that is not the product's."""
        name = code.co_filename
        if name not in self._files:
            here = name.removeprefix(self._root) if name.endswith(".py") and name.startswith(self._root) else ""
            self._files[name] = here if here.partition("/")[0] in self._product else ""
        return self._files[name]
