"""What goes out gzipped, and what does not."""

from __future__ import annotations

import gzip

from flask.testing import FlaskClient

from tests.support import enterprise

ACCEPTED = {"Accept-Encoding": "br, gzip, deflate"}


def test_a_style_sheet_is_the_same_after_unpacking(client: FlaskClient) -> None:
    plain = client.get("/static/css/app.css")
    packed = client.get("/static/css/app.css", headers=ACCEPTED)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data) / 3
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in packed.vary
    known = {**ACCEPTED, "If-None-Match": packed.headers["ETag"]}
    assert client.get("/static/css/app.css", headers=known).status_code == 304


def test_a_page_is_packed_only_for_who_asks(client: FlaskClient) -> None:
    packed = client.get("/login", headers=ACCEPTED)
    assert "password" in gzip.decompress(packed.data).decode()
    for refusing in ({}, {"Accept-Encoding": "gzip;q=0"}, {"Accept-Encoding": "br"}):
        assert "password" in client.get("/login", headers=refusing).text


def test_answers_to_a_form_and_small_or_packed_files_are_left_alone(client: FlaskClient) -> None:
    enterprise.make()
    wrong = client.post("/login", data={"identifier": "an1", "password": "sai"}, headers=ACCEPTED)
    font = client.get("/static/fonts/be-vietnam-pro-latin-400-normal.woff2", headers=ACCEPTED)
    icon = client.get("/static/icon.svg", headers=ACCEPTED)
    assert [each.headers.get("Content-Encoding") for each in (wrong, font, icon)] == [None, None, None]
