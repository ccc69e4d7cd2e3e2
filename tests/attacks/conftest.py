"""The attacker's hands: a key from the command line, a calendar that is read as phones read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

Call = Callable[..., Any]


@pytest.fixture
def api(client: FlaskClient, runner: FlaskCliRunner) -> Call:
    """``api("manager", unit="BDA")`` answers a hand: ``hand("POST", "/incidents", body)`` → the response."""

    def key_of(role: str, unit: str | None = None, person: str | None = None) -> Call:
        given = ["api-keys", "create", "--name", f"{role} {unit} {person}", "--role", role]
        given += ["--unit", unit] if unit else []
        given += ["--person", person] if person else []
        made = runner.invoke(args=given)
        assert made.exit_code == 0, made.output
        bearer = {"Authorization": f"Bearer {made.stdout.strip()}"}

        def call(method: str, path: str, body: Any = None) -> Any:
            return client.open(f"/api/v1{path}", method=method, json=body, headers=bearer)

        return call

    return key_of
