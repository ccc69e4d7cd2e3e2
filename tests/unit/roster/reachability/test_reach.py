"""Pages must not promise a phone what it cannot open."""

from __future__ import annotations

import pytest

from roster.reachability.address_scope import reach_of, webcal


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://127.0.0.1:8000", "loopback"),
        ("http://localhost:8000", "loopback"),
        ("http://demo.localhost", "loopback"),
        ("http://[::1]:8000", "loopback"),
        ("http://0.0.0.0:8000", "loopback"),
        ("", "loopback"),
        ("http://192.168.1.20:8000", "private"),
        ("http://10.0.0.5", "private"),
        ("http://172.20.1.1", "private"),
        ("http://169.254.3.4", "private"),
        ("http://100.64.0.7", "private"),
        ("http://[fe80::1]:8000", "private"),
        ("http://[fd12::1]", "private"),
        ("http://truc", "private"),
        ("http://may-chu.local:8000", "private"),
        ("https://truc.buudien.lan", "private"),
        ("https://truc.buudien.vn", "public"),
        ("https://TRUC.BUUDIEN.VN.:8443/x", "public"),
        ("https://203.162.4.191", "public"),
        ("https://localhost.buudien.vn", "public"),
    ],
)
def test_from_where_an_address_can_be_opened(url: str, reach: str) -> None:
    assert reach_of(url) == reach


def test_calendar_apps_are_asked_by_their_own_scheme() -> None:
    assert webcal("https://truc.example/feeds/1.x.ics") == "webcal://truc.example/feeds/1.x.ics"
