"""The web server: waitress, which takes in whole requests in one loop before a thread sees them, with our deadlines.

A half-sent request, however many there are, costs a socket and a little memory and never a thread that serves pages;
``core.server.patience`` says how long it may take. ``python -m server`` runs one process; ``serve.py`` runs several on
one listening socket (``core.server.listening_socket``), so that connections wait, and are not refused, while one of
them is started again.
"""

from __future__ import annotations

import logging
import resource
import signal
import socket
import sys
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.utilities import RequestEntityTooLarge

import config
from app import create_app
from core import clock
from core.observability.seldom import Seldom
from core.server import listening_socket, patience, signs_of_life

THREADS = 32
FINISH_WITHIN = 10.0
"""Seconds between SIGTERM and the end, at most."""
LONGEST_HEADERS = 32 * 1024
HELD_FOR_A_READER = 64 * 1024 * 1024
"""Bytes of an answer that are kept (beyond the first megabyte on the disk) before a thread waits for a slow reader."""
MOST_CONNECTIONS = 2000
FILES_BESIDE = 200
"""Open files that are no connections: the database's, spilled bodies, the log."""
log = logging.getLogger("web")
_seldom = Seldom()


class Channel(HTTPChannel):
    """One connection, and since when its client has had the next move."""

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
        super().service()

    def waiting(self, now: float) -> patience.Waiting | None:
        """What it waits for its client with; None while a thread is at work for it."""
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
        return patience.Waiting(self, self.addr[0], phase, self.since, moved)

    def is_at_work(self) -> bool:
        """Whether a request is being taken in, served or answered."""
        return bool(self.requests or self.total_outbufs_len or self.phase == "body")


class Server(TcpWSGIServer):
    """The loop; ``stop`` ends it once what it has begun is answered, after ``FINISH_WITHIN`` seconds at the latest."""

    channel_class = Channel

    def __init__(self, app: Any, listening: socket.socket, *, most_body: int, threads: int = THREADS) -> None:
        self.most = _room_for_connections()
        settings = Adjustments(
            sockets=[listening],
            threads=threads,
            connection_limit=self.most,
            asyncore_use_poll=True,
            cleanup_interval=1,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=most_body + 1,
            outbuf_high_watermark=HELD_FOR_A_READER,
            # Which of them are believed is the application's own setting.
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
        self._ends = float("inf")
        place = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(app, {}, True, listening, adj=settings, sockinfo=place, bind_socket=False)

    def maintenance(self, now: float) -> None:
        """Once a second, in the loop: I live; and who has kept us waiting too long is let go."""
        signs_of_life.sign()
        steady = clock.monotonic()
        waiting = [each for channel in list(self.active_channels.values()) if (each := channel.waiting(steady))]
        slow = patience.to_close(waiting, steady, most=self.most * 9 // 10)
        for channel in slow:
            channel.will_close = True  # type: ignore[attr-defined]
        unfinished = [each for each in waiting if each.key in slow and each.phase != "idle"]
        if unfinished:
            what = f"{len(unfinished)} connections were too slow and are closed"
            example = f"one was at its {unfinished[0].phase}, from {unfinished[0].address}"
            _seldom.say(log, logging.WARNING, "slow", f"{what}; {example}")

    def stop(self, *_signal: object) -> None:
        """From a signal or another thread."""
        self._ends = clock.monotonic() + FINISH_WITHIN
        self.accepting = False
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
        return not channels or clock.monotonic() > self._ends


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    signs_of_life.attach()
    try:
        app = create_app()
    except config.UnsafeConfiguration as fault:
        print(f"server: {fault}", file=sys.stderr)
        return 1
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue for a moment is what a queue is for
    log.setLevel(logging.INFO)
    signs_of_life.begun()
    with listening_socket.inherited_or_bound(app.config["HOST"], app.config["PORT"]) as listening:
        server = Server(app, listening, most_body=app.config["MAX_CONTENT_LENGTH"])
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
