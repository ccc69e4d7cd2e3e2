"""PURE where letters may be carried to: no inner networks, unless an administrator allowed them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_CARRIES_IPV4 = tuple(
    ipaddress.ip_network(prefix)
    for prefix in (
        "64:ff9b::/96",  # NAT64, RFC 6052
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "::/96",  # IPv4-compatible, RFC 4291 (:: and ::1 are none)
    )
)
_NEVER = tuple(
    ipaddress.ip_network(prefix)
    for prefix in (
        "64:ff9b:1::/48",  # NAT64 of a local network, RFC 8215: what stands behind it only its owner knows
        "fec0::/10",  # site-local, RFC 3879
        "5f00::/16",  # segment routing, RFC 9602
        "3fff::/20",  # documentation, RFC 9637
    )
)
"""Not public, though some versions of Python's ``ipaddress`` say so."""
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
EVERYWHERE: tuple[Network, ...] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


def networks(text: str) -> tuple[Network, ...]:
    """``127.0.0.0/8, 10.1.0.0/16`` as networks. Raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def real(address: str) -> Address:
    """The address that is really reached: an IPv4 one inside an IPv6 one is what counts. Raises ValueError."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        if int(found) > 1 and any(found in network for network in _CARRIES_IPV4):
            return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if found in _SIX_TO_FOUR and found.sixtofour is not None:
            return found.sixtofour
    return found


def may_reach(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether a connection to ``address`` is allowed: a public one, or one inside ``allowed``."""
    try:
        found = real(address)
    except ValueError:
        return False
    if found.is_unspecified:  # a way to say this machine
        return False
    if any(found.version == network.version and found in network for network in allowed):
        return True
    return found.is_global and not found.is_multicast and not any(found in network for network in _NEVER)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) is this machine, without asking anybody."""
    try:
        return real(host).is_loopback
    except ValueError:
        name = host.lower().rstrip(".")
        return name == "localhost" or name.endswith(".localhost")


def without_loopback(allowed: Iterable[Network]) -> tuple[Network, ...]:
    """``allowed`` but for this machine itself."""
    kept: list[Network] = []
    for network in allowed:
        here = next(each for each in _LOOPBACK if each.version == network.version)
        if network.subnet_of(here):  # type: ignore[arg-type]
            continue
        overlaps = here.subnet_of(network)  # type: ignore[arg-type]
        kept += network.address_exclude(here) if overlaps else [network]  # type: ignore[arg-type]
    return tuple(kept)
