"""A few threads for each channel that carry its messages: a webhook that hangs holds up webhooks, never mail.

What is suspected of killing whoever carries it goes beside them, alone (``notify.alone``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection

from flask import Flask

from notify.alone.lane import Lane
from notify.channels.registry import Channels
from notify.delivery import deliver_due

POOLS = {"email": 4, "sms": 2, "voice": 2, "push": 2, "apprise": 2}
"""Threads of each channel."""
PAUSE_AFTER_A_FAULT = 1.0
log = logging.getLogger(__name__)


class Senders:
    """``wake()`` makes idle senders look for due messages; they stop claiming once ``stop`` is set."""

    def __init__(self, app: Flask, owner_prefix: str, stop: threading.Event) -> None:
        self._app, self._prefix, self._stop = app, owner_prefix, stop
        self._channels = [channel for channel, count in POOLS.items() for _ in range(count)]
        self._calls = [threading.Event() for _ in self._channels]
        self._threads: list[threading.Thread | None] = [None] * len(self._channels)
        self._alone = Lane(app, owner_prefix, stop)

    def start(self) -> None:
        self.revive()

    def revive(self) -> None:
        """Start what is not running; a thread should never end before ``stop``, but silence must not be the price."""
        for number, thread in enumerate(self._threads):
            if not self._stop.is_set() and (thread is None or not thread.is_alive()):
                self._threads[number] = self._begin(number)
        self._alone.revive()

    def wake(self, channels: Collection[str] = tuple(POOLS)) -> None:
        """Let the senders of ``channels`` look."""
        for channel, call in zip(self._channels, self._calls, strict=True):
            if channel in channels:
                call.set()

    def alive(self) -> int:
        return sum(thread is not None and thread.is_alive() for thread in self._threads) + self._alone.is_alive()

    def join(self, seconds_left: Callable[[], float]) -> None:
        """Wait for the letters that are on their way, as long as ``seconds_left()`` allows."""
        self.wake()
        for thread in self._threads:
            if thread is not None:
                thread.join(seconds_left())
        self._alone.join(seconds_left)

    def _begin(self, number: int) -> threading.Thread:
        thread = threading.Thread(
            target=self._work, args=(number,), name=f"sender-{self._channels[number]}-{number}", daemon=True
        )
        thread.start()
        return thread

    def _work(self, number: int) -> None:
        call, lines = self._calls[number], Channels(self._app.config)
        while not self._stop.is_set():
            call.wait()
            call.clear()
            try:
                with self._app.app_context():
                    deliver_due(
                        owner=f"{self._prefix}{number}",
                        channels=lines,
                        should_stop=self._stop.is_set,
                        only=(self._channels[number],),
                    )
            except Exception:
                log.exception("sender %s lost the database; it tries again", number)
                self._stop.wait(PAUSE_AFTER_A_FAULT)
        lines.close()
