"""One transaction for many callers: what arrives while one is being written goes into the next, together.

Every caller is answered after the commit that holds what it asked for; a commit costs nearly the same for one as for
fifty. Who comes alone begins at once; who comes in company waits for the others a moment, never longer than ``GRACE``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")
GRACE = 0.003
"""Seconds. Callers of a moment ago are likely to come again: a few milliseconds gather them."""


class _Waiting(Generic[Asked, Told]):
    __slots__ = ("answer", "asked", "is_done", "turn")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Told | BaseException
        self.is_done = False
        self.turn = threading.Event()


class Gathering(Generic[Asked, Told]):
    """``work`` does several at once and answers each, in their order, with what it is told or with its exception.

    It runs in the thread of one of the callers (and with what that thread brings: its application context), never twice
    at the same time. When it raises, everybody whom it was about gets that exception.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Told | Exception]], most: int = 64) -> None:
        self._work, self._most = work, most
        self._state = threading.Condition()
        self._queue: list[_Waiting[Asked, Told]] = []
        self._is_led = False
        self._company = 1
        """How many were about when the last transaction ended."""

    def ask(self, asked: Asked) -> Told:
        """Have it done, with others or alone; raises what ``work`` answered for it."""
        mine: _Waiting[Asked, Told] = _Waiting(asked)
        with self._state:
            self._queue.append(mine)
            leads, self._is_led = not self._is_led, True
            if len(self._queue) >= self._company:
                self._state.notify()
        if not leads:
            mine.turn.wait()  # for the answer, or for the lead
        if not mine.is_done:
            self._lead()
        if isinstance(mine.answer, BaseException):
            raise mine.answer
        return mine.answer

    def _lead(self) -> None:
        """Do what has gathered, oneself among them, then hand the lead to those who have come since."""
        with self._state:
            self._state.wait_for(lambda: len(self._queue) >= min(self._company, self._most), GRACE)
            together, self._queue = self._queue[: self._most], self._queue[self._most :]
        answers: Sequence[Told | BaseException]
        try:
            answers = self._work([each.asked for each in together])
        except BaseException as fault:
            answers = [fault] * len(together)
        with self._state:
            following = self._queue[0] if self._queue else None
            self._is_led = following is not None
            self._company = len(together) + len(self._queue)
        for each, answer in zip(together, answers, strict=True):
            each.answer, each.is_done = answer, True
            each.turn.set()
        if following is not None:
            following.turn.set()
