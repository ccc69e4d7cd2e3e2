"""Addresses that nobody types by accident: days at the ends of the calendar, numbers beyond every column, text that no
database keeps, cursors of other lists. Every GET answers each of them in words, never with a fault of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import strategies as st
from werkzeug.routing import IntegerConverter, Rule

from core import clock
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from people import queries
from people.accounts import keys
from tests.support import enterprise, worlds
from tests.support.enterprise import ROOT, sign_in
from tests.support.examples import for_any
from tests.support.factories import make_campaign, make_demand
from tests.support.isolation import IsolatedClient
from tests.web.core.test_route_matrix import CASES, _filled

pytestmark = pytest.mark.both_dbs("how large a number or a day may be differs")
PACKAGES = Path(__file__).parents[3]
ASKED = re.compile(r"""(?:args\.get|args\.getlist|arguments\.number|arguments\.day)\(\s*["'](\w+)["']""")
LEFT = {"static", "health.readyz"}
"""Files, and the one address that says 503 of itself: no worker beats here."""
EXTREMES = [
    "",
    "0",
    "-1",
    "1",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 40,
    "1e400",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "1899-12-31",
    "2200-01-01",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2020-02-30",
    "\x00",
    "a\x00b",
    "\udcff",
    "%",
    "_",
    "'",
    "\u202e",
    "ạ" * 3000,
    "BDA",
    "published",
    "draft",
    "csv",
    "operations",
]


@cache
def query_names() -> list[str]:
    """Every name that some page reads of its query."""
    found: set[str] = {"limit", "cursor", "tet_year"}
    for package in ("core", "people", "documents", "roster", "duty", "incidents", "compliance", "desk"):
        for path in (PACKAGES / package).rglob("*.py"):
            found |= set(ASKED.findall(path.read_text("utf-8")))
    return sorted(found)


def names_of_calls(app: Flask) -> dict[str, list[str]]:
    """What each call of the API reads of its query: unknown names are refused before anything is looked up."""
    return {
        f"{bp.name}.{each.operation_id}": sorted(each.query.model_fields) if each.query else []
        for bp in app.blueprints.values()
        for each in getattr(bp, "api_operations", [])
    }


class World:
    """A signed-in administrator, a key, and something of most kinds to be asked about."""

    def __init__(self, app: Flask) -> None:
        self.page, self.api = IsolatedClient(app), IsolatedClient(app)
        cookie = app.config["SESSION_COOKIE_NAME"]
        self.ids, secret, signed_in = worlds.begin("extreme addresses", lambda: self._write(cookie))
        self.page.set_cookie(cookie, signed_in)
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.calls = names_of_calls(app)
        self.names = query_names()
        self.cursors = list(self._cursors())
        known = app.url_map.iter_rules()
        readable = [rule for rule in known if "GET" in (rule.methods or set()) and rule.endpoint not in LEFT]
        self.rules = sorted(readable, key=lambda rule: rule.rule)

    def _write(self, cookie: str) -> tuple[dict[str, Any], str, str]:
        """Ids, the secret of the key and the cookie of the administrator."""
        ids: dict[str, Any] = dict(enterprise.make())
        incident, _ = creation.log(
            IncidentReport(title="Xe hỏng", category="vehicle", unit_id=ids["BDA"], actor=ROOT), now=clock.now()
        )
        make_demand(queries.unit_by_code("BDA"))
        ids |= {"incident": incident.code, "campaign": make_campaign(queries.unit_by_code("BDA")).id}
        _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=clock.now(), actor=ROOT)
        sign_in(self.page, "qt1")
        kept = self.page.get_cookie(cookie)
        assert kept is not None
        return ids, secret, kept.value

    def _cursors(self) -> Iterator[str]:
        for path in ("people", "units", "campaigns", "holidays"):
            following = self.api.get(f"/api/v1/{path}?limit=1", headers=self.headers).json["next"]
            if following:
                yield following

    def asks_for(self, rule: Rule) -> list[str]:
        return self.calls.get(rule.endpoint, self.names)

    def path(self, rule: Rule, part: Any) -> str:
        """The address of something that is there; where the matrix knows none, ``part`` for each number and name."""
        case = CASES.get(("GET", rule.endpoint))
        if case is not None and part is None:
            return _filled(case.path, self.ids).split("?")[0]
        path = rule.rule
        for name, converter in rule._converters.items():
            known = self.ids["campaign"] if name == "campaign_id" else "BDA"
            value = part if part is not None else known
            number = str(value) if str(value).isdecimal() else "1"
            text = number if isinstance(converter, IntegerConverter) else quote(str(value), safe="", errors="replace")
            path = re.sub(rf"<(?:[^<>:]+:)?{name}>", lambda _match, text=text: text or "x", path)
        return path

    def get(self, path: str, query: dict[str, str]) -> Any:
        client = self.api if path.startswith("/api/") else self.page
        encoded = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in query.items()})
        return client.get(f"{path}?{encoded}", headers=self.headers if path.startswith("/api/") else {})


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


@for_any(st.data(), examples=80)
def test_no_address_ends_in_a_fault_of_ours(world: World, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(world.rules), label="route")
    part = data.draw(st.none() | st.sampled_from(EXTREMES), label="part of the path")
    values = st.sampled_from([*EXTREMES, *world.cursors])
    wanted = world.asks_for(rule)
    names = st.lists(st.sampled_from(wanted), unique=True, max_size=6) if wanted else st.just([])
    query = {name: data.draw(values, label=name) for name in data.draw(names, label="names")}
    path = world.path(rule, part)
    answer = world.get(path, query)
    assert answer.status_code < 500, f"{path} {query}\n{answer.text[:500]}"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/incidents/figures/", {"since": "9999-12-31"}),
        ("/incidents/figures/", {"until": "9999-12-31"}),
        ("/incidents/figures/", {"since": "0001-01-01"}),
        ("/incidents/diary/BDA", {"day": "0001-01-01"}),
        ("/incidents/diary/BDA", {"day": "9999-12-31"}),
        ("/roster/campaigns/{campaign}/print", {"revision": "9223372036854775808"}),
        ("/roster/campaigns/{campaign}/difference", {"to": "1", "from": "9223372036854775808"}),
        ("/roster/campaigns/99999999999999999999", {}),
        ("/people/accounts/99999999999999999999", {}),
    ],
)
def test_these_once_were_faults(world: World, path: str, query: dict[str, str]) -> None:
    assert world.get(_filled(path, world.ids), query).status_code in (200, 404)


def test_what_no_page_may_hold_is_not_said_again(world: World) -> None:
    """``world.page`` looks at the markup of each answer; PostgreSQL refuses the letter before anybody says it."""
    assert world.get("/incidents/policy/%00", {}).status_code in (400, 404)


def test_a_cursor_belongs_to_its_list_and_its_filters(world: World) -> None:
    def ask(address: str) -> Any:
        return world.api.get(f"/api/v1/{address}", headers=world.headers)

    of_people = ask("people?limit=1").json["next"]
    assert ask(f"people?limit=2&cursor={of_people}").status_code == 200, "the size of a page may change"
    for foreign in ("incidents", "units", "people?unit=BDA"):
        joined = "&" if "?" in foreign else "?"
        refused = ask(f"{foreign}{joined}cursor={of_people}")
        assert (refused.status_code, refused.json["code"]) == (404, "cursor.unknown"), foreign
    filtered = ask("people?unit=BDA&limit=1").json["next"]
    assert ask(f"people?limit=1&unit=BDA&cursor={filtered}").status_code == 200, "whatever the order of the filters"
