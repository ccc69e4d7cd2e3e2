"""Where letters may be carried: the address that counts is the one really reached."""

from __future__ import annotations

import pytest

from notify.addresses import EVERYWHERE, is_loopback, may_reach, networks, without_loopback


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "64:ff9b:1::7f00:1",
        "64:ff9b:1:ffff::a00:1",
        "::127.0.0.1",
        "::10.0.0.1",
        "::ffff:0:127.0.0.1",
        "::ffff:0:a00:1",
        "fec0::1",
        "feff::1",
        "5f00::1",
        "ff02::1",
        "không phải địa chỉ",
        "",
    ],
)
def test_inner_networks_are_refused_however_they_are_written(address: str) -> None:
    assert not may_reach(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public_ones_are_reached(address: str) -> None:
    assert may_reach(address)


def test_an_administrator_may_allow_networks() -> None:
    assert may_reach("10.1.2.3", networks("10.1.0.0/16, 127.0.0.0/8"))
    assert not may_reach("10.2.2.3", networks("10.1.0.0/16"))
    assert may_reach("::ffff:10.1.2.3", networks("10.1.0.0/16"))
    assert may_reach("192.168.1.1", EVERYWHERE) and not may_reach("rác", EVERYWHERE)
    with pytest.raises(ValueError, match="rác"):
        networks("rác")


def test_loopback_is_told_from_names_that_look_like_it() -> None:
    assert is_loopback("127.8.8.8") and is_loopback("localhost") and is_loopback("::1")
    assert is_loopback("LocalHost.") and is_loopback("push.localhost")
    assert not is_loopback("localhost.vidu.vn") and not is_loopback("10.0.0.1")


def test_everywhere_but_here() -> None:
    allowed = without_loopback((*EVERYWHERE, *networks("127.0.0.0/16, 10.1.0.0/16, ::1/128")))
    for here in ("127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"):
        assert not may_reach(here, allowed)
    for there in ("10.1.2.3", "192.168.1.1", "126.255.255.255", "128.0.0.1", "fc00::1", "::2"):
        assert may_reach(there, allowed)
    assert without_loopback(networks("10.1.0.0/16")) == networks("10.1.0.0/16")
    assert without_loopback(networks("127.0.0.1/32")) == ()
