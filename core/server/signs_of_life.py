"""Signs of life for the program that started this process: a byte in a pipe, from inside the work itself, so that a
program that hangs is silent. A pipe needs neither the database nor a clock, and nobody reads what a predecessor left in
it.

A ``Listener`` makes the pipe, the child ``attach``es to it and calls ``sign``, which does nothing without a listener.
Until it has ``begun`` its work is to read the program: each module that is imported is a sign, because on a slow
machine all of them together take minutes.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.abc import MetaPathFinder
from typing import Any

VARIABLE = "LIFE_FD"
_line: list[int] = []


class _Imports(MetaPathFinder):
    """Finds nothing; whoever asks it is about to import something."""

    def find_spec(self, *_what: Any) -> None:
        sign()


_imports = _Imports()


def attach() -> None:
    """Take the line that this process was started with, if any; children of its own do not get it. Before anything that
    takes long is imported, and again in a process that was forked after that."""
    text = os.environ.pop(VARIABLE, "")
    if text.isdecimal():
        line = int(text)
        os.set_blocking(line, False)
        os.set_inheritable(line, False)
        _line[:] = [line]
        if _imports not in sys.meta_path:
            sys.meta_path.insert(0, _imports)
    sign()


def begun() -> None:
    """From now on only the work itself gives signs: a thread that imports something says nothing of one that hangs."""
    with contextlib.suppress(ValueError):
        sys.meta_path.remove(_imports)
    sign()


def sign() -> None:
    """I live. A listener who is gone, or does not listen for a while, holds nobody up."""
    for line in _line:
        with contextlib.suppress(OSError):
            os.write(line, b".")


class Listener:
    """The reading end; ``sender`` goes to the child, and is ``let_go`` once it has been started."""

    def __init__(self) -> None:
        self._ear, self.sender = os.pipe()
        os.set_blocking(self._ear, False)

    def let_go(self) -> None:
        os.close(self.sender)

    def heard(self) -> bool:
        """Whether there was any sign since the last question."""
        heard = False
        with contextlib.suppress(BlockingIOError):
            while os.read(self._ear, 4096):
                heard = True
        return heard

    def close(self) -> None:
        os.close(self._ear)
