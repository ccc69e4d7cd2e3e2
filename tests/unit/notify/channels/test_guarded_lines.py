"""Addresses that people choose themselves: what a library may do with them on this machine and in its networks."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from notify.addresses import networks
from notify.channels.apprise import is_usable
from notify.channels.guarded import ForbiddenNetwork, guarded


@pytest.fixture
def inner() -> socket.socket:
    """Something that listens for packets in the network of this machine."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    listening.settimeout(5)
    return listening


def test_packets_without_a_connection_are_looked_at_as_well(inner: socket.socket) -> None:
    with inner, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        with guarded((), 5) as watch:
            for leave in (
                lambda: line.sendto(b"geheim", inner.getsockname()),
                lambda: line.sendmsg([b"geheim"], [], 0, inner.getsockname()),
            ):
                with pytest.raises(ForbiddenNetwork):
                    leave()
            assert "127.0.0.1" in watch.refused
        with guarded(networks("127.0.0.0/8"), 5):
            line.sendto(b"allowed", inner.getsockname())
            line.connect(inner.getsockname())
            line.sendmsg([b"allowed too"])
        assert [inner.recv(99), inner.recv(99)] == [b"allowed", b"allowed too"]


@pytest.mark.parametrize(
    "address",
    [
        "workflows://example.vn/w12345/{key}?template={file}",
        "workflows://example.vn/w12345/{key}?image=no&%74emplate={file}",
        "workflows://example.vn/w12345/{key}?image=no& TEMPLATE ={file}",
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345/?template={file}",
        "fcm://project/device/?keyfile={file}",
        "mailto://a:b@example.vn?pgp=yes&pgppub={file}",
        "xmpp://a:b@example.vn",
    ],
)
def test_an_address_that_reads_files_of_this_server_is_none(tmp_path: Path, address: str) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({"type": "message", "attachments": [{"content": "geheim"}]}))
    assert not is_usable(address.format(file=kept, key="a" * 40))


def test_the_same_services_without_files_stay_usable() -> None:
    assert is_usable(f"workflows://example.vn/w12345/{'a' * 40}?image=no")
    assert is_usable("tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12345/")


def test_only_who_uses_such_a_library_pays_for_the_watch() -> None:
    """The interpreter asks a hook at each ``id()``: one that is always there costs every page and every call."""
    script = "import sys; sys.addaudithook = lambda hook: print('hook'); from notify.channels import guarded"
    used = "; [guarded.guarded((), 1).__enter__() for _each in range(2)]"
    for more, wanted in (("", ""), (used, "hook\n")):
        done = subprocess.run([sys.executable, "-c", script + more], capture_output=True, text=True, check=True)
        assert done.stdout == wanted
