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
from notify.alone.process import Died, SenderProcess
from notify.claims import Claim

BEGIN_WITHIN = 300.0
"""Seconds for reading the program, which on a starved machine takes long; nothing is leased meanwhile."""
CARRY_WITHIN = 45.0
"""Longer than two gateways of 15 seconds each, shorter than a lease (75 s)."""
LOOK_EVERY = 1.0
"""While a suspect waits for its turn."""
PAUSE_AFTER_A_FAULT = 1.0
log = logging.getLogger(__name__)


class Lane:
    """``wake()`` makes it look; it takes nothing more once ``stop`` is set."""

    def __init__(self, app: Flask, owner_prefix: str, stop: threading.Event) -> None:
        self._app, self._owner, self._stop = app, f"{owner_prefix}alone", stop
        self._call = threading.Event()
        self._thread: threading.Thread | None = None

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
        while not self._stop.is_set():
            self._call.wait(LOOK_EVERY if is_waiting else None)
            self._call.clear()
            try:
                with self._app.app_context():
                    is_waiting = self._carry_all()
            except Exception:
                log.exception("the sender of suspects lost the database; it tries again")
                is_waiting = True
                self._stop.wait(PAUSE_AFTER_A_FAULT)

    def _carry_all(self) -> bool:
        """Carry one suspect after the other until it is the turn of none; whether any is left."""
        process: SenderProcess | None = None
        try:
            while not self._stop.is_set() and services.in_turn(now=clock.now()):
                process = process or self._begin()
                claimed = services.claim(self._owner, now=clock.now()) if process is not None else None
                if process is None or claimed is None:
                    break
                if not self._carry(process, claimed):
                    process = None
        finally:
            if process is not None:
                process.close()
        return services.is_any(now=clock.now())

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

    def _carry(self, process: SenderProcess, claimed: Claim) -> bool:
        """Whether the process lives on."""
        try:
            if process.carry(order_of(claimed), within=CARRY_WITHIN):
                return True
            services.give_back(claimed, now=clock.now())
        except Died as death:
            log.error(
                "message %s (attempt %s) killed its sender: %s", claimed.parts[0].id, claimed.parts[0].attempt, death
            )
            services.note_death(claimed, str(death), now=clock.now())
        process.close()
        return False
