"""Static files are kept by browsers for ever, and yet nobody sees the last release's."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.assets import asset

NAMED = re.compile(r'["(](\.\.?/[^")]+)[")]')


def address(app: Flask, filename: str) -> str:
    with app.test_request_context():
        return asset(filename)


@pytest.mark.parametrize(("path", "least"), [("js/app.js", 16), ("css/app.css", 8)])
def test_what_a_file_names_is_kept_for_ever_too(app: Flask, client: FlaskClient, path: str, least: int) -> None:
    answer = client.get(address(app, path))
    named = NAMED.findall(answer.text)
    assert len(named) >= least
    folder = path.partition("/")[0]
    for each in (f"/static/{path}?v=1", *(f"/static/{folder}/{name}" for name in named)):
        kept = client.get(each)
        assert kept.status_code == 200 and "?v=" in each and "immutable" in kept.headers["Cache-Control"], each


def test_without_a_fingerprint_a_browser_asks_each_time(client: FlaskClient) -> None:
    for path in ("/static/js/app.js", "/static/js/calls.js", "/static/css/app.css", "/static/icon.svg"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_another_module_is_another_address_of_whatever_imports_it(
    app: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "js").mkdir()
    (tmp_path / "js/app.js").write_text('import "./half.js";\n', encoding="utf-8")
    (tmp_path / "js/half.js").write_text('import { x } from "./deep.js";\n', encoding="utf-8")
    deep = tmp_path / "js/deep.js"
    deep.write_text("export const x = 1;\n", encoding="utf-8")
    os.utime(deep, ns=(1, 1))
    before = {name: address(app, f"js/{name}.js") for name in ("app", "half", "deep")}
    assert before["half"].rpartition("/")[2] in client.get(before["app"]).text
    deep.write_text("export const x = 2;\n", encoding="utf-8")
    os.utime(deep, ns=(2, 2))
    assert not {address(app, f"js/{name}.js") for name in before} & {*before.values()}


def test_nothing_outside_the_folder_is_sent(client: FlaskClient) -> None:
    assert client.get("/static/../app.py").status_code == client.get("/static/js/khong-co.js").status_code == 404
