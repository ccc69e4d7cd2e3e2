"""What a storm of requests needed goes back to the system, once, in a quiet moment."""

from __future__ import annotations

import ctypes
import multiprocessing

import pytest

from core.server import memory

MEGABYTES = 80
PIECE = 2000
"""Bytes: above what Python keeps in arenas of its own."""

pytestmark = pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this system's C library has nothing to be asked"
)


def storm() -> list[bytearray]:
    """Much memory, free again but for the last piece: the library keeps it all for that one's sake."""
    held = [bytearray(PIECE) for _each in range(MEGABYTES * 2**20 // PIECE)]
    return held[-1:]


def test_it_is_given_back_in_a_quiet_moment_and_not_while_something_is_asked() -> None:
    """In a process that holds nothing else: one that has run a thousand tests has room for a storm already."""
    alone = multiprocessing.get_context("spawn").Process(target=_asked_and_quiet)
    alone.start()
    alone.join()
    assert alone.exitcode == 0


def _asked_and_quiet() -> None:
    let_go = list[str]()
    keeper = memory.Keeper(lambda: let_go.append("connections"))
    keeper.look(0.0, busy=True)
    last = storm()
    grown = memory.megabytes()
    keeper.look(1.0, busy=True)
    keeper.look(2.0, busy=False)
    keeper.look(2.0 + memory.QUIET / 2, busy=False)
    keeper.look(2.0 + memory.QUIET, busy=True)
    assert memory.megabytes() > grown - MEGABYTES / 4
    assert let_go == []
    keeper.look(20.0, busy=False)
    keeper.look(20.0 + memory.QUIET, busy=False)
    assert memory.megabytes() < grown - MEGABYTES / 2
    assert let_go == ["connections"]
    del last


def test_a_process_that_has_not_grown_is_left_in_peace() -> None:
    let_go = list[str]()
    keeper = memory.Keeper(lambda: let_go.append("connections"))
    for second in range(60):
        keeper.look(float(second), busy=False)
    assert let_go == []
