"""Every address that opens something without a session, however many there will be: its key is kept out of logs and
out of the service worker."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core.observability import logs

KEY = "geheim-1.2.geheim"


def doors(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "required_action", "") == "public" and rule.arguments and rule.endpoint != "static":
            path = re.sub(r"<int:\w+>", "7", str(rule)).replace("<kind>", "generic")
            yield rule, re.sub(r"/(p|units)/<code>", r"/\1/BDA", path)  # the code of a unit is no key


def filled(path: str) -> str:
    return re.sub(r"<\w+>", KEY, path)


def test_no_log_line_holds_a_key(app: Flask) -> None:
    formatter, found = logs.OneLine("%(message)s"), [filled(path) for _rule, path in doors(app)]
    assert {"/a/" + KEY, "/v/b/" + KEY, "/bao/xem/" + KEY} <= set(found)
    for path in found:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, f"Exception on {path} [GET]", (), None)
        assert "geheim" not in formatter.format(record), path


def test_pages_behind_a_key_always_come_from_the_server(app: Flask) -> None:
    worker = Path(app.static_folder or "", "sw.js").read_text(encoding="utf-8")
    [pattern] = re.findall(r"NOT_OURS = /(.+)/;", worker)
    for rule, path in doors(app):
        if "GET" in (rule.methods or ()):
            assert re.search(pattern.replace("\\/", "/"), filled(path)), path


@pytest.mark.parametrize("path", ["/incidents/new", "/tonight", "/me/"])
def test_pages_of_an_account_may_be_kept(app: Flask, path: str) -> None:
    worker = Path(app.static_folder or "", "sw.js").read_text(encoding="utf-8")
    [pattern] = re.findall(r"NOT_OURS = /(.+)/;", worker)
    assert not re.search(pattern.replace("\\/", "/"), path)
