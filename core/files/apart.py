"""Read what strangers sent in a process of its own: with limits of its own, and knowing no secret of ours.

Parsers of mails, PDF and sheets have inputs on which they need hours or all memory. Whoever asks here waits for one
such process and for nothing else, and is told when it died.
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}
"""All that such a process gets to know."""
log = logging.getLogger(__name__)


class ChildDied(Exception):
    """It was killed, by its limits or by anything else, or went beyond its time, or said nothing that can be read."""


def ask(module: str, content: bytes, *arguments: str, within: float) -> Any:
    """Return what ``module`` says, as JSON on standard output, of ``content`` on standard input. ``within``: seconds of
    the clock; its processor time it limits itself (``confine``). Raises ``ChildDied``."""
    try:
        done = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", module, *arguments],
            input=content,
            capture_output=True,
            timeout=within,
            cwd=ROOT,
            env=ENVIRONMENT,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as why:
        log.warning("%s did not come to an end with %s bytes: %s", module, len(content), _said(why))
        raise ChildDied(module) from why


def confine(*, memory: int, seconds: int) -> None:
    """In such a process, before it reads anything: bytes of addresses, seconds of processor time, no picture of its
    memory left behind."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _said(why: Exception) -> str:
    """How it ended, and by which exception: never with words of what it was given."""
    if isinstance(why, subprocess.CalledProcessError):
        last = (why.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        return f"ended with {why.returncode} {last.partition(':')[0][:80]}".strip()
    return type(why).__name__
