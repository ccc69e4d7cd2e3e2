"""Links that open something without a session: opened by programs that look at mails, found by searches, used up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from tests.support.doors import declared_action, routes
from tests.support.enterprise import NOW, sign_in
from tests.support.statements import statements

WRITES = re.compile(r"\s*(insert|update|delete|replace)\b", re.IGNORECASE)
SECRET = "khong-ai-co-duong-dan-nay"
MACHINES = ("voice.", "spoken.", "intake.", "gateway_reports.", "feed.")
"""What programs ask, and answer with: no page with links that could tell whose address it was."""


def invited(client: FlaskClient, planned: dict[str, int]) -> str:
    """The path of an invitation as it is printed."""
    sign_in(client, "an1")
    sent = {"user": str(planned["user:bi1"]), "proof_password": "hoa-mai-vang-2020"}
    page = client.post("/people/invitations", data=sent).text
    found = re.search(r"/invite/[\w-]+", page)
    assert found is not None, page
    return found[0]


def untold(answer: Any) -> list[str]:
    """What is missing of an answer behind a secret address. To this site itself a form may say where it stood: behind
    TLS that is looked at where it is no cookie alone that sends it."""
    wanted = {
        "Cache-Control": ("no-store",),
        "Referrer-Policy": ("no-referrer", "same-origin"),
        "X-Robots-Tag": ("noindex, nofollow",),
    }
    return [name for name, values in wanted.items() if answer.headers.get(name) not in values]


def test_every_page_behind_a_secret_untold(app: Flask, client: FlaskClient, planned: dict[str, int]) -> None:
    """Also where the secret is used up, expired or was never one: whoever looks at the address still has it."""
    wrong = {}
    for rule, method in routes(app):
        secret = rule.arguments & {"token", "link", "key"}
        if method != "GET" or not secret or declared_action(app, rule.endpoint) != "public":
            continue
        path = re.sub(r"<(?:\w+:)?(?:token|link|key)>", SECRET, str(rule))
        path = re.sub(r"<int:\w+>", "1", path).replace("<code>", "BDA")
        if rule.endpoint.startswith(MACHINES):
            continue
        if missing := untold(client.get(path)):
            wrong[rule.endpoint] = missing
    assert wrong == {}


def test_an_invitation_is_opened_by_programs_and_stays_one(
    app: Flask, client: FlaskClient, new_client: Any, planned: dict[str, int]
) -> None:
    path, scanner = invited(client, planned), new_client()
    for method in ("GET", "HEAD"):
        with statements() as sent:
            answer = scanner.open(path, method=method)
        assert answer.status_code == 200 and untold(answer) == []
        assert [each for each in sent if WRITES.match(each)] == []


@pytest.mark.parametrize("made", ["expired", "unknown"])
def test_a_stranger_with_an_old_invitation_hears_nobodys_name(
    client: FlaskClient, new_client: Any, planned: dict[str, int], made: str
) -> None:
    path = invited(client, planned) if made == "expired" else f"/invite/{SECRET}"
    with clock.travel(NOW + timedelta(days=60)):
        answer = new_client().get(path)
    assert answer.status_code == 410 and untold(answer) == []
    assert "Bình" not in answer.text and "bi1" not in answer.text
