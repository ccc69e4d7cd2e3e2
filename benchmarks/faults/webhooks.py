"""A webhook that hangs: whoever has one beside mail gets the mail as if there were none, and its calls afterwards."""

from __future__ import annotations

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence

from benchmarks.faults import world as worlds
from benchmarks.faults.common import SHORT, Outcome, Setup, settle
from benchmarks.faults.judge import NAMED
from benchmarks.faults.load import under_load
from benchmarks.faults.stack import Stack, running
from benchmarks.faults.world import Report, World
from tests.support.html_form import form_of
from tests.support.http_sink import HttpSink, http_sink

PASSWORD = "only for this run 1"  # noqa: S105


def webhook_hangs(setup: Setup) -> Outcome:
    """Everybody on operations duty has a webhook beside mail; it takes calls and never answers, for two minutes (quick:
    20 seconds). Mail must not wait for it, and what it missed must come once it answers."""
    world, seconds = World(setup.size(24, 3), SHORT), setup.size(120, 20)
    with http_sink() as hook, running(setup.kind, world, environment={"OUTGOING_ALLOW": "127.0.0.0/8"}) as stack:
        at = worlds.wall()
        day = worlds.day_of(at)
        add_webhooks(stack, [world.person(unit, "operations", day) for unit in world.codes], hook)
        stack.start_worker()
        stack.wait_for_beat()
        hook.answer = "hang"
        with under_load(stack, world.codes, rate=1, seed=setup.seed) as load:
            time.sleep(seconds)
        hung, hook.answer = hook.hanging, '200 {"id": "{n}"}'
        verdict = settle(stack, world, load.reports, at, 120)
        late = _missing(hook, load.reports)
    if not hung:
        raise RuntimeError("no webhook was ever asked: this run proves nothing")
    verdict.lost += len(late)
    verdict.missing += [f"{code} by webhook" for code in late[:10]]
    return verdict, {"webhooks_hung": hung, "calls_by_webhook_afterwards": len(load.reports) - len(late)}


class Browser:
    """Enough of one to fill in forms."""

    def __init__(self, address: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._address, self._opener = address, urllib.request.build_opener(cookies)

    def get(self, path: str, data: bytes | None = None) -> str:
        with self._opener.open(self._address + path, data, timeout=30) as answer:
            return str(answer.read().decode())

    def fill(self, page: str, holding: str, typed: dict[str, str], action: str = "") -> str:
        """Send the form of ``page`` that has a field ``holding`` to ``action``; the page that comes of it."""
        fields = form_of(self.get(page), holding) | typed
        return self.get(action or page, urllib.parse.urlencode(fields).encode())


def add_webhooks(stack: Stack, people: Sequence[str], hook: HttpSink) -> None:
    """As people do it: an administrator prints invitations, each of them opens theirs and types the address."""
    stack.flask(
        "users",
        "create",
        "--login",
        "printer",
        "--name",
        "Máy in",
        "--role",
        "admin",
        "--password-stdin",
        words=PASSWORD,
    )
    office = Browser(stack.address)
    office.fill("/login", "identifier", {"identifier": "printer", "password": PASSWORD})
    for person in people:
        (user,) = re.findall(r'name="user"[^>]*value="(\d+)"', office.get(f"/people/invitations?q={person}"))
        slips = office.fill("/people/invitations", "user", {"user": user, "proof_password": PASSWORD})
        invitation = re.findall(r"/invite/[\w-]+", slips)[0]
        own = Browser(stack.address)
        own.fill(invitation, "password", {"password": PASSWORD, "repeat": PASSWORD})
        typed = {"url": f"json://127.0.0.1:{hook.port}/{person}", "name": "Thử", "password": PASSWORD}
        own.fill(f"/people/person/{person}/reach", "url", typed, f"/people/person/{person}/reach/services")


def _missing(hook: HttpSink, reports: Sequence[Report]) -> list[str]:
    """Codes of first calls that never came by webhook, though it answers now."""
    wanted = {report.code for report in reports}
    ends = time.monotonic() + 180

    def left() -> set[str]:
        said = [f"{asked.json['title']}\n{asked.json['message']}" for asked in list(hook.asked)]
        return wanted - {found[1] for text in said for line in text.splitlines() for found in NAMED.finditer(line)}

    while left() and time.monotonic() < ends:
        time.sleep(0.5)
    return sorted(left())
