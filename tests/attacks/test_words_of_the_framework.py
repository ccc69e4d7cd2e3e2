"""Words that mean something to Flask, Jinja or Werkzeug, sent by whoever likes: no page breaks, none leads away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from benchmarks.web.addresses import Address, addresses
from benchmarks.web.measure import Asker
from benchmarks.web.world import kept, making
from core import clock
from tests.support.enterprise import make, post_sign_in

WORDS = (
    "endpoint=x&values=x&_method=POST&_scheme=ftp&_external=1&_anchor=x"  # url_for
    "&_block_vars=x&_get_default=x&caller=x&context=x&self=x&template_name_or_list=x&varargs=x&kwargs=x"  # Jinja
    "&form=csv&code=x&name=x&location=x&status=x&app=x&request=x"
)
"""Parameters of ``url_for``, of Jinja's calls and of views: never names that a page of ours gives meaning to."""


@pytest.fixture(scope="module")
def asker() -> Iterator[tuple[Asker, list[Address]]]:
    with kept.opened() as (app, facts), clock.travel(making.NOW):
        yield Asker(app, facts), [each for each in addresses(facts) if each.sends is None]


@pytest.mark.rest
def test_no_page_breaks_on_flasks_own_words(asker: tuple[Asker, list[Address]]) -> None:
    asks, asked = asker
    broken = {}
    for address in asked:
        path = f"{address.path}{'&' if '?' in address.path else '?'}{WORDS}"
        status = asks.status(address.who, path)
        if status >= 500 and status != address.status:
            broken[address.name] = status
    assert broken == {} and len(asked) > 300


def test_the_figures_hand_on_nothing_that_was_not_asked_for(client: FlaskClient) -> None:
    make(clock.now())
    post_sign_in(client, "an1")
    for word in ("form=csv", "endpoint=x", "_block_vars=x", "_method=POST", "_external=1"):
        page = client.get(f"/incidents/figures/?{word}&since=2020-01-20")
        assert page.status_code == 200, word
        links = re.findall(r'(?:href|action)="(/incidents/figures/[^"]*)"', page.text)
        assert not [each for each in links if word in each], word
        exports = [each for each in links if "export" in each]
        assert len(exports) == 2 and all("since=2020-01-20" in each for each in exports)


@pytest.mark.parametrize("path", ["/incidents", "/roster/duty-checks?x=1", "/incidents/figures"])
def test_a_redirect_never_says_the_host_that_was_asked_for(client: FlaskClient, path: str) -> None:
    """Intake by an address of the LAN goes on: no request is refused for its host."""
    answer = client.get(path, headers={"Host": "evil.example"})
    bare, _mark, query = path.partition("?")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{bare}/" + (f"?{query}" if query else "")
    assert "evil.example" not in answer.text
