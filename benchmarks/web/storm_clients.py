"""Who comes in the storm: readers without patience, a monitor that hangs up, a watchdog, a reader who waits."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import re
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.web.world.making import PASSWORD

LEAVES_AFTER = (3.0, 6.0)
"""Seconds after which a reader goes away, and opens another page."""
MONITOR_HANGS_UP = 5.0
ALARM_EVERY = 0.5
TITLE = "Báo thử trong bão"


def is_up(port: int) -> bool:
    try:
        return _asked(port, "GET", "/healthz")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def signed_in(port: int, login: str) -> str:
    """The cookies of somebody who has typed their password."""
    _status, headers, page = _asked(port, "GET", "/login")
    cookies = _cookies(headers)
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"identifier": login, "password": PASSWORD, "csrf_token": token.group(1).decode() if token else ""}
    status, headers, _page = _asked(
        port,
        "POST",
        "/login",
        urlencode(form).encode(),
        {"Cookie": _line(cookies), "Content-Type": "application/x-www-form-urlencoded"},
    )
    if status != 303:
        raise RuntimeError(f"{login} could not sign in: {status}")
    return _line(cookies | _cookies(headers))


def read_page(port: int, path: str, cookie: str) -> bytes:
    status, _headers, page = _asked(port, "GET", path, headers={"Cookie": cookie})
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return page


def new_source(port: int, key: str) -> str:
    """The path to which a new source reports."""
    body = {"name": "Bão", "kind": "generic", "unit": "BDX"}
    status, _headers, text = _api(port, "POST", "/intakes", key, body)
    if status != 201:
        raise RuntimeError(f"no source: {status} {text!r}")
    return f"/intake/generic/{json.loads(text)['key']}"


@dataclass
class Told:
    """What the clients saw."""

    opened: int = 0
    answered: int = 0
    busy: int = 0
    alarms: int = 0
    alarm_seconds: list[float] = field(default_factory=list)
    health_seconds: list[float] = field(default_factory=list)
    patient_seconds: list[float] = field(default_factory=list)
    health_asked: int = 0
    patient_asked: int = 0
    patient_told_busy: int = 0

    def facts(self) -> dict[str, Any]:
        return {
            "pages_asked": self.opened,
            "pages_answered": self.answered,
            "pages_told_to_come_again": self.busy,
            "alarms_sent": self.alarms,
            "alarms_answered_before_the_monitor_hung_up": len(self.alarm_seconds),
            "alarm_answered_s": _spread(self.alarm_seconds),
            "healthz_asked": self.health_asked,
            "healthz_answered": len(self.health_seconds),
            "healthz_s": _spread(self.health_seconds),
            "a_patient_reader_asked": self.patient_asked,
            "a_patient_reader_answered": len(self.patient_seconds),
            "a_patient_reader_s": _spread(self.patient_seconds),
            "a_patient_reader_told_to_come_again": self.patient_told_busy,
        }

    def lost(self, port: int, key: str) -> int:
        """Alarms that were wholly sent and are no incident."""
        found, cursor = set[str](), ""
        while True:
            _status, _headers, text = _api(port, "GET", f"/incidents?limit=200{cursor}", key)
            page = json.loads(text)
            found |= {each["title"] for each in page["items"] if each["title"].startswith(TITLE)}
            if not page["next"]:
                return self.alarms - len(found)
            cursor = f"&cursor={page['next']}"


def _spread(seconds: list[float]) -> dict[str, float]:
    some = sorted(seconds) or [0.0]
    return {
        "p50": round(statistics.median(some), 3),
        "p95": round(some[min(len(some) - 1, int(len(some) * 0.95))], 3),
        "max": round(some[-1], 3),
    }


async def storm(
    port: int, pages: list[str], cookie: str, monitor: str, readers: int, seconds: float, look: Callable[[], None]
) -> Told:
    told, dice, ends = Told(), random.Random(1), time.monotonic() + seconds  # noqa: S311
    async with asyncio.TaskGroup() as all_of:
        for _each in range(readers):
            all_of.create_task(_restless(told, port, pages, cookie, ends, random.Random(dice.random())))  # noqa: S311
        all_of.create_task(_patient(told, port, pages, cookie, ends))
        all_of.create_task(_monitor(told, port, monitor, ends))
        all_of.create_task(_watchdog(told, port, ends))
        all_of.create_task(_look(look, ends))
    return told


async def _restless(told: Told, port: int, pages: list[str], cookie: str, ends: float, dice: random.Random) -> None:
    await asyncio.sleep(dice.uniform(0, 1))
    while time.monotonic() < ends:
        patience = min(dice.uniform(*LEAVES_AFTER), max(ends - time.monotonic(), 0.1))
        told.opened += 1
        status = await _once(port, _get(dice.choice(pages), cookie), patience)
        told.answered += status == 200
        told.busy += status == 503
        if status:
            await asyncio.sleep(dice.uniform(0, 0.5))


async def _patient(told: Told, port: int, pages: list[str], cookie: str, ends: float) -> None:
    while time.monotonic() < ends:
        began = time.monotonic()
        told.patient_asked += 1
        status = await _once(port, _get(pages[0], cookie), max(ends - began, 0.1))
        told.patient_told_busy += status == 503
        if status == 200:
            told.patient_seconds.append(time.monotonic() - began)
        await asyncio.sleep(1)


async def _monitor(told: Told, port: int, path: str, ends: float) -> None:
    async with asyncio.TaskGroup() as sent:
        while time.monotonic() < ends:
            told.alarms += 1
            sent.create_task(_alarm(told, port, path, told.alarms, ends))
            await asyncio.sleep(ALARM_EVERY)


async def _alarm(told: Told, port: int, path: str, number: int, ends: float) -> None:
    body = json.dumps({"title": f"{TITLE} {number}", "key": f"storm-{number}", "severity": 3}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    began = time.monotonic()
    patience = min(MONITOR_HANGS_UP, max(ends - began, 0.2))
    status = await _once(port, head.encode() + b"Connection: close\r\n\r\n" + body, patience)
    if 200 <= status < 300:
        told.alarm_seconds.append(time.monotonic() - began)


async def _watchdog(told: Told, port: int, ends: float) -> None:
    while time.monotonic() < ends:
        began = time.monotonic()
        told.health_asked += 1
        if await _once(port, _get("/healthz", ""), max(ends - began, 0.1)) == 200:
            told.health_seconds.append(time.monotonic() - began)
        await asyncio.sleep(1)


async def _look(look: Callable[[], None], ends: float) -> None:
    while time.monotonic() < ends:
        look()
        await asyncio.sleep(0.5)


def _get(path: str, cookie: str) -> bytes:
    line = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: desk\r\n{line}Connection: close\r\n\r\n".encode()


async def _once(port: int, question: bytes, patience: float) -> int:
    """The status; 0 when it did not come in time, and we went away."""
    writer = None
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(question)
            await writer.drain()
            answer = await reader.read(-1)
            return int(answer[9:12]) if answer else 0
    except (TimeoutError, OSError):
        return 0
    finally:
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _api(port: int, method: str, path: str, key: str, body: Any = None) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return _asked(port, method, f"/api/v1{path}", json.dumps(body).encode() if body else None, headers)


def _asked(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        line.close()


def _cookies(headers: list[tuple[str, str]]) -> dict[str, str]:
    said = [value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie"]
    return dict(each.split("=", 1) for each in said)


def _line(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
