"""Strangers at the door: schemathesis sends whatever the described API allows, and more, with an admin's key.

Its default checks must find nothing: no 500, no answer that the description does not name, nothing well-formed that
is called malformed and nothing malformed that is taken.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from core import clock
from people.accounts import keys
from people.attempts import wrong_keys
from tests.support import api_fuzz
from tests.support.factories import ADMIN
from tests.support.published import Published

AT_LENGTH = ("--max-examples", "12")
"""With that every bound of every field, on both sides (7,700 calls), and calls one after the other by their links."""


@pytest.mark.rest
def test_the_whole_api_withstands_strangers(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrong_keys, "FREE", 10**9)  # each call is tried with wrong keys too, hundreds a minute
    Published()  # somebody is active, so that "nobody reachable" has no reason to appear
    _row, key = keys.create_api_key(keys.NewApiKey("schemathesis", "admin"), now=clock.now(), actor=ADMIN)
    api_fuzz.fuzz(app, key, tmp_path, *AT_LENGTH, "--seed", "2027")
