"""Where a sender process begins: bound to its parent before it reads the program, which takes seconds.

A worker that dies again and again shall not leave behind one such process after the other that still reads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys


def end_with_parent(parent: int) -> None:
    """End with the parent: only who started it may stop it, for a terminal's Ctrl-C reaches the whole group. On Linux
    it never outlives them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    from flask.cli import main

    sys.argv = ["flask", "--app", "app", "carry-alone"]
    main()
