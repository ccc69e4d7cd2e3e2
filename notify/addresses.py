"""PURE: where letters may be carried to: no inner networks, unless an administrator allowed them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
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
        if found in _NAT64:
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
    if any(found.version == network.version and found in network for network in allowed):
        return True
    return found.is_global and not found.is_multicast


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) is this machine, without asking anybody."""
    try:
        return real(host).is_loopback
    except ValueError:
        return host == "localhost"
