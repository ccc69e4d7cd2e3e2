"""Who writes next: whoever has waited longest, and nobody who has gone."""

from __future__ import annotations

import threading

import pytest

from core.storage.writing import Late, TurnLock
from tests.support.smtp_sink import wait_until

PATIENCE = 15.0


def test_whoever_has_waited_longest_is_next() -> None:
    turns, order = TurnLock(), list[int]()

    def write(number: int) -> None:
        with turns.mine(PATIENCE):
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with turns.mine(PATIENCE):
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda number=number: len(turns._queue) == number + 1, what="a place in the queue")
    with turns.mine(PATIENCE):  # asks last, so all of them have been
        assert order == [0, 1, 2, 3, 4]
    for thread in threads:
        thread.join()


def test_whoever_gives_up_holds_up_nobody() -> None:
    turns, written = TurnLock(), threading.Event()

    def write() -> None:
        with turns.mine(PATIENCE):
            written.set()

    patient = threading.Thread(target=write)
    with turns.mine(PATIENCE):
        with pytest.raises(Late), turns.mine(0.01):
            pytest.fail("it was not its turn")
        patient.start()
        assert not written.is_set()
    assert written.wait(PATIENCE)
    patient.join()


def test_a_fault_inside_passes_the_turn_on() -> None:
    turns = TurnLock()
    with pytest.raises(ValueError, match="broken"), turns.mine(PATIENCE):
        raise ValueError("broken")
    with turns.mine(0.01):
        pass


def test_many_writers_never_meet() -> None:
    turns, inside, met = TurnLock(), threading.Lock(), list[int]()

    def write() -> None:
        for _each in range(200):
            with turns.mine(PATIENCE):
                if not inside.acquire(blocking=False):
                    met.append(1)
                    continue
                inside.release()

    threads = [threading.Thread(target=write) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert met == [] and not turns._taken
