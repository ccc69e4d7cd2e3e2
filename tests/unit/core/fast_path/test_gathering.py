"""Many callers, few transactions: everybody gets their own answer, and nobody waits for somebody who does not come."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from core.fast_path.group_commit import Gathering


class Desk:
    """Doubles numbers; odd ones are refused. Holds its first work until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def work(self, asked: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(asked))
        self.begun.set()
        assert self.go_on.wait(10)
        return [ValueError(str(each)) if each % 2 else each * 2 for each in asked]


def callers(gathering: Gathering[int, int], numbers: Sequence[int], told: dict[int, object]) -> list[threading.Thread]:
    def ask(number: int) -> None:
        try:
            told[number] = gathering.ask(number)
        except Exception as fault:
            told[number] = fault

    threads = [threading.Thread(target=ask, args=(each,)) for each in numbers]
    for each in threads:
        each.start()
    return threads


def test_what_arrives_meanwhile_goes_together_and_each_gets_their_own_answer() -> None:
    desk, told = Desk(), dict[int, object]()
    gathering: Gathering[int, int] = Gathering(desk.work)
    threads = callers(gathering, [0], told)
    assert desk.begun.wait(10)
    threads += callers(gathering, range(1, 10), told)
    while len(gathering._queue) < 9:
        threading.Event().wait(0.001)
    desk.go_on.set()
    for each in threads:
        each.join(10)
    assert len(desk.batches) == 2 and desk.batches[0] == [0] and sorted(desk.batches[1]) == list(range(1, 10))
    assert [told[each] for each in range(0, 10, 2)] == [0, 4, 8, 12, 16]
    assert [str(told[each]) for each in range(1, 10, 2)] == ["1", "3", "5", "7", "9"]


def test_a_fault_of_the_whole_work_reaches_everybody_and_the_next_one_is_served() -> None:
    broken = [True]

    def work(asked: Sequence[int]) -> list[int | Exception]:
        if broken.pop():
            raise RuntimeError("away")
        return [each * 2 for each in asked]

    gathering: Gathering[int, int] = Gathering(work)
    with pytest.raises(RuntimeError, match="away"):
        gathering.ask(1)
    broken.append(False)
    assert gathering.ask(2) == 4


def test_no_more_than_the_most_go_together() -> None:
    desk, told = Desk(), dict[int, object]()
    gathering: Gathering[int, int] = Gathering(desk.work, most=4)
    threads = callers(gathering, [0], told)
    assert desk.begun.wait(10)
    threads += callers(gathering, range(2, 22, 2), told)
    while len(gathering._queue) < 10:
        threading.Event().wait(0.001)
    desk.go_on.set()
    for each in threads:
        each.join(10)
    assert [len(each) for each in desk.batches] == [1, 4, 4, 2] and len(told) == 11
