"""The web server: waitress, which takes in whole requests in one loop before a thread sees them, with our deadlines.

A half-sent request, however many there are, costs a socket and a little memory and never a thread that serves pages;
``core.server.patience`` says how long it may take. What is all there is served in the order of ``core.server.order``;
``core.server.busy`` says who is let go instead. ``python -m server`` runs one process; ``serve.py`` several on one
socket (``core.server.listening_socket``): connections wait, and are not refused, while one of them is started again.
"""

from __future__ import annotations

import contextlib
import logging
import resource
import signal
import socket
import sys
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

import config
from app import create_app
from core import clock
from core.db import db
from core.observability.seldom import Seldom
from core.server import busy, listening_socket, memory, order, patience, signs_of_life
from core.server.dispatcher import Dispatcher
from core.server.order import ServingTurn
from people.sign_in.views import COOKIE

THREADS = 32
ROOM = {ServingTurn.FIRST: THREADS, ServingTurn.SECOND: 24, ServingTurn.LAST: 6}
"""How much of each turn and the later ones may be at work at once. More pages at once are not sooner ready: they share
one processor, and each holds its memory meanwhile."""
FINISH_WITHIN = 10.0
"""Seconds between SIGTERM and the end, at most; what was sent to us whole gets as long again."""
LONGEST_HEADERS = 32 * 1024
HELD_FOR_A_READER = 64 * 1024 * 1024
"""Bytes of an answer that are kept (beyond the first megabyte on the disk) before a thread waits for a slow reader."""
MOST_CONNECTIONS = 2000
FILES_BESIDE = 200
"""Open files that are no connections: the database's, spilled bodies, the log."""
log = logging.getLogger("web")
_seldom = Seldom()


class PatientTask(WSGITask):
    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.has_waited_too_long:
            environ[busy.WAITED] = True
        return environ


class IdleAwareChannel(HTTPChannel):
    """One connection, and since when its client has had the next move."""

    task_class = PatientTask
    parser_class = busy.TimedRequest

    def __init__(self, *args: Any, **named: Any) -> None:
        self.phase: patience.Phase = "idle"
        self.since = clock.monotonic()
        self.sent, self._sent_before = 0, 0
        super().__init__(*args, **named)

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent = super().send(data, do_close)
        self.sent += sent
        return sent

    def received(self, data: bytes) -> bool:
        taken = super().received(data)
        # Here and not at the next look: the time of a request counts from its first byte.
        self.waiting(clock.monotonic())
        return taken

    def service(self) -> None:
        request = self.requests[0]
        if isinstance(request.error, RequestEntityTooLarge) and request.body_bytes_received == 0:
            # Announced as too large, and nothing of it was taken in: the product says so in the reader's language.
            request.error = None
            request.headers["CONNECTION"] = "close"
        if self.has_left() and self.may_be_dropped():
            self.server.dropped += 1
            self.drop()
            self.server.pull_trigger()
            return
        try:
            if not self.connected and request.error is None and self._changes_something():
                self._serve_nobody()
        finally:
            super().service()

    def _changes_something(self) -> bool:
        return self.requests[0].command not in order.HARMLESS or self.turn() == ServingTurn.FIRST

    def _serve_nobody(self) -> None:
        """The line broke while it waited: what it brought is done all the same, and nobody hears the answer."""
        with contextlib.suppress(ClientDisconnected):
            self.task_class(self, self.requests[0]).service()

    def turn(self) -> ServingTurn:
        """Return the turn of the request that is next."""
        request = self.requests[0]
        if request.has_waited_too_long:
            return ServingTurn.SECOND  # the page that says so costs little
        turn: ServingTurn = self.server.addresses.turn(request.command, f"/{(request.path or '').lstrip('/')}")
        return turn

    def has_left(self) -> bool:
        """Whether its client has closed the line, or its half of it: what reads pages never closes one half alone."""
        line = self.socket
        try:
            return line is None or line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def may_be_dropped(self) -> bool:
        """Whether its request is a read by somebody who is signed in, and nothing came behind it."""
        request = self.requests[0]
        return (
            len(self.requests) == 1
            and request.error is None
            and request.command in order.READS
            and "AUTHORIZATION" not in request.headers
            and self.turn() != ServingTurn.FIRST
            and self.server.is_signed_in(request.headers.get("COOKIE", ""))
        )

    def drop(self) -> None:
        """Close the connection: it is not served, and closed by the loop."""
        with self.requests_lock:
            self.will_close = True
            for request in self.requests:
                request.close()
            self.requests = []

    def waiting(self, now: float) -> patience.IdleConnection | None:
        """Return what it waits for its client with; None while a thread is at work for it."""
        request = self.request
        phase: patience.Phase | None
        if self.total_outbufs_len:
            phase = "answer"
        elif self.requests:
            phase = None
        elif request is None:
            phase = "idle"
        else:
            phase = "body" if request.headers_finished else "headers"
        if phase != self.phase:
            self.phase, self.since, self._sent_before = phase or "idle", now, self.sent
        if phase is None:
            self.since = now
            return None
        moved = self.sent - self._sent_before if phase == "answer" else 0
        if request is not None and phase in ("headers", "body"):
            moved = request.header_bytes_received + request.body_bytes_received
        return patience.IdleConnection(self, self.addr[0], phase, self.since, moved)

    def is_at_work(self) -> bool:
        """Whether a request is being taken in, served or answered."""
        return bool(self.requests or self.total_outbufs_len or self.phase == "body")


class Server(TcpWSGIServer):
    """The loop; ``stop`` ends it once what it has begun is answered, after ``FINISH_WITHIN`` seconds at the latest."""

    channel_class = IdleAwareChannel

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self.most = _room_for_connections()
        self.addresses, self.is_signed_in = busy.addresses(app), busy.signed_in_by(app, COOKIE)
        self.dropped = 0
        self._memory = memory.Keeper(lambda: _close_idle_connections(app))
        settings = Adjustments(
            sockets=[listening],
            connection_limit=self.most,
            asyncore_use_poll=True,
            cleanup_interval=1,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1,
            outbuf_high_watermark=HELD_FOR_A_READER,
            # Which of them are believed is the application's own setting.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
        self._ends = float("inf")
        place = (listening.family, listening.type, listening.proto, listening.getsockname())
        dispatcher = Dispatcher(THREADS, ROOM)
        super().__init__(
            app, {}, True, listening, dispatcher=dispatcher, adj=settings, sockinfo=place, bind_socket=False
        )

    def maintenance(self, now: float) -> None:
        """Once a second, in the loop: I live; and who has kept us waiting too long is let go."""
        signs_of_life.sign()
        steady = clock.monotonic()
        self._look_at_the_line(steady)
        waiting = [each for channel in list(self.active_channels.values()) if (each := channel.waiting(steady))]
        slow = patience.to_close(waiting, steady, most=self.most * 9 // 10)
        for channel in slow:
            channel.will_close = True  # type: ignore[attr-defined]
        unfinished = [each for each in waiting if each.key in slow and each.phase != "idle"]
        if unfinished:
            what = f"{len(unfinished)} connections were too slow and are closed"
            example = f"one was at its {unfinished[0].phase}, from {unfinished[0].address}"
            _seldom.say(log, logging.WARNING, "slow", f"{what}; {example}")

    def _look_at_the_line(self, now: float) -> None:
        """Readers who left go out of it; those who waited too long are told so at once."""
        for channel in self.task_dispatcher.leave(lambda each: each.asked.has_left() and each.asked.may_be_dropped()):
            channel.drop()
            self.dropped += 1
        late = self.task_dispatcher.leave(lambda each: _is_late(each, now))
        for channel in late:
            channel.requests[0].has_waited_too_long = True
            self.task_dispatcher.add_task(channel)
        if late:
            _seldom.say(
                log, logging.WARNING, "busy", f"{len(late)} readers waited too long and were told to come again"
            )
        if self.dropped:
            _seldom.say(log, logging.INFO, "left", f"{self.dropped} readers left before it was their turn")
            self.dropped = 0
        self._memory.look(now, busy=not self.task_dispatcher.is_idle())

    def stop(self, *_signal: object) -> None:
        """Stop from a signal or another thread."""
        self._ends = clock.monotonic() + FINISH_WITHIN
        self.accepting = False
        with contextlib.suppress(OSError):  # it has ended already
            self.pull_trigger()

    def run(self) -> None:
        stopping = False
        while not (stopping and self._is_done()):
            self.asyncore.loop(timeout=0.1 if stopping else 1.0, map=self._map, use_poll=True, count=1)
            stopping = self._ends < float("inf")
        self.task_dispatcher.shutdown(timeout=1)
        self.asyncore.close_all(self._map)

    def _is_done(self) -> bool:
        channels = list(self.active_channels.values())
        for channel in channels:
            channel.will_close = channel.will_close or not channel.is_at_work()
        late = clock.monotonic() - self._ends
        is_done = (late > 0 or not channels) and self.task_dispatcher.is_idle(ServingTurn.SECOND)
        return bool(is_done or late > FINISH_WITHIN)


def _close_idle_connections(app: Flask) -> None:
    """To the database: each keeps pages of it, and six at once are not asked for soon again."""
    with app.app_context():
        db.engine.dispose()


def _is_late(waiting: order.QueuedRequest[Any], now: float) -> bool:
    waited = now - waiting.since > busy.LONGEST_WAIT and not waiting.asked.requests[0].has_waited_too_long
    return waited and bool(waiting.asked.may_be_dropped())


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    memory.keep_few_arenas()
    signs_of_life.attach()
    try:
        app = create_app({"PROGRAM": "web"})
    except config.UnsafeConfiguration as fault:
        print(f"server: {fault}", file=sys.stderr)
        return 1
    log.setLevel(logging.INFO)
    signs_of_life.begun()
    with listening_socket.inherited_or_bound(app.config["HOST"], app.config["PORT"]) as listening:
        server = Server(app, listening)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, server.stop)
        server.run()
    return 0


def _room_for_connections() -> int:
    """As many as open files allow: the usual soft limit of 1,024 is raised as far as the hard one lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + FILES_BESIDE
    if 0 <= soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft < 0 else max(64, min(MOST_CONNECTIONS, soft - FILES_BESIDE))


if __name__ == "__main__":
    sys.exit(main())
