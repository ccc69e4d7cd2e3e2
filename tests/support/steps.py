"""Work that must not take the square of what it is given: done in a process that is ended when it uses too much."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

SECONDS = 5
"""Of processor time, for what takes some milliseconds."""


def ends(work: Callable[[], Any]) -> bool:
    """Whether it came to an end."""
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
