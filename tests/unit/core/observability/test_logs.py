"""What a log line never says: the secret part of a link."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from flask import Flask

from core.observability import logs


@pytest.mark.parametrize("formatter", [logs.Json(), logs.OneLine("%(message)s")])
def test_secret_links_are_masked_in_messages_and_in_exceptions(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("GET /a/geheim-1 of /feeds/12.geheim-2.ics")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "at /invite/geheim-3", (), sys.exc_info())
    line = formatter.format(record)
    assert "geheim" not in line
    assert "/a/…" in line and "/feeds/…" in line and "/invite/…" in line


@pytest.mark.parametrize(
    "door",
    [
        "/a/",
        "/b/",
        "/v/",
        "/v/b/",
        "/bao/",
        "/bao/xem/",
        "/feeds/",
        "/l/",
        "/l/i/",
        "/l/u/",
        "/p/me/",
        "/v/r/",
        "/invite/",
        "/intake/generic/",
        "/gateways/7/report/",
    ],
)
def test_no_door_without_a_session_is_logged_with_its_key(door: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, f"Exception on {door}12.498000.geheim-4 [GET]", (), None)
    assert logs.OneLine("%(message)s").format(record) == f"Exception on {door}… [GET]"


def test_a_json_line_is_one_object() -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "một\nhai", (), None)
    assert json.loads(logs.Json().format(record))["message"] == "một\nhai"


def test_what_packages_say_for_themselves_goes_the_same_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    app = Flask("x")
    app.config["LOG_FORMAT"] = "json"
    logs.init(app)
    logging.getLogger("incidents.intake.endpoints").warning("POST /intake/generic/in_geheim-5\nfailed")
    [line] = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["logger"], said["message"]) == ("incidents.intake.endpoints", "POST /intake/generic/…\nfailed")
