"""The thread of a worker that has suspects carried: it starts the sender process when there is one, and ends it after.

While nobody is suspected it asks two empty indexes in each pulse, and there is no process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask

from core import clock
from notify.alone import services
from notify.alone.child import order_of
from notify.alone.process import ProcessDied, SenderProcess
from notify.claims import ClaimedMessages

BEGIN_WITHIN = 300.0
"""Seconds for reading the program, which on a starved machine takes long; nothing is leased meanwhile."""
CARRY_WITHIN = 60.0
"""Longer than three gateways of 15 seconds each, shorter than a lease (75 s)."""
LOOK_EVERY = 1.0
"""While a suspect waits for its turn."""
KEPT_FOR = 60.0
"""Seconds that a process waits for the next suspect: to read the program again would cost more."""
PAUSE_AFTER_A_FAULT = 1.0
log = logging.getLogger(__name__)


class Lane:
    """``wake()`` makes it look; it takes nothing more once ``stop`` is set."""

    def __init__(self, app: Flask, owner_prefix: str, stop: threading.Event) -> None:
        self._app, self._owner, self._stop = app, f"{owner_prefix}alone", stop
        self._call = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: SenderProcess | None = None
        self._used = 0.0

    def revive(self) -> None:
        """Start it when it does not run, and let it look."""
        if not self._stop.is_set() and not self.is_alive():
            self._thread = threading.Thread(target=self._work, name="sender-alone", daemon=True)
            self._thread.start()
        self.wake()

    def wake(self) -> None:
        self._call.set()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def join(self, seconds_left: Callable[[], float]) -> None:
        self.wake()
        if self._thread is not None:
            self._thread.join(seconds_left())

    def _work(self) -> None:
        is_waiting = False
        try:
            while not self._stop.is_set():
                self._call.wait(LOOK_EVERY if is_waiting or self._process is not None else None)
                self._call.clear()
                try:
                    with self._app.app_context():
                        is_waiting = self._carry_all()
                except Exception:
                    log.exception("the sender of suspects lost the database; it tries again")
                    is_waiting = True
                    self._end()
                    self._stop.wait(PAUSE_AFTER_A_FAULT)
        finally:
            self._end()

    def _carry_all(self) -> bool:
        """Carry one suspect after the other until it is the turn of none; whether any is left."""
        while not self._stop.is_set() and services.in_turn(now=clock.now()):
            if self._process is not None and not self._process.is_alive():
                self._end()  # while it carried nothing
            self._process = self._process or self._begin()
            claimed = services.claim(self._owner, now=clock.now()) if self._process is not None else None
            if self._process is None or claimed is None:
                break
            self._used = clock.monotonic()
            if not self._carry(self._process, claimed):
                self._end()
        is_any = services.is_any(now=clock.now())
        if not is_any and clock.monotonic() - self._used > KEPT_FOR:
            self._end()
        return is_any

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _begin(self) -> SenderProcess | None:
        """When it is the turn of one: reading the program slows down whatever else leaves. And before that one is
        claimed: a process that cannot even begin has died of no message."""
        process = SenderProcess()
        log.warning("suspects are carried one at a time by process %s", process.pid)
        if process.is_ready(within=BEGIN_WITHIN, should_stop=self._stop.is_set):
            return process
        process.close()
        if not self._stop.is_set():
            log.error("the sender process could not begin")
            self._stop.wait(PAUSE_AFTER_A_FAULT)
        return None

    def _carry(self, process: SenderProcess, claimed: ClaimedMessages) -> bool:
        """Whether the process lives on."""
        try:
            if process.carry(order_of(claimed), within=CARRY_WITHIN):
                services.cleared(claimed)
                return True
            services.give_back(claimed, now=clock.now())
        except ProcessDied as death:
            log.error(
                "message %s (attempt %s) killed its sender: %s", claimed.parts[0].id, claimed.parts[0].attempt, death
            )
            services.note_death(claimed, str(death), now=clock.now())
        return False
