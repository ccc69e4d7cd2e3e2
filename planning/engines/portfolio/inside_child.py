"""The other end of a `ChildProcess`: what every child does before it begins, and how it answers."""

from __future__ import annotations

import json
import logging
import os
import threading
from time import sleep
from typing import Any, TextIO

from planning import claims

ORPHAN_SECONDS = 0.5
KINDNESS = 5  # people's pages come before a better roster


def begin() -> TextIO:
    """Return where the child answers. It runs at lower priority and leaves with its parent, which cannot kill it once
    it was killed itself."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    os.nice(KINDNESS)
    # Solvers greet on standard output, which is ours: they are given standard error instead.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    claims.log.addHandler(_Faults(out))
    return out


class _Faults(logging.Handler):
    """What was not believed in the child, for the parent: there it is logged and told of."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        say(self.out, {"fault": record.getMessage()})


def say(out: TextIO, message: dict[str, Any]) -> None:
    print(json.dumps(message), file=out, flush=True)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(ORPHAN_SECONDS)
    os._exit(1)
