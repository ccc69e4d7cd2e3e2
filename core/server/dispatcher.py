"""The threads that answer requests, in the order of ``core.server.order``: what waitress calls a task dispatcher."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from core import clock
from core.server.order import QueuedRequest, ServingTurn, WaitingLine

log = logging.getLogger(__name__)


class ConnectionTask(Protocol):
    """A connection with a request that is all there."""

    def service(self) -> None: ...

    def cancel(self) -> None: ...

    def turn(self) -> ServingTurn: ...


class Dispatcher:
    def __init__(self, threads: int, room: Mapping[ServingTurn, int]) -> None:
        self._changed = threading.Condition()
        self._line: WaitingLine[ConnectionTask] = WaitingLine(room)
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"web-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add_task(self, task: ConnectionTask) -> None:
        with self._changed:
            self._line.join(task, task.turn(), clock.monotonic())
            self._changed.notify()

    def leave(self, leaves: Callable[[QueuedRequest[ConnectionTask]], bool]) -> list[ConnectionTask]:
        """Take out of the line who ``leaves``; no thread has begun with them, and none will."""
        with self._changed:
            return [each.asked for each in self._line.leave(leaves)]

    def is_idle(self, upto: ServingTurn = ServingTurn.LAST) -> bool:
        """Whether nothing of that turn and those before it waits or is at work."""
        with self._changed:
            return not self._line.waiting(upto) and not self._line.at_work(upto)

    def shutdown(self, timeout: float) -> None:
        """Begin nothing more; wait so long for what has begun."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            waiting = self._line.leave(lambda _each: True)
        ends = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        if waiting:
            log.warning("%d requests that waited are not served: the program stops", len(waiting))
        for each in waiting:
            each.asked.cancel()

    def _serve(self) -> None:
        while (begun := self._begin()) is not None:
            try:
                begun.asked.service()
            except BaseException:  # a thread that ends would never come back
                log.exception("a request could not be served")
            finally:
                with self._changed:
                    self._line.end(begun.turn)

    def _begin(self) -> QueuedRequest[ConnectionTask] | None:
        with self._changed:
            while not self._stopping:
                begun = self._line.begin()
                if begun is None:
                    self._changed.wait()
                    continue
                if self._line.can_begin():
                    self._changed.notify()  # room that another one's end made may be for two
                return begun
            return None
